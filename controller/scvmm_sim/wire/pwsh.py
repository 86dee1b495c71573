# SPDX-License-Identifier: Apache-2.0
"""Find PowerShell and start processes of it that never outlive the simulator."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from scvmm_sim.child_processes import ChildProcesses

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

    def __init__(self, program: Path, environment: Mapping[str, str]) -> None:
        """*environment* is added to the simulator's own for every process."""
        self._program = program
        self._environment = {**os.environ, **environment}
        # Without it only two pipelines overlap on two cores (measured: .NET grows its thread pool slowly).
        self._environment.setdefault("DOTNET_ThreadPool_ForceMinWorkerThreads", "10")
        self._processes = ChildProcesses("scvmm-sim-pwsh")

    def start(
        self, arguments: Sequence[str], environment: Mapping[str, str] | None = None, folder: str | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a process with pipes for its standard streams. Raises OSError when that fails."""
        return self._processes.start(
            [str(self._program), *arguments],
            environment={**self._environment, **(environment or {})},
            folder=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Kill *process* when it still runs, and collect it."""
        self._processes.end(process)

    def close(self) -> None:
        """End all processes."""
        self._processes.close()
