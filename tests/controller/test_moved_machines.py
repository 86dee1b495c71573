# SPDX-License-Identifier: Apache-2.0
"""A machine that `clusterctl move` brought: another uid, no status, a VM whose mark has the old uid (contract 45)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from capi_scvmm.kinds import VM_MARK, ScvmmMachine
from capi_scvmm.observe import View
from capi_scvmm.observe.identity import identify
from capi_scvmm.plan import (
    AddFinalizer,
    AttachMedium,
    ClearLibrary,
    CreateVm,
    Owner,
    Paused,
    PoweredOff,
    Provider,
    Recorded,
    ReleaseFinalizer,
    RemoveMedium,
    RemoveVm,
    Scope,
    Settled,
    StartVm,
    Vanished,
    Wait,
    plan,
)
from capi_scvmm.plan.life import medium_file, medium_left
from capi_scvmm.plan.scope import DELETED_FOR_MOVE
from capi_scvmm.request import vm_reference
from capi_scvmm.status import status
from capi_scvmm.vm import Vm

from .scopes import HYPERV_ID, MEDIUM, NOON, UID, VM_ID, a_machine, a_scope, a_vm

HERE = "99999999-2222-3333-4444-555555555555"
"""The uid that the machine has in the cluster that it was moved to."""
PROVIDER_ID = f"scvmm://{HYPERV_ID}"
OTHERS = "77777777-2222-3333-4444-555555555555"


def came(*, noted: bool = True, ran: bool = True, note: str = f"prod/node/{UID}", **changes: Any) -> Scope:
    """A moved machine before its first look: *noted*: with the note of its mark; *ran*: with a provider id."""
    meta = {"uid": HERE, "annotations": {VM_MARK: note} if noted else {}}
    deleting = changes.pop("deleting", False)
    machine = a_machine(meta=meta, deleting=deleting, **({"providerID": PROVIDER_ID} if ran else {}))
    return a_scope(machine=machine, recorded=Recorded(provider_id=PROVIDER_ID if ran else None), **changes)


def looked(scope: Scope, *vms: Vm) -> Scope:
    """The scope when VMM has these VMs."""
    view = View()
    view.take_all(vms, [], asked=1.0)
    sight, machine = identify(view, scope, since=0.0)
    scope = replace(scope, machine=machine, vm=sight.vm, observed=sight.known)
    return replace(scope, recorded=replace(scope.recorded, medium=medium_left(scope)))


@pytest.mark.parametrize("noted", [True, False])
@pytest.mark.contract(45)
def test_a_running_vm_is_found_and_nothing_is_done_to_it(noted: bool) -> None:
    """By the note of its mark, and without that by provider id and owner; status is then as it was before."""
    scope = looked(came(noted=noted), a_vm(addresses=("10.0.0.5",), medium=False))
    assert plan(scope, NOON) == Settled()
    patch = status(scope, Settled(), NOON)
    assert patch.provider_id is None
    told = patch.status or {}
    assert (told["id"], told["vmId"], told["initialization"]) == (VM_ID, HYPERV_ID, {"provisioned": True})
    reasons = {c["type"]: c["reason"] for c in told["conditions"]}
    assert (reasons["VMCreated"], reasons["VMRunning"], reasons["Ready"]) == ("Created", "Running", "Ready")


@pytest.mark.parametrize("noted", [True, False])
def test_the_vm_is_spoken_of_by_the_uid_in_its_mark(noted: bool) -> None:
    """Another one would be refused as somebody else's; its medium is called after that uid, too."""
    scope = looked(came(noted=noted), a_vm())
    assert vm_reference(scope.machine, VM_ID)["uid"] == UID
    assert vm_reference(scope.machine, VM_ID)["owner"] == "prod/node"
    assert medium_file(scope) == MEDIUM


def test_a_vm_that_is_off_stays_off() -> None:
    """The provider id says that it ran: somebody turned it off. It was provisioned, and is."""
    scope = looked(came(), a_vm("PowerOff", medium=False))
    assert plan(scope, NOON) == PoweredOff("PowerOff")
    assert (status(scope, PoweredOff("PowerOff"), NOON).status or {})["initialization"] == {"provisioned": True}


def test_a_vm_that_vmm_misses_is_not_taken_for_a_failed_creation() -> None:
    """What never was is removed and created anew; this one was."""
    scope = looked(came(), a_vm("Missing", medium=False))
    assert isinstance(plan(scope, NOON), PoweredOff)


def test_a_vm_that_never_ran_goes_on_where_it_was() -> None:
    """Moved between creation and start: the note leads to the VM, no second one is created."""
    bare = looked(came(ran=False), a_vm("PowerOff", medium=False))
    assert plan(bare, NOON) == AttachMedium()
    assert plan(looked(came(ran=False), a_vm("PowerOff")), NOON) == StartVm()


