# SPDX-License-Identifier: Apache-2.0
"""Disks that are taken from a VM, with their file or without."""

from __future__ import annotations

from scvmm_sim.cmdlets.call import Call, Function, Outcome
from scvmm_sim.cmdlets.disk_change import owned_disk
from scvmm_sim.cmdlets.held import HeldChange, change_part
from scvmm_sim.state.host_files import kept


def remove_disk_drive(call: Call) -> Outcome:
    """Remove a drive with its file, or with -SkipDeleteVHD leave the file on the host; IDE only while the VM is off."""
    bound, world = call.bound, call.world
    vm, disk = owned_disk(call)
    keep = bound.flag("SkipDeleteVHD")
    if bound.flag("Force"):
        raise call.error(12416, "The simulator knows no reason for -Force here.", "Leave it out.")
    if vm.checkpoints:
        raise call.error(
            1730,
            f"Disk {disk.name} of virtual machine {vm.name} cannot be removed: the virtual machine has checkpoints.",
            "Remove its checkpoints first.",
        )

    def act() -> None:
        vm.disks.remove(disk)
        if keep:
            world.kept_files.append(kept(vm.host, disk))
        elif disk.content is not None:
            disk.content.unlink(missing_ok=True)

    change = HeldChange(vm, act, off_only=disk.bus_type == "IDE")
    return Outcome(job=change_part(call, "Remove virtual disk drive", change))


FUNCTIONS: dict[str, Function] = {"Remove-SCVirtualDiskDrive": remove_disk_drive}
