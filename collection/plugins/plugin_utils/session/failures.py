# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a call brought no answer of the operation.

    SessionFailure
    ├── OptionsInvalid    an option is missing or wrong: nothing was tried
    ├── Unreachable       no connection to the exec host, or it broke; `happened` says what is known
    ├── LoginRefused      the exec host does not accept user and password
    ├── TimedOut          the deadline came first: the operation was stopped, what it had done is unknown
    ├── EndpointUnfit     connected, but the endpoint cannot run our operations
    └── LibraryMissing    the control node lacks a Python library: nothing was tried

Each carries an id of our own; errors.py adds class and remedy by that id.
"""

from __future__ import annotations

from typing import Any

NEVER = "never"  # the operation did not start: it may be sent again
UNKNOWN = "unknown"  # the operation may have run: look before doing it again


class SessionFailure(Exception):
    """A call without an answer; the message is for people."""

    id = "CapiScvmm.SessionFailed"
    happened = NEVER

    def __init__(self, message: str, happened: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if happened is not None:
            self.happened = happened

    def as_dict(self) -> dict[str, Any]:
        """The failure as data, for the way through a socket or a pipe."""
        return {"id": self.id, "message": self.message, "happened": self.happened}


class OptionsInvalid(SessionFailure):
    """An option is missing or wrong."""

    id = "CapiScvmm.BadOptions"


class Unreachable(SessionFailure):
    """The exec host, or the broker, cannot be talked to."""

    id = "CapiScvmm.Unreachable"


class LoginRefused(SessionFailure):
    """User or password is wrong, or the account may not use PowerShell remoting."""

    id = "CapiScvmm.LoginRefused"


class TimedOut(SessionFailure):
    """No answer within the deadline."""

    id = "CapiScvmm.TimedOut"
    happened = UNKNOWN


class EndpointUnfit(SessionFailure):
    """The endpoint answers, but not to our operations."""

    id = "CapiScvmm.EndpointUnfit"


class LibraryMissing(SessionFailure):
    """The control node has not what sessions need."""

    id = "CapiScvmm.LibraryMissing"


_BY_ID = {
    kind.id: kind
    for kind in (SessionFailure, OptionsInvalid, Unreachable, LoginRefused, TimedOut, EndpointUnfit, LibraryMissing)
}


def failure_from(data: dict[str, Any]) -> SessionFailure:
    """The failure that as_dict() described."""
    kind = _BY_ID.get(str(data.get("id")), SessionFailure)
    return kind(str(data.get("message")), str(data.get("happened", NEVER)))
