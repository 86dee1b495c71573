# SPDX-License-Identifier: Apache-2.0
"""The operation vm_absent."""

from __future__ import annotations

from typing import Any

from scvmm_sim.operations.failed import dismissed, has_failed
from scvmm_sim.operations.fields import Fields, OperationError
from scvmm_sim.operations.find import find_vm
from scvmm_sim.operations.job_info import active_job, cancel
from scvmm_sim.operations.power import OFF
from scvmm_sim.operations.session import Object, Session
from scvmm_sim.operations.shapes import shape_job, shape_vm

NOT_ON_A_HOST = ("Missing", "UnsupportedVMConfiguration")


def vm_absent(session: Session, request: Fields) -> dict[str, Any]:
    """Remove a VM that is off, with its files; cancel a creation that still runs."""
    check = bool(request.flag("check", False))
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
    if vm["Status"] not in (*OFF, *NOT_ON_A_HOST) and not vm["Status"].endswith("Failed"):
        raise OperationError(
            "640,CapiScvmm.NotOff",
            f"VM {vm['Name']} is {vm['Status']} and can only be removed when it is off.",
            "Stop the VM first.",
            number=640,
        )
    if check:
        return _absent("removing", vm, None, changed=True)
    # Never -Force: it deletes VMM's record only and leaves the VM on its host.
    result = session.run("Remove-SCVirtualMachine", VM=vm, RunAsynchronously=True, JobVariable="job")
    return _absent("removing", vm, result.job, changed=True)


def _absent(state: str, vm: Object | None, job: Object | None, *, changed: bool) -> dict[str, Any]:
    return {"changed": changed, "state": state, "vm": shape_vm(vm), "job": shape_job(job)}