def test_without_a_vm_the_moved_machine_gets_one_only_if_it_never_had_one() -> None:
    """A machine that was moved before anything was created is created here, under the mark that it carries."""
    fresh = looked(came(ran=False))
    assert plan(fresh, NOON) == CreateVm()
    assert vm_reference(fresh.machine, None)["uid"] == UID


def test_that_the_vm_of_a_moved_machine_is_gone_is_believed_after_a_look_for_it_alone() -> None:
    """A bulk look may miss one. Then it has vanished, and is not created again."""
    scope = looked(came())
    assert isinstance(plan(scope, NOON), Wait)
    view = View()
    view.forget(UID, asked=3.0)
    sight, machine = identify(view, scope, since=2.0)
    assert plan(replace(scope, machine=machine, vm=sight.vm, observed=sight.known), NOON) == Vanished()


def test_a_note_that_leads_to_the_vm_of_another_machine_counts_for_nothing() -> None:
    """Whoever writes it into his machine must not get hold of somebody else's VM."""
    foreign = replace(a_vm(), uid=OTHERS, owner="other/node", vm_id="dddddddd-0000-0000-0000-000000000001")
    scope = looked(came(note=f"prod/node/{OTHERS}", ran=False), foreign)
    assert scope.vm is None
    assert vm_reference(scope.machine, None)["uid"] == HERE
    by_provider_id = looked(came(noted=False), replace(foreign, vm_id=HYPERV_ID))
    assert by_provider_id.vm is None


def test_a_note_copied_from_another_machine_is_none() -> None:
    """As when somebody makes a second machine from the manifest of a first one."""
    machine = came(note=f"prod/other/{UID}").machine
    assert (machine.noted_mark, machine.mark, machine.moved) == (None, HERE, False)
    assert came(note="nonsense").machine.mark == HERE


def test_the_note_is_there_before_anything_is_created() -> None:
    """Whenever the move comes, the machine takes it along."""
    assert plan(came(noted=False, ran=False), NOON) == AddFinalizer()
    assert plan(a_scope(), NOON) == CreateVm()


def test_deletion_removes_the_vm_with_the_old_mark() -> None:
    """It is the machine's VM, wherever the machine lives now."""
    scope = looked(came(deleting=True), a_vm("PowerOff", medium=False))
    assert plan(scope, NOON) == RemoveVm()


def test_a_moved_machine_may_have_a_vm_although_nothing_says_so() -> None:
    """With the provider away nobody knows: it waits, where one that was made here would be released."""
    away = Provider("prod/vmm", ("ProviderNotFound", "There is none."))
    assert isinstance(plan(came(ran=False, deleting=True, provider=away), NOON), Wait)
    stayed = a_scope(machine=a_machine(deleting=True), provider=away)
    assert isinstance(plan(stayed, NOON), ReleaseFinalizer)


def test_the_medium_leaves_the_library_although_status_lost_it() -> None:
    """It holds secrets. What its drive holds may lie in the library still; before the first start nobody can know."""
    owner = Owner("node", None, "node-bootstrap")
    holds = looked(came(owner=owner), a_vm(addresses=("10.0.0.5",)))
    assert medium_left(holds) == MEDIUM
    told = replace(holds, recorded=Recorded.parse((status(holds, Settled(), NOON).status or {}), PROVIDER_ID))
    told = replace(told, recorded=replace(told.recorded, medium=medium_left(told)))
    assert plan(told, NOON) == ClearLibrary()
    assert medium_left(looked(came(), a_vm(medium=False))) is None
    assert plan(looked(came(ran=False, deleting=True)), NOON) == RemoveMedium()


def test_what_move_deletes_here_lives_on_elsewhere() -> None:
    """A machine that stands alone is paused by no Cluster; we see it deleted before its finalizer is off."""
    going = a_machine(deleting=True, meta={"annotations": {DELETED_FOR_MOVE: ""}})
    scope = a_scope(machine=going, vm=a_vm(), recorded=Recorded(provider_id=PROVIDER_ID))
    assert plan(scope, NOON) == Paused(f"annotation {DELETED_FOR_MOVE}")


def test_a_machine_that_was_not_moved_is_its_own() -> None:
    """Its mark is its uid, and status tells of its medium."""
    machine = ScvmmMachine.model_validate(a_machine().model_dump(by_alias=True, exclude_none=True))
    assert (machine.mark, machine.moved) == (UID, False)
    assert medium_left(looked(a_scope(), a_vm())) is None
