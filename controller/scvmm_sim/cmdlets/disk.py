# SPDX-License-Identifier: Apache-2.0
"""Virtual disk drives and virtual hard disks."""

from __future__ import annotations

from scvmm_sim.cmdlets.call import Call, Function, Outcome
from scvmm_sim.cmdlets.dvd import own_copy
from scvmm_sim.cmdlets.held import HeldChange, change_part
from scvmm_sim.state.hardware import Disk, Drive, TemplateRecord
from scvmm_sim.state.records import VhdRecord
from scvmm_sim.state.storage import QosRecord
from scvmm_sim.state.vm import VirtualMachine


def get_disk_drive(call: Call) -> Outcome:
    """Disk drives of a VM or template, by id, or all."""
    wanted = call.bound.text("ID")
    owner: VirtualMachine | TemplateRecord | None = call.given_or_none(VirtualMachine, "VM")
    owner = owner or call.given_or_none(TemplateRecord, "VMTemplate")
    owners: list[VirtualMachine | TemplateRecord] = [owner] if owner else []
    if owner is None:
        owners = [*call.world.all(VirtualMachine), *call.world.all(TemplateRecord)]
    return Outcome([disk for one in owners for disk in one.disks if wanted in (None, disk.id)])


def get_hard_disk(call: Call) -> Outcome:
    """Virtual hard disks of the library by id or name."""
    return Outcome(call.picked(VhdRecord))


def new_disk_drive(call: Call) -> Outcome:
    """Add a disk to a VM, or put it aside under a job group."""
    bound, world = call.bound, call.world
    vhd = call.given_or_none(VhdRecord, "VirtualHardDisk")
    _check_readable(call, vhd)
    size = bound.integer("VirtualHardDiskSizeMB") or (vhd.size_mb if vhd else 0)
    if vhd is None and size < 1:
        raise call.error(12416, "A disk of 0 MB cannot be made.", "Give a size of at least 1 MB.")
    disk = Disk(
        world.new_id(),
        bound.text("FileName") or (vhd.name if vhd else "disk"),
        "IDE" if bound.flag("IDE") else "SCSI",
        bound.integer("Bus") or 0,
        bound.integer("LUN") or 0,
        size,
        not bound.flag("Fixed"),
        bound.text("VolumeType") or "None",
        vhd.name if vhd else None,
        qos_policy=call.given_or_none(QosRecord, "StorageQoSPolicy"),
    )
    group = bound.text("JobGroup")
    if group is not None:
        world.job_group(group).items.append(disk)
        return Outcome([disk])
    vm = call.given(VirtualMachine, "VM")
    check_slots(call, vm.generation, [*vm.disks, disk], vm.drives)
    disk.folder = disk_folder(vm)
    if any(other.file.casefold() == disk.file.casefold() for other in vm.disks) or disk.file in world.kept_files:
        raise call.error(12416, f"The file {disk.file} exists already.", "Give the disk another file name.")

    def act() -> None:
        if vhd is not None and not vhd.of_fabric:
            disk.content = own_copy(world, vm, vhd, disk.id)
        vm.disks.append(disk)

    change = HeldChange(vm, act, off_only=disk.bus_type == "IDE")
    return Outcome([disk], change_part(call, "Create virtual disk drive", change))


def _check_readable(call: Call, vhd: VhdRecord | None) -> None:
    """Refuse a file of the library that is no VHDX, or no longer there."""
    if vhd is None or vhd.of_fabric:
        return
    if not vhd.file.is_file():
        raise call.error(2906, f"VMM cannot find the file {vhd.share_path}.", "Refresh the library share.")
    if vhd.size_mb == 0:
        raise call.error(
            12700,
            f"VMM cannot complete the host operation because of the error: the virtual hard disk {vhd.share_path} "
            "cannot be attached. The file or directory is corrupted and unreadable (0x80070570).",
            "Bring a whole virtual hard disk to the library.",
        )


def disk_folder(vm: VirtualMachine) -> str:
    """Folder on the host in which files of new disks of a VM are."""
    return f"C:\\VMs\\{vm.name}"


def take_disks(call: Call, generation: int, present: list[Disk], drives: list[Drive]) -> list[Disk]:
    """The disks that were put aside under this call's job group; they are no longer there afterwards."""
    name = call.bound.text("JobGroup")
    if name is None:
        return []
    group = call.world.job_group(name)
    disks = [item for item in group.items if isinstance(item, Disk)]
    check_slots(call, generation, [*present, *disks], drives)
    group.items = [item for item in group.items if not isinstance(item, Disk)]
    return disks


def check_slots(call: Call, generation: int, disks: list[Disk], drives: list[Drive]) -> None:
    """Refuse a bus that the generation does not have, and two things in one place."""
    bus_of_drives = "SCSI" if generation == 2 else "IDE"
    seen = {(bus_of_drives, drive.bus, drive.lun) for drive in drives}
    for disk in disks:
        if generation == 2 and disk.bus_type == "IDE":
            raise call.error(
                10632,
                f"Disk {disk.name}: bus type IDE is not supported by a generation 2 virtual machine.",
                "Attach the disk to SCSI.",
            )
        place = (disk.bus_type, disk.bus, disk.lun)
        if place in seen:
            raise call.error(
                12416,
                f"Disk {disk.name}: {disk.bus_type} bus {disk.bus} LUN {disk.lun} is taken by a disk or DVD drive.",
                "Choose another LUN.",
            )
        seen.add(place)


FUNCTIONS: dict[str, Function] = {
    "Get-SCVirtualDiskDrive": get_disk_drive,
    "Get-SCVirtualHardDisk": get_hard_disk,
    "New-SCVirtualDiskDrive": new_disk_drive,
}
