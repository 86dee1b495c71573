# SPDX-License-Identifier: Apache-2.0
"""The operation vm_info with its long poll."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from scvmm_sim.errors import CmdletError
from scvmm_sim.operations.checkpoint import checkpoints_of, shape_checkpoints
from scvmm_sim.operations.fields import Fields
from scvmm_sim.operations.find import vm_by_id
from scvmm_sim.operations.job_info import job_by_id
from scvmm_sim.operations.session import Object, Session
from scvmm_sim.operations.shapes import Shape, fingerprint, shape_job, shape_vm, split_description


@dataclass(frozen=True)
class Wanted:
    """Which VMs and jobs a request asks for."""

    ids: frozenset[str]
    uids: frozenset[str]
    names: frozenset[str]
    vm_ids: frozenset[str]
    marked: bool
    every: bool
    job_ids: tuple[str, ...]


def vm_info(session: Session, request: Fields) -> dict[str, Any]:
    """VMs and their jobs; with since and wait_seconds a long poll that answers when something changed."""
    wanted = _wanted(request)
    refresh = frozenset(request.guids("refresh_ids"))
    since = request.text("since")
    with_checkpoints = bool(request.flag("checkpoints", False))
    interval = request.number("interval_seconds", 0.3, low=0.01, high=3600)
    clock = session.vmm.clock
    deadline = clock.now() + request.number("wait_seconds", 0, high=3600)
    while True:
        revision = session.vmm.revision()
        vms = _look(session, wanted)
        if refresh and _refresh(session, vms, refresh):
            revision = session.vmm.revision()
            vms = _look(session, wanted)
        jobs = _jobs(session, vms, wanted.job_ids)
        token = _token(vms, jobs)
        left = deadline - clock.now()
        if not since or token != since or left <= 0:
            shapes = [_told(session, vm) if with_checkpoints else shape_vm(vm) for vm in vms]
            return {"token": token, "vms": shapes, "jobs": jobs, "changed": not since or token != since}
        # The real module sleeps for the interval; this one is woken by a change, and looks as often otherwise.
        session.vmm.wait_for_change(revision, min(interval, left))


def _told(session: Session, vm: Object) -> Shape:
    """The shape of a VM with its checkpoints, which cost a call for each VM."""
    return {**(shape_vm(vm) or {}), "checkpoints": shape_checkpoints(vm, checkpoints_of(session, vm))}


def _wanted(request: Fields) -> Wanted:
    return Wanted(
        frozenset(request.guids("ids")),
        frozenset(request.texts("uids")),
        frozenset(name.casefold() for name in request.texts("names")),
        frozenset(request.guids("vm_ids")),
        bool(request.flag("marked", False)),
        bool(request.flag("all", False)),
        tuple(request.guids("job_ids")),
    )


def _look(session: Session, wanted: Wanted) -> list[Object]:
    """The VMs that are asked for: one bulk call, unless a single id is all that is wanted."""
    if wanted.every:
        return session.all("Get-SCVirtualMachine")
    by_mark = wanted.marked or bool(wanted.uids)
    if not by_mark and not wanted.names and not wanted.vm_ids:
        if not wanted.ids:
            return []
        if len(wanted.ids) == 1:
            found = vm_by_id(session, next(iter(wanted.ids)))
            return [found] if found else []
    return [vm for vm in session.all("Get-SCVirtualMachine") if _is_wanted(vm, wanted, by_mark)]


def _is_wanted(vm: Object, wanted: Wanted, by_mark: bool) -> bool:
    if vm["ID"] in wanted.ids or vm["VMId"] in wanted.vm_ids:
        return True
    if wanted.names and vm["Name"].casefold() in wanted.names:
        return True
    if not by_mark or "[capi.scvmm " not in vm["Description"]:
        return False
    shape = shape_vm(vm)
    uid = shape["uid"] if shape else split_description(vm["Description"]).uid
    return uid is not None and (wanted.marked or uid in wanted.uids)


def _refresh(session: Session, vms: list[Object], wanted: frozenset[str]) -> bool:
    """Refresh those of the wanted VMs that run, one after the other; whether any was."""
    did = False
    clock = session.vmm.clock
    began = clock.now()
    running = [vm for vm in vms if vm["ID"] in wanted and vm["Status"] == "Running"]
    for vm in sorted(running, key=lambda one: session.last_refresh(one["ID"])):
        # Whoever waits wants to hear of the first VM before the last one is refreshed.
        if did and clock.now() - began > 1:
            break
        if not session.claim_refresh(vm["ID"]):
            continue
        try:
            session.run("Read-SCVirtualMachine", VM=vm)
        except CmdletError:
            # A VM that cannot be refreshed now is shown as VMM knows it: the next poll tries again.
            continue
        did = True
    return did


def _jobs(session: Session, vms: list[Object], job_ids: tuple[str, ...]) -> list[Shape]:
    """The running jobs of these VMs and those named; one that VMM has forgotten is left out."""
    found: dict[str, Shape] = {}
    for vm in vms:
        shape = shape_vm(vm)
        job = shape["job"] if shape else None
        if job is not None and not job["is_completed"]:
            found[job["id"]] = job
    for job_id in job_ids:
        named = shape_job(job_by_id(session, job_id))
        if named is not None:
            found.setdefault(job_id, named)
    return list(found.values())


def _token(vms: list[Object], jobs: list[Shape]) -> str:
    digest = hashlib.sha256()
    for vm in vms:
        digest.update(fingerprint(vm).encode())
    for job in jobs:
        digest.update(f"{job['id']} {job['status']}\n".encode())
    return digest.hexdigest()
