# SPDX-License-Identifier: GPL-3.0-or-later
"""The server's runs: one forked process each, and the client that waits for it."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
from dataclasses import dataclass

from .processes import kill_run
from .request import EXIT

SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT})


@dataclass(frozen=True)
class _Run:
    pid: int
    client: socket.socket


class Runs:
    """Runs under way; *selector* tells when a client says something or leaves, its key's data is then the run's pid."""

    def __init__(self, selector: selectors.BaseSelector) -> None:
        self._selector = selector
        self._runs: dict[int, _Run] = {}

    def add(self, pid: int, client: socket.socket) -> None:
        """Take on a run that was just forked."""
        client.setblocking(False)
        self._runs[pid] = _Run(pid, client)
        self._selector.register(client, selectors.EVENT_READ, pid)

    def heard(self, pid: int) -> None:
        """A client passes a signal on, or is gone: then nobody wants the run any more."""
        run = self._runs[pid]
        try:
            numbers = run.client.recv(64)
        except BlockingIOError:
            return
        except OSError:
            numbers = b""
        for number in numbers:
            if number in SIGNALS:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
        if not numbers:
            self._selector.unregister(run.client)
            kill_run(pid)

    def reap(self) -> None:
        """Tell the clients of runs that have ended their exit codes."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            run = self._runs.pop(pid, None)
            if run is not None:
                self._answer(run, os.waitstatus_to_exitcode(status))

    def kill(self) -> None:
        """Kill all of them."""
        for pid in self._runs:
            kill_run(pid)

    def forget(self) -> None:
        """Close this process's ends, in a child: they belong to the server."""
        for run in self._runs.values():
            run.client.close()
        self._runs.clear()

    def _answer(self, run: _Run, code: int) -> None:
        # A shell's way of telling that a signal ended a program.
        code = 128 - code if code < 0 else code
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(run.client)
        with contextlib.suppress(OSError):
            run.client.sendall(EXIT + str(code).encode())
        run.client.close()
