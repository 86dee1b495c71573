# SPDX-License-Identifier: Apache-2.0
"""Media in the drives of VMs: a DVD, a floppy disk, or a small disk of its own on SCSI or IDE."""

from __future__ import annotations

import re
from typing import Any

from scvmm_sim.operations.disk import refuse_with_checkpoints
from scvmm_sim.operations.failed import usable_vm
from scvmm_sim.operations.fields import BAD_REQUEST, Fields, OperationError
from scvmm_sim.operations.hardware import Held, held_media
from scvmm_sim.operations.job_info import active_job
from scvmm_sim.operations.media import Medium, ensure_medium, file_name, library_folder
from scvmm_sim.operations.session import Object, Session
from scvmm_sim.operations.shapes import vm_result

EXTENSIONS = {"dvd": ".iso", "floppy": ".vfd", "scsi": ".vhdx", "ide": ".vhdx"}
"""Device → the extension of the files that go into it."""

ATTACHING = {
    "dvd": ("Set-SCVirtualDVDDrive", "New-SCVirtualDVDDrive"),
    "floppy": ("Set-SCVirtualFloppyDrive",),
    "scsi": ("New-SCVirtualDiskDrive",),
    "ide": ("New-SCVirtualDiskDrive",),
}
EJECTING = ("Set-SCVirtualDVDDrive", "Set-SCVirtualFloppyDrive", "Remove-SCVirtualDiskDrive")
ASYNCHRONOUS = {"RunAsynchronously": True, "JobVariable": "job"}
IDE_PLACES = ((1, 1), (0, 1), (1, 0), (0, 0))
"""Bus and LUN, those first that a boot disk and a DVD drive leave free."""


def media_attached(session: Session, request: Fields) -> dict[str, Any]:
    """Upload a medium when it is sent along, and put it into a drive of the VM."""
    check = bool(request.flag("check", False))
    wanted = request.text("device", allowed=tuple(EXTENSIONS))
    file = file_name(request)
    device = _device(wanted, file)
    vm, failed = usable_vm(session, request, check=check)
    holding = any(held.file == file for held in held_media(vm))
    active = active_job(vm, *ATTACHING[device])
    if holding or active:
        path = f"{library_folder(session, request).path}\\{file}"
        return {**vm_result(vm, active, changed=failed), "media": {"file": file, "path": path}}
    _refuse_generation(vm, device)
    place = _ide_place(vm) if device == "ide" else {}
    medium = ensure_medium(session, request, check=check)
    if check or medium.resource is None:
        return {**vm_result(vm, changed=True), "media": medium.shape()}
    job = _attach(session, vm, device, medium, place)
    return {**vm_result(vm, job, changed=True), "media": medium.shape()}


def media_ejected(session: Session, request: Fields) -> dict[str, Any]:
    """Empty the drives that hold the file, or any medium when none is named; a disk goes with its drive."""
    check = bool(request.flag("check", False))
    file = None if request.text("file") is None else file_name(request)
    vm, failed = usable_vm(session, request, check=check)
    holding = [held for held in held_media(vm) if file in (None, held.file)]
    active = active_job(vm, *EJECTING)
    if not holding or active:
        return vm_result(vm, active, changed=failed)
    if any(held.device in ("scsi", "ide") for held in holding):
        refuse_with_checkpoints(session, vm, "its medium cannot be removed")
    if check:
        return vm_result(vm, changed=True)
    job: Object | None = None
    for held in holding:
        job = _eject(session, held)
    return vm_result(vm, job, changed=True)


def _device(wanted: str | None, file: str) -> str:
    """The kind of drive: as asked for, else as the file's extension says."""
    extension = file[file.rindex(".") :]
    if wanted is None:
        return next(device for device, known in EXTENSIONS.items() if known == extension)
    if EXTENSIONS[wanted] != extension:
        raise OperationError(
            BAD_REQUEST,
            f"Field 'file' has the value '{file}', and field 'device' the value '{wanted}'. "
            f"Give a file that ends in {EXTENSIONS[wanted]}, or another device.",
        )
    return wanted


