# SPDX-License-Identifier: Apache-2.0
"""Jobs: found, listed, cancelled."""

from __future__ import annotations

from datetime import datetime

from scvmm_sim.cmdlets.call import Call, Function, Outcome, named
from scvmm_sim.errors import CmdletError
from scvmm_sim.state import Job


def get_job(call: Call) -> Outcome:
    """Jobs by id (or -Job), by name, the running ones, the newest N, or all."""
    bound = call.bound
    reference = bound.reference("Job")
    wanted = bound.text("ID") or (reference.id if reference else None)
    if wanted is not None:
        found = call.world.jobs.find(wanted)
        return Outcome([found] if found else [])
    jobs = call.world.jobs.all()
    if bound.flag("Running"):
        jobs = [job for job in jobs if not job.completed]
    name, newest = bound.text("Name"), bound.integer("Newest")
    if name is not None:
        jobs = named(jobs, name)
    return Outcome(jobs if newest is None else list(reversed(jobs))[:newest])


def find_job(call: Call) -> Outcome:
    """The newest jobs of an object, at most MaxCount."""
    bound = call.bound
    count = bound.integer("MaxCount") or 0
    wanted = bound.text("ObjectID")
    after = bound.values.get("After")
    found = []
    for job in reversed(call.world.jobs.all()):
        about = job.work is None or wanted is None or job.work.target.id == wanted
        late = not isinstance(after, datetime) or call.world.clock.moment(job.started) >= after
        failed = not bound.flag("CriticalFailures") or job.status == "Failed"
        if about and late and failed:
            found.append(job)
        if len(found) >= count:
            break
    return Outcome(found)


def stop_job(call: Call) -> Outcome:
    """Cancel a job; one that has ended already cannot be cancelled."""
    job = _given_job(call)
    if job.completed:
        raise call.error(
            1705,
            f"Job {job.name} ({job.id}) has ended already.",
            "Look at the job's status; nothing is to be cancelled.",
        )
    call.world.jobs.cancel(job)
    return Outcome([job])


def _given_job(call: Call) -> Job:
    reference = call.bound.reference("Job")
    found = call.world.jobs.find(reference.id) if reference else None
    if found is None:
        raise CmdletError(801, "VMM cannot find the job.", "Look the job up again.", cmdlet=call.cmdlet)
    return found


FUNCTIONS: dict[str, Function] = {"Get-SCJob": get_job, "Find-SCJob": find_job, "Stop-SCJob": stop_job}
