# SPDX-License-Identifier: Apache-2.0
"""VMs that exist before their machine: by spec.id, or by the provider id that the Go provider gave."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from capi_scvmm.errors import VmmError
from capi_scvmm.plan import (
    Backoff,
    MarkVm,
    PoweredOff,
    Provider,
    Recorded,
    ReleaseFinalizer,
    RemoveVm,
    Scope,
    Settled,
    Stage,
    StopVm,
    Vanished,
    Wait,
    WaitForAddresses,
    WaitForJob,
    plan,
)
from capi_scvmm.plan.retry import RetryPolicy, after_job
from capi_scvmm.status import status
from capi_scvmm.vm import Vm

from .scopes import HYPERV_ID, NOON, UID, VM_ID, a_job, a_machine, a_scope, a_vm, an_attempt, recorded

PROVIDER_ID = f"scvmm://{HYPERV_ID}"
THEIRS = "77777777-2222-3333-4444-555555555555"


def existing(status_: str = "Running", **changes: Any) -> Vm:
    """A VM that somebody made, with an address and without any mark."""
    found = replace(a_vm(status_, addresses=("10.0.0.5",), medium=False), uid=None, owner=None)
    return replace(found, **changes)


def adopting(vm: Vm | None, *, deleting: bool = False, **changes: Any) -> Scope:
    """A machine that names a VM by spec.id, at its first look."""
    machine = a_machine(id=VM_ID, deleting=deleting)
    return a_scope(**{"machine": machine, "recorded": Recorded(adopts=True), "vm": vm, **changes})


def from_go(vm: Vm | None, *, deleting: bool = False, **changes: Any) -> Scope:
    """A machine of the Go provider: both ids, and a status that knows nothing of ours."""
    machine = a_machine(id=VM_ID, providerID=PROVIDER_ID, deleting=deleting)
    known = Recorded(provider_id=PROVIDER_ID, adopts=True, provisioned=True)
    return a_scope(**{"machine": machine, "recorded": known, "vm": vm, **changes})


def said(scope: Scope) -> dict[str, str]:
    """The reasons of the conditions that follow."""
    told = status(scope, plan(scope, NOON), NOON).status or {}
    return {c["type"]: c["reason"] for c in told["conditions"]}


def after(scope: Scope, vm: Vm) -> Scope:
    """The scope at the next look, with what was said and the VM as it is then."""
    body = {**scope.recorded.body, **(status(scope, plan(scope, NOON), NOON).status or {})}
    provider_id = scope.recorded.provider_id
    return replace(scope, recorded=Recorded.parse(body, provider_id, scope.recorded.adopts), vm=vm)


@pytest.mark.parametrize("make", [adopting, from_go])
@pytest.mark.parametrize("power", ["Running", "PowerOff", "Paused", "Saved", "UpdateFailed"])
def test_a_vm_without_a_mark_gets_ours_whatever_its_power(make: Any, power: str) -> None:
    """And status tells nothing of it yet: it is not the machine's before the mark is in."""
    scope = make(existing(power))
    assert plan(scope, NOON) == MarkVm()
    told = status(scope, MarkVm(), NOON)
    assert told.provider_id is None and "id" not in (told.status or {})
    assert said(scope)["VMCreated"] == "Adopting"


@pytest.mark.parametrize("make", [adopting, from_go])
def test_once_marked_a_running_vm_is_settled_and_nothing_is_done_to_it(make: Any) -> None:
    """No medium, no start, no completion; its ids and addresses are told."""
    ours = existing(uid=UID, owner="prod/node")
    scope = after(make(existing()), ours)
    assert plan(scope, NOON) == Settled()
    told = status(scope, Settled(), NOON)
    assert (told.status or {})["id"] == VM_ID
    assert told.provider_id == (PROVIDER_ID if make is adopting else None)
    assert said(scope)["Ready"] == "Ready"
    assert plan(after(scope, ours), NOON) == Settled()


def test_the_job_that_writes_the_mark_is_waited_for() -> None:
    """VMM calls a running VM UnderUpdate meanwhile: that is not taken for being off, nor for being created."""
    scope = after(adopting(existing()), existing("UnderUpdate", job=a_job()))
    assert plan(scope, NOON) == WaitForJob(Stage.ADOPT, a_job())
    assert said(scope)["VMCreated"] == "Adopting"
    almost = after(scope, existing("UnderUpdate", uid=UID, owner="prod/node", job=a_job()))
    assert plan(almost, NOON) == WaitForJob(Stage.ADOPT, a_job())


def test_a_vm_that_is_off_stays_off() -> None:
    """Its power was never ours."""
    scope = after(adopting(existing("PowerOff")), existing("PowerOff", uid=UID, owner="prod/node"))
    assert plan(scope, NOON) == PoweredOff("PowerOff")
    assert said(scope)["Ready"] == "VMPoweredOff"


def test_a_guest_that_tells_no_address_is_waited_for() -> None:
    """As with every other machine."""
    ours = replace(existing(uid=UID, owner="prod/node"), network_adapters=())
    assert plan(after(adopting(existing()), ours), NOON) == WaitForAddresses()


