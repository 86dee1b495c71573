# SPDX-License-Identifier: Apache-2.0
"""Starts processes that never outlive this one, also when it is killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

# The child asks the kernel to be killed with its parent (prctl PR_SET_PDEATHSIG), then becomes the program. Done in a
# process of its own: code between fork and exec of a threaded process may hang on a lock that nobody will release.
_LAUNCH = """
import ctypes, os, signal, sys
signal.pthread_sigmask(signal.SIG_SETMASK, [])  # serve blocks signals in all its threads
ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL, 0, 0, 0)
if os.getppid() != int(sys.argv[1]):
    sys.exit(1)
os.execvp(sys.argv[2], sys.argv[2:])
"""


class ChildProcesses:
    """Starts processes, each leading a session of its own, and ends those that are left."""

    def __init__(self, name: str) -> None:
        """*name* tells its thread from others."""
        # PR_SET_PDEATHSIG strikes when the *thread* that forked ends: this one lives until close().
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"{name}-starter")
        self._running: set[subprocess.Popen[bytes]] = set()

    def start(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | str | None = None,
        stdin: int | IO[Any] = subprocess.DEVNULL,
        stdout: int | IO[Any] = subprocess.DEVNULL,
        stderr: int | IO[Any] = subprocess.DEVNULL,
    ) -> subprocess.Popen[bytes]:
        """Start a program (path, or name on PATH); *environment* None is this process's own. Raises OSError."""
        launch = [sys.executable, "-I", "-S", "-c", _LAUNCH, str(os.getpid()), *command]

        def begin() -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                launch,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                env=environment,
                cwd=folder,
                start_new_session=True,
                bufsize=0,
            )

        process = self._starter.submit(begin).result()
        self._running.add(process)
        return process

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Kill *process* when it still runs, and collect it; may be called again."""
        process.kill()
        process.wait()
        self._running.discard(process)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue

    def close(self) -> None:
        """End all processes."""
        for process in list(self._running):
            self.end(process)
        self._starter.shutdown()
