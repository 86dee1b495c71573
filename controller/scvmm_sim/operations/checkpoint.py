# SPDX-License-Identifier: Apache-2.0
"""The operations vm_checkpoint and vm_checkpoint_info."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scvmm_sim.cmdlets import CmdletResult
from scvmm_sim.operations.failed import usable_vm
from scvmm_sim.operations.fields import BAD_REQUEST, Fields, OperationError
from scvmm_sim.operations.find import need_vm
from scvmm_sim.operations.session import Object, Session
from scvmm_sim.operations.shapes import Shape, shape_job, shape_vm, time_or_none

STATES = ("present", "restored", "absent")


@dataclass(frozen=True)
class Wish:
    """What a request asks for."""

    state: str
    name: str | None
    checkpoint_id: str | None
    description: str | None
    check: bool


def vm_checkpoint_info(session: Session, request: Fields) -> dict[str, Any]:
    """The checkpoints of a VM, oldest first."""
    vm = need_vm(session, request)
    return {"vm": shape_vm(vm), "checkpoints": shape_checkpoints(vm, checkpoints_of(session, vm))}


def vm_checkpoint(session: Session, request: Fields) -> dict[str, Any]:
    """Take, restore or remove a checkpoint; no job when it is as asked for."""
    wish = _wish(request)
    vm, failed = usable_vm(session, request, check=wish.check)
    known = checkpoints_of(session, vm)
    found = _find(vm, known, wish)
    if wish.state == "present":
        return _present(session, vm, known, found, wish, failed)
    if found is None:
        return _result(vm, known, None, changed=failed)
    if wish.state == "restored":
        return _restored(session, vm, known, found, wish, failed)
    if wish.check:
        return _result(vm, known, found, changed=True)
    started = session.run("Remove-SCVMCheckpoint", VMCheckpoint=found, RunAsynchronously=True, JobVariable="job")
    return _result(vm, known, found, started, changed=True)


def _wish(request: Fields) -> Wish:
    wish = Wish(
        request.need_text("state", allowed=STATES),
        request.text("checkpoint"),
        request.guid("checkpoint_id"),
        request.text("description"),
        bool(request.flag("check", False)),
    )
    if not wish.name and not wish.checkpoint_id:
        raise OperationError(
            BAD_REQUEST, "Fields 'checkpoint' and 'checkpoint_id' are missing. Give at least one of them."
        )
    if wish.state == "present" and not wish.name:
        raise OperationError(BAD_REQUEST, "Field 'checkpoint' is missing. Give it as text.")
    return wish


def checkpoints_of(session: Session, vm: Object) -> list[Object]:
    """The checkpoints of a VM, oldest first."""
    return sorted(session.all("Get-SCVMCheckpoint", VM=vm), key=lambda one: str(one["AddedTime"]))


def _find(vm: Object, known: list[Object], wish: Wish) -> Object | None:
    """The checkpoint that is meant: by id, else by name. One that is to be restored must be there."""
    if wish.checkpoint_id:
        found = [one for one in known if one["ID"] == wish.checkpoint_id]
    else:
        found = [one for one in known if one["Name"].casefold() == str(wish.name).casefold()]
    if len(found) > 1:
        listed = ", ".join(f"{one['ID']} ({time_or_none(one['AddedTime'])})" for one in found)
        raise OperationError(
            "CapiScvmm.Ambiguous",
            f"VM {vm['Name']} has several checkpoints '{wish.name}': {listed}. Give the id of one of them.",
        )
    if not found and (wish.state == "restored" or (wish.state == "present" and wish.checkpoint_id)):
        has = ", ".join(one["Name"] for one in known) or "none"
        raise OperationError(
            "CapiScvmm.NotFound",
            f"VM {vm['Name']} has no checkpoint '{wish.checkpoint_id or wish.name}'. It has: {has}.",
            category="ObjectNotFound",
        )
    return found[0] if found else None


def _present(
    session: Session, vm: Object, known: list[Object], found: Object | None, wish: Wish, failed: bool
) -> dict[str, Any]:
    if found is None:
        if wish.check:
            return _result(vm, known, None, changed=True)
        made = session.run(
            "New-SCVMCheckpoint",
            VM=vm,
            Name=wish.name,
            Description=wish.description,
            RunAsynchronously=True,
            JobVariable="job",
        )
        return _result(vm, known, made.objects[0], made, changed=True)
    new_name = wish.name if wish.checkpoint_id and wish.name != found["Name"] else None
    text = wish.description if wish.description is not None and wish.description != found["Description"] else None
    if new_name is None and text is None:
        return _result(vm, known, found, changed=failed)
    if wish.check:
        return _result(vm, known, found, changed=True)
    changed = session.run(
        "Set-SCVMCheckpoint",
        VMCheckpoint=found,
        Name=new_name,
        Description=text,
        RunAsynchronously=True,
        JobVariable="job",
    )
    return _result(vm, known, found, changed, changed=True)


def _restored(
    session: Session, vm: Object, known: list[Object], found: Object, wish: Wish, failed: bool
) -> dict[str, Any]:
    """Restore, unless that was the last thing that VMM did with the VM."""
    last = vm["MostRecentTask"]
    restored = vm["LastRestoredVMCheckpoint"]
    done = last is not None and last["CmdletName"] == "Restore-SCVMCheckpoint" and last["IsCompleted"]
    well = done and last["Status"] in ("Completed", "SucceedWithInfo")
    if well and restored and restored["ID"] == found["ID"]:
        return _result(vm, known, found, changed=failed)
    if wish.check:
        return _result(vm, known, found, changed=True)
    started = session.run("Restore-SCVMCheckpoint", VMCheckpoint=found, RunAsynchronously=True, JobVariable="job")
    return _result(vm, known, found, started, changed=True)


def shape_checkpoints(vm: Object, checkpoints: list[Object]) -> list[Shape]:
    """The shapes "checkpoint" of a VM's checkpoints."""
    ids = {one["CheckpointID"]: one["ID"] for one in checkpoints}
    return [_shape(vm, one, ids) for one in checkpoints]


def _shape(vm: Object, checkpoint: Object, ids: dict[str, str]) -> Shape:
    restored = vm["LastRestoredVMCheckpoint"]
    return {
        "id": checkpoint["ID"],
        "name": checkpoint["Name"],
        "description": checkpoint["Description"],
        "created": time_or_none(checkpoint["AddedTime"]),
        "parent_id": ids.get(checkpoint["ParentCheckpointID"]),
        "restored_last": bool(restored and restored["ID"] == checkpoint["ID"]),
    }


def _result(
    vm: Object, known: list[Object], found: Object | None, started: CmdletResult | None = None, *, changed: bool
) -> dict[str, Any]:
    ids = {one["CheckpointID"]: one["ID"] for one in known}
    return {
        "changed": changed,
        "vm": shape_vm(vm),
        "job": shape_job(started.job if started else None),
        "checkpoint": _shape(vm, found, ids) if found else None,
    }
