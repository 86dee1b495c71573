# SPDX-License-Identifier: Apache-2.0
"""What comes of a ScvmmRemediation: power cycles, a wait for the Node, and then the owner of the Machine."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from capi_scvmm.conditions import Condition, format_time
from capi_scvmm.kinds import ScvmmRemediation
from capi_scvmm.plan.remediation import Await, Cycle, HandOver, OnHold, Patient, remedy
from capi_scvmm.plan.scope import PowerCycle
from capi_scvmm.status.remediation import asked_to_replace, remediation_status

from .scopes import NOON, seconds

WELL = Patient("node", {})


def a_remediation(cycles: int = 0, *, limit: int = 2, phase: str | None = None, **more: Any) -> ScvmmRemediation:
    """A remediation that asked for so many power cycles, the last one at noon."""
    status: dict[str, Any] = {"retryCount": cycles, "phase": phase, **more}
    if cycles:
        status["lastRemediated"] = format_time(NOON)
    body = {
        "metadata": {"name": "node", "namespace": "prod", "uid": "r", "generation": 1},
        "spec": {"strategy": {"retryLimit": limit, "timeout": 600}},
        "status": status,
    }
    return ScvmmRemediation.model_validate(body)


def cycled(attempt: int, step: str = "Done", at: float = 60) -> Patient:
    """The machine, with a power cycle noted."""
    return replace(WELL, power_cycle=PowerCycle("r", attempt, step, NOON + seconds(at)))


def at(count: float) -> datetime:
    """So many seconds after noon."""
    return NOON + seconds(count)


def condition(kind: str, status: str, reason: str) -> Patient:
    """The machine with one condition."""
    return replace(WELL, conditions={kind: Condition(kind, status, reason, "words")})


@pytest.mark.parametrize(
    ("cycles", "patient", "now", "chosen"),
    [
        (0, WELL, 0, Cycle(1)),
        (1, WELL, 1, Await(at(600), cycling=True)),
        (1, cycled(1, "Starting"), 1, Await(at(600), cycling=True)),
        (1, cycled(1), 61, Await(at(660), cycling=False)),
        (1, cycled(1), 661, Cycle(2)),
        (2, cycled(1), 1, Await(at(600), cycling=True)),
        (2, cycled(2), 659, Await(at(660), cycling=False)),
    ],
)
def test_power_cycles_come_one_after_the_other(cycles: int, patient: Patient, now: float, chosen: Any) -> None:
    """Each has its time for the Node, which counts from the end of the power cycle."""
    assert remedy(a_remediation(cycles), patient, None, at(now)) == chosen


@pytest.mark.parametrize(
    ("remediation", "patient", "why"),
    [
        (a_remediation(2), cycled(2), "After 2 power cycle(s) its Node is not healthy"),
        (a_remediation(2), cycled(2, "Stopping"), "the last one did not come to an end"),
        (a_remediation(limit=0), WELL, "retryLimit is 0"),
        (a_remediation(), condition("VMCreated", "False", "VMDeleted"), "is no longer in VMM"),
        (a_remediation(), replace(WELL, ran=False), "has never run"),
    ],
)
def test_what_power_cycles_do_not_mend_is_handed_over(
    remediation: ScvmmRemediation, patient: Patient, why: str
) -> None:
    """The message says why."""
    chosen = remedy(remediation, patient, None, at(661))
    assert isinstance(chosen, HandOver) and why in chosen.message


def test_once_handed_over_it_stays_so() -> None:
    """In the same words, whatever the machine shows meanwhile."""
    said = [{"type": "Remediating", "status": "False", "reason": "HandedOver", "message": "m"}]
    dated = [{**said[0], "lastTransitionTime": format_time(NOON)}]
    assert remedy(a_remediation(1, phase="HandedOver", conditions=dated), WELL, None, NOON) == HandOver("m")


def test_nothing_is_done_and_no_time_counts_while_something_else_is_in_the_way() -> None:
    """A pause, a machine that goes, a VMM server that does not answer."""
    assert remedy(a_remediation(), WELL, "Cluster east", NOON) == OnHold(
        "Paused", "Nothing is done while Cluster east is paused."
    )
    assert isinstance(remedy(a_remediation(), None, None, NOON), OnHold)
    silent = condition("DependenciesReady", "False", "VMMUnreachable")
    assert remedy(a_remediation(1), silent, None, at(9999)) == OnHold("VMMUnreachable", "words")
    assert remedy(a_remediation(), condition("DependenciesReady", "True", "Ready"), None, NOON) == Cycle(1)


@pytest.mark.parametrize(
    ("chosen", "phase", "reason"),
    [
        (Cycle(1), "PowerCycling", "PowerCycling"),
        (Await(at(600), True), "PowerCycling", "PowerCycling"),
        (Await(at(600), False), "Waiting", "WaitingForNode"),
        (HandOver("why"), "HandedOver", "HandedOver"),
        (OnHold("Paused", "why"), None, "Paused"),
    ],
)
def test_status_says_it(chosen: Any, phase: str | None, reason: str) -> None:
    """Phase for columns, a condition for people; the second time there is nothing to write."""
    patch = remediation_status(a_remediation(1), {}, chosen, NOON)
    assert (patch.get("phase"), patch["conditions"][0]["reason"]) == (phase, reason)
    assert remediation_status(a_remediation(1), patch, chosen, NOON) == {}


def test_a_power_cycle_is_counted_before_it_is_done() -> None:
    """What a restarted controller reads."""
    patch = remediation_status(a_remediation(), {}, Cycle(1), NOON)
    assert (patch["retryCount"], patch["lastRemediated"]) == (1, format_time(NOON))


def test_the_owner_is_asked_by_a_condition_of_the_machine() -> None:
    """Others' conditions stay as they are; one that asks already is left, one that is True asks anew."""
    others = [{"type": "Ready", "status": "True"}, {"type": "HealthCheckSucceeded", "status": "False"}]
    wanted = asked_to_replace(others, "why", NOON)
    assert [one["type"] for one in wanted] == ["HealthCheckSucceeded", "OwnerRemediated", "Ready"]
    asked = wanted[1]
    assert (asked["status"], asked["reason"], asked["message"]) == ("False", "WaitingForRemediation", "why")
    assert asked_to_replace(wanted, "other words", NOON) == wanted
    done = [{**asked, "status": "True"}]
    assert asked_to_replace(done, "why", NOON)[0]["status"] == "False"
