# SPDX-License-Identifier: Apache-2.0
"""Errands: what is left to do for a machine beside its way. Nothing waits for them, and their failures hold up nothing.

The medium holds secrets: its file leaves the library once the VM has a copy, the copy leaves the drive once the guest
needs it no more.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from capi_scvmm.plan.actions import (
    Action,
    ClearLibrary,
    EjectMedium,
    Errand,
    PoweredOff,
    Settled,
    Stage,
    WaitForAddresses,
)
from capi_scvmm.plan.life import held_medium
from capi_scvmm.plan.scope import Attempt, Scope
from capi_scvmm.vm import IN_MOTION

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def errand(scope: Scope, step: Action, now: datetime) -> Errand | None:
    """Choose what is done instead of *step*, which must be one that only waits and that status tells of already."""
    return _due(scope, now) if _said(scope, step) else None


def next_errand_at(scope: Scope, now: datetime) -> datetime | None:
    """When an errand is due or tried again; *now* for one that waits for status to be written; None without any."""
    if _due(scope, now) is not None:
        return now
    tries = (held_until(scope, stage, now) for stage in scope.errands)
    due = eject_at(scope, now) if held_medium(scope) is not None else None
    return min((time for time in (*tries, due) if time is not None and time > now), default=None)


def _due(scope: Scope, now: datetime) -> Errand | None:
    for choose in ERRANDS:
        found = choose(scope, now)
        if found is not None and held_until(scope, found.stage, now) is None:
            return found
    return None


def held_until(scope: Scope, stage: Stage, now: datetime) -> datetime | None:
    """Until when a failure keeps an errand from being tried; what it failed of must not have changed since."""
    failed = failure_of(scope, stage)
    return failed.retry_at if failed is not None and failed.retry_at > now else None


def failure_of(scope: Scope, stage: Stage) -> Attempt | None:
    """How an errand failed, with spec and credentials as they are."""
    failed = scope.errands.get(stage)
    return failed if failed is not None and failed.basis == scope.basis else None


def clear_library(scope: Scope, now: datetime) -> Errand | None:
    """The call that starts the VM removes the file; this is for when that failed, or nobody knows."""
    return ClearLibrary() if in_library(scope) else None


def eject(scope: Scope, now: datetime) -> Errand | None:
    """Only our own medium is ever taken out, and only while no job holds the VM."""
    vm, due = scope.vm, eject_at(scope, now)
    if vm is None or held_medium(scope) is None or vm.busy or vm.status in IN_MOTION:
        return None
    return EjectMedium() if due is not None and due <= now else None


def eject_at(scope: Scope, now: datetime) -> datetime | None:
    """From when the medium is not needed: its Node has joined, or a machine that stands alone has had its time."""
    if scope.owner is not None:
        return LONG_AGO if scope.owner.joined else None
    if not scope.standalone:
        return None
    reported = scope.recorded.conditions.get("AddressesReported")
    since = reported.since if reported is not None and reported.status == "True" else None
    if since is None and not (scope.vm is not None and scope.vm.addresses):
        return None
    # An address that was told just now is dated by the patch that follows this look.
    return (since or now) + timedelta(seconds=scope.eject_after)


def in_library(scope: Scope) -> bool:
    """Whether the library may still hold the medium."""
    return scope.recorded.medium is not None and not scope.medium_gone


def ejecting(scope: Scope) -> bool:
    """Whether the job that works on the VM is the one that takes its medium out."""
    job = scope.vm.job if scope.vm is not None else None
    return job is not None and job.running and job.id == scope.issued and scope.issued_for is Stage.EJECT


def _said(scope: Scope, step: Action) -> bool:
    match step:
        case Settled():
            return scope.recorded.provisioned
        case WaitForAddresses():
            return scope.recorded.reason("AddressesReported") in ("WaitingForGuest", "Reported")
        case PoweredOff():
            return scope.recorded.reason("VMRunning") in ("VMPoweredOff", "VMNotRunning")
        case _:
            return False


ERRANDS: tuple[Callable[[Scope, datetime], Errand | None], ...] = (clear_library, eject)
