# SPDX-License-Identifier: Apache-2.0
"""Unpacks a medium for guests that have no drives, with programs that are not those that made it."""

from __future__ import annotations

from pathlib import Path

from scvmm_sim.guest.medium import MediumProblem, medium_files
from scvmm_sim.hypervisor.errors import HypervisorError
from scvmm_sim.hypervisor.programs import Programs


def unpack(medium: Path, folder: Path, programs: Programs) -> None:
    """Put the files of an ISO image, a FAT volume or a VHDX disk into *folder*. Raises HypervisorError."""
    try:
        files = medium_files(medium)
    except MediumProblem as problem:
        raise HypervisorError(f"The medium {medium.name} cannot be used: {problem}") from problem
    if medium.suffix.lower() == ".iso":
        programs.run("bsdtar", "-xf", str(medium), "-C", str(folder))
        return
    for name, content in files.items():
        (folder / name).write_bytes(content)
