# SPDX-License-Identifier: Apache-2.0
"""The way of a machine out: VM off, VM gone, medium gone, finalizer.

Nothing here needs the Cluster, the Machine or the bootstrap data.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from capi_scvmm.plan.actions import (
    ReleaseFinalizer,
    RemoveMedium,
    RemoveVm,
    Stage,
    Step,
    StopVm,
    Wait,
    WaitForJob,
    WaitForShutdown,
)
from capi_scvmm.plan.adoption import leave
from capi_scvmm.plan.life import note_disks, wait_for_vmm
from capi_scvmm.plan.scope import Scope
from capi_scvmm.vm import DELETING, REMOVABLE_STATUSES

SHUTTING_DOWN = "ShuttingDown"
TURNING_OFF = ("TurningOff", "TurnOffFailed")


def already_released(scope: Scope, now: datetime) -> Step | None:
    """Others' finalizers may hold an object that is no longer ours."""
    return None if scope.has_finalizer else ReleaseFinalizer("Our finalizer is not on it.")


def require_provider(scope: Scope, now: datetime) -> Step | None:
    """Without provider or credentials VMM cannot be asked: only what never had a VM may go."""
    if scope.provider.problem is None:
        return None
    reason, message = scope.provider.problem
    if not scope.vm_possible:
        return ReleaseFinalizer("No VM was ever created for it.")
    return Wait(
        reason,
        f"{message} Its VM{_named(scope)} may still be in VMM. Put it back and the deletion goes on; "
        "or remove the finalizer by hand to leave the VM where it is.",
    )


def remove_medium(scope: Scope, now: datetime) -> Step | None:
    """The medium outlives the VM in the library."""
    left = scope.recorded.medium is not None and not scope.medium_gone
    return RemoveMedium() if scope.vm is None and left else None


def release(scope: Scope, now: datetime) -> Step | None:
    """Nothing is left in VMM: the machine may go."""
    return ReleaseFinalizer("VMM has no VM of it.") if scope.vm is None else None


def cancel_creation(scope: Scope, now: datetime) -> Step | None:
    """A creation that still runs is cancelled, once, and its end awaited."""
    vm = scope.vm
    if vm is None or not vm.under_creation:
        return None
    return WaitForJob(Stage.REMOVE, vm.job) if scope.cancel_asked and vm.busy else RemoveVm(cancelling=vm.busy)


def remove(scope: Scope, now: datetime) -> Step | None:
    """A VM that is off can be removed, once no other job holds it."""
    vm = scope.vm
    if vm is None or vm.status not in (DELETING, *REMOVABLE_STATUSES):
        return None
    return WaitForJob(Stage.REMOVE, vm.job) if vm.busy else RemoveVm()


def wait_for_shutdown(scope: Scope, now: datetime) -> Step | None:
    """The guest gets its time; a failed request is repeated meanwhile."""
    until = shutdown_deadline(scope)
    if until is None or until <= now:
        return None
    job = scope.vm.job if scope.vm is not None else None
    # A controller that died between the note in status and the call has not asked; asking twice does no harm.
    return WaitForShutdown(until) if scope.stop_asked and not (job is not None and job.failed) else None


def wait_for_turn_off(scope: Scope, now: datetime) -> Step | None:
    """Turning off may take VMM a while; asking again does not make it quicker."""
    job = scope.vm.job if scope.vm is not None else None
    if job is None or not job.running or job.id != scope.issued or scope.issued_for is not Stage.TURN_OFF:
        return None
    return WaitForJob(Stage.TURN_OFF, job)


def stop(scope: Scope, now: datetime) -> Step | None:
    """Ask the guest first; after its time, or where nobody listens, turn the VM off."""
    until = shutdown_deadline(scope)
    listens = scope.vm is not None and scope.vm.status in ("Running", "Starting", "Stopping")
    gave_up = scope.recorded.reason("Deleting") in TURNING_OFF
    patient = scope.machine.spec.guest_shutdown_timeout > 0 and not gave_up and (until is None or now < until)
    return StopVm("shutdown" if listens and patient else "turn_off")


def shutdown_deadline(scope: Scope) -> datetime | None:
    """When the guest's time is over; the condition remembers when it began, also over a restart."""
    condition = scope.recorded.conditions.get("Deleting")
    if condition is None or condition.reason != SHUTTING_DOWN or condition.since is None:
        return None
    return condition.since + timedelta(seconds=scope.machine.spec.guest_shutdown_timeout)


def _named(scope: Scope) -> str:
    return f" (id {scope.known_id})" if scope.known_id else ""


DELETION = (
    already_released,
    require_provider,
    wait_for_vmm,
    leave,
    remove_medium,
    release,
    cancel_creation,
    note_disks,
    remove,
    wait_for_shutdown,
    wait_for_turn_off,
    stop,
)
