# SPDX-License-Identifier: Apache-2.0
"""Virtual DVD drives and what they hold."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from scvmm_sim.cmdlets.call import Call, Function, Outcome
from scvmm_sim.cmdlets.owned import owned
from scvmm_sim.state import Work, World
from scvmm_sim.state.hardware import Drive, FloppyDrive, Medium, ProfileRecord, TemplateRecord
from scvmm_sim.state.jobs import Job
from scvmm_sim.state.records import IsoRecord, ResourceRecord
from scvmm_sim.state.vm import VirtualMachine


def get_drive(call: Call) -> Outcome:
    """DVD drives of a VM, template or hardware profile, by id, or all."""
    wanted = call.bound.text("ID")
    owner = (
        call.given_or_none(VirtualMachine, "VM")
        or call.given_or_none(TemplateRecord, "VMTemplate")
        or call.given_or_none(ProfileRecord, "HardwareProfile")
    )
    owners = [owner] if owner else call.world.all(VirtualMachine)
    return Outcome([drive for one in owners for drive in one.drives if wanted in (None, drive.id)])


def new_drive(call: Call) -> Outcome:
    """Add a DVD drive, with an ISO in it when one is given; generation 2 takes one only while it is off."""
    bound, world = call.bound, call.world
    drive = Drive(world.new_id(), "DVD drive", bound.integer("Bus") or 0, bound.integer("LUN") or 0)
    iso = call.given_or_none(IsoRecord, "ISO")
    group = bound.text("JobGroup")
    if group is not None:
        world.job_group(group).items.append((drive, iso, bound.flag("Link")))
        return Outcome([drive])
    template = call.given_or_none(TemplateRecord, "VMTemplate")
    if template is not None:
        template.drives.append(drive)
        return Outcome([drive])
    vm = call.given(VirtualMachine, "VM")
    if vm.generation == 1 and vm.resting == "Running":
        raise call.wrong_state(vm)
    taken = {(d.bus, d.lun) for d in vm.drives}
    if vm.generation == 2:
        taken |= {(d.bus, d.lun) for d in vm.disks if d.bus_type == "SCSI"}
    if (drive.bus, drive.lun) in taken:
        raise call.error(12416, f"Bus {drive.bus} LUN {drive.lun} of {vm.name} is taken.", "Choose another LUN.")

    def done() -> None:
        vm.drives.append(drive)
        if iso is not None:
            insert(world, vm, drive, iso, linked=bound.flag("Link"))

    return Outcome([drive], start_change(call, vm, "Create virtual DVD drive", done))


def set_drive(call: Call) -> Outcome:
    """Put an ISO into a drive (the VM gets its own copy unless -Link) or take out what it holds."""
    bound, world = call.bound, call.world
    vm, drive = _owned(call)
    iso = call.given_or_none(IsoRecord, "ISO")
    if iso is not None and not iso.file.is_file():
        raise call.error(2906, f"VMM cannot find the file {iso.share_path}.", "Refresh the library share.")

    def done() -> None:
        if iso is not None:
            insert(world, vm, drive, iso, linked=bound.flag("Link"))
        elif bound.flag("NoMedia"):
            eject(drive)

    return Outcome([drive], start_change(call, vm, "Change properties of virtual DVD drive", done))


def remove_drive(call: Call) -> Outcome:
    """Remove a DVD drive with what it holds."""
    vm, drive = _owned(call)
    if vm.generation == 1 and vm.resting == "Running":
        raise call.wrong_state(vm)

    def done() -> None:
        eject(drive)
        vm.drives.remove(drive)

    return Outcome(job=start_change(call, vm, "Remove virtual DVD drive", done))


def start_change(call: Call, vm: VirtualMachine, name: str, done: Callable[[], None]) -> Job:
    """Start a job that changes a VM: one that is off shows it, a failure leaves it UpdateFailed.

    A VM on which something has failed is refused with 1730 until the failure is dismissed.
    """
    if vm.status.endswith("Failed"):
        raise call.wrong_state(vm)

    def begin() -> None:
        if vm.resting != "Running":
            vm.status = "UnderUpdate"

    def finish() -> None:
        done()
        vm.status = vm.resting

    def fail() -> None:
        vm.status = "UpdateFailed"

    return call.start(Work("change", name, vm, begin, finish, fail))


def insert(
    world: World, vm: VirtualMachine, drive: Drive | FloppyDrive, source: ResourceRecord, *, linked: bool
) -> None:
    """Give *drive* a file of the library: a copy in the VM's own folder, which outlives the library's."""
    eject(drive)
    file = source.file if linked else own_copy(world, vm, source, drive.id)
    drive.medium = Medium(source.id, source.name, source.share_path, file, linked)


def own_copy(world: World, vm: VirtualMachine, source: ResourceRecord, name: str) -> Path:
    """A copy of a file of the library in the VM's own folder, called *name*."""
    folder = vm_folder(world, vm)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"{name}{source.file.suffix}"
    _copy(source.file, file)
    return file


def eject(drive: Drive | FloppyDrive) -> None:
    """Empty *drive*; a copy of its own is deleted."""
    medium, drive.medium = drive.medium, None
    if medium is not None and not medium.linked:
        medium.file.unlink(missing_ok=True)


def vm_folder(world: World, vm: VirtualMachine) -> Path:
    """Where a VM's own files are."""
    return world.private / "vms" / vm.id


def _copy(source: Path, target: Path) -> None:
    try:
        # An import replaces the library's file as a whole, so a hard link stays what it was, as a copy would.
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _owned(call: Call) -> tuple[VirtualMachine, Drive]:
    if call.bound.reference("VirtualDVDDrive") is None:
        raise call.error(12416, "Drives of a job group are not supported by the simulator.", "Give the drive itself.")
    return owned(call, "VirtualDVDDrive", lambda vm: vm.drives)


FUNCTIONS: dict[str, Function] = {
    "Get-SCVirtualDVDDrive": get_drive,
    "New-SCVirtualDVDDrive": new_drive,
    "Set-SCVirtualDVDDrive": set_drive,
    "Remove-SCVirtualDVDDrive": remove_drive,
}
