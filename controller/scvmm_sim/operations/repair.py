# SPDX-License-Identifier: Apache-2.0
"""The operations vm_repair and vm_refresh."""

from __future__ import annotations

from typing import Any

from scvmm_sim.operations.failed import failure_of
from scvmm_sim.operations.fields import BAD_REQUEST, Fields, OperationError
from scvmm_sim.operations.find import named, need_vm, vm_by_id
from scvmm_sim.operations.session import Session
from scvmm_sim.operations.shapes import shape_job, shape_vm, vm_result

HOW = {"dismiss": "Dismiss", "retry": "Retry", "undo": "Undo"}


def vm_repair(session: Session, request: Fields) -> dict[str, Any]:
    """Dismiss what failed on a VM, try it again, or undo it; nothing when nothing failed."""
    method = request.text("method", "dismiss", allowed=tuple(HOW)) or "dismiss"
    check = bool(request.flag("check", False))
    vm = need_vm(session, request)
    if not str(vm["Status"]).endswith("Failed"):
        return {**vm_result(vm), "failure": None}
    failure = failure_of(vm)
    if check:
        return {**vm_result(vm, changed=True), "failure": failure}
    result = session.run(
        "Repair-SCVirtualMachine", VM=vm, **{HOW[method]: True}, RunAsynchronously=True, JobVariable="job"
    )
    now = vm_by_id(session, vm["ID"])
    return {"changed": True, "vm": shape_vm(now), "job": shape_job(result.job), "failure": failure}


def vm_refresh(session: Session, request: Fields) -> dict[str, Any]:
    """Let VMM look at one VM anew, or lightly at all of a host."""
    host = request.text("host")
    if host:
        if request.text("id") or request.text("uid"):
            raise OperationError(BAD_REQUEST, "Field 'host' goes without 'id' and 'uid'. Give the one or the others.")
        found = named(session.all("Get-SCVMHost"), "host", host)
        result = session.run("Read-SCVirtualMachine", VMHost=found, RunAsynchronously=True, JobVariable="job")
        return {"vm": None, "job": shape_job(result.job)}
    vm = need_vm(session, request)
    result = session.run("Read-SCVirtualMachine", VM=vm, RunAsynchronously=True, JobVariable="job")
    return {"vm": shape_vm(vm_by_id(session, vm["ID"])), "job": shape_job(result.job)}
