# SPDX-License-Identifier: Apache-2.0
"""Virtual floppy drives and what they hold. Generation 1 has one, generation 2 none, and no cmdlet changes that."""

from __future__ import annotations

from scvmm_sim.cmdlets.call import Call, Function, Outcome
from scvmm_sim.cmdlets.dvd import eject, insert, start_change
from scvmm_sim.cmdlets.owned import owned
from scvmm_sim.state.records import FloppyRecord
from scvmm_sim.state.vm import VirtualMachine

FLOPPY_BYTES = 1_474_560


def get_drive(call: Call) -> Outcome:
    """The floppy drive of a VM, or of all."""
    vm = call.given_or_none(VirtualMachine, "VM")
    vms = [vm] if vm else call.world.all(VirtualMachine)
    return Outcome([one.floppy for one in vms if one.floppy])


def set_drive(call: Call) -> Outcome:
    """Put the image of a floppy disk into a drive (the VM gets its own copy), or take out what it holds."""
    world = call.world
    vm, drive = owned(call, "VirtualFloppyDrive", lambda one: [one.floppy] if one.floppy else [])
    disk = call.given_or_none(FloppyRecord, "VirtualFloppyDisk")
    empty = call.bound.flag("NoMedia")
    if disk is not None and not disk.file.is_file():
        raise call.error(2906, f"VMM cannot find the file {disk.share_path}.", "Refresh the library share.")
    if disk is not None and disk.size != FLOPPY_BYTES:
        raise call.error(
            12700,
            "VMM cannot complete the host operation because of the error: the virtual floppy disk "
            f"{disk.share_path} has {disk.size} bytes. The file or directory is corrupted and unreadable (0x80070570).",
            f"Give a floppy disk of {FLOPPY_BYTES} bytes.",
        )

    def done() -> None:
        if disk is not None:
            insert(world, vm, drive, disk, linked=False)
        elif empty:
            eject(drive)

    return Outcome([drive], start_change(call, vm, "Change properties of virtual floppy drive", done))


FUNCTIONS: dict[str, Function] = {
    "Get-SCVirtualFloppyDrive": get_drive,
    "Set-SCVirtualFloppyDrive": set_drive,
}
