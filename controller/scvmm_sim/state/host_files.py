# SPDX-License-Identifier: Apache-2.0
"""Files of virtual disks on hosts: who can reach them, and those that no VM has at present."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scvmm_sim.state.hardware import Disk
from scvmm_sim.state.records import HostRecord
from scvmm_sim.state.vm import VirtualMachine

SHARED = re.compile(r"[A-Z]:\\ClusterStorage\\|\\\\", re.IGNORECASE)
"""Paths that mean the same on all hosts of a cluster; a share is reached from everywhere."""


@dataclass(frozen=True)
class HostFile:
    """A disk's file that was taken from its VM; `made_for` names the VM that it was made for."""

    host: HostRecord | None
    path: str
    size_mb: int
    dynamic: bool
    made_for: str
    content: Path | None


def kept(host: HostRecord | None, disk: Disk) -> HostFile:
    """What is left of *disk* when its VM lets go of it."""
    return HostFile(host, disk.file, disk.size_mb, disk.dynamic, disk.made_for, disk.content)


def within_reach(path: str, there: HostRecord | None, host: HostRecord | None) -> bool:
    """Whether *host* reads under *path* what *there* has under it."""
    if there is host:
        return True
    if SHARED.match(path) is None or there is None or host is None:
        return False
    return path.startswith("\\\\") or (there.cluster is not None and there.cluster == host.cluster)


def find_kept(files: Iterable[HostFile], path: str, host: HostRecord | None) -> HostFile | None:
    """The file under *path* as *host* sees it, when no VM has it."""
    wanted = path.casefold()
    return next((f for f in files if f.path.casefold() == wanted and within_reach(path, f.host, host)), None)


def user_of(vms: Iterable[VirtualMachine], path: str, host: HostRecord | None) -> VirtualMachine | None:
    """The VM that has the file under *path* as *host* sees it."""
    wanted = path.casefold()
    for vm in vms:
        if any(disk.file.casefold() == wanted for disk in vm.disks) and within_reach(path, vm.host, host):
            return vm
    return None
