# SPDX-License-Identifier: Apache-2.0
"""No failed job, and no status that VMM has for failures, blocks a machine: each leads on to a step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from capi_scvmm.errors import ErrorClass, VmmError
from capi_scvmm.outcomes import Done, Refused
from capi_scvmm.plan import (
    Action,
    AttachMedium,
    Backoff,
    PoweredOff,
    RemoveVm,
    RepairVm,
    RetryCreation,
    Scope,
    Stage,
    StartVm,
    StopVm,
    WaitForJob,
    plan,
)
from capi_scvmm.plan.retry import RetryPolicy, after_job
from capi_scvmm.status import status
from capi_scvmm.vm import Vm

from .fleet import FakeSession, Fleet, NotingRunner, until
from .scopes import NOON, VM_ID, a_job, a_machine, a_scope, a_vm, an_attempt, created, going, recorded, running, seconds

POLICY = RetryPolicy(base=1.0, longest=300.0, final=900.0)
LOCKED = VmmError("The object is locked.", ErrorClass.RETRY, 2606, remedy="Wait.")
IN_USE = VmmError("In use.", ErrorClass.RETRY, 802, remedy="End that.", who="VMM administrator", attempts=1)
NO_ROOM = VmmError(
    "Not enough memory.", ErrorClass.INFRASTRUCTURE, 2911, remedy="Free it.", who="Hyper-V administrator"
)
NO_RIGHT = VmmError("No right.", ErrorClass.FINAL, 1604, remedy="Give it.", who="VMM administrator")
STRANGE = VmmError("The flux is out of tune.", number=99999, remedy="Follow VMM's own words.")

LEFT_OVER = ("UpdateFailed", "DeletionFailed", "MigrationFailed", "UnsupportedVMConfiguration")
STUCK = ("HostNotResponding", "Paused", "SomethingNew")


@pytest.mark.parametrize("text", [*LEFT_OVER, *STUCK, "Missing", "Saved", "Stored"])
def test_before_its_first_start_a_vm_in_any_status_is_worked_on(text: str) -> None:
    """The operations dismiss what failed (docs/operations.md); what VMM refuses all the same is told in its words."""
    failed = a_job("Failed", error=LOCKED)
    assert plan(created(vm=a_vm(text, medium=False, job=failed)), NOON) == AttachMedium()
    assert plan(created(vm=a_vm(text, job=failed)), NOON) == StartVm()


@pytest.mark.parametrize("text", [text for text in LEFT_OVER if text.endswith("Failed")])
def test_after_its_first_start_a_vm_on_which_a_job_failed_is_repaired(text: str) -> None:
    """Nobody knows its power before the failure is dismissed; a repair without effect is put off as any other step."""
    scope = running(vm=a_vm(text, job=a_job("Failed", error=LOCKED)))
    assert plan(scope, NOON) == RepairVm(LOCKED)
    assert isinstance(plan(replace(scope, attempt=an_attempt(Stage.REPAIR)), NOON), Backoff)


@pytest.mark.parametrize("text", [*STUCK, "UnsupportedVMConfiguration", "Missing", "Saved", "Stored", "CreationFailed"])
def test_after_its_first_start_a_vm_in_any_status_is_left_to_people_and_reported(text: str) -> None:
    """The machine follows what is done in VMM."""
    vm = a_vm(text, job=a_job("Failed", error=LOCKED))
    assert plan(running(vm=vm), NOON) == PoweredOff(text)


@pytest.mark.parametrize("text", ["CreationFailed", "Missing"])
def test_what_a_failed_creation_left_is_removed_also_when_somebody_dismissed_the_failure(text: str) -> None:
    """A creation that was dismissed in VMM is Missing there; its VM never was, and its id is nobody's providerID."""
    scope = a_scope(vm=a_vm(text, medium=False), recorded=recorded("VMCreated=Creating", id=VM_ID))
    action = plan(scope, NOON)
    assert isinstance(action, RetryCreation)
    assert status(scope, action, NOON).provider_id is None


