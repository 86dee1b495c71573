# SPDX-License-Identifier: Apache-2.0
"""The power cycle of a machine: each step is noted before it is done, none is lost or done twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from capi_scvmm.plan import (
    Backoff,
    PoweredOff,
    Recorded,
    RemoveVm,
    Scope,
    Settled,
    Stage,
    StartVm,
    SwitchOff,
    WaitForJob,
    WaitForShutdown,
    plan,
)
from capi_scvmm.plan.power_cycle import cycle_of
from capi_scvmm.plan.scope import PowerCycle, RemediationRequest
from capi_scvmm.status import status
from capi_scvmm.vm import Vm

from .scopes import NOON, a_job, a_machine, a_vm, an_attempt, seconds, settled

ASKED = RemediationRequest("r", 1)
LATER = NOON + seconds(121)
OFF = a_vm("PowerOff", medium=False)
ON = a_vm("Running", addresses=("10.0.0.5",), medium=False)


def asked(vm: Vm = ON, *, noted: PowerCycle | None = None, **changes: Any) -> Scope:
    """A machine that was settled, and is to be power-cycled."""
    scope = settled(**{"vm": vm, "remediation": ASKED, **changes})
    return replace(scope, recorded=replace(scope.recorded, power_cycle=noted))


def noted(step: str, attempt: int = 1, since: datetime = NOON) -> PowerCycle:
    """What status says of a power cycle."""
    return PowerCycle("r", attempt, step, since)


def after(scope: Scope, vm: Vm, now: datetime = NOON) -> Scope:
    """The scope of the next look: with what was noted, and the VM as it is then."""
    body = {**scope.recorded.body, **(status(scope, plan(scope, now), now).status or {})}
    return replace(scope, recorded=Recorded.parse(body, scope.recorded.provider_id), vm=vm)


def running_condition(scope: Scope, now: datetime = NOON) -> str:
    """The reason of VMRunning."""
    told = status(scope, plan(scope, now), now).status or {}
    return next(c["reason"] for c in told["conditions"] if c["type"] == "VMRunning")


def test_the_vm_is_stopped_and_started_once_for_each_request() -> None:
    """Shut down, off, started, done; then the machine is as before, and a second request begins anew."""
    scope = asked()
    assert (plan(scope, NOON), running_condition(scope)) == (SwitchOff("shutdown"), "PowerCycling")
    scope = after(scope, OFF)
    assert scope.recorded.power_cycle == noted("Stopping")
    assert plan(scope, NOON) == StartVm()
    scope = after(scope, ON)
    assert scope.recorded.power_cycle == noted("Starting")
    assert plan(scope, NOON) == Settled()
    scope = after(scope, ON)
    assert scope.recorded.power_cycle == noted("Done")
    assert plan(scope, NOON) == Settled() and status(scope, Settled(), NOON).empty
    assert plan(replace(scope, remediation=RemediationRequest("r", 2)), NOON) == SwitchOff("shutdown")
    assert plan(replace(scope, remediation=RemediationRequest("other", 1)), NOON) == SwitchOff("shutdown")


@pytest.mark.parametrize(
    ("step", "vm", "action"),
    [
        ("Stopping", ON, SwitchOff("shutdown")),
        ("Stopping", OFF, StartVm()),
        ("Starting", OFF, StartVm()),
        ("Starting", ON, Settled()),
        ("Done", ON, Settled()),
        ("Done", OFF, PoweredOff("PowerOff")),
    ],
)
def test_a_controller_that_died_goes_on_where_it_was(step: str, vm: Vm, action: Any) -> None:
    """Whatever was done or not between a note and the next one: nothing is stopped or started a second time."""
    assert plan(asked(vm, noted=noted(step)), NOON) == action


def test_a_guest_that_does_not_listen_is_turned_off_after_its_time() -> None:
    """Until then the request is waited for; the job that hangs is replaced by turning off."""
    stopping = a_vm("Stopping", job=a_job(), medium=False)
    scope = asked(stopping, noted=noted("Stopping"))
    assert (plan(scope, NOON), running_condition(scope)) == (WaitForShutdown(NOON + seconds(120)), "PowerCycling")
    assert plan(scope, LATER) == SwitchOff("turn_off")
    ours = replace(scope, issued=a_job().id, issued_for=Stage.TURN_OFF)
    assert plan(ours, LATER) == WaitForJob(Stage.TURN_OFF, a_job())
    assert running_condition(ours, LATER) == "PowerCycling"


@pytest.mark.parametrize("status_", ["Paused", "Running"])
def test_who_has_no_time_or_no_ears_is_turned_off_at_once(status_: str) -> None:
    """guestShutdownTimeout 0, or a guest that is paused."""
    spec = {"guestShutdownTimeout": 0} if status_ == "Running" else {}
    assert plan(asked(a_vm(status_, medium=False), machine=a_machine(**spec)), NOON) == SwitchOff("turn_off")


def test_the_start_is_waited_for() -> None:
    """VMM works on it, or shows it on the way."""
    starting = a_vm("Starting", medium=False)
    assert plan(asked(starting, noted=noted("Starting")), NOON) == WaitForJob(Stage.START, None)
    busy = a_vm("PowerOff", job=a_job(), medium=False)
    assert plan(asked(busy, noted=noted("Starting")), NOON) == WaitForJob(Stage.START, a_job())


def test_a_vm_that_somebody_turned_off_is_started_for_a_remediation_alone() -> None:
    """The remediation is an explicit request; without one it stays off."""
    assert plan(asked(OFF), NOON) == StartVm()
    assert plan(asked(OFF, remediation=None), NOON) == PoweredOff("PowerOff")


def test_what_was_begun_is_finished_although_nobody_asks_any_more() -> None:
    """A VM that was stopped for it is started; one that still runs is left alone, and the note goes."""
    assert plan(asked(OFF, noted=noted("Stopping"), remediation=None), NOON) == StartVm()
    left = asked(ON, noted=noted("Stopping"), remediation=None)
    left = replace(left, recorded=replace(left.recorded, body={"powerCycle": noted("Stopping").dump()}))
    assert plan(left, NOON) == Settled()
    assert (status(left, Settled(), NOON).status or {})["powerCycle"] is None


def test_a_new_request_takes_over_one_that_is_under_way() -> None:
    """A VM that is being started is not stopped again for it."""
    second = RemediationRequest("r", 2)
    scope = asked(OFF, noted=noted("Starting"), remediation=second)
    assert plan(scope, NOON) == StartVm()
    assert cycle_of(scope, NOON) == noted("Starting", 2)


def test_a_refusal_is_told_and_tried_again() -> None:
    """In the words of the condition about power."""
    scope = asked(noted=noted("Stopping"), attempt=an_attempt(Stage.STOP))
    assert isinstance(plan(scope, NOON), Backoff) and running_condition(scope) == "PowerCycleFailed"


def test_a_machine_that_goes_or_never_ran_is_not_power_cycled() -> None:
    """Its deletion stops it, or its creation comes first; what is noted stays noted."""
    going = asked(OFF, noted=noted("Stopping"), machine=a_machine(deleting=True))
    assert plan(going, NOON) == RemoveVm() and cycle_of(going, NOON) == noted("Stopping")
    fresh = replace(asked(OFF), recorded=Recorded())
    assert cycle_of(fresh, NOON) is None


def test_a_note_is_read_as_it_was_written() -> None:
    """Whole seconds, as all times of Kubernetes."""
    assert PowerCycle.parse(noted("Done").dump()) == noted("Done")
    assert PowerCycle.parse(None) is None
