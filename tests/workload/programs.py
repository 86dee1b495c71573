# SPDX-License-Identifier: Apache-2.0
"""The programs of one guest: they end with it, however it ends."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import Popen
from typing import TypeVar

import httpx2
from scvmm_sim.child_processes import ChildProcesses

from workload.api import Refused

T = TypeVar("T")
WAIT_SECONDS = 300.0
LOOK_SECONDS = 0.1
LAST_LINES = 8


class GuestFailed(Exception):
    """What the guest was to do went wrong; the message is for its console."""


class GuestOff(Exception):
    """The guest was turned off meanwhile."""


class Programs:
    """Starts programs for a guest with logs in *folder*; `stop` ends them and whoever waits for something."""

    def __init__(self, children: ChildProcesses, folder: Path) -> None:
        self._children, self._folder = children, folder
        self._running: dict[str, Popen[bytes]] = {}
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def stopped(self) -> bool:
        """Whether the guest is off."""
        return self._stopped.is_set()

    def wait_until_stopped(self, seconds: float) -> bool:
        """Whether the guest is off within *seconds*."""
        return self._stopped.wait(seconds)

    def start(self, name: str, command: Sequence[str | Path]) -> None:
        """Start a program that goes on."""
        with self._lock:
            if self.stopped:
                raise GuestOff
            with (self._folder / f"{name}.log").open("ab") as log:
                words = [str(word) for word in command]
                self._running[name] = self._children.start(words, stdout=log, stderr=log)

    def run(self, name: str, command: Sequence[str | Path]) -> None:
        """Run a program to its end. Raises GuestFailed with its last words."""
        self.start(name, command)
        process = self._running[name]
        self.wait(" ".join(str(word) for word in command), lambda: process.poll() is not None or None)
        if process.returncode != 0:
            raise GuestFailed(f"{name} ended with {process.returncode}: {self.last_words(name)}")

    def wait(self, what: str, look: Callable[[], T | None], seconds: float = WAIT_SECONDS) -> T:
        """Wait until *look* gives something; an API server that is not there yet is looked for again.

        Raises GuestFailed, also when a program that goes on has ended.
        """
        deadline = time.monotonic() + seconds
        problem: Exception | None = None
        while not self.stopped:
            try:
                if found := look():
                    return found
            except (httpx2.HTTPError, OSError, Refused) as error:
                problem = error
            if time.monotonic() > deadline:
                raise GuestFailed(f"{what}: not within {seconds:.0f} s. {problem or ''}")
            self._stopped.wait(LOOK_SECONDS)
        raise GuestOff

    def check(self, name: str) -> None:
        """Raises GuestFailed when a program that is to go on has ended."""
        process = self._running.get(name)
        if process is not None and process.poll() is not None and not self.stopped:
            raise GuestFailed(f"{name} ended with {process.returncode}: {self.last_words(name)}")

    def stop(self) -> None:
        """End all of them at once, as when the plug is pulled."""
        with self._lock:
            self._stopped.set()
            for process in self._running.values():
                self._children.end(process)

    def last_words(self, name: str) -> str:
        """The end of a program's log."""
        return " | ".join((self._folder / f"{name}.log").read_text(errors="replace").splitlines()[-LAST_LINES:])
