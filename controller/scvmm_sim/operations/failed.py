# SPDX-License-Identifier: Apache-2.0
"""VMs on which a job has failed: VMM lets nothing else be done with them until the failure is dismissed."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from scvmm_sim.operations.fields import Fields
from scvmm_sim.operations.find import need_vm, vm_by_id
from scvmm_sim.operations.session import Object, Session
from scvmm_sim.operations.shapes import shape_job

dismissed_failure: ContextVar[dict[str, Any] | None] = ContextVar("dismissed_failure", default=None)
"""What this operation has dismissed, for its answer."""


def has_failed(vm: Object) -> bool:
    """Whether a failed update, migration or removal blocks a VM.

    A failed creation is not meant: such a VM is only good for removal.
    """
    status = str(vm["Status"])
    return status.endswith("Failed") and not status.endswith("CreationFailed")


def dismissed(session: Session, vm: Object) -> Object | None:
    """Dismiss what failed on a VM; the VM as it is then, None when it has gone meanwhile."""
    session.run("Repair-SCVirtualMachine", VM=vm, Dismiss=True)
    dismissed_failure.set(failure_of(vm))
    return vm_by_id(session, vm["ID"])


def failure_of(vm: Object) -> dict[str, Any]:
    """What failed on a VM: its status, and the job when that is the last one."""
    job = vm["MostRecentTask"]
    failed = job is not None and job["Status"] in ("Failed", "Canceled")
    return {"status": str(vm["Status"]), "job": shape_job(job) if failed else None}


def usable_vm(session: Session, request: Fields, *, check: bool) -> tuple[Object, bool]:
    """The VM that a request means, with its failure dismissed unless *check*, and whether there was a failure."""
    vm = need_vm(session, request)
    failed = has_failed(vm)
    if failed and not check:
        # Gone between the two calls: told as such.
        vm = dismissed(session, vm) or need_vm(session, request)
    return vm, failed
