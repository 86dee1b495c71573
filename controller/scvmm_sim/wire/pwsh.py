# SPDX-License-Identifier: Apache-2.0
"""Find PowerShell and start processes of it that never outlive the simulator."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from scvmm_sim.child_processes import ChildProcesses
from scvmm_sim.wire.session_processes import SessionProcess, SessionProcesses

_THREADS = "DOTNET_ThreadPool_ForceMinWorkerThreads"
_REPOSITORY = Path(__file__).resolve().parents[3]


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

    def __init__(self, program: Path, environment: Mapping[str, str], sessions: SessionProcesses | None = None) -> None:
        """*environment* is added to the simulator's own for every process; *sessions* are the caller's to close."""
        self._program = program
        self.sessions = SessionProcesses() if sessions is None else sessions
        self._owns_sessions = sessions is None
        # Without it only two pipelines overlap on two cores (measured: .NET grows its thread pool slowly).
        threads = {_THREADS: os.environ.get(_THREADS, "10")}
        self._added = {**threads, **environment}
        self._processes = ChildProcesses("scvmm-sim-pwsh")

    def start(
        self, arguments: Sequence[str], environment: Mapping[str, str] | None = None, folder: str | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a process with pipes for its standard streams. Raises OSError when that fails."""
        return self._processes.start(
            [str(self._program), *arguments],
            environment={**os.environ, **self.added(environment or {})},
            folder=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def begin_session(self, environment: Mapping[str, str]) -> SessionProcess:
        """Give a process that speaks PSRP; ``sessions`` takes it back. Raises OSError when none can be started."""
        command = [str(self._program), "-NoLogo", "-NoProfile", "-s"]
        return self.sessions.begin(command, self.added(environment))

    def added(self, more: Mapping[str, str]) -> dict[str, str]:
        """What a process has in its environment beside the simulator's own, with *more* than all have."""
        return {**self._added, **more}

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Kill *process* when it still runs, and collect it."""
        self._processes.end(process)

    def close(self) -> None:
        """End all processes but those in the hands of the caller's *sessions*."""
        self._processes.close()
        if self._owns_sessions:
            self.sessions.close()
