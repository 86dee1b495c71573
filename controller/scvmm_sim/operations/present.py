# SPDX-License-Identifier: Apache-2.0
"""The operation vm_present: find or create, under one lock per uid."""

from __future__ import annotations

from typing import Any

from scvmm_sim.operations.create import create_vm
from scvmm_sim.operations.fields import Fields, OperationError
from scvmm_sim.operations.find import find_vm
from scvmm_sim.operations.parts import find_parts
from scvmm_sim.operations.session import Object, Session
from scvmm_sim.operations.shapes import shape_job, shape_vm, split_description
from scvmm_sim.operations.wish import Wish, read_wish

PROPERTIES = {
    "name": "Name",
    "cpu_count": "CPUCount",
    "memory_mb": "Memory",
    "start_action": "StartAction",
    "stop_action": "StopAction",
    "checkpoint_type": "CheckpointType",
    "cpu_limit_for_migration": "CPULimitForMigration",
    "cpu_limit_functionality": "CPULimitFunctionality",
    "tag": "Tag",
}


def vm_present(session: Session, request: Fields) -> dict[str, Any]:
    """Find the VM by id or mark, or start its creation; returns when VMM has taken the job."""
    wish = read_wish(request)
    with session.vmm.named_lock(f"CapiScvmm-{wish.uid}") as taken:
        if not taken:
            raise OperationError(
                "CapiScvmm.Busy",
                f"Another session on this host has been creating the VM with uid '{wish.uid}' for a minute. "
                "Look again later.",
                category="ResourceBusy",
            )
        vm = find_vm(session, request)
        if vm is not None:
            return _result(vm, drift=_drift(vm, wish))
        parts = find_parts(session, wish)
        diff = [{"field": field, "before": None, "after": value} for field, value in wish.told().items()]
        if wish.check:
            return _result(None, diff=diff, created=True)
        made = create_vm(session, wish, parts)
        return _result(made.objects[0], made.job, diff=diff, created=True)


def _result(
    vm: Object | None,
    job: Object | None = None,
    *,
    diff: list[dict[str, Any]] | None = None,
    drift: list[dict[str, Any]] | None = None,
    created: bool = False,
) -> dict[str, Any]:
    return {
        "changed": created,
        "created": created,
        "vm": shape_vm(vm),
        "job": shape_job(job),
        "diff": diff or [],
        "drift": drift or [],
    }


def _drift(vm: Object, wish: Wish) -> list[dict[str, Any]]:
    """What of a VM is not as it is asked for; only fields that the request has and the VM tells."""
    now = {field: vm[name] for field, name in PROPERTIES.items() if name in vm}
    now["cloud"] = vm["Cloud"]["Name"] if vm["Cloud"] else ""
    now["description"] = split_description(vm["Description"]).text
    wished = {"name": wish.name, **wish.fields}
    return [
        {"field": field, "before": before, "after": wished[field]}
        for field, before in now.items()
        if wished.get(field) is not None and str(wished[field]) != str(before)
    ]
