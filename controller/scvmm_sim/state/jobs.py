# SPDX-License-Identifier: Apache-2.0
"""VMM jobs: started, locked, ended by the clock, failed by a rule, cancelled by somebody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from scvmm_sim.errors import CmdletError
from scvmm_sim.fabric.model import JobSeconds, RuleError
from scvmm_sim.faults import JobEffect
from scvmm_sim.state.records import Record
from scvmm_sim.state.vm import VirtualMachine

if TYPE_CHECKING:
    from scvmm_sim.state.world import World

JobStatus = Literal["Running", "Completed", "SucceedWithInfo", "Failed", "Canceled"]
Kind = Literal["create", "change", "start", "stop", "remove", "refresh", "import"]

MIN_TIME = "0001-01-01T00:00:00.000Z"
"""What .NET shows for a time that is not set."""

NO_ERROR: dict[str, Any] = {"Code": 0, "DisplayableErrorCode": 0, "Problem": "", "RecommendedAction": ""}
NO_ANSWER = RuleError(
    number=1730,
    message="The guest did not shut down in time.",
    recommended_action="Turn the virtual machine off, or look at its guest services.",
)
"""Error of a shutdown that the guest ignores, when the fault rule says that it fails after a time."""
READY_SECONDS = 0.2
"""How often a job asks whether what it waits for has come about."""
KEPT_JOBS = 20_000
"""Ended jobs beyond this number are forgotten, oldest first, as VMM forgets them after some days."""


def _nothing() -> None:
    return None


class Seconds(Protocol):
    """Where durations come from; they may change while the simulator runs."""

    @property
    def durations(self) -> JobSeconds:
        """The durations at the moment."""
        ...


@dataclass(frozen=True)
class Work:
    """What a job does: `begin` at its start, then `done`, `failed` or `cancelled` at its end."""

    kind: Kind
    name: str
    target: Record
    begin: Callable[[], None] = _nothing
    done: Callable[[], None] = _nothing
    failed: Callable[[], None] = _nothing
    cancelled: Callable[[], None] | None = None
    locks: bool = True
    extra_seconds: float = 0.0
    error: RuleError | None = None
    shutdown: bool = False
    ready: Callable[[], bool] | None = None
    """Asked from the end of its time on: the job goes on until it is true."""


@dataclass(eq=False)
class Job(Record):
    """A job. Times are seconds of the world's clock."""

    type_name = "Task"
    work: Work | None = None
    cmdlet: str = ""
    started: float = 0.0
    ends: float | None = None
    ended: float | None = None
    status: JobStatus = "Running"
    error: RuleError | None = None
    cancelling: bool = False
    world: World | None = field(default=None, repr=False)
    _shown: dict[str, Any] | None = None

    @property
    def completed(self) -> bool:
        """Whether it has ended, well or not."""
        return self.status != "Running"

    def progress(self) -> int:
        """Percent of its time that has passed."""
        if self.completed or self.world is None:
            return 100 if self.status in ("Completed", "SucceedWithInfo") else 0
        if self.ends is None or self.ends <= self.started:
            return 0
        return min(99, int(100 * (self.world.clock.now() - self.started) / (self.ends - self.started)))

    def view(self) -> dict[str, Any]:
        """VMM's Job; the same object as long as nothing about it changed."""
        progress = self.progress()
        text = f"{progress} %"
        shown = self._shown
        now = (self.status, text, self.cancelling)
        if shown is None or (shown["Status"], shown["Progress"], shown["WasNotifiedOfCancel"]) != now:
            shown = self._shown = self._made(progress, text)
        return shown

    def _made(self, progress: int, text: str) -> dict[str, Any]:
        world = self.world
        error = self.error
        target = self.work.target if self.work else None
        target_id = target.id if target else "00000000-0000-0000-0000-000000000000"
        return {
            "_type": self.type_name,
            "ID": self.id,
            "Name": self.name,
            "CmdletName": self.cmdlet,
            "Status": self.status,
            "StatusString": self.status,
            "Progress": text,
            "ProgressValue": progress,
            "IsCompleted": self.completed,
            "IsCancelable": not self.completed,
            "WasNotifiedOfCancel": self.cancelling,
            "StartTime": world.time_text(self.started) if world else MIN_TIME,
            "EndTime": MIN_TIME if self.ended is None or world is None else world.time_text(self.ended),
            "TargetObjectID": target_id,
            "ResultObjectID": target_id,
            "ResultName": target.name if target else "",
            "ErrorInfo": NO_ERROR
            if error is None or not self.completed
            else {
                "Code": error.number,
                "DisplayableErrorCode": error.number,
                "Problem": error.message,
                "RecommendedAction": error.recommended_action,
            },
        }