def _refuse_generation(vm: Object, device: str) -> None:
    if vm["Generation"] != 1 and device in ("floppy", "ide"):
        raise OperationError(
            BAD_REQUEST,
            f"Field 'device' has the value '{device}': VM {vm['Name']} is of generation {vm['Generation']}, which has "
            "neither floppy nor IDE drives. Give dvd or scsi.",
        )


def _attach(session: Session, vm: Object, device: str, medium: Medium, place: dict[str, int]) -> Object | None:
    if device == "dvd":
        return _attach_dvd(session, vm, medium)
    if device == "floppy":
        drive = session.all("Get-SCVirtualFloppyDrive", VM=vm)[0]
        given = {"VirtualFloppyDrive": drive, "VirtualFloppyDisk": medium.resource}
        return session.run("Set-SCVirtualFloppyDrive", **given, **ASYNCHRONOUS).job
    bus = {"IDE": True, **place} if device == "ide" else {"SCSI": True, **_scsi_place(vm)}
    return session.run(
        "New-SCVirtualDiskDrive",
        VM=vm,
        VirtualHardDisk=medium.resource,
        # By this name the disk is known for a medium, and is no disk of the VM.
        FileName=re.sub(r"\.vhdx$", ".cidata.vhdx", medium.file),
        VolumeType="None",
        **bus,
        **ASYNCHRONOUS,
    ).job


def _attach_dvd(session: Session, vm: Object, medium: Medium) -> Object | None:
    drives: list[Object] = vm["VirtualDVDDrives"]
    if drives:
        drive = next((one for one in drives if not one["ISO"]), drives[0])
        # Without -Link VMM copies the file to the VM's folder: a link would need delegation on the host.
        return session.run("Set-SCVirtualDVDDrive", VirtualDVDDrive=drive, ISO=medium.resource, **ASYNCHRONOUS).job
    place = _dvd_place(session, vm)
    return session.run("New-SCVirtualDVDDrive", VM=vm, **place, ISO=medium.resource, **ASYNCHRONOUS).job


def _eject(session: Session, held: Held) -> Object | None:
    if held.device == "dvd":
        return session.run("Set-SCVirtualDVDDrive", VirtualDVDDrive=held.drive, NoMedia=True, **ASYNCHRONOUS).job
    if held.device == "floppy":
        return session.run("Set-SCVirtualFloppyDrive", VirtualFloppyDrive=held.drive, NoMedia=True, **ASYNCHRONOUS).job
    return session.run("Remove-SCVirtualDiskDrive", VirtualDiskDrive=held.drive, **ASYNCHRONOUS).job


def _dvd_place(session: Session, vm: Object) -> dict[str, int]:
    """A free place for a new DVD drive: IDE 1:0 for generation 1, the first free one on SCSI 0 for generation 2."""
    if vm["Generation"] == 1:
        return {"Bus": 1, "LUN": 0}
    used = {drive["LUN"] for drive in session.all("Get-SCVirtualDiskDrive", VM=vm) if drive["Bus"] == 0}
    return {"Bus": 0, "LUN": next(lun for lun in range(256) if lun not in used)}


def _scsi_place(vm: Object) -> dict[str, int]:
    """The last free place on SCSI 0: it leaves the first ones to disks that come later."""
    used = {drive["LUN"] for drive in vm["VirtualDiskDrives"] if drive["BusType"] == "SCSI" and drive["Bus"] == 0}
    if vm["Generation"] != 1:
        used |= {drive["LUN"] for drive in vm["VirtualDVDDrives"] if drive["Bus"] == 0}
    return {"Bus": 0, "LUN": next(lun for lun in range(62, -1, -1) if lun not in used)}


def _ide_place(vm: Object) -> dict[str, int]:
    used = {(drive["Bus"], drive["LUN"]) for drive in vm["VirtualDiskDrives"] if drive["BusType"] == "IDE"}
    used |= {(drive["Bus"], drive["LUN"]) for drive in vm["VirtualDVDDrives"]}
    for bus, lun in IDE_PLACES:
        if (bus, lun) not in used:
            return {"Bus": bus, "LUN": lun}
    raise OperationError(
        BAD_REQUEST,
        f"Field 'device' has the value 'ide': all four places on IDE of VM {vm['Name']} are taken. Give dvd or scsi.",
    )
