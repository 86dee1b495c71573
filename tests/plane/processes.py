# SPDX-License-Identifier: Apache-2.0
"""Processes that end with us, whatever happens to us, and the private folder they work in."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from plane.errors import StartFailed

SUPERVISOR = Path(__file__).with_name("supervisor.py")
POLL_SECONDS = 0.05
LOG_TAIL_LINES = 15
STOP_SECONDS = 60.0


class Processes:
    """A private folder (0700) and the processes in it; all of it goes with `stop`, or when this process dies."""

    def __init__(self) -> None:
        """Make the folder and start the supervisor."""
        # A short name: sockets are made below it, and the path of one has at most 107 characters.
        self.folder = Path(tempfile.mkdtemp(prefix="capi-scvmm-"))
        self._lock = threading.Lock()
        self._logs: dict[str, Path] = {}
        self.pids: dict[str, int] = {}
        # It may outlive us (detach): then it must not hold open what our caller reads from.
        with (self.folder / "supervisor.log").open("wb") as log:
            self._supervisor = subprocess.Popen(
                [sys.executable, "-I", str(SUPERVISOR), str(self.folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # Ctrl-C in a terminal is for us; we tell the supervisor when to stop
            )

    @property
    def supervisor_pid(self) -> int:
        """The process that owns all the others."""
        return self._supervisor.pid

    def start(self, name: str, argv: Sequence[str | Path], env: Mapping[str, str] | None = None) -> int:
        """Start a process with a log of its own and return its pid; StartFailed when there is no such program."""
        log = self.folder / f"{name}.log"
        self._logs[name] = log
        request = {"start": name, "argv": [str(part) for part in argv], "env": dict(env or {}), "log": str(log)}
        answer = self._ask(request)
        if "error" in answer:
            raise StartFailed(f"{name} could not be started: {answer['error']}")
        self.pids[name] = int(answer["pid"])
        return self.pids[name]

    def stop_one(self, name: str) -> int:
        """Stop one process and return its exit code."""
        self.pids.pop(name, None)
        return int(self._ask({"stop": name})["code"])

    def exit_code(self, name: str) -> int | None:
        """The exit code of a process that has ended, else None."""
        code: int | None = self._ask({"poll": name})["code"]
        return code

    def log(self, name: str) -> str:
        """All that a process has written so far."""
        path = self._logs[name]
        return path.read_text(errors="replace") if path.exists() else ""

    def wait(self, name: str, ready: Callable[[], bool], seconds: float, what: str) -> None:
        """Wait until *ready*; StartFailed, with the end of the log, when the process ends or *seconds* are over."""
        deadline = time.monotonic() + seconds
        while not ready():
            code = self.exit_code(name)
            if code is not None:
                raise StartFailed(f"{name} ended with code {code} before {what}. {self._last_words(name)}")
            if time.monotonic() > deadline:
                raise StartFailed(f"{name}: not {what} after {seconds:.0f} s. {self._last_words(name)}")
            time.sleep(POLL_SECONDS)

    def detach(self) -> int:
        """Let everything go on after we end; return the pid whose SIGTERM ends it all."""
        return int(self._ask({"detach": True})["pid"])

    def stop(self) -> None:
        """Stop all processes, the youngest first, and remove the folder; may be called again."""
        if self._supervisor.stdin and not self._supervisor.stdin.closed:
            self._supervisor.stdin.close()
        try:
            self._supervisor.wait(STOP_SECONDS)
        finally:
            if self._supervisor.stdout:
                self._supervisor.stdout.close()

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self._supervisor.stdin and self._supervisor.stdout
        with self._lock:
            try:
                self._supervisor.stdin.write(json.dumps(request).encode() + b"\n")
                self._supervisor.stdin.flush()
                line = self._supervisor.stdout.readline()
            except (BrokenPipeError, ValueError) as problem:
                raise StartFailed("the plane has been stopped: start a new one") from problem
        if not line:
            raise StartFailed("the supervisor of the plane has ended: somebody killed it, start a new plane")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _last_words(self, name: str) -> str:
        lines = self.log(name).splitlines()[-LOG_TAIL_LINES:]
        return "The end of its log:\n  " + "\n  ".join(lines) if lines else "It wrote nothing."


def alive(pid: int) -> bool:
    """Whether a process with that id runs (a zombie does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z" and os.path.exists(f"/proc/{pid}")
