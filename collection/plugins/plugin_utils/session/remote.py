# SPDX-License-Identifier: GPL-3.0-or-later
"""One session on the exec host: one WSMan connection, one runspace pool, used by one thread only.

Two threads on one pool or one encrypted connection lose calls, so nothing here is shared.
"""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Callable
from typing import Any

from ..powershell_module import module_text
from . import breaks, transport
from .failures import NEVER, UNKNOWN, EndpointUnfit, TimedOut
from .options import Options

try:
    from pypsrp.complex_objects import PSInvocationState
    from pypsrp.powershell import PowerShell, RunspacePool
    from pypsrp.serializer import TaggedValue
except ImportError:
    pass  # libraries.py says so before anything is done

FUNCTION = "Invoke-CapiScvmmOperation"
# One Receive waits so long at most, so that a call that nobody waits for any more is noticed.
_POLL_SECONDS = 5
# Servers drop a quiet TCP connection after two minutes; with message encryption its security context is gone with it.
_QUIET_SECONDS = 60
# The server drops shells that a killed broker left behind; WinRM takes nothing below a minute.
_LEAST_IDLE_SECONDS = 60
_OPENING_SECONDS = 120

log = logging.getLogger("capi_scvmm.session")


class Remote:
    """A session with one exec host: first login(), then open(), then as many invoke() as wanted."""

    def __init__(self, options: Options) -> None:
        """Prepare a session with the host of *options*; nothing is sent yet."""
        self.options = options
        self.broken = False
        self._used = time.monotonic()
        self._wsman = transport.wsman(options)
        self._pool: Any = None
        self._module_refusal = ""

    def login(self) -> None:
        """Log in on a new connection, a shell stays open; raise Unreachable, LoginRefused or EndpointUnfit."""
        transport.renew(self._wsman)
        try:
            self._wsman.transport.send(transport.IDENTIFY)
        except breaks.BREAKS as error:
            raise breaks.failure(error, self.options, happened=NEVER) from error
        self._used = time.monotonic()

    def open(self) -> None:
        """Open the shell with our module loaded and VMM not yet connected; raises as login() does."""
        idle_seconds = max(_LEAST_IDLE_SECONDS, self.options.idle_seconds + _LEAST_IDLE_SECONDS)
        self._pool = RunspacePool(self._wsman, configuration_name=self.options.configuration, idle_timeout=idle_seconds)
        try:
            self._pool.open()
            self._module_refusal = self._load_module()
            if self.options.vmm_password:
                # The password of VMM is encrypted for the other end's process, not only for the way.
                self._pool.exchange_keys()
        except breaks.BREAKS as error:
            raise breaks.failure(error, self.options, happened=NEVER) from error
        session = self._wsman.transport.session
        if session is not None:
            # The proxy for this one endpoint is settled now; it need not be looked up again for each request.
            session.trust_env = False

    @property
    def needs_login(self) -> bool:
        """Whether the connection was dropped, or silent for so long that it may be dropped at any moment."""
        return time.monotonic() - self._used > _QUIET_SECONDS or transport.is_dropped(self._wsman)

    def invoke(
        self, operation: str, request: str, deadline: float, wanted: Callable[[], bool], answered: Callable[[str], None]
    ) -> None:
        """Run one operation and hand its JSON answer to *answered*.

        *deadline* is a time.monotonic(). *wanted* says whether somebody still waits. Raises a SessionFailure, and
        after any but TimedOut the session is of no use any more.
        """
        shell = PowerShell(self._pool)
        shell.add_cmdlet(FUNCTION).add_parameter("Name", operation)
        if operation == "connect" and self.options.vmm_username:
            request = json.dumps({**json.loads(request), "vmm_username": self.options.vmm_username})
            shell.add_parameter("Password", TaggedValue("SS", self.options.vmm_password))
        shell.add_parameter("Request", request)
        self._begin(shell)
        try:
            self._await_end(shell, deadline, wanted)
            # The answer goes out before the pipeline is closed: that saves the caller a round trip.
            answered(self._answer_of(shell))
            if transport.is_dropped(self._wsman):
                # Closing would log in again, past the gate. The pipeline goes with its session instead.
                self.broken = True
            else:
                shell.close()
        except breaks.BREAKS as error:
            raise breaks.failure(error, self.options, happened=UNKNOWN) from error
        finally:
            self._pool.pipelines.pop(shell.id, None)
            self._used = time.monotonic()

    def close(self) -> None:
        """Give the shell back to the server; a session that is broken is just dropped."""
        try:
            self._pool.close()
        except breaks.BREAKS as error:
            log.debug("closing a session failed: %s", type(error).__name__)
        self._wsman.close()

    def drop(self) -> None:
        """Let go of a broken session without talking to the server."""
        self._wsman.close()

    def _begin(self, shell: PowerShell) -> None:
        try:
            shell.begin_invoke()
        except breaks.BREAKS as error:
            self._pool.pipelines.pop(shell.id, None)
            raise breaks.failure(error, self.options, happened=breaks.happened_at_start(error)) from error

    def _await_end(self, shell: PowerShell, deadline: float, wanted: Callable[[], bool]) -> None:
        while shell.state == PSInvocationState.RUNNING:
            left = deadline - time.monotonic()
            if left <= 0 or not wanted():
                self._stop(shell)
                raise TimedOut(f"{self.options.endpoint} gave no answer in time; the operation was stopped")
            shell.poll_invoke(timeout=max(1, math.ceil(min(left, _POLL_SECONDS))))

    def _stop(self, shell: PowerShell) -> None:
        try:
            shell.stop()
            shell.close()
        except breaks.BREAKS as error:
            log.warning("an operation could not be stopped: %s", type(error).__name__)
            self.broken = True

    def _answer_of(self, shell: PowerShell) -> str:
        if len(shell.output) == 1 and isinstance(shell.output[0], str):
            return shell.output[0]
        errors = _errors(shell)
        if self._module_refusal and "CommandNotFound" in errors:
            raise EndpointUnfit(
                f"{self.options.endpoint} neither accepts the module CapiScvmm ({self._module_refusal}) nor has it. "
                "Install it there, or connect to an endpoint that runs scripts"
            )
        told = errors or "no error was given"
        raise EndpointUnfit(
            f"{self.options.endpoint} answered with {len(shell.output)} objects instead of one text: {told}", UNKNOWN
        )

    def _load_module(self) -> str:
        """Send the module's text; return why the endpoint refuses it, or nothing."""
        shell = PowerShell(self._pool)
        shell.add_script(module_text())
        shell.begin_invoke()
        deadline = time.monotonic() + _OPENING_SECONDS
        while shell.state == PSInvocationState.RUNNING:
            if time.monotonic() > deadline:
                raise EndpointUnfit(
                    f"{self.options.endpoint} did not load the module CapiScvmm in {_OPENING_SECONDS} seconds"
                )
            shell.poll_invoke(timeout=_POLL_SECONDS)
        refusal = _errors(shell) if shell.state == PSInvocationState.FAILED or shell.streams.error else ""
        shell.close()
        return refusal


def _errors(shell: PowerShell) -> str:
    """What the error stream says, in one line, never long."""
    return "; ".join(f"{error} [{error.fq_error}]" for error in shell.streams.error)[:1000]
