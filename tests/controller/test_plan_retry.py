# SPDX-License-Identifier: Apache-2.0
"""When failed stages are tried again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from capi_scvmm.errors import ErrorClass, VmmError
from capi_scvmm.plan import Backoff, CreateVm, RemoveVm, Settled, Stage, WaitForShutdown, plan
from capi_scvmm.plan.retry import RetryPolicy, after_failure, after_job, wake_at

from .scopes import NO_ROOM, NOON, VM_ID, a_job, a_scope, a_vm, an_attempt, created, going, recorded, running, seconds

POLICY = RetryPolicy(base=1.0, longest=300.0)


@pytest.mark.parametrize(
    ("error_class", "failures", "expected"),
    [
        (ErrorClass.RETRY, 1, 1.0),
        (ErrorClass.RETRY, 4, 8.0),
        (ErrorClass.RETRY, 1000, 300.0),
        (ErrorClass.INFRASTRUCTURE, 1, 4.0),
        (ErrorClass.INFRASTRUCTURE, 40, 300.0),
        (ErrorClass.FINAL, 1, 900.0),
        (ErrorClass.FINAL, 9, 900.0),
    ],
)
def test_the_class_of_an_error_says_how_soon_it_is_tried_again(
    error_class: ErrorClass, failures: int, expected: float
) -> None:
    """Twice as long each time, up to the longest; what cannot succeed as it is waits for a change, or very long."""
    assert POLICY.delay(error_class, failures, jitter=1.0) == expected


def test_machines_that_failed_together_do_not_come_back_together() -> None:
    """Jitter takes up to a quarter away."""
    assert POLICY.delay(ErrorClass.RETRY, 3, jitter=0.0) == 3.0


@pytest.mark.parametrize(("attempts", "expected"), [(1, [1, 4, 8, 16]), (3, [1, 2, 4, 4, 8]), (None, [1, 2, 4, 8, 16])])
def test_what_may_not_pass_is_tried_a_few_times_and_then_reported(attempts: int | None, expected: list[float]) -> None:
    """Soon while it is worth it, then as slowly as what somebody has to mend."""
    error = VmmError("in use", ErrorClass.RETRY, 802, attempts=attempts)
    scope, waits = a_scope(), []
    for _ in expected:
        attempt = after_failure(scope, Stage.START, error, NOON, POLICY, 1.0)
        waits.append((attempt.retry_at - NOON).total_seconds())
        scope = replace(scope, attempt=attempt)
    assert waits == expected


def test_attempts_are_counted_for_each_error_by_itself() -> None:
    """A lock that was waited out takes nothing from what another error is worth."""
    locked, lost = VmmError("locked", ErrorClass.RETRY, 2606), VmmError("lost", ErrorClass.RETRY, 2912, attempts=3)
    scope = a_scope()
    for error in (locked, locked, locked, locked, lost):
        attempt = after_failure(scope, Stage.START, error, NOON, POLICY, 1.0)
        scope = replace(scope, attempt=attempt)
    assert (attempt.failures, attempt.times) == (5, 1)
    assert attempt.error.class_after(attempt.times) is ErrorClass.RETRY


def test_a_final_error_is_tried_again_at_once_when_what_it_hangs_on_changes() -> None:
    """Spec, provider and credentials are in the basis; without a change it stays put off."""
    wrong = an_attempt(Stage.CREATE, retry_in=900, error=VmmError("wrong", ErrorClass.FINAL, 12416))
    assert isinstance(plan(a_scope(attempt=wrong), NOON), Backoff)
    assert plan(a_scope(attempt=wrong, basis="changed"), NOON) == CreateVm()


def test_failures_of_one_stage_add_up_and_others_start_anew() -> None:
    """Another stage, or another basis, has another story."""
    error = VmmError("locked", ErrorClass.RETRY, 2606)
    scope = a_scope(attempt=an_attempt(Stage.CREATE, failures=2))
    again = after_failure(scope, Stage.CREATE, error, NOON, POLICY, 1.0)
    assert (again.failures, again.retry_at) == (3, NOON + seconds(4))
    assert after_failure(scope, Stage.MEDIUM, error, NOON, POLICY, 1.0).failures == 1
    changed = a_scope(attempt=an_attempt(Stage.CREATE, failures=2), basis="changed")
    assert after_failure(changed, Stage.CREATE, error, NOON, POLICY, 1.0).failures == 1
    assert after_failure(a_scope(), Stage.CREATE, error, NOON, POLICY, 1.0).failures == 1


def test_a_failed_creation_job_counts_once() -> None:
    """Each look shows it again."""
    vm = a_vm("CreationFailed", job=a_job("Failed", error=NO_ROOM))
    attempt = after_job(a_scope(vm=vm), NOON, POLICY, 1.0)
    assert attempt is not None
    assert (attempt.stage, attempt.error, attempt.failures) == (Stage.CREATE, NO_ROOM, 1)
    assert after_job(a_scope(vm=vm, attempt=attempt), NOON, POLICY, 1.0) is attempt


def test_a_failed_job_that_we_started_counts_for_the_stage_that_needs_it() -> None:
    """Attach: the VM still has no medium."""
    job = a_job("Failed")
    attempt = after_job(created(vm=a_vm("PowerOff", medium=False, job=job), issued=job.id), NOON, POLICY, 1.0)
    assert attempt is not None
    assert attempt.stage is Stage.MEDIUM
    assert "without a reason" in attempt.error.text


def test_a_failed_job_of_somebody_else_is_nothing_to_us() -> None:
    """A checkpoint that failed holds up neither the way in nor the way out."""
    job = a_job("Failed", error=NO_ROOM)
    assert after_job(created(vm=a_vm("PowerOff", job=job)), NOON, POLICY, 1.0) is None
    assert after_job(going(vm=a_vm("PowerOff", job=job)), NOON, POLICY, 1.0) is None
    assert after_job(running(vm=a_vm(job=job), issued=job.id), NOON, POLICY, 1.0) is None


def test_a_failed_removal_job_counts_in_deletion() -> None:
    """The plan of the deletion says which stage it was."""
    job = a_job("Failed", error=NO_ROOM)
    attempt = after_job(going(vm=a_vm("DeletionFailed", job=job), issued=job.id), NOON, POLICY, 1.0)
    assert attempt is not None
    assert attempt.stage is Stage.REMOVE


def test_a_job_that_did_not_fail_changes_nothing() -> None:
    """Nor does none."""
    assert after_job(created(), NOON, POLICY, 1.0) is None
    assert after_job(created(vm=a_vm("PowerOff", job=a_job("Completed"))), NOON, POLICY, 1.0) is None


def test_the_job_of_a_vm_that_vmm_cleaned_up_counts_by_what_status_names() -> None:
    """There is no VM any more to show it on."""
    scope = a_scope(recorded=recorded("VMCreated=Creating", id=VM_ID), job=a_job("Failed", error=NO_ROOM))
    attempt = after_job(scope, NOON, POLICY, 1.0)
    assert attempt is not None
    assert attempt.stage is Stage.CREATE


def test_only_waits_with_an_end_wake_a_machine_by_themselves() -> None:
    """Everything else is woken by what happens."""
    assert wake_at(a_scope(), Backoff(Stage.CREATE, NO_ROOM, NOON), NOON) == NOON
    assert wake_at(going(), WaitForShutdown(NOON), NOON) == NOON
    assert wake_at(running(medium_gone=True), Settled(), NOON) is None
    assert wake_at(going(), RemoveVm(), NOON) is None
