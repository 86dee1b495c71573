# SPDX-License-Identifier: GPL-3.0-or-later
"""Which worker takes which call: ordinary calls share a few, a long poll has one of its own."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from .call import Call
from .options import Options
from .probe import Prober
from .worker import Shared, Worker

# Long polls side by side; more than these wait. WinRM allows a user some thirty shells.
LONG_POLLS = 8


class Lane:
    """Up to *most* workers over one queue; the last used is taken first, so that few sessions open."""

    def __init__(self, shared: Shared, most: int, name: str) -> None:
        self._shared, self._most, self._name = shared, most, name
        self._lock = threading.Lock()
        self._workers: list[Worker] = []
        self._idle: list[Worker] = []
        self._waiting: deque[Call] = deque()

    def submit(self, call: Call) -> None:
        """Run *call* as soon as a worker is free."""
        with self._lock:
            if self._idle:
                self._idle.pop().take(call)
            elif len(self._workers) < self._most:
                worker = Worker(self._shared, self._free, f"{self._name}-{len(self._workers) + 1}")
                self._workers.append(worker)
                worker.take(call)
            else:
                self._waiting.append(call)

    def end(self, timeout: float) -> None:
        """Close all sessions."""
        with self._lock:
            workers, self._workers, self._idle = self._workers, [], []
        for worker in workers:
            worker.end(timeout)

    def _free(self, worker: Worker) -> None:
        with self._lock:
            if self._waiting:
                worker.take(self._waiting.popleft())
            elif worker in self._workers:
                self._idle.append(worker)


class Lanes:
    """The broker's two lanes over the same hosts."""

    def __init__(self, options: Options) -> None:
        shared = Shared.of(options)
        self._hosts = shared.hosts
        self._prober = Prober(shared.hosts)
        self._ordinary = Lane(shared, options.workers, "worker")
        self._long = Lane(shared, LONG_POLLS, "long-poll")

    def submit(self, call: Call) -> None:
        """Run *call* in its lane."""
        (self._long if call.long else self._ordinary).submit(call)

    def health(self) -> list[dict[str, Any]]:
        """Each exec host, and why it is not used."""
        return self._hosts.health()

    def end(self, timeout: float) -> None:
        """Close all sessions, waiting at most *timeout* seconds for each."""
        self._prober.end()
        self._ordinary.end(timeout)
        self._long.end(timeout)
