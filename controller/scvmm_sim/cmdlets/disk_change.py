# SPDX-License-Identifier: Apache-2.0
"""Changes of a VM's disks: limits, policies, larger files."""

from __future__ import annotations

from scvmm_sim.cmdlets.call import Call, Function, Outcome
from scvmm_sim.cmdlets.held import HeldChange, change_part
from scvmm_sim.cmdlets.owned import owned
from scvmm_sim.state.hardware import Disk
from scvmm_sim.state.storage import QosRecord
from scvmm_sim.state.vm import VirtualMachine


def set_disk_drive(call: Call) -> Outcome:
    """Limit a disk's input and output; its place is not changed by the simulator."""
    bound = call.bound
    moved = {"Bus", "LUN", "SCSI", "IDE"} & bound.values.keys()
    if moved:
        raise call.error(12416, "The simulator does not move disks to another place.", "Leave the disk where it is.")
    vm, disk = owned_disk(call)
    policy = call.given_or_none(QosRecord, "StorageQoSPolicy")
    maximum, unlimited = bound.integer("IOPSMaximum"), bound.flag("DisableStorageQoS")

    def act() -> None:
        disk.volume_type = bound.text("VolumeType") or disk.volume_type
        if unlimited:
            disk.iops_maximum, disk.qos_policy = 0, None
        disk.iops_maximum = disk.iops_maximum if maximum is None else maximum
        disk.qos_policy = policy or disk.qos_policy

    return Outcome([disk], change_part(call, "Change properties of virtual disk drive", HeldChange(vm, act)))


def expand_disk_drive(call: Call) -> Outcome:
    """Make a disk's file larger, in whole GB; never smaller, and only while the VM is off."""
    vm, disk = owned_disk(call)
    size = (call.bound.integer("VirtualHardDiskSizeGB") or 0) * 1024
    if size <= disk.size_mb:
        raise call.error(
            12416,
            f"Disk {disk.name} of {vm.name} has {disk.size_mb} MB: it cannot be expanded to {size} MB.",
            "Give a larger size.",
        )
    if vm.checkpoints:
        raise call.error(
            1730,
            f"Disk {disk.name} of virtual machine {vm.name} cannot be expanded: the virtual machine has checkpoints.",
            "Remove its checkpoints first.",
        )

    def act() -> None:
        disk.size_mb = size

    return Outcome([disk], change_part(call, "Expand virtual hard disk", HeldChange(vm, act, off_only=True)))


def owned_disk(call: Call) -> tuple[VirtualMachine, Disk]:
    """The disk drive that is given, and the VM that has it."""
    return owned(call, "VirtualDiskDrive", lambda vm: vm.disks)


FUNCTIONS: dict[str, Function] = {
    "Set-SCVirtualDiskDrive": set_disk_drive,
    "Expand-SCVirtualDiskDrive": expand_disk_drive,
}
