# SPDX-License-Identifier: Apache-2.0
"""When failed stages are tried again."""

from __future__ import annotations

import pytest
from capi_scvmm.errors import ErrorClass, VmmError
from capi_scvmm.plan import Backoff, RemoveVm, Settled, Stage, WaitForShutdown
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
        (ErrorClass.FINAL, 1, 300.0),
    ],
)
def test_the_class_of_an_error_says_how_soon_it_is_tried_again(
    error_class: ErrorClass, failures: int, expected: float
) -> None:
    """Twice as long each time, up to the longest; what cannot succeed as it is waits that long at once."""
    assert POLICY.delay(error_class, failures, jitter=1.0) == expected


def test_machines_that_failed_together_do_not_come_back_together() -> None:
    """Jitter takes up to a quarter away."""
    assert POLICY.delay(ErrorClass.RETRY, 3, jitter=0.0) == 3.0


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
    assert wake_at(Backoff(Stage.CREATE, NO_ROOM, NOON)) == NOON
    assert wake_at(WaitForShutdown(NOON)) == NOON
    assert wake_at(Settled()) is None
    assert wake_at(RemoveVm()) is None
