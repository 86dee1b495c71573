# SPDX-License-Identifier: Apache-2.0
"""The operation vm_power."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scvmm_sim.errors import CmdletError
from scvmm_sim.operations.failed import usable_vm
from scvmm_sim.operations.failure import shape_failure
from scvmm_sim.operations.fields import Fields, OperationError
from scvmm_sim.operations.job_info import active_job, cancel
from scvmm_sim.operations.media import file_name, remove_medium
from scvmm_sim.operations.session import Object, Session
from scvmm_sim.operations.shapes import time_or_none, vm_result

OFF = ("PowerOff", "Stored", "Saved")
START, STOP = "Start-SCVirtualMachine", "Stop-SCVirtualMachine"
PAUSE, RESUME = "Suspend-SCVirtualMachine", "Resume-SCVirtualMachine"


@dataclass(frozen=True)
class Step:
    """What is to be done: a cmdlet with its switch, after *cancelled*; or nothing but to tell of *job*."""

    cmdlet: str | None = None
    switch: str | None = None
    cancelled: Object | None = None
    job: Object | None = None


def vm_power(session: Session, request: Fields) -> dict[str, Any]:
    """Switch a VM, and then remove the medium from the library that it has a copy of."""
    wanted = request.mapping("remove_medium")
    medium = None if wanted is None else Fields(wanted)
    if medium is not None:
        file_name(medium)
    result = _switched(session, request)
    if medium is None or request.flag("check"):
        return result
    removed, told = _removal(session, medium)
    return {**result, "changed": result["changed"] or removed, "medium_removal": told}


def _removal(session: Session, medium: Fields) -> tuple[bool, dict[str, Any]]:
    """Remove a medium; a failure must not hide that the VM was switched."""
    file = file_name(medium)
    try:
        removed = remove_medium(session, medium)
    except (CmdletError, OperationError) as error:
        return False, {"file": file, "removed": False, "error": shape_failure(error, "media_absent", {"file": file})}
    return removed, {"file": file, "removed": True, "error": None}


def _switched(session: Session, request: Fields) -> dict[str, Any]:
    """Start a VM, shut it down, turn it off, pause or save it. No job when it is there or on the way there."""
    state = request.need_text("state", allowed=("running", "off", "paused", "saved"))
    method = request.text("method", "shutdown", allowed=("shutdown", "turn_off", "shutdown_then_turn_off"))
    seconds = request.number("shutdown_seconds", 120, high=3600)
    check = bool(request.flag("check", False))
    vm, failed = usable_vm(session, request, check=check)
    match state:
        case "running":
            step = _to_run(vm)
        case "paused":
            step = _to_pause(vm)
        case "saved":
            step = _to_save(vm)
        case _:
            step = _off(session, vm, str(method), seconds)
    if step.cmdlet is None:
        return vm_result(vm, step.job, changed=failed)
    if check:
        return vm_result(vm, changed=True)
    if step.cancelled:
        cancel(session, step.cancelled, wait_seconds=5)
    how = {step.switch: True} if step.switch else {}
    result = session.run(step.cmdlet, VM=vm, **how, RunAsynchronously=True, JobVariable="job")
    return vm_result(result.objects[0], result.job, changed=True)


def _to_run(vm: Object) -> Step:
    active = active_job(vm, START, RESUME)
    if vm["Status"] in ("Running", "Starting") or active:
        return Step(job=active)
    return Step(RESUME if vm["Status"] == "Paused" else START)


def _to_pause(vm: Object) -> Step:
    active = active_job(vm, PAUSE)
    return Step(job=active) if vm["Status"] == "Paused" or active else Step(PAUSE)


def _to_save(vm: Object) -> Step:
    if vm["Status"] in ("Saved", "Saving"):
        return Step(job=active_job(vm, STOP))
    return Step(STOP, "SaveState")


def _off(session: Session, vm: Object, method: str, seconds: float) -> Step:
    # A VM that VMM still builds does not run, and saving ends in a state that counts as off.
    if vm["Status"] in (*OFF, "UnderCreation"):
        return Step()
    stop = active_job(vm, STOP)
    if stop and (method == "shutdown" or vm["Status"] == "Saving" or not _is_shutdown(stop)):
        return Step(job=stop)
    if method == "shutdown":
        return Step(STOP, "Shutdown")
    if method == "turn_off" or _time_is_over(session, vm, stop, seconds):
        return Step(STOP, "Force", stop)
    return Step(job=stop) if stop else Step(STOP, "Shutdown")


def _time_is_over(session: Session, vm: Object, stop: Object | None, seconds: float) -> bool:
    """Whether the guest had its time, or has refused to shut down a moment ago."""
    if seconds == 0:
        return True
    if stop:
        return _age(session, stop["StartTime"]) >= seconds
    last = vm["MostRecentTask"]
    refused = last is not None and last["CmdletName"] == STOP and last["Status"] == "Failed" and _is_shutdown(last)
    return refused and _age(session, last["EndTime"]) < max(seconds, 60)


def _is_shutdown(job: Object) -> bool:
    return str(job["Name"]).startswith("Shut down")


def _age(session: Session, moment: str) -> float:
    """Seconds since a time that VMM tells; its clock may be a little ahead of ours."""
    told = time_or_none(moment)
    if told is None:
        return 0.0
    clock = session.vmm.clock
    return max((clock.moment(clock.now()) - datetime.fromisoformat(told.replace("Z", "+00:00"))).total_seconds(), 0.0)
