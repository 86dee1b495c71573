# SPDX-License-Identifier: Apache-2.0
"""The plan for machines that go."""

from __future__ import annotations

from dataclasses import replace

import pytest
from capi_scvmm.plan import (
    Backoff,
    Provider,
    Recorded,
    ReleaseFinalizer,
    RemoveMedium,
    RemoveVm,
    Stage,
    StopVm,
    Wait,
    WaitForJob,
    WaitForShutdown,
    plan,
)

from .scopes import MEDIUM, NO_ROOM, NOON, VM_ID, a_job, a_machine, a_vm, an_attempt, going, recorded, seconds

MISSING = Provider("prod/vmm", ("ProviderNotFound", "There is no ScvmmProvider prod/vmm."))


def shutting_down(ago: float, **changes: object) -> object:
    """A scope whose guest was asked to shut down some seconds ago, by this controller."""
    known = recorded("VMCreated+Created", "Deleting+ShuttingDown", id=VM_ID, medium=MEDIUM, since=NOON - seconds(ago))
    return going(**{"recorded": known, "stop_asked": True, **changes})


def test_an_object_without_our_finalizer_is_not_ours() -> None:
    """Others' finalizers may hold it on."""
    assert isinstance(plan(going(machine=a_machine(deleting=True, finalizer=False)), NOON), ReleaseFinalizer)


def test_deletion_needs_neither_machine_nor_cluster() -> None:
    """They may be gone already."""
    scope = going(owner=None, cluster=None, infrastructure=None)
    assert plan(scope, NOON) == StopVm("shutdown")


def test_without_provider_what_never_had_a_vm_may_go() -> None:
    """Nothing was ever asked of VMM."""
    assert isinstance(plan(going(recorded=Recorded(), vm=None, provider=MISSING), NOON), ReleaseFinalizer)
    refused = recorded("VMCreated=CreationRefused")
    assert isinstance(plan(going(recorded=refused, vm=None, provider=MISSING), NOON), ReleaseFinalizer)


@pytest.mark.parametrize(
    "known", [recorded("VMCreated=Creating"), recorded(id=VM_ID), recorded(provider_id="scvmm://x")]
)
def test_without_provider_a_possible_vm_keeps_the_finalizer(known: Recorded) -> None:
    """The message says what is missing and both ways on."""
    action = plan(going(recorded=known, vm=None, provider=MISSING), NOON)
    assert isinstance(action, Wait)
    assert action.reason == "ProviderNotFound"
    assert "Put it back" in action.message
    assert "remove the finalizer by hand" in action.message


def test_a_vm_that_was_not_looked_for_yet_is_not_taken_for_gone() -> None:
    """First the look, then the finalizer."""
    assert isinstance(plan(going(vm=None, observed=False), NOON), Wait)


def test_the_medium_goes_after_the_vm_and_then_the_finalizer() -> None:
    """It holds secrets, and outlives the VM."""
    assert plan(going(vm=None), NOON) == RemoveMedium()
    assert isinstance(plan(going(vm=None, medium_gone=True), NOON), ReleaseFinalizer)
    assert isinstance(plan(going(vm=None, recorded=Recorded(id=VM_ID)), NOON), ReleaseFinalizer)


def test_a_creation_under_way_is_cancelled_once() -> None:
    """Then its end is awaited; one that has no job is removed straight away."""
    vm = a_vm("UnderCreation", job=a_job())
    assert plan(going(vm=vm), NOON) == RemoveVm(cancelling=True)
    assert plan(going(vm=vm, cancel_asked=True), NOON) == WaitForJob(Stage.REMOVE, vm.job)
    assert plan(going(vm=a_vm("UnderCreation"), cancel_asked=True), NOON) == RemoveVm(cancelling=False)


@pytest.mark.parametrize("status", ["PowerOff", "Saved", "CreationFailed", "UpdateFailed", "DeletionFailed"])
def test_a_vm_that_is_off_or_broken_is_removed(status: str) -> None:
    """No need to stop what does not run."""
    assert plan(going(vm=a_vm(status)), NOON) == RemoveVm()


