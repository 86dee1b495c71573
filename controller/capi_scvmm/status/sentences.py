# SPDX-License-Identifier: Apache-2.0
"""The sentences of status: the object, the wish, the obstacle, the remedy. No decision is made here."""

from __future__ import annotations

import re

from capi_scvmm.conditions import format_time
from capi_scvmm.errors import ErrorClass, VmmError
from capi_scvmm.plan.actions import Backoff, Stage
from capi_scvmm.plan.scope import Attempt, Scope
from capi_scvmm.vm import OFF_STATUSES, Job

# What moves on with each attempt stands at the end, so that events can leave it away.
_PASSING = re.compile(r" Attempt \d+; .*$")
STAGE_WISH = {
    Stage.CLAIM: "given addresses of its pools",
    Stage.ADOPT: "adopted",
    Stage.CREATE: "created",
    Stage.COMPLETE: "completed",
    Stage.HOOK: "told its boot fields by its hook",
    Stage.MEDIUM: "given its medium",
    Stage.START: "started",
    Stage.REPAIR: "freed of its failed job",
    Stage.STOP: "shut down",
    Stage.TURN_OFF: "turned off",
    Stage.REMOVE: "removed",
    Stage.REMOVE_MEDIUM: "freed of its medium in the library",
    Stage.CLEAR_LIBRARY: "freed of its medium in the library",
    Stage.EJECT: "freed of its medium",
}
ERRAND_REASON = {Stage.EJECT: "EjectFailed", Stage.CLEAR_LIBRARY: "LeftInLibrary"}


def stage_reason(stage: Stage) -> str:
    """Name the step of the deletion that fails; the guest's time to shut down counts on by the name ShuttingDown."""
    reasons = {
        Stage.STOP: "ShuttingDown",
        Stage.TURN_OFF: "TurnOffFailed",
        Stage.REMOVE: "RemovalFailed",
        Stage.REMOVE_MEDIUM: "MediumRemovalFailed",
    }
    return reasons.get(stage, "DeletionFailed")


def vm_name(scope: Scope) -> str:
    """Name the VM for people."""
    return f"VM {scope.vm.name if scope.vm is not None else scope.machine.vm_name}"


def errand_failed(scope: Scope, attempt: Attempt) -> str:
    """Tell why the medium is still where it should not be, and what that means for the machine."""
    told = failed(scope, Backoff(attempt.stage, attempt.error, attempt.retry_at, attempt.failures, attempt.times))
    return f"The machine works, but its medium holds secrets. {told}"


def failed(scope: Scope, action: Backoff) -> str:
    """Tell what could not be done, why, how often it was tried, and when it is tried again."""
    error_class = action.error.class_after(action.times)
    spent = "" if error_class is action.error.error_class else " It did not pass by itself."
    until = format_time(action.until)
    plan = f"next try at {until}."
    if error_class is ErrorClass.FINAL:
        plan = f"next try when spec, provider or credentials change, or else at {until}."
    return (
        f"{vm_name(scope)} not {STAGE_WISH[action.stage]}: {action.error.text}{spent} Attempt {action.failures}; {plan}"
    )


def lasting(message: str) -> str:
    """Leave away of a message what changes with each attempt."""
    return _PASSING.sub("", message)


def creating(scope: Scope) -> str:
    """Tell that the creation begins, and why it is not the first time."""
    attempt = scope.attempt
    if attempt is not None and attempt.stage is Stage.CREATE:
        number = attempt.failures + 1
        return f"{vm_name(scope)} is being created, again: {attempt.error.text} Attempt {number}; under way."
    return f"{vm_name(scope)} is being created."


def adopting(scope: Scope) -> str:
    """Tell that a VM that exists becomes the machine's."""
    return f"{vm_name(scope)} exists; it gets the mark of {scope.name}, and nothing else is done to it."


def retrying(scope: Scope, error: VmmError) -> str:
    """Tell that what a failed creation left goes first."""
    return f"{vm_name(scope)} not created: {error.text} What is left of it is removed, then it is created again."


def job(scope: Scope, doing: str, job: Job | None) -> str:
    """Name the job that is waited for."""
    return f"{vm_name(scope)} {doing}" + (f" (VMM job {job.name}, {job.id})." if job is not None else ".")


def vanished(scope: Scope) -> str:
    """Tell that a VM is gone and who can act."""
    return (
        f"{vm_name(scope)} (id {scope.known_id or 'unknown'}) is no longer in VMM: somebody deleted it. It is not "
        "created again. Delete the Machine (or this ScvmmMachine, if it stands alone) and its owner makes a new one."
    )


def off_reason(status: str) -> str:
    """Tell off from other ways of not running."""
    return "VMPoweredOff" if status in OFF_STATUSES else "VMNotRunning"


def powered_off(scope: Scope, status: str) -> str:
    """Tell that power is left to people, and how to go on."""
    if status in OFF_STATUSES:
        return (
            f"{vm_name(scope)} is {status}: it was stopped after its start and stays so. Start it in VMM, or delete "
            "the Machine to replace it."
        )
    return (
        f"{vm_name(scope)} does not run: VMM says {status}. Look at it in VMM; the machine follows what is done there."
    )


def repairing(scope: Scope, error: VmmError) -> str:
    """Tell what failed on a VM that ran, and that it is dismissed."""
    status = scope.vm.status if scope.vm is not None else "failed"
    return f"VMM says {status} of {vm_name(scope)}: {error.text} The failure is dismissed, then power shows again."


def no_address(scope: Scope) -> str:
    """Tell what the wait for addresses is about."""
    return (
        f"{vm_name(scope)} runs; its guest has not reported an address to VMM yet. It does so through the Hyper-V "
        "integration services (hv_kvp_daemon in Linux)."
    )


def shutting_down(scope: Scope) -> str:
    """Tell how long the guest may take."""
    return (
        f"The guest was asked to shut down; after {scope.machine.spec.guest_shutdown_timeout} s "
        "(spec.guestShutdownTimeout) the VM is turned off."
    )
