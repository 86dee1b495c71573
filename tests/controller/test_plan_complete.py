# SPDX-License-Identifier: Apache-2.0
"""What the creation of a VM could not do is done before its first start, and never later."""

from __future__ import annotations

from capi_scvmm.plan import (
    AttachMedium,
    Backoff,
    CompleteVm,
    PoweredOff,
    Settled,
    Stage,
    StartVm,
    Wait,
    WaitForJob,
    plan,
)
from capi_scvmm.plan.retry import RetryPolicy, after_job
from capi_scvmm.status import status

from .scopes import NOON, a_job, a_vm, an_attempt, created, running

LACKING = ("disks[0].size", "networking.devices[0].staticIPAddressPools")


def condition(scope: object, action: object) -> tuple[str, str, str]:
    """Status, reason and message of VMRunning."""
    patch = status(scope, action, NOON)  # type: ignore[arg-type]
    assert patch.status is not None
    (found,) = [c for c in patch.status["conditions"] if c["type"] == "VMRunning"]
    return found["status"], found["reason"], found["message"]


def test_a_new_vm_is_completed_before_its_medium_is_made() -> None:
    """The medium tells the guest its addresses: they must be known before it is built."""
    assert plan(created(unfinished=LACKING), NOON) == CompleteVm()
    assert plan(created(), NOON) == AttachMedium()


def test_the_job_of_it_is_waited_for() -> None:
    """VMM changes one thing of a VM after the other."""
    job = a_job()
    scope = created(unfinished=LACKING, vm=a_vm("UnderUpdate", medium=False, job=job))
    assert plan(scope, NOON) == WaitForJob(Stage.COMPLETE, job)
    assert condition(scope, plan(scope, NOON))[:2] == ("False", "Completing")


def test_what_vmm_does_not_change_is_told_and_the_vm_not_started() -> None:
    """It would boot without what it was to have; the message names the fields."""
    action = plan(created(unfinished=LACKING, completed=True), NOON)
    assert isinstance(action, Wait) and action.reason == "VMIncomplete"
    assert "disks[0].size, networking.devices[0].staticIPAddressPools" in action.message


def test_a_failed_completion_is_held_back_and_tried_again() -> None:
    """Its job counts as ours."""
    job = a_job("Failed")
    scope = created(unfinished=LACKING, vm=a_vm("UpdateFailed", medium=False, job=job), issued=job.id)
    attempt = after_job(scope, NOON, RetryPolicy(), 1.0)
    assert attempt is not None and attempt.stage is Stage.COMPLETE
    held = created(unfinished=LACKING, attempt=an_attempt(Stage.COMPLETE))
    assert isinstance(plan(held, NOON), Backoff)
    assert condition(held, plan(held, NOON))[:2] == ("False", "CompletionFailed")
    assert "not completed: host group prod has 2 GiB free" in condition(held, plan(held, NOON))[2]
    assert plan(created(unfinished=LACKING), NOON) == CompleteVm()


def test_a_vm_that_ran_is_never_changed_by_the_controller() -> None:
    """Neither while it runs nor while somebody keeps it off: people would be surprised."""
    assert plan(running(unfinished=LACKING, vm=a_vm(addresses=("10.0.0.5",))), NOON) == Settled()
    assert plan(running(unfinished=LACKING, vm=a_vm("PowerOff")), NOON) == PoweredOff("PowerOff")


def test_with_a_medium_in_its_drive_it_is_completed_too() -> None:
    """A controller that is new to the field finds VMs at any point of their way."""
    scope = created(unfinished=LACKING, vm=a_vm("PowerOff"))
    assert plan(scope, NOON) == CompleteVm()
    assert plan(created(vm=a_vm("PowerOff")), NOON) == StartVm()


def test_status_says_what_is_done() -> None:
    """By the names of the fields."""
    told = condition(created(unfinished=LACKING), CompleteVm())
    assert told[:2] == ("False", "Completing") and "disks[0].size" in told[2]