def test_a_removal_under_way_is_waited_for() -> None:
    """VMM deletes the VM already: it is neither turned off nor removed a second time."""
    vm = a_vm("Deleting", job=a_job())
    assert plan(going(vm=vm), NOON) == WaitForJob(Stage.REMOVE, vm.job)


def test_a_job_on_the_vm_is_waited_for_before_its_removal() -> None:
    """VMM would refuse: the object is locked."""
    vm = a_vm("PowerOff", job=a_job())
    assert plan(going(vm=vm), NOON) == WaitForJob(Stage.REMOVE, vm.job)


def test_the_guest_is_asked_first() -> None:
    """Turning off is hard on what runs in it."""
    assert plan(going(), NOON) == StopVm("shutdown")


def test_the_guest_gets_its_time_and_then_the_vm_is_turned_off() -> None:
    """The condition's time counts, so a restart does not give it more."""
    assert plan(shutting_down(100), NOON) == WaitForShutdown(NOON + seconds(20))  # type: ignore[arg-type]
    assert plan(shutting_down(120), NOON) == StopVm("turn_off")  # type: ignore[arg-type]


def test_a_restarted_controller_asks_the_guest_again() -> None:
    """The one before may have died between the note and the call."""
    assert plan(shutting_down(100, stop_asked=False), NOON) == StopVm("shutdown")  # type: ignore[arg-type]


def test_a_guest_that_refuses_to_shut_down_is_asked_again_until_its_time_is_over() -> None:
    """The failure of the request must not hold back turning off."""
    failed = a_vm(job=a_job("Failed", error=NO_ROOM))
    assert plan(shutting_down(50, vm=failed), NOON) == StopVm("shutdown")  # type: ignore[arg-type]
    attempt = an_attempt(Stage.STOP, retry_in=300)
    held = plan(shutting_down(50, vm=failed, attempt=attempt), NOON)  # type: ignore[arg-type]
    assert held == Backoff(Stage.STOP, NO_ROOM, NOON + seconds(70))
    assert plan(shutting_down(121, vm=failed, attempt=attempt), NOON) == StopVm("turn_off")  # type: ignore[arg-type]


@pytest.mark.parametrize("reason", ["TurningOff", "TurnOffFailed"])
def test_a_guest_whose_time_was_over_gets_no_more(reason: str) -> None:
    """Turning off that failed, or was cut short by a restart, is repeated as such."""
    scope = going(recorded=recorded(f"Deleting+{reason}", id=VM_ID))
    assert plan(scope, NOON) == StopVm("turn_off")


def test_no_time_for_the_guest_means_off_at_once() -> None:
    """guestShutdownTimeout: 0."""
    machine = a_machine(deleting=True, guestShutdownTimeout=0)
    assert plan(going(machine=machine), NOON) == StopVm("turn_off")


def test_a_vm_whose_guest_cannot_listen_is_turned_off() -> None:
    """A paused guest hears nothing."""
    assert plan(going(vm=a_vm("Paused")), NOON) == StopVm("turn_off")


def test_a_deadline_without_a_date_begins_anew() -> None:
    """A condition that lost its time cannot end the wait."""
    scope = shutting_down(10)
    conditions = dict(scope.recorded.conditions)  # type: ignore[attr-defined]
    conditions["Deleting"] = replace(conditions["Deleting"], since=None)
    scope = replace(scope, recorded=replace(scope.recorded, conditions=conditions))  # type: ignore[type-var]
    assert plan(scope, NOON) == StopVm("shutdown")  # type: ignore[arg-type]


def test_a_failed_removal_is_held_back_and_repeated() -> None:
    """Deletion does not end before the VM is gone."""
    scope = going(vm=a_vm("DeletionFailed"), attempt=an_attempt(Stage.REMOVE))
    assert isinstance(plan(scope, NOON), Backoff)
    assert plan(scope, NOON + seconds(10)) == RemoveVm()
