# SPDX-License-Identifier: Apache-2.0
"""One VMM server: the door through which every cmdlet call comes, native and from the PowerShell stand-in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scvmm_sim.clock import Clock


@dataclass(frozen=True)
class CmdletResult:
    """What a cmdlet wrote: objects with VMM's property names (to be read only), and the job it started."""

    objects: list[dict[str, Any]] = field(default_factory=list)
    job: dict[str, Any] | None = None


class Vmm:
    """A simulated VMM server; thread-safe, made of fabric, jobs, faults and library.

    Planned public surface: call, close, add_fault, clear_faults, faults, vms, jobs, library_files, set_durations, vm_power_off, vm_start, vm_delete,
    wait_for_change, wire_fault.
    """

    def __init__(self, fabric: dict[str, Any] | Path | str | None = None, library: Path | None = None, clock: Clock | None = None) -> None:
        raise NotImplementedError

    def call(self, cmdlet: str, parameters: dict[str, Any]) -> CmdletResult:
        """Run *cmdlet*; raises CmdletError when VMM or PowerShell's binder would refuse."""
        raise NotImplementedError
