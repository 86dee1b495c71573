# SPDX-License-Identifier: Apache-2.0
"""The operation vm_absent."""

from __future__ import annotations

import re
import uuid
from typing import Any

from scvmm_sim.operations.disk import disk_called, file_of, refuse_with_checkpoints
from scvmm_sim.operations.failed import dismissed, has_failed
from scvmm_sim.operations.fields import Fields, OperationError
from scvmm_sim.operations.find import find_vm
from scvmm_sim.operations.job_info import active_job, cancel
from scvmm_sim.operations.power import OFF
from scvmm_sim.operations.session import Object, Session
from scvmm_sim.operations.shapes import join_description, shape_job, shape_vm, split_description

NOT_ON_A_HOST = ("Missing", "UnsupportedVMConfiguration")
KEPT = re.compile(r"^\[capi\.scvmm kept=(.+)\]\s*$", re.MULTILINE)
"""The note of a disk that was taken from a VM to be kept."""


def vm_absent(session: Session, request: Fields) -> dict[str, Any]:
    """Remove a VM that is off, with its files but those of *keep_disks*; cancel a creation that still runs."""
    check = bool(request.flag("check", False))
    keep, lenient = request.texts("keep_disks"), bool(request.flag("keep_if_there", False))
    vm = find_vm(session, request)
    if vm is None:
        return _absent("gone", None, None, changed=False)
    removal = active_job(vm, "Remove-SCVirtualMachine")
    if removal:
        return _absent("removing", vm, removal, changed=False)
    creation = active_job(vm, "New-SCVirtualMachine")
    if creation or vm["Status"] == "UnderCreation":
        creation = creation or vm["MostRecentTask"]
        known = creation is None or bool(creation["WasNotifiedOfCancel"])
        if creation is not None and not known and not check:
            cancel(session, creation)
        return _absent("cancelling", vm, creation, changed=not known)
    if has_failed(vm) and not check:
        # Shows whether the VM runs: only the state behind the failure tells.
        found = dismissed(session, vm)
        if found is None:
            return _absent("gone", None, None, changed=True)
        vm = found
    detaching = active_job(vm, "Set-SCVirtualMachine") if keep else None
    if detaching:
        return _absent("detaching", vm, detaching, changed=False)
    if vm["Status"] not in (*OFF, *NOT_ON_A_HOST) and not vm["Status"].endswith("Failed"):
        raise OperationError(
            "640,CapiScvmm.NotOff",
            f"VM {vm['Name']} is {vm['Status']} and can only be removed when it is off.",
            "Stop the VM first.",
            number=640,
        )
    drives = _drives_to_detach(session, vm, keep, lenient)
    if drives:
        job = None if check else _detach(session, vm, drives)
        return _absent("detaching", vm, job, changed=True)
    if check:
        return _absent("removing", vm, None, changed=True)
    # Never -Force: it deletes VMM's record only and leaves the VM on its host.
    result = session.run("Remove-SCVirtualMachine", VM=vm, RunAsynchronously=True, JobVariable="job")
    return _absent("removing", vm, result.job, changed=True)


def _drives_to_detach(session: Session, vm: Object, keep: list[str], lenient: bool) -> list[Object]:
    """The disks that are to be kept and still hang on the VM.

    One that it never had is an error, unless that may be (*lenient*): nothing is removed.
    """
    if vm["Status"] in ("Missing", "CreationFailed"):
        # Of the one only VMM's record is left, of the other nothing was ever made that somebody could want.
        return []
    if lenient and keep:
        # A checkpoint gives the files other names: nobody could tell that such a disk is there.
        refuse_with_checkpoints(session, vm, "its disks cannot be kept")
    noted = [name.casefold() for name in KEPT.findall(vm["Description"])]
    drives: list[Object] = []
    for name in keep:
        drive = disk_called(vm["VirtualDiskDrives"], name)
        if drive is not None and drive not in drives:
            drives.append(drive)
        names = {name.casefold(), f"{name}.vhdx".casefold(), f"{name}.vhd".casefold()}
        if drive is None and not lenient and not names & {*noted}:
            has = ", ".join(file_of(one) for one in vm["VirtualDiskDrives"]) or "none"
            raise OperationError(
                "CapiScvmm.NotFound",
                f"VM {vm['Name']} has no disk '{name}'. It has: {has}. Nothing was removed.",
                category="ObjectNotFound",
            )
    if drives:
        refuse_with_checkpoints(session, vm, "its disks cannot be kept")
    return drives


def _detach(session: Session, vm: Object, drives: list[Object]) -> Object | None:
    """Take disks from the VM without their files and note it in its description, all in one job.

    A caller that is cut off between this and the removal finds by the note that the disks were there.
    """
    group = str(uuid.uuid4())
    for drive in drives:
        session.run("Remove-SCVirtualDiskDrive", VirtualDiskDrive=drive, SkipDeleteVHD=True, JobGroup=group)
    mark = split_description(vm["Description"])
    text = "\n".join(
        [*([mark.text] if mark.text else []), *(f"[capi.scvmm kept={file_of(drive)}]" for drive in drives)]
    )
    description = join_description(text, mark.owner, mark.uid) if mark.owner and mark.uid else text
    return session.run(
        "Set-SCVirtualMachine",
        VM=vm,
        Description=description,
        JobGroup=group,
        RunAsynchronously=True,
        JobVariable="job",
    ).job


def _absent(state: str, vm: Object | None, job: Object | None, *, changed: bool) -> dict[str, Any]:
    return {"changed": changed, "state": state, "vm": shape_vm(vm), "job": shape_job(job)}
