# SPDX-License-Identifier: Apache-2.0
"""What ends a request early: WSMan faults that a client understands, and breaks of the connection below them.

WireError
├── WsmanFault         answered as a SOAP fault with one of Windows' error codes
├── HttpRefusal        answered by a bare HTTP status (503: the service is not there)
├── ConnectionDropped  the connection is closed without any answer
└── ConnectionReset    the connection ends with a TCP reset
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, assert_never

from scvmm_sim.errors import CmdletError

WireFault = Literal["reset", "503", "kill_shell", "down"]
WireFaults = Callable[[str | None, dict[str, Any]], WireFault | None]
"""Port to the fault rules: (operation, or None for a request that carries none; its request) -> what the wire does.

It may take its time, by a rule's delay.
"""

OperationFaults = Callable[[str, dict[str, Any]], CmdletError | None]
"""Port to the rules for operations as a whole, for operations that run outside of Python: (operation, request) -> the
error that its next cmdlet shall raise. It may take its time, by a rule's delay."""

TIMED_OUT = 2150858793
"""ERROR_WSMAN_OPERATION_TIMEDOUT: nothing to receive within OperationTimeout; clients ask again."""
NO_SUCH_SHELL = 2150858843
"""ERROR_WSMAN_UNEXPECTED_SELECTORS: what Windows says when a shell has idled out or was killed."""
NOT_SUPPORTED = 50
"""Win32's ERROR_NOT_SUPPORTED, here for actions, resources and shells that the simulator does not have."""
BAD_REQUEST = 13
"""Win32's ERROR_INVALID_DATA: the request is not what its action needs."""
INTERNAL_ERROR = 1359
"""Win32's ERROR_INTERNAL_ERROR."""


class WireError(Exception):
    """Ends a request early."""


class WsmanFault(WireError):
    """A SOAP fault: *code* is Windows' WSMan error number, *subcode* WS-Management's name for it."""

    def __init__(self, code: int, subcode: str, reason: str, *, role: str = "Sender") -> None:
        super().__init__(reason)
        self.code = code
        self.subcode = subcode
        self.reason = reason
        self.role = role


class HttpRefusal(WireError):
    """A bare HTTP answer with *status* and no SOAP in it."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class ConnectionDropped(WireError):
    """The connection is to be closed without an answer."""


class ConnectionReset(WireError):
    """The connection is to be ended with a TCP reset."""


def timed_out() -> WsmanFault:
    """Nothing came within the time that the client was ready to wait."""
    reason = "The WS-Management service cannot complete the operation within the time specified in OperationTimeout."
    return WsmanFault(TIMED_OUT, "w:TimedOut", reason, role="Receiver")


def no_such_shell(shell_id: str) -> WsmanFault:
    """The shell is not there (any more)."""
    reason = (
        f"The request for the Windows Remote Shell with ShellId {shell_id} failed because the shell was not found "
        "on the server. Possible causes are: the specified ShellId is incorrect or the shell no longer exists on "
        "the server. Provide the correct ShellId or create a new shell and retry the operation."
    )
    return WsmanFault(NO_SUCH_SHELL, "w:InvalidSelectors", reason)


def no_such_command(command_id: str) -> WsmanFault:
    """The shell has no such command (any more)."""
    reason = f"The request for the command with CommandId {command_id} failed because the shell has no such command."
    return WsmanFault(NO_SUCH_SHELL, "w:InvalidSelectors", reason)


def not_supported(what: str) -> WsmanFault:
    """The simulator has no such action, resource or shell."""
    return WsmanFault(NOT_SUPPORTED, "w:UnsupportedFeature", f"The simulator's WSMan service does not support {what}.")


def internal_error(why: str) -> WsmanFault:
    """Something in the simulator does not do what it should."""
    return WsmanFault(INTERNAL_ERROR, "w:InternalError", why, role="Receiver")


def bad_request(why: str) -> WsmanFault:
    """The request cannot be understood."""
    return WsmanFault(BAD_REQUEST, "w:SchemaValidationError", f"The WSMan request is not valid: {why}.")


def raise_before_running(fault: WireFault | None) -> None:
    """Raise what *fault* does to a request before anything is done: nothing has happened, the client may repeat."""
    match fault:
        case None | "reset" | "kill_shell":
            return
        case "503":
            raise HttpRefusal(503, "Service Unavailable")
        case "down":
            raise ConnectionDropped("the endpoint is down by a fault rule")
        case _:
            assert_never(fault)
