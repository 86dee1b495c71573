# SPDX-License-Identifier: Apache-2.0
"""What comes next of a remediation: a power cycle, a wait for the Node, or the Machine's owner, who replaces it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from capi_scvmm.conditions import Condition
from capi_scvmm.kinds import ScvmmRemediation
from capi_scvmm.plan.power_cycle import DONE
from capi_scvmm.plan.scope import PowerCycle


@dataclass(frozen=True)
class Patient:
    """The ScvmmMachine that is remedied: its conditions, and the power cycle that its status notes."""

    name: str
    conditions: Mapping[str, Condition]
    power_cycle: PowerCycle | None = None
    ran: bool = True


@dataclass(frozen=True)
class OnHold:
    """Nothing is done, and no time counts, until *message* is mended."""

    reason: str
    message: str


@dataclass(frozen=True)
class Cycle:
    """Ask for power cycle number *attempt*."""

    attempt: int


@dataclass(frozen=True)
class Await:
    """The power cycle is under way (*cycling*), or its Node has until *until* to be healthy."""

    until: datetime
    cycling: bool


@dataclass(frozen=True)
class HandOver:
    """Ask the owner of the Machine to replace it; *message* says why."""

    message: str


Next = OnHold | Cycle | Await | HandOver


def remedy(remediation: ScvmmRemediation, patient: Patient | None, paused: str | None, now: datetime) -> Next:
    """Choose what comes next; *patient* is None without a ScvmmMachine, or when it or its Machine is going already."""
    status, strategy = remediation.status, remediation.spec.strategy
    if paused is not None:
        return OnHold("Paused", f"Nothing is done while {paused} is paused.")
    if patient is None:
        return OnHold("NoMachine", "The Machine has no ScvmmMachine, or is being deleted: there is nothing to remedy.")
    if status.phase == "HandedOver":
        return HandOver(_said(remediation))
    created = patient.conditions.get("VMCreated")
    if created is not None and created.reason == "VMDeleted":
        return HandOver(f"The VM of ScvmmMachine {patient.name} is no longer in VMM.")
    if not patient.ran:
        return HandOver(f"The VM of ScvmmMachine {patient.name} has never run: power is not what it lacks.")
    dependencies = patient.conditions.get("DependenciesReady")
    if dependencies is not None and dependencies.status == "False":
        return OnHold(dependencies.reason, dependencies.message)
    number, begun = status.retry_count, status.last_remediated
    if number == 0 or begun is None:
        return Cycle(1) if strategy.retry_limit > 0 else HandOver("strategy.retryLimit is 0.")
    cycle = patient.power_cycle
    mine = cycle if cycle is not None and (cycle.request, cycle.attempt) == (remediation.metadata.uid, number) else None
    done = mine.since if mine is not None and mine.step == DONE else None
    until = (done or begun) + timedelta(seconds=strategy.timeout)
    if now < until:
        return Await(until, cycling=done is None)
    if number < strategy.retry_limit:
        return Cycle(number + 1)
    what = "its Node is not healthy" if done is not None else "the last one did not come to an end"
    return HandOver(f"After {number} power cycle(s) {what}, {strategy.timeout} s after the last one.")


def _said(remediation: ScvmmRemediation) -> str:
    """Repeat why it was handed over."""
    return next((c.message for c in remediation.status.conditions if c.type == "Remediating"), "")
