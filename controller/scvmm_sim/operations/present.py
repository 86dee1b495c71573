# SPDX-License-Identifier: Apache-2.0
"""The operation vm_present: find, mend or create, under one lock per uid."""

from __future__ import annotations

from typing import Any

from scvmm_sim.operations.change import mendable, start_change
from scvmm_sim.operations.compare import compare_vm
from scvmm_sim.operations.create import clear_temporary, create_vm
from scvmm_sim.operations.failed import dismissed, has_failed
from scvmm_sim.operations.fields import Fields, OperationError
from scvmm_sim.operations.find import find_vm
from scvmm_sim.operations.parts import find_parts
from scvmm_sim.operations.session import Object, Session
from scvmm_sim.operations.shapes import shape_job, shape_vm
from scvmm_sim.operations.unique_name import check_name, name_held
from scvmm_sim.operations.wish import Wish, read_wish


def vm_present(session: Session, request: Fields) -> dict[str, Any]:
    """Find the VM by id or mark and mend it when asked to, or start its creation; returns when VMM took the job."""
    wish = read_wish(request)
    with session.named_lock(f"CapiScvmm-{wish.uid}") as taken:
        if not taken:
            raise OperationError(
                "CapiScvmm.Busy",
                f"Another session on this host has been creating the VM with uid '{wish.uid}' for a minute. "
                "Look again later.",
                category="ResourceBusy",
            )
        vm = find_vm(session, request)
        if vm is not None:
            if not wish.check:
                clear_temporary(session, wish)
            return _mended(session, vm, wish)
        parts = find_parts(session, wish)
        diff = [{"field": field, "before": None, "after": value} for field, value in wish.told().items()]
        if wish.check:
            check_name(session, wish)
            return _result(None, diff=diff, created=True)
        with name_held(session, wish):
            made = create_vm(session, wish, parts)
        return _result(made.objects[0], made.job, diff=diff, created=True)


def _result(
    vm: Object | None,
    job: Object | None = None,
    *,
    diff: list[dict[str, Any]] | None = None,
    drift: list[dict[str, Any]] | None = None,
    created: bool = False,
    changed: bool = False,
) -> dict[str, Any]:
    return {
        "changed": created or changed,
        "created": created,
        "vm": shape_vm(vm),
        "job": shape_job(job),
        "diff": diff or [],
        "drift": drift or [],
    }


def _mended(session: Session, vm: Object, wish: Wish) -> dict[str, Any]:
    """Change of a VM that exists what differs and may be changed, as far as the field update allows."""
    drift = compare_vm(shape_vm(vm) or {}, wish)
    job = vm["MostRecentTask"]
    busy = job if job is not None and not job["IsCompleted"] else None
    if wish.update == "never" or busy:
        return _result(vm, busy, drift=drift)
    failed = has_failed(vm)
    if failed and not wish.check:
        left = dismissed(session, vm)
        if left is None:
            raise OperationError(
                "CapiScvmm.NotFound",
                f"VM {wish.name} has gone while it was looked at. Try again.",
                category="ObjectNotFound",
            )
        vm = left
    changes = mendable(vm, wish, drift)
    rest = [one for one in drift if one not in changes]
    diff = [{name: one[name] for name in ("field", "before", "after")} for one in changes]
    if wish.check or not changes:
        return _result(vm, diff=diff, drift=rest, changed=failed or bool(changes))
    changed, started = start_change(session, vm, wish, changes)
    return _result(changed, started, diff=diff, drift=rest, changed=True)