@pytest.mark.parametrize("text", [*LEFT_OVER, "CreationFailed", "Missing", "Saved", "Stored", "PowerOff"])
def test_on_the_way_out_what_can_be_removed_is_removed_whatever_failed_before(text: str) -> None:
    """A failed removal is repeated, too."""
    assert plan(going(vm=a_vm(text, job=a_job("Failed", error=LOCKED))), NOON) == RemoveVm()


@pytest.mark.parametrize("text", STUCK)
def test_on_the_way_out_what_cannot_be_asked_is_turned_off(text: str) -> None:
    """VMM's refusal is told and repeated; nothing hangs without a word."""
    assert plan(going(vm=a_vm(text)), NOON) == StopVm("turn_off")


def test_turning_off_is_waited_for_and_not_asked_for_again() -> None:
    """Only our own job: a guest that still shuts down is turned off all the same."""
    job = a_job()
    known = recorded("VMCreated+Created", "VMRunning+Running", "Deleting+TurningOff", id=VM_ID)
    scope = going(vm=a_vm("Stopping", job=job), recorded=known)
    assert plan(scope, NOON) == StopVm("turn_off")
    assert plan(replace(scope, issued=job.id, issued_for=Stage.STOP), NOON) == StopVm("turn_off")
    ours = replace(scope, issued=job.id, issued_for=Stage.TURN_OFF)
    assert plan(ours, NOON) == WaitForJob(Stage.TURN_OFF, job)
    said = status(ours, plan(ours, NOON), NOON).status or {}
    (deleting,) = [c for c in said["conditions"] if c["type"] == "Deleting"]
    assert deleting["reason"] == "TurningOff"
    assert "is being turned off" in deleting["message"]


def failed_creation(error: VmmError) -> Scope:
    """The creation job failed and left a VM."""
    vm = a_vm("CreationFailed", medium=False, job=a_job("Failed", error=error))
    return a_scope(vm=vm, recorded=recorded("VMCreated=Creating", id=VM_ID))


def failed_attach(error: VmmError) -> Scope:
    """The change of the drive failed."""
    job = a_job("Failed", error=error)
    return created(vm=a_vm("UpdateFailed", medium=False, job=job), issued=job.id)


def failed_start(error: VmmError) -> Scope:
    """The start failed."""
    job = a_job("Failed", error=error)
    return created(vm=a_vm("PowerOff", job=job), issued=job.id)


def failed_shutdown(error: VmmError) -> Scope:
    """The guest could not be asked."""
    job = a_job("Failed", error=error)
    known = recorded("VMRunning+Running", "Deleting+ShuttingDown", id=VM_ID, since=NOON)
    patient = a_machine(deleting=True, guestShutdownTimeout=3600)
    return going(machine=patient, vm=a_vm(job=job), issued=job.id, stop_asked=True, recorded=known)


def failed_turn_off(error: VmmError) -> Scope:
    """The VM could not be turned off."""
    job = a_job("Failed", error=error)
    known = recorded("VMRunning+Running", "Deleting+TurningOff", id=VM_ID)
    return going(vm=a_vm(job=job), issued=job.id, issued_for=Stage.TURN_OFF, recorded=known)


def failed_removal(error: VmmError) -> Scope:
    """The removal failed and left the VM."""
    job = a_job("Failed", error=error)
    known = recorded("VMRunning+Running", "Deleting+Removing", id=VM_ID)
    return going(vm=a_vm("DeletionFailed", job=job), issued=job.id, recorded=known)


