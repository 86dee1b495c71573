# SPDX-License-Identifier: Apache-2.0
"""Shells, as WSMan sees them: the ports that engines fill, and the table that keeps and expires them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from scvmm_sim.wire.faults import no_such_shell, not_supported
from scvmm_sim.wire.outbox import Outbox

log = logging.getLogger(__name__)

WINDOWS_IDLE_SECONDS = 7200.0
"""Windows' default idle time-out of a shell."""


@dataclass(frozen=True)
class ShellRequest:
    """What a Create asks for. *creation* holds PSRP's first fragments, none for a WinRS shell."""

    shell_id: str
    resource_uri: str
    owner: str
    creation: bytes | None
    idle_seconds: float | None = None
    environment: dict[str, str] = field(default_factory=dict)
    working_directory: str | None = None


class Shell(Protocol):
    """One open shell. All methods may be called from several threads at once."""

    @property
    def closed(self) -> bool:
        """Whether it was closed, or ended by itself: then it is no longer found."""
        ...

    def command(self, command_id: str, command: str, arguments: list[str]) -> None:
        """Start a command. In a PowerShell shell *arguments* holds PSRP fragments in base64."""

    def send(self, command_id: str | None, data: bytes, *, stream: str, end: bool) -> None:
        """Take input of a command, or of the shell itself."""

    def signal(self, command_id: str, code: str) -> None:
        """Stop (ctrl_c) or forget (terminate) a command."""

    def outbox(self, command_id: str | None) -> Outbox:
        """Return where output of a command, or of the shell itself, waits. Raises WsmanFault for an unknown command."""

    def close(self) -> None:
        """End everything in the shell; whoever waits for output of it is told that the shell is gone. Repeatable."""


class Engine(Protocol):
    """Makes shells."""

    def open(self, request: ShellRequest) -> Shell:
        """Open a shell. Raises WsmanFault when it cannot."""

    def close(self) -> None:
        """End all that the engine still has."""


@dataclass
class _Entry:
    shell: Shell
    request: ShellRequest
    idle_seconds: float
    used: float
    busy: int = 0

    def expired(self, now: float) -> bool:
        return self.busy == 0 and now - self.used >= self.idle_seconds


class ShellTable:
    """All open shells by id; a shell without a request for its idle time is closed, as on Windows."""

    def __init__(self, engine: Engine, idle_seconds: float | None = None) -> None:
        """*idle_seconds* bounds what clients ask for; without it they get what they ask, or Windows' 7200 s."""
        self._engine = engine
        self._idle_limit = idle_seconds
        self._lock = threading.Lock()
        self._entries: dict[str, _Entry] = {}
        self._opened = 0
        self._stopped = threading.Event()
        self._sweeper = threading.Thread(target=self._sweep, name="scvmm-sim-idle-shells", daemon=True)
        self._sweeper.start()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def opened(self) -> int:
        """How many shells were opened so far."""
        return self._opened

    def open(self, request: ShellRequest) -> float:
        """Open a shell and return its idle time-out in seconds."""
        key = request.shell_id.upper()
        with self._lock:
            if key in self._entries:
                raise not_supported(f"a second shell with ShellId {request.shell_id}")
        idle = request.idle_seconds or WINDOWS_IDLE_SECONDS
        if self._idle_limit is not None:
            idle = min(idle, self._idle_limit)
        entry = _Entry(self._engine.open(request), request, idle, time.monotonic())
        with self._lock:
            self._entries[key] = entry
            self._opened += 1
        log.info("shell %s opened by %s", request.shell_id, request.owner)
        return idle

    @contextmanager
    def use(self, shell_id: str) -> Iterator[Shell]:
        """Give the shell for one request; while it lasts the shell does not idle out. Raises WsmanFault when gone."""
        entry = self._enter(shell_id)
        try:
            yield entry.shell
        finally:
            with self._lock:
                entry.busy -= 1
                entry.used = time.monotonic()

    def describe(self, shell_id: str) -> tuple[ShellRequest, float]:
        """Return what the shell was opened with and its idle time-out. Raises WsmanFault when it is gone."""
        entry = self._enter(shell_id)
        with self._lock:
            entry.busy -= 1
        return entry.request, entry.idle_seconds

    def _enter(self, shell_id: str) -> _Entry:
        self._expire()
        with self._lock:
            entry = self._entries.get(shell_id.upper())
            if entry is None or entry.shell.closed:
                self._entries.pop(shell_id.upper(), None)
                raise no_such_shell(shell_id)
            entry.busy += 1
            return entry

    def close(self, shell_id: str) -> None:
        """Close one shell. Raises WsmanFault when it is gone."""
        with self._lock:
            entry = self._entries.pop(shell_id.upper(), None)
        if entry is None or entry.shell.closed:
            raise no_such_shell(shell_id)
        entry.shell.close()
        log.info("shell %s closed", shell_id)

    def idle_out(self) -> None:
        """Close all shells that no request is using, as if their idle time were over."""
        with self._lock:
            keys = [key for key, entry in self._entries.items() if entry.busy == 0]
            entries = [self._entries.pop(key) for key in keys]
        for entry in entries:
            entry.shell.close()

    def close_all(self) -> None:
        """Close all shells and stop looking for idle ones."""
        self._stopped.set()
        with self._lock:
            entries = list(self._entries.values())
            self._entries.clear()
        for entry in entries:
            entry.shell.close()
        self._engine.close()

    def _expire(self) -> None:
        now = time.monotonic()
        with self._lock:
            gone = [key for key, entry in self._entries.items() if entry.expired(now)]
            entries = [self._entries.pop(key) for key in gone]
        for entry in entries:
            log.info("shell %s closed: idle for %g s", entry.request.shell_id, entry.idle_seconds)
            entry.shell.close()

    def _sweep(self) -> None:
        while not self._stopped.wait(5):
            self._expire()
