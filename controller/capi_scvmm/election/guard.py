# SPDX-License-Identifier: Apache-2.0
"""Ends a controller that stands still while its lease runs out, with all its Ansible runs. A process of its own.

    python -m capi_scvmm.election.guard PID

A stopped controller (SIGSTOP, a debugger, a machine out of memory) cannot end itself, and its runs do not stand still
with it. The controller writes lines to the standard input: until when it holds the lease, in seconds of boot_clock, or
END. When that time comes, or the input ends without that word since the controller was killed, this process kills what
is left of it and removes the folders with credentials and bootstrap data.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys

from capi_scvmm import private
from capi_scvmm.election.clock import boot_clock

PROGRAM = "capi_scvmm.election.guard"
END = "END"


class Guard:
    """The guard of this process, as its controller sees it: started on first use, and again when it has died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def extend(self, until: float) -> None:
        """Let the controller live until *until*, in seconds of boot_clock."""
        if self._process is None or self._process.poll() is not None:
            self._process = self._start()
        with contextlib.suppress(BrokenPipeError):  # It died just now: the next renewal starts another one.
            self._say(f"{until!r}\n")

    def dismiss(self) -> None:
        """End it: nothing is done any more."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        with contextlib.suppress(BrokenPipeError):
            _write(process, f"{END}\n")
        process.wait(timeout=5)

    def _start(self) -> subprocess.Popen[bytes]:
        # A session of its own: what a terminal sends to all its programs is for the controller to answer.
        return subprocess.Popen(
            [sys.executable, "-m", PROGRAM, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _say(self, text: str) -> None:
        assert self._process is not None, "it was started"
        _write(self._process, text)


def _write(process: subprocess.Popen[bytes], text: str) -> None:
    assert process.stdin is not None, "it was started with a pipe there"
    process.stdin.write(text.encode())
    process.stdin.flush()


def watch(controller: int) -> str:
    """Wait for the end of the controller or of its time; tell why it must go, or nothing when it went by itself."""
    until, rest = float("inf"), b""
    while boot_clock() < until:
        # Asked again each second: the time that select waits stands still while the machine sleeps.
        ready, _, _ = select.select([0], [], [], max(min(until - boot_clock(), 1.0), 0.0))
        if not ready:
            continue
        told = os.read(0, 65536)
        if not told:
            return f"controller {controller} was killed"
        *lines, rest = (rest + told).split(b"\n")
        for line in lines:
            if line.decode() == END:
                return ""
            until = float(line)
    return f"controller {controller} stands still and its lease runs out"


def main() -> None:
    """Guard the process named on the command line."""
    number = int(sys.argv[1])
    # Not the number: by the time of its end that may be somebody else's.
    controller = os.pidfd_open(number)
    why = watch(number)
    if not why:
        return
    print(f"{why}: it and its runs are ended", file=sys.stderr, flush=True)
    # In a container it may be process 1, which nobody inside can kill: it ends itself once it goes on.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        signal.pidfd_send_signal(controller, signal.SIGKILL)
    private.purge_of(number)


if __name__ == "__main__":
    main()