STAGES: dict[str, tuple[Callable[[VmmError], Scope], str, str, type[Action]]] = {
    "create": (failed_creation, "VMCreated", "CreationFailed", RetryCreation),
    "attach": (failed_attach, "BootstrapMediumAttached", "AttachFailed", AttachMedium),
    "start": (failed_start, "VMRunning", "StartFailed", StartVm),
    "shutdown": (failed_shutdown, "Deleting", "ShuttingDown", StopVm),
    "turn-off": (failed_turn_off, "Deleting", "TurnOffFailed", StopVm),
    "remove": (failed_removal, "Deleting", "RemovalFailed", RemoveVm),
}
# Seconds to the first repetition, and what the condition says of how often and when.
ERRORS = {
    "retry": (LOCKED, 1, "Attempt 1; next try at 2026-11-23T12:00:01Z."),
    "a-few-times": (IN_USE, 1, "Attempt 1; next try at 2026-11-23T12:00:01Z."),
    "infrastructure": (NO_ROOM, 4, "Attempt 1; next try at 2026-11-23T12:00:04Z."),
    "final": (NO_RIGHT, 900, "or else at 2026-11-23T12:15:00Z."),
    "unknown": (STRANGE, 4, "Attempt 1; next try at 2026-11-23T12:00:04Z."),
}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("kind", ERRORS)
def test_a_failed_job_of_any_stage_is_told_put_off_and_tried_again(stage: str, kind: str) -> None:
    """VMM's number and words, who can mend it, when it is tried next; then the very step that failed."""
    make, condition, reason, step = STAGES[stage]
    error, delay, when = ERRORS[kind]
    scope = make(error)
    attempt = after_job(scope, NOON, POLICY, 1.0)
    assert attempt is not None
    held = replace(scope, attempt=attempt)
    action = plan(held, NOON)
    assert isinstance(action, Backoff)
    (said,) = [c for c in (status(held, action, NOON).status or {})["conditions"] if c["type"] == condition]
    assert said["reason"] == reason
    for words in (error.message.rstrip("."), f"(VMM error {error.number})", error.remedy, error.who, when):
        assert (words or "") in said["message"]
    assert isinstance(plan(held, NOON + seconds(delay - 0.1)), Backoff)
    assert isinstance(plan(held, NOON + seconds(delay)), step)


@pytest.mark.parametrize("stage", STAGES)
def test_a_failed_job_that_was_cancelled_by_somebody_is_told_as_that(stage: str) -> None:
    """VMM gives no error then; the step is tried again as after any other failure."""
    make, _, _, step = STAGES[stage]
    scope = make(LOCKED)
    assert scope.vm is not None
    cancelled = replace(scope, vm=replace(scope.vm, job=a_job("Canceled")))
    attempt = after_job(cancelled, NOON, POLICY, 1.0)
    assert attempt is not None
    assert isinstance(plan(replace(cancelled, attempt=attempt), NOON + seconds(4)), step)


def test_a_final_error_waits_for_a_change_of_the_credentials() -> None:
    """Nothing is tried meanwhile; the Secret is written anew, and it is tried at once."""

    async def story() -> None:
        runner = NotingRunner(lambda: Refused(NO_RIGHT))
        runner.gate.set()
        async with Fleet(1, lambda _: FakeSession(), runner) as fleet:
            fleet.have({"scvmmHost": "vmm.example.com"})
            await until("a first run", lambda: fleet.reason("node-0") == "CreationRefused")
            await asyncio.sleep(1)
            assert len(runner.hosts) == 1
            fleet.secret("secret")
            await until("another run", lambda: len(runner.hosts) == 2)

    asyncio.run(story())


def test_a_step_that_has_no_effect_is_not_repeated_without_a_pause() -> None:
    """VMM takes the start, starts nothing, and says that all is well: that must not become a thousand runs."""

    async def story() -> None:
        vm = {"id": "a-1", "vm_id": "b-1", "name": "node-0", "status": "PowerOff", "uid": "uid-node-0"}
        session = FakeSession(vms=[vm])
        runner = NotingRunner(lambda: Done(Vm.parse(vm)))
        runner.gate.set()
        async with Fleet(1, lambda _: session, runner) as fleet:
            fleet.have({"scvmmHost": "vmm.example.com"})
            await until("a first run", lambda: len(runner.hosts) == 1)
            await asyncio.sleep(2)
            assert 2 <= len(runner.hosts) <= 3
            conditions = fleet.kube.objects["ScvmmMachine", "node-0"]["status"]["conditions"]
            assert "the VM is as before" in next(c["message"] for c in conditions if c["type"] == "VMRunning")

    asyncio.run(story())
