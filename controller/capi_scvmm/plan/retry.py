# SPDX-License-Identifier: Apache-2.0
"""When a failed stage is tried again: by the class of its error, slower each time, never all at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from capi_scvmm.errors import ErrorClass, VmmError
from capi_scvmm.plan.actions import (
    Action,
    Backoff,
    PoweredOff,
    RetryCreation,
    Settled,
    Stage,
    WaitForAddresses,
    WaitForShutdown,
)
from capi_scvmm.plan.deletion import DELETION
from capi_scvmm.plan.errands import next_errand_at
from capi_scvmm.plan.life import LIFE
from capi_scvmm.plan.plan import first, stage_of
from capi_scvmm.plan.scope import Attempt, Scope

# What the fabric lacks does not come within a second.
INFRASTRUCTURE_FACTOR = 4


@dataclass(frozen=True)
class RetryPolicy:
    """Seconds: before the first repetition, between late ones, and before what cannot succeed is tried all the same.

    A final error changes with the spec, the provider or the credentials, which are tried at once. But it can also be
    mended in VMM, which nobody tells us: so it is tried again rarely.
    """

    base: float = 1.0
    longest: float = 300.0
    final: float = 900.0

    def delay(self, error_class: ErrorClass, failures: int, jitter: float) -> float:
        """Seconds to wait after *failures* failures; *jitter* in 0..1 spreads machines that failed together."""
        match error_class:
            case ErrorClass.RETRY:
                seconds = self.base * 2.0 ** min(failures - 1, 30)
            case ErrorClass.INFRASTRUCTURE:
                seconds = self.base * INFRASTRUCTURE_FACTOR * 2.0 ** min(failures - 1, 30)
            case _:
                return self.final * _spread(jitter)
        return min(seconds, self.longest) * _spread(jitter)


def _spread(jitter: float) -> float:
    return 0.75 + 0.25 * jitter


def after_failure(
    scope: Scope,
    stage: Stage,
    error: VmmError,
    now: datetime,
    policy: RetryPolicy,
    jitter: float,
    job_id: str | None = None,
) -> Attempt:
    """Count a failure of *stage*, on from earlier ones of the same stage and basis."""
    old = scope.attempt
    goes_on = old is not None and old.stage is stage and old.basis == scope.basis
    failures = (old.failures if old is not None and goes_on else 0) + 1
    again = old is not None and goes_on and old.error.key == error.key
    times = (old.times if old is not None and again else 0) + 1
    error_class = error.class_after(times)
    # What is only reported after some quick attempts begins its slow ones then.
    count = failures if error_class is error.error_class else times - (error.attempts or 0)
    retry_at = now + timedelta(seconds=policy.delay(error_class, count, jitter))
    return Attempt(stage, error, failures, retry_at, scope.basis, job_id, times)


def after_job(scope: Scope, now: datetime, policy: RetryPolicy, jitter: float) -> Attempt | None:
    """Count the failed job that an observation shows, once; without a new one the attempt stays what it was."""
    job = scope.vm.job if scope.vm is not None else scope.job
    if job is None or not job.failed or (scope.attempt is not None and scope.attempt.job_id == job.id):
        return scope.attempt
    if job.id == scope.issued and scope.issued_for is Stage.EJECT:
        return scope.attempt
    step = first(DELETION if scope.deleting else LIFE, scope, now)
    stage = stage_of(step)
    # Somebody else's failed job is nothing to us, unless it is what keeps the VM from being there.
    if stage is None or not (isinstance(step, RetryCreation) or job.id == scope.issued):
        return scope.attempt
    error = step.error if isinstance(step, RetryCreation) else job.error
    words = error or VmmError(f"VMM's job {job.name} ended as {job.status} without a reason")
    return after_failure(scope, stage, words, now, policy, jitter, job.id)


def errand_after_job(scope: Scope, now: datetime, policy: RetryPolicy, jitter: float) -> Attempt | None:
    """Count, once, that the job failed which should take the medium out; without it the count stays what it was."""
    job, known = scope.vm.job if scope.vm is not None else None, scope.errands.get(Stage.EJECT)
    if job is None or not job.failed or job.id != scope.issued or scope.issued_for is not Stage.EJECT:
        return known
    if known is not None and known.job_id == job.id:
        return known
    words = job.error or VmmError(f"VMM's job {job.name} ended as {job.status} without a reason")
    return after_failure(replace(scope, attempt=known), Stage.EJECT, words, now, policy, jitter, job.id)


def wake_at(scope: Scope, action: Action, now: datetime) -> datetime | None:
    """When this machine wants a look although nothing may have happened."""
    match action:
        case Backoff(until=until) | WaitForShutdown(until=until):
            return until
        case Settled() | WaitForAddresses() | PoweredOff():
            return next_errand_at(scope, now)
        case _:
            return None
