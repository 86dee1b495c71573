# SPDX-License-Identifier: Apache-2.0
"""Checkpoints: what a VM was like at a moment, to go back to."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from scvmm_sim.state.hardware import Disk
from scvmm_sim.state.records import Record, View

if TYPE_CHECKING:
    from scvmm_sim.state.vm import VirtualMachine


@dataclass(eq=False)
class Checkpoint(Record):
    """A checkpoint of a VM. `checkpoint_id` is Hyper-V's id of it, `parent_id` that of the one it came after."""

    type_name: ClassVar[str] = "VMCheckpoint"
    checkpoint_id: str = ""
    parent_id: str = ""
    description: str = ""
    added: str = ""
    vm_id: str = ""
    vm_name: str = ""
    resting: str = "PowerOff"
    """State that the VM has after it was restored."""
    cpu_count: int = 1
    memory_mb: int = 1024
    disks: list[Disk] = field(default_factory=list)

    def view(self) -> View:
        """VMM's VMCheckpoint; the parent of the first one is the VM itself, by Hyper-V's id of it."""
        return {
            **self.brief(),
            "CheckpointID": self.checkpoint_id,
            "ParentCheckpointID": self.parent_id,
            "Description": self.description,
            "AddedTime": self.added,
            "VM": {"_type": "VM", "ID": self.vm_id, "Name": self.vm_name},
        }


def remember(vm: VirtualMachine, checkpoint: Checkpoint) -> None:
    """Write down in *checkpoint* what *vm* is like now."""
    # Only a standard checkpoint holds the memory of a VM that runs; a production checkpoint holds its disks.
    keeps_memory = vm.resting != "PowerOff" and vm.settings.get("CheckpointType") == "Standard"
    checkpoint.resting = "Saved" if keeps_memory else "PowerOff"
    checkpoint.cpu_count, checkpoint.memory_mb = vm.cpu_count, vm.memory_mb
    checkpoint.disks = [dataclasses.replace(disk) for disk in vm.disks]


def go_back(vm: VirtualMachine, checkpoint: Checkpoint) -> None:
    """Make *vm* what it was when *checkpoint* was taken."""
    if vm.host is not None:
        vm.host.release(vm)
    vm.cpu_count, vm.memory_mb = checkpoint.cpu_count, checkpoint.memory_mb
    if vm.host is not None:
        vm.host.take(vm)
    vm.disks = [dataclasses.replace(disk) for disk in checkpoint.disks]
    vm.resting = checkpoint.resting
    vm.restored = checkpoint
