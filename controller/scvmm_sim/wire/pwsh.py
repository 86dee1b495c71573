# SPDX-License-Identifier: Apache-2.0
"""Find PowerShell and start processes of it that never outlive the simulator."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_REPOSITORY = Path(__file__).resolve().parents[3]

# The child asks the kernel to be killed with its parent (prctl PR_SET_PDEATHSIG), then becomes PowerShell. Done in a
# process of its own: code between fork and exec of a threaded process may hang on a lock that nobody will release.
_LAUNCH = """
import ctypes, os, signal, sys
signal.pthread_sigmask(signal.SIG_SETMASK, [])  # serve blocks signals in all its threads
ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL, 0, 0, 0)
if os.getppid() != int(sys.argv[1]):
    sys.exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""


class NoPowerShellError(Exception):
    """No PowerShell was found; the message says where one was looked for and how to name one."""


def find_pwsh() -> Path:
    """Return PowerShell's program: on PATH, by $PWSH, or beside the repository. Raises NoPowerShellError."""
    on_path = shutil.which("pwsh")
    candidates = [on_path, os.environ.get("PWSH"), str(_REPOSITORY.parent / "shared" / "pwsh" / "pwsh")]
    for candidate in candidates:
        if candidate and os.access(candidate, os.X_OK) and Path(candidate).is_file():
            return Path(candidate)
    raise NoPowerShellError(
        "Engine powershell needs PowerShell 7 and none was found: no 'pwsh' on PATH, and $PWSH "
        f"({os.environ.get('PWSH') or 'not set'}) names no program. Install PowerShell, set PWSH to its path, "
        "or use engine native."
    )


class PwshProcesses:
    """Starts PowerShell processes and ends those that are left."""

    def __init__(self, program: Path, environment: Mapping[str, str]) -> None:
        """*environment* is added to the simulator's own for every process."""
        self._program = program
        self._environment = {**os.environ, **environment}
        # Without it only two pipelines overlap on two cores (measured: .NET grows its thread pool slowly).
        self._environment.setdefault("DOTNET_ThreadPool_ForceMinWorkerThreads", "10")
        # PR_SET_PDEATHSIG strikes when the *thread* that forked ends: this one lives until close().
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="scvmm-sim-pwsh-starter")
        self._running: set[subprocess.Popen[bytes]] = set()

    def start(
        self, arguments: Sequence[str], environment: Mapping[str, str] | None = None, folder: str | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a process with pipes for its standard streams. Raises OSError when that fails."""
        return self._starter.submit(self._start, arguments, environment or {}, folder).result()

    def _start(
        self, arguments: Sequence[str], environment: Mapping[str, str], folder: str | None
    ) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-I", "-S", "-c", _LAUNCH, str(os.getpid()), str(self._program), *arguments]
        process = subprocess.Popen(  # no shell; the program is the one found by find_pwsh
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**self._environment, **environment},
            cwd=folder,
            start_new_session=True,
            bufsize=0,
        )
        self._running.add(process)
        return process

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Kill *process* when it still runs, and collect it."""
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