def test_a_vm_of_another_is_not_touched_and_the_condition_says_whose_it_is() -> None:
    """Neither its mark nor our status changes; it is looked at again."""
    foreign = existing(uid=THEIRS, owner="other/web")
    scope = adopting(foreign)
    action = plan(scope, NOON)
    assert isinstance(action, Wait) and action.reason == "VMOwnedByAnother" and action.untold
    assert f"carries the mark of other/web (uid {THEIRS})" in action.message and "correct spec.id" in action.message
    told = status(scope, action, NOON)
    assert told.provider_id is None and "id" not in (told.status or {})
    reasons = said(scope)
    assert (reasons["VMCreated"], reasons["VMRunning"], reasons["Ready"]) == (
        "NotCreated",
        "NotStarted",
        "VMOwnedByAnother",
    )


def test_a_vm_that_another_took_over_later_is_given_up() -> None:
    """Whoever wrote the other mark decided that; what status knows of the VM stays for people."""
    known = recorded("VMCreated+Created", "VMRunning+Running", id=VM_ID)
    scope = a_scope(recorded=known, vm=existing(uid=THEIRS, owner="other/web"))
    action = plan(scope, NOON)
    assert isinstance(action, Wait) and action.reason == "VMOwnedByAnother"
    gone = replace(scope, machine=a_machine(deleting=True))
    released = plan(gone, NOON)
    assert isinstance(released, ReleaseFinalizer) and "left alone" in released.message


def test_a_mark_that_somebody_took_out_is_written_again() -> None:
    """By its id the VM is still known as the machine's, and told of."""
    known = recorded("VMCreated+Created", "VMRunning+Running", id=VM_ID)
    scope = a_scope(recorded=known, vm=existing())
    assert plan(scope, NOON) == MarkVm()
    assert (status(scope, MarkVm(), NOON).status or {})["vmStatus"] == "Running"


def test_an_id_that_vmm_does_not_know_is_named() -> None:
    """It is not taken for a VM that somebody deleted, nor is one created."""
    action = plan(adopting(None), NOON)
    assert isinstance(action, Wait) and action.reason == "VMNotFound" and VM_ID in action.message
    assert plan(from_go(None), NOON) == Vanished()
    assert plan(after(adopting(existing()), existing(uid=UID)), NOON) != Vanished()


def test_a_vm_that_vanishes_while_it_is_adopted_is_not_created() -> None:
    """The job on it failed with it: that was no creation."""
    scope = after(from_go(existing()), existing())
    failed = replace(scope, vm=None, job=a_job("Failed"))
    assert plan(failed, NOON) == Vanished()


def test_a_refused_adoption_is_told_and_tried_again() -> None:
    """As when a job has failed on the VM, which is somebody's to look at: it is not dismissed for the mark."""
    scope = adopting(existing("UpdateFailed"), attempt=an_attempt(Stage.ADOPT))
    assert isinstance(plan(scope, NOON), Backoff)
    told = status(scope, plan(scope, NOON), NOON).status or {}
    (created,) = [c for c in told["conditions"] if c["type"] == "VMCreated"]
    assert created["reason"] == "AdoptionFailed" and "VM node not adopted" in created["message"]


def test_a_failed_job_of_ours_counts_as_a_failed_adoption() -> None:
    """In VMM's words."""
    failed = a_job("Failed", error=VmmError("agent is away"))
    scope = adopting(existing(job=failed), issued=failed.id, issued_for=Stage.ADOPT)
    attempt = after_job(scope, NOON, RetryPolicy(), 0.0)
    assert attempt is not None and (attempt.stage, attempt.error.text) == (Stage.ADOPT, "agent is away.")


def test_deletion_before_the_adoption_leaves_the_vm() -> None:
    """It is nobody's of ours yet. With the provider away, too, nothing is waited for."""
    released = plan(adopting(existing(), deleting=True), NOON)
    assert isinstance(released, ReleaseFinalizer) and "was not adopted yet: it is left alone" in released.message
    foreign = plan(adopting(existing(uid=THEIRS, owner="other/web"), deleting=True), NOON)
    assert isinstance(foreign, ReleaseFinalizer) and "other/web" in foreign.message
    away = Provider("prod/vmm", ("ProviderNotFound", "There is none."))
    assert isinstance(plan(adopting(None, deleting=True, provider=away), NOON), ReleaseFinalizer)


def test_deletion_after_the_adoption_removes_the_vm() -> None:
    """From then on it is the machine's as any other: shut down first, then removed with its disks."""
    ours = existing(uid=UID, owner="prod/node")
    scope = replace(after(adopting(existing()), ours), machine=a_machine(id=VM_ID, deleting=True))
    scope = after(scope, ours)
    assert plan(scope, NOON) == StopVm("shutdown")
    assert plan(replace(scope, vm=replace(ours, status="PowerOff")), NOON) == RemoveVm()


def test_a_machine_of_the_go_provider_removes_its_vm_also_unmarked() -> None:
    """Its provider id says that the VM is its own."""
    assert plan(from_go(existing(), deleting=True), NOON) == StopVm("shutdown")
