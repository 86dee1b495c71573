# SPDX-License-Identifier: Apache-2.0
"""`plan(scope, now)`: the one next action of a machine.

Two lists of phases are the table to read: the first phase that has something to say decides.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from capi_scvmm.plan.actions import (
    Action,
    AskHook,
    Backoff,
    ClaimAddresses,
    Ignore,
    InFlight,
    Paused,
    Run,
    Stage,
    Step,
)
from capi_scvmm.plan.deletion import DELETION, shutdown_deadline
from capi_scvmm.plan.errands import errand
from capi_scvmm.plan.life import LIFE
from capi_scvmm.plan.scope import DELETED_FOR_MOVE, MANAGED_BY, PAUSED, Scope

Phase = Callable[[Scope, datetime], Step | None]


def plan(scope: Scope, now: datetime) -> Action:
    """Choose the one next step that moves the VM towards the machine, or away with it."""
    if MANAGED_BY in (scope.machine.metadata.labels or {}):
        return Ignore()
    by = paused_by(scope)
    if by is not None:
        return Paused(by)
    if scope.in_flight is not None:
        return InFlight(scope.in_flight)
    step = hold_back(scope, first(DELETION if scope.deleting else LIFE, scope, now), now)
    return errand(scope, step, now) or step


def paused_by(scope: Scope) -> str | None:
    """Tell who asked to leave the machine alone: an annotation or its Cluster.

    A machine that stands alone is not paused while it is moved: what deletes it here must not remove its VM.
    """
    for annotation in (PAUSED, DELETED_FOR_MOVE):
        if annotation in (scope.machine.metadata.annotations or {}):
            return f"annotation {annotation}"
    if scope.cluster_paused:
        return f"Cluster {scope.cluster}"
    return None


def first(phases: tuple[Phase, ...], scope: Scope, now: datetime) -> Step:
    """Ask the phases in their order; the last one always answers."""
    for phase in phases:
        step = phase(scope, now)
        if step is not None:
            return step
    raise AssertionError("the last phase must answer")


def hold_back(scope: Scope, step: Step, now: datetime) -> Action:
    """Put off a step whose stage failed a short while ago; what it failed of must not have changed since."""
    attempt = scope.attempt
    if attempt is None or attempt.basis != scope.basis or attempt.retry_at <= now:
        return step
    if stage_of(step) is not attempt.stage:
        return step
    # The guest's time to shut down is over when it is over, however slowly the request is repeated.
    deadline = shutdown_deadline(scope) if attempt.stage is Stage.STOP else None
    until = min(attempt.retry_at, deadline or attempt.retry_at)
    return Backoff(attempt.stage, attempt.error, until, attempt.failures, attempt.times)


def stage_of(step: Action) -> Stage | None:
    """Tell which stage a step that can be refused belongs to, None for all others."""
    return step.stage if isinstance(step, Run | ClaimAddresses | AskHook) else None