class JobBook:
    """All jobs of a world, and which of them holds which object; the caller holds the world's lock."""

    def __init__(self, world: World, seconds: Seconds) -> None:
        self._world = world
        self._seconds = seconds
        self._jobs: dict[str, Job] = {}
        self._locks: dict[str, Job] = {}

    def start(self, work: Work, cmdlet: str, effect: JobEffect) -> Job:
        """Start *work*; raises 2606 when another job holds its target. A job of no duration is over on return."""
        self.check_free(work.target, cmdlet)
        world = self._world
        now = world.now()
        length = self._length(work, effect)
        job = Job(world.new_id(), work.name, work, cmdlet, now, None if length is None else now + length, world=world)
        job.error = effect.error or work.error
        if effect.ignore_shutdown and job.ends is not None:
            job.error = NO_ANSWER
        self._jobs[job.id] = job
        if work.locks:
            self._locks[work.target.id] = job
        # A refresh is VMM's housekeeping: it does not hide what became of the last job that somebody wanted.
        if isinstance(work.target, VirtualMachine) and work.kind != "refresh":
            work.target.recent = job
        work.begin()
        if work.kind != "refresh":
            world.changed(work.target)
        if length == 0:
            self._end(job, now)
        elif job.ends is not None:
            world.agenda.plan(job.ends, lambda due: self._end(job, due))
        self._forget_old()
        return job

    def check_free(self, target: Record, cmdlet: str) -> None:
        """Raise 2606 when a job holds *target*."""
        holder = self._locks.get(target.id)
        if holder is not None:
            raise CmdletError(
                2606,
                f"Unable to perform the job because {target.name} is locked by another job ({holder.name}).",
                "Wait until that job has ended, then try again.",
                cmdlet=cmdlet,
            )

    def cancel(self, job: Job) -> None:
        """Cancel a running job; it ends after the duration `cancel`. One that has ended stays as it is."""
        if job.completed or job.cancelling:
            return
        job.cancelling = True
        now = self._world.now()
        seconds = self._seconds.durations.cancel
        if seconds == 0:
            self._end_cancelled(job, now)
        else:
            job.ends = None
            self._world.agenda.plan(now + seconds, lambda due: self._end_cancelled(job, due))

    def find(self, job_id: str) -> Job | None:
        """The job with that id."""
        return self._jobs.get(job_id)

    def all(self) -> list[Job]:
        """All jobs, oldest first."""
        return list(self._jobs.values())

    def drop_locks(self, target: Record) -> None:
        """Forget the lock on an object that is gone; its job ends as cancelled."""
        holder = self._locks.pop(target.id, None)
        if holder is not None and not holder.completed:
            holder.status, holder.ended = "Canceled", self._world.now()

    def _length(self, work: Work, effect: JobEffect) -> float | None:
        if effect.ignore_shutdown:
            # The guest never answers: the job hangs until somebody cancels it, or fails after the rule's delay.
            return effect.delay or None
        durations = self._seconds.durations.model_dump(by_alias=True)
        return float(durations[work.kind]) + work.extra_seconds + effect.delay

    def _end(self, job: Job, due: float) -> None:
        if job.completed or job.cancelling or job.work is None:
            return
        if job.error is not None:
            job.status = "Failed"
            self._close(job, due, job.work.failed)
        elif job.work.ready is not None and not job.work.ready():
            # Asked anew from now on, not from when it was due: settle would never come to an end otherwise.
            self._world.agenda.plan(self._world.clock.now() + READY_SECONDS, lambda later: self._end(job, later))
        else:
            job.status = "Completed"
            self._close(job, due, job.work.done)

    def _end_cancelled(self, job: Job, due: float) -> None:
        if job.completed or job.work is None:
            return
        job.status = "Canceled"
        job.error = RuleError(number=1700, message="The job was canceled by a user.", recommended_action="")
        self._close(job, due, job.work.cancelled or job.work.failed)

    def _close(self, job: Job, due: float, act: Callable[[], None]) -> None:
        job.ended = due
        work = job.work
        if work is None:
            return
        if self._locks.get(work.target.id) is job:
            del self._locks[work.target.id]
        if isinstance(work.target, VirtualMachine) and work.kind != "refresh":
            work.target.failed_work = work if job.status != "Completed" else None
        act()
        # A refresh says itself when it brought news: whoever waits for changes need not look otherwise.
        if work.kind != "refresh":
            self._world.changed(work.target)

    def _forget_old(self) -> None:
        if len(self._jobs) > KEPT_JOBS:
            for job_id in [j.id for j in self._jobs.values() if j.completed][: KEPT_JOBS // 10]:
                del self._jobs[job_id]
