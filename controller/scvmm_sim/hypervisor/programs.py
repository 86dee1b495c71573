# SPDX-License-Identifier: Apache-2.0
"""Finds and runs the programs that real guests need; they must be run as root."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from scvmm_sim.child_processes import ChildProcesses
from scvmm_sim.hypervisor.errors import HypervisorError

_PATIENCE = 30.0
_PACKAGES = {
    "ip": "iproute2",
    "nsenter": "util-linux",
    "unshare": "util-linux",
    "mount": "mount",
    "systemd-nspawn": "systemd-container",
    "qemu-system-x86_64": "qemu-system-x86",
    "qemu-img": "qemu-utils",
}
"""The Debian packages that have them, for messages."""


class Programs:
    """Programs on PATH, or in *folder*, and the processes that were started of them."""

    def __init__(self, folder: Path | None, *needed: str) -> None:
        """Raises HypervisorError when we are not root or one of *needed* is nowhere."""
        if os.geteuid() != 0:
            raise HypervisorError("Real guests need root: run this as root, or leave out the guest's kind.")
        self._path = os.pathsep.join(filter(None, [os.environ.get("PATH", os.defpath), str(folder) if folder else ""]))
        for name in ("ip", "nsenter", "unshare", "mount", *needed):
            self.find(name)
        self.children = ChildProcesses("guests")

    def find(self, name: str) -> str:
        """The path of a program. Raises HypervisorError."""
        found = shutil.which(name, path=self._path)
        if found is None:
            package = _PACKAGES.get(name, name)
            raise HypervisorError(
                f"Real guests need the program {name}, which is not here: install it (Debian: package {package})."
            )
        return found

    def run(self, name: str, *arguments: str) -> str:
        """Run a program that ends soon and return its output. Raises HypervisorError."""
        return self.run_command([self.find(name), *arguments])

    def run_command(self, command: Sequence[str]) -> str:
        """Run a command that ends soon and return its output. Raises HypervisorError."""
        try:
            ended = subprocess.run(
                command, capture_output=True, text=True, timeout=_PATIENCE, check=False, stdin=subprocess.DEVNULL
            )
        except subprocess.TimeoutExpired:
            raise HypervisorError(f"{_brief(command)} did not end within {_PATIENCE:.0f} s.") from None
        if ended.returncode:
            said = ended.stderr.strip() or ended.stdout.strip() or "it said nothing"
            raise HypervisorError(f"{_brief(command)} failed: {said}")
        return ended.stdout

    def close(self) -> None:
        """End all processes that were started."""
        self.children.close()


def _brief(command: Sequence[str]) -> str:
    return " ".join([Path(command[0]).name, *command[1:]])
