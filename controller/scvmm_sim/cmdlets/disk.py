# SPDX-License-Identifier: Apache-2.0
"""Virtual disk drives and virtual hard disks."""

from __future__ import annotations

from scvmm_sim.cmdlets.call import Call, Function, Outcome
from scvmm_sim.cmdlets.dvd import own_copy
from scvmm_sim.cmdlets.held import HeldChange, change_part
from scvmm_sim.state import World
from scvmm_sim.state.hardware import Disk, Drive, TemplateRecord
from scvmm_sim.state.host_files import find_kept, user_of
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
    existing = bound.flag("UseLocalVirtualHardDisk")
    if vhd is None and not existing and size < 1:
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
        folder=(bound.text("Path") or "").rstrip("\\"),
        existing=existing,
    )
    group = bound.text("JobGroup")
    if group is not None:
        world.job_group(group).items.append(disk)
        return Outcome([disk])
    vm = call.given(VirtualMachine, "VM")
    check_slots(call, vm.generation, [*vm.disks, disk], vm.drives)
    check_files(call, vm, [disk])

    def act() -> None:
        if vhd is not None and not vhd.of_fabric:
            disk.content = own_copy(world, vm, vhd, disk.id)
        add_disks(world, vm, [disk])

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


def check_files(call: Call, vm: VirtualMachine, disks: list[Disk]) -> None:
    """Give new disks their folders; refuse a file that is there already, and one that is wanted and is not there."""
    world = call.world
    for disk in disks:
        disk.folder = disk.folder or disk_folder(vm)
        user = user_of(world.all(VirtualMachine), disk.file, vm.host)
        there = find_kept(world.kept_files, disk.file, vm.host)
        host = vm.host.name if vm.host else "(none)"
        if disk.existing and user is not None:
            raise call.error(
                12700,
                "VMM cannot complete the host operation because of the error: the process cannot access the file "
                f"{disk.file} on host {host}, for virtual machine {user.name} uses it (0x80070020).",
                "Take the disk from that virtual machine first.",
            )
        if disk.existing and there is None:
            raise call.error(
                2904,
                f"VMM could not find the specified path {disk.file} on the {host} server.",
                "Ensure that a valid path is given and that the file is on that host.",
            )
        if not disk.existing and (user is not None or there is not None):
            raise call.error(12416, f"The file {disk.file} exists already.", "Give the disk another file name.")


def add_disks(world: World, vm: VirtualMachine, disks: list[Disk]) -> None:
    """The VM has the disks from now on, with their files."""
    for disk in disks:
        there = find_kept(world.kept_files, disk.file, vm.host) if disk.existing else None
        if there is None:
            disk.made_for = disk.made_for or vm.name
        else:
            world.kept_files.remove(there)
            disk.size_mb, disk.dynamic = there.size_mb, there.dynamic
            disk.made_for, disk.content = there.made_for, there.content
        disk.existing = False
        vm.disks.append(disk)


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
