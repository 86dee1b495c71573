# SPDX-License-Identifier: Apache-2.0
"""The operation job_info, and jobs that run on a VM."""

from __future__ import annotations

from typing import Any

from scvmm_sim.errors import CmdletError
from scvmm_sim.operations.fields import Fields
from scvmm_sim.operations.session import Object, Session
from scvmm_sim.operations.shapes import shape_job

INTERVAL = 0.3


def job_info(session: Session, request: Fields) -> dict[str, Any]:
    """Jobs by id; waits until none of them runs any more or the time is over."""
    ids = request.guids("ids")
    wait = request.number("wait_seconds", 0, high=3600)
    clock = session.vmm.clock
    deadline = clock.now() + wait
    while True:
        revision = session.vmm.revision()
        jobs = [shape for shape in (shape_job(job_by_id(session, job_id)) for job_id in ids) if shape is not None]
        left = deadline - clock.now()
        if left <= 0 or all(job["is_completed"] for job in jobs):
            return {"jobs": jobs}
        session.vmm.wait_for_change(revision, min(INTERVAL, left))


def job_by_id(session: Session, job_id: str) -> Object | None:
    """The job with that id; None when VMM has forgotten it."""
    try:
        found = session.all("Get-SCJob", ID=job_id)
    except CmdletError as error:
        if error.number == 801:
            return None
        raise
    return found[0] if found else None


def active_job(vm: Object, *cmdlets: str) -> Object | None:
    """The job that runs on a VM now and was started by one of *cmdlets*."""
    job: Object | None = vm["MostRecentTask"]
    if job is not None and not job["IsCompleted"] and job["CmdletName"] in cmdlets:
        return job
    return None


def cancel(session: Session, job: Object, wait_seconds: float = 0.0) -> None:
    """Cancel a job and wait a moment for it to end."""
    session.run("Stop-SCJob", Job=job)
    deadline = session.vmm.clock.now() + wait_seconds
    while session.vmm.clock.now() < deadline:
        now = job_by_id(session, job["ID"])
        if now is None or now["IsCompleted"]:
            return
        session.vmm.clock.sleep(0.1)
