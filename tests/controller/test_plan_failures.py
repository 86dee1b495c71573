# SPDX-License-Identifier: Apache-2.0
"""What is done about each status that a failed job or a host that is away leaves a VM in: nothing blocks for ever."""

from __future__ import annotations

import pytest
from capi_scvmm.errors import VmmError
from capi_scvmm.plan import (
    Action,
    AttachMedium,
    Backoff,
    PoweredOff,
    RemoveVm,
    RepairVm,
    RetryCreation,
    Settled,
    Stage,
    StartVm,
    StopVm,
    WaitForAddresses,
    WaitForJob,
    plan,
)
from capi_scvmm.status import status
from capi_scvmm.vm import IN_MOTION, RUNS_MEANWHILE

from .scopes import NO_ROOM, NOON, VM_ID, a_job, a_vm, an_attempt, created, going, recorded, running, seconds

REFUSED = VmmError("agent is away")
FAILED_JOB = a_job("Failed", error=REFUSED)
TURN_OFF = StopVm("turn_off")
REPAIR, RETRY = RepairVm(REFUSED), RetryCreation(REFUSED)

# Status, then what is done: before the VM has its medium, once it has it, after it ran, and on the way out. The modules
# that attach, start and remove dismiss the failure first (docs/operations.md, "A failed job blocks nothing"), so only a
# VM whose power is no longer ours needs a step for that alone. What VMM refuses meanwhile is told and tried again.
TABLE: dict[str, tuple[Action, Action, Action, Action]] = {
    "UpdateFailed": (AttachMedium(), StartVm(), REPAIR, RemoveVm()),
    "MigrationFailed": (AttachMedium(), StartVm(), REPAIR, RemoveVm()),
    "CheckpointFailed": (AttachMedium(), StartVm(), REPAIR, RemoveVm()),
    "DeletionFailed": (AttachMedium(), StartVm(), REPAIR, RemoveVm()),
    "CreationFailed": (RETRY, RETRY, PoweredOff("CreationFailed"), RemoveVm()),
    "HostNotResponding": (AttachMedium(), StartVm(), PoweredOff("HostNotResponding"), TURN_OFF),
    "UnsupportedVMConfiguration": (
        AttachMedium(),
        StartVm(),
        PoweredOff("UnsupportedVMConfiguration"),
        RemoveVm(),
    ),
    "Missing": (AttachMedium(), StartVm(), PoweredOff("Missing"), RemoveVm()),
}


@pytest.mark.parametrize("text", TABLE)
def test_each_failure_leads_on(text: str) -> None:
    """Every cell of the table, and no cell is a wait for something that nobody does."""
    bare, prepared = (a_vm(text, medium=medium, job=FAILED_JOB) for medium in (False, True))
    done = (
        plan(created(vm=bare), NOON),
        plan(created(vm=prepared), NOON),
        plan(running(vm=prepared), NOON),
        plan(going(vm=prepared), NOON),
    )
    assert done == TABLE[text]


def test_failure_of_a_vm_that_ran_is_told_while_it_is_dismissed() -> None:
    """VMRunning says in VMM's words what failed; that the VM ran once is not forgotten by it, also not by a restart."""
    scope = running(vm=a_vm("UpdateFailed", job=FAILED_JOB))
    patch = status(scope, REPAIR, NOON).status
    assert patch is not None
    (condition,) = [one for one in patch["conditions"] if one["type"] == "VMRunning"]
    assert (condition["status"], condition["reason"]) == ("False", "Repairing")
    assert "UpdateFailed of VM node: agent is away" in condition["message"]
    for reason in ("Repairing", "RepairFailed"):
        known = recorded("VMCreated+Created", f"VMRunning={reason}", id=VM_ID)
        assert plan(running(recorded=known, vm=a_vm("PowerOff")), NOON) == PoweredOff("PowerOff")
        assert plan(running(recorded=known, vm=a_vm("UpdateFailed", job=FAILED_JOB)), NOON) == REPAIR
        assert plan(running(recorded=known), NOON) == WaitForAddresses()


def test_repair_that_vmm_refuses_is_held_back_and_repeated() -> None:
    """It says why it failed meanwhile."""
    scope = running(vm=a_vm("MigrationFailed", job=FAILED_JOB), attempt=an_attempt(Stage.REPAIR, retry_in=10))
    held = plan(scope, NOON)
    assert isinstance(held, Backoff) and held.error == NO_ROOM
    patch = status(scope, held, NOON).status
    assert patch is not None
    assert "RepairFailed" in [one["reason"] for one in patch["conditions"]]
    assert plan(scope, NOON + seconds(10)) == REPAIR


def test_a_repair_that_somebody_else_runs_is_left_alone() -> None:
    """The job on the VM is seen, and no second one is started."""
    assert plan(running(vm=a_vm("MigrationFailed", job=a_job())), NOON) == PoweredOff("MigrationFailed")


def test_a_failure_without_words_says_where_to_look() -> None:
    """There is always a reason to show."""
    action = plan(running(vm=a_vm("UpdateFailed")), NOON)
    assert isinstance(action, RepairVm) and "UpdateFailed of VM node and gives no reason" in action.error.text


@pytest.mark.parametrize("text", sorted(RUNS_MEANWHILE))
def test_a_vm_that_is_changed_while_it_runs_goes_on_running(text: str) -> None:
    """A migration or a checkpoint of a node is no failure of it; of a VM that was off it is none either."""
    settled = running(vm=a_vm(text, addresses=("10.0.0.5",), job=a_job()))
    assert plan(settled, NOON) == Settled()
    off = recorded("VMCreated+Created", "VMRunning=VMPoweredOff", id=VM_ID)
    assert plan(running(recorded=off, vm=a_vm(text)), NOON) == PoweredOff(text)


@pytest.mark.parametrize("text", sorted(IN_MOTION - {"UnderCreation"}))
def test_what_moves_before_the_first_start_is_waited_for(text: str) -> None:
    """Whoever changes the VM then, it is started afterwards."""
    assert isinstance(plan(created(vm=a_vm(text)), NOON), WaitForJob)
