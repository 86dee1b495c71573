# SPDX-License-Identifier: Apache-2.0
"""The operation vm_mark: the owner's mark goes into the description of a VM that exists, or out of it."""

from __future__ import annotations

import re
from typing import Any

from scvmm_sim.operations.fields import BAD_REQUEST, Fields, OperationError
from scvmm_sim.operations.find import vm_by_id, vm_by_uid
from scvmm_sim.operations.session import Object, Session
from scvmm_sim.operations.shapes import Mark, join_description, split_description, vm_result

NO_MARK_IN = re.compile(r"[\]\s]")


def vm_mark(session: Session, request: Fields) -> dict[str, Any]:
    """Write the mark into a VM's description, or take it out; nothing else of the VM is touched."""
    vm_id = request.guid("id")
    if vm_id is None:
        raise OperationError(BAD_REQUEST, "Field 'id' is missing. Give it as guid.")
    uid = request.need_text("uid")
    state = request.text("state", "present", allowed=("present", "absent"))
    owner = request.need_text("owner") if state == "present" else request.text("owner")
    replaces, check = request.text("replaces"), bool(request.flag("check", False))
    for field, value in (("owner", owner), ("uid", uid)):
        check_markable(request, field, value)
    with session.named_lock(f"CapiScvmm-mark {vm_id}") as taken:
        if not taken:
            raise OperationError(
                "CapiScvmm.Busy",
                f"Another session on this host has been creating the VM with id '{vm_id}' for a minute. "
                "Look again later.",
                category="ResourceBusy",
            )
        vm = vm_by_id(session, vm_id)
        if vm is None:
            message = f"There is no VM with id '{vm_id}'. It was removed, or the id is that of something else."
            raise OperationError("CapiScvmm.NotFound", message, category="ObjectNotFound")
        mark = split_description(vm["Description"])
        _check_free(vm, mark, uid, replaces)
        if state == "present":
            _check_only(session, vm, uid)
        wanted = join_description(mark.text, owner or "", uid) if state == "present" else mark.text
        before = {"owner": mark.owner, "uid": mark.uid} if mark.uid else None
        changed = wanted != vm["Description"]
        if not changed or check:
            return {**vm_result(vm, changed=changed), "before": before}
        result = session.run(
            "Set-SCVirtualMachine", VM=vm, Description=wanted, RunAsynchronously=True, JobVariable="job"
        )
        return {**vm_result(result.objects[0], result.job, changed=True), "before": before}


def check_markable(request: Fields, field: str, value: str | None) -> None:
    """A mark is read up to white space or a closing bracket."""
    if value is not None and NO_MARK_IN.search(value):
        raise request.wrong(field, "a text without ] and white space")


def _check_free(vm: Object, mark: Mark, uid: str, replaces: str | None) -> None:
    """The mark of another owner stays, unless the request names the uid that it replaces."""
    if not mark.uid or mark.uid in (uid, replaces or uid):
        return
    raise OperationError(
        "CapiScvmm.NotOurs",
        f"VM {vm['Name']} ({vm['ID']}) carries the mark of '{mark.owner}' (uid '{mark.uid}'): it belongs to somebody "
        "else. Correct the id, or take the mark out there.",
    )


def _check_only(session: Session, vm: Object, uid: str) -> None:
    other = vm_by_uid(session, uid)
    if other is not None and other["ID"] != vm["ID"]:
        raise OperationError(
            "CapiScvmm.Ambiguous",
            f"VM {other['Name']} ({other['ID']}) carries the uid '{uid}' already, and no two VMs may. "
            "Correct the id, or take the mark out there.",
        )
