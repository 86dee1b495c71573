# SPDX-License-Identifier: Apache-2.0
"""Status of a machine: what follows from a look and an action, in one patch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from capi_scvmm.errors import ErrorClass, VmmError
from capi_scvmm.medium import Form
from capi_scvmm.plan import (
    Action,
    AttachMedium,
    Backoff,
    Bootstrap,
    CreateVm,
    Ignore,
    InFlight,
    Paused,
    PoweredOff,
    Provider,
    Recorded,
    ReleaseFinalizer,
    RemoveMedium,
    RemoveVm,
    RetryCreation,
    Scope,
    Settled,
    Stage,
    StartVm,
    StopVm,
    Vanished,
    Wait,
    WaitForAddresses,
    WaitForJob,
    WaitForShutdown,
    plan,
)
from capi_scvmm.status import StatusPatch, status

from .scopes import (
    HYPERV_ID,
    MEDIUM,
    NO_ROOM,
    NOON,
    VM_ID,
    a_job,
    a_machine,
    a_scope,
    a_vm,
    an_attempt,
    created,
    going,
    recorded,
    running,
    seconds,
)


def said(scope: Scope, action: Action | None = None) -> dict[str, Any]:
    """The status as it is after the patch."""
    patch = status(scope, action or plan(scope, NOON), NOON, "ISOs").status
    return dict(scope.recorded.body) | dict(patch or {})


def condition(scope: Scope, kind: str, action: Action | None = None) -> tuple[str, str, str]:
    """One condition of it: status, reason, message."""
    found = {c["type"]: c for c in said(scope, action)["conditions"]}[kind]
    return found["status"], found["reason"], found["message"]


def after(scope: Scope, action: Action | None = None) -> Scope:
    """The scope of the next look, with what was written now."""
    return replace(scope, recorded=Recorded.parse(said(scope, action), scope.recorded.provider_id))


def test_what_is_not_ours_gets_no_status() -> None:
    """Nor does a machine that a run works on: what is known of it was said."""
    assert status(a_scope(), Ignore(), NOON) == StatusPatch()
    assert status(a_scope(), InFlight(Stage.CREATE), NOON).empty


def test_a_paused_machine_says_so_and_keeps_the_rest() -> None:
    """Nothing else may change by a pause."""
    scope = running(recorded=recorded("Ready+Ready"))
    conditions = {c["type"]: c for c in said(scope, Paused("Cluster east"))["conditions"]}
    assert conditions["Paused"]["status"] == "True"
    assert "Cluster east" in conditions["Paused"]["message"]
    assert conditions["Ready"]["reason"] == "Ready"
    assert set(conditions) == {"Paused", "Ready"}


def test_a_moments_wait_changes_nothing_that_was_said() -> None:
    """After a restart every machine is not known for a moment: Ready must not flicker."""
    wait = Wait("ConnectingToVMM", "Connecting.", transient=True)
    assert status(running(recorded=recorded("DependenciesReady+Ready")), wait, NOON).empty
    assert condition(a_scope(), "DependenciesReady", wait)[1] == "ConnectingToVMM"


def test_a_wait_names_what_is_waited_for_also_in_ready() -> None:
    """Machine shows only Ready: it carries the first obstacle."""
    scope = a_scope(owner=None)
    assert condition(scope, "DependenciesReady")[:2] == ("False", "WaitingForMachine")
    assert condition(scope, "Ready")[:2] == ("False", "WaitingForMachine")


def test_creation_is_noted_before_it_is_asked_for() -> None:
    """A controller that dies now must know that there may be a VM; ids of an earlier one are not its."""
    written = said(a_scope(recorded=Recorded.parse({"id": "old", "vmId": "old"}, None)), CreateVm())
    assert written["id"] is None
    assert written["vmId"] is None
    assert after(a_scope(), CreateVm()).vm_possible
    assert condition(a_scope(), "VMCreated", CreateVm())[:2] == ("False", "Creating")


def test_a_repeated_creation_says_why_it_is_repeated() -> None:
    """The error stays readable while the next attempt runs."""
    scope = a_scope(attempt=an_attempt(Stage.CREATE))
    assert NO_ROOM.message in condition(scope, "VMCreated", CreateVm())[2]
    other = a_scope(attempt=an_attempt(Stage.MEDIUM))
    assert NO_ROOM.message not in condition(other, "VMCreated", CreateVm())[2]


@pytest.mark.parametrize(
    ("error", "times", "told"),
    [
        (
            VmmError("locked", ErrorClass.RETRY, 2606),
            7,
            "(VMM error 2606). Attempt 9; next try at 2026-11-23T12:00:00Z.",
        ),
        (VmmError("in use", ErrorClass.RETRY, 802, attempts=1), 1, "(VMM error 802). Attempt 9; next try at"),
        (VmmError("in use", ErrorClass.RETRY, 802, attempts=1), 2, "It did not pass by itself. Attempt 9; next try at"),
        (NO_ROOM, 3, "Free memory there. Attempt 9; next try at 2026-11-23T12:00:00Z."),
        (
            VmmError("no right", ErrorClass.FINAL, 1604, remedy="Give it.", who="VMM administrator"),
            1,
            "Give it. Who can mend it: VMM administrator. Attempt 9; next try when spec, provider or credentials "
            "change, or else at 2026-11-23T12:00:00Z.",
        ),
    ],
    ids=["retry", "may-pass", "did-not-pass", "infrastructure", "final"],
)
def test_a_failure_says_who_can_mend_it_how_often_it_was_tried_and_when_next(
    error: VmmError, times: int, told: str
) -> None:
    """The same for each stage; what is worth only a few attempts says so when they are spent."""
    held = Backoff(Stage.START, error, NOON, 9, times)
    assert told in condition(created(), "VMRunning", held)[2]


def test_a_refused_creation_is_told_from_one_that_failed() -> None:
    """Refused: there is no VM, the machine could go without VMM. Failed: what is left must be removed."""
    held = Backoff(Stage.CREATE, NO_ROOM, NOON)
    assert condition(a_scope(), "VMCreated", held) == (
        "False",
        "CreationRefused",
        "VM node not created: host group prod has 2 GiB free (VMM error 2911). Free memory there. Attempt 1; next try "
        "at 2026-11-23T12:00:00Z.",
    )
    assert not after(a_scope(), held).vm_possible
    assert condition(a_scope(vm=a_vm("CreationFailed")), "VMCreated", held)[1] == "CreationFailed"


def test_the_mark_of_a_retried_creation_lasts_until_the_vm_is_gone() -> None:
    """Without it a crash in between would make the removed VM look like one that somebody deleted."""
    failed = a_vm("CreationFailed", job=a_job("Failed", error=NO_ROOM))
    scope = after(a_scope(vm=failed), RetryCreation(NO_ROOM))
    assert scope.recorded.retrying
    for action in (WaitForJob(Stage.CREATE, a_job()), Backoff(Stage.CREATE, NO_ROOM, NOON)):
        assert condition(scope, "VMCreated", action)[1] == "RetryingCreation"
    assert condition(scope, "VMCreated", StartVm())[1] == "RetryingCreation"
    assert status(scope, RetryCreation(NO_ROOM), NOON).provider_id is None


def test_creation_under_way_names_its_job() -> None:
    """Who looks into VMM finds it."""
    scope = a_scope(vm=a_vm("UnderCreation", job=a_job()))
    _, reason, message = condition(scope, "VMCreated")
    assert reason == "Creating"
    assert a_job().id in message
    assert said(scope)["id"] == VM_ID
    assert said(scope)["job"] == {"id": a_job().id, "name": "Create virtual machine", "status": "Running"}
    assert status(scope, plan(scope, NOON), NOON).provider_id is None


def test_the_provider_id_is_written_when_the_vm_runs() -> None:
    """Not before: a VM that fails gets another id, and one that did not run is still to be started; and not twice."""
    scope = a_scope(vm=a_vm("PowerOff", medium=False))
    assert status(scope, AttachMedium(), NOON).provider_id is None
    assert status(created(vm=a_vm()), WaitForAddresses(), NOON).provider_id == f"scvmm://{HYPERV_ID}"
    assert status(running(), WaitForAddresses(), NOON).provider_id is None
    assert status(going(recorded=Recorded()), RemoveVm(), NOON).provider_id is None
    nameless = a_scope(vm=replace(a_vm(), vm_id=""))
    assert status(nameless, WaitForAddresses(), NOON).provider_id is None
    assert condition(scope, "VMCreated", AttachMedium()) == ("True", "Created", "")


def test_the_medium_is_noted_before_it_is_uploaded() -> None:
    """What may lie in the library must be known to the deletion."""
    written = said(created(), AttachMedium())
    assert written["medium"] == {
        "file": MEDIUM,
        "libraryPath": "ISOs",
        "device": "dvd",
        "fileSystem": "iso9660",
    }
    disk = said(created(form=Form("ide", "vfat")), AttachMedium())["medium"]
    assert (disk["file"], disk["device"], disk["fileSystem"]) == (MEDIUM.replace(".iso", ".vhdx"), "ide", "vfat")
    assert condition(created(), "BootstrapMediumAttached", AttachMedium())[1] == "Attaching"


def test_every_state_of_the_medium_has_its_reason() -> None:
    """From not wanted to taken out."""
    kind = "BootstrapMediumAttached"
    assert condition(created(bootstrap=Bootstrap(False)), kind)[:2] == ("True", "NotWanted")
    assert condition(created(), kind, Backoff(Stage.MEDIUM, NO_ROOM, NOON))[1] == "AttachFailed"
    assert condition(created(), kind, WaitForJob(Stage.MEDIUM, None))[1] == "Attaching"
    assert condition(created(vm=a_vm("PowerOff")), kind)[:2] == ("True", "Attached")
    assert condition(running(vm=a_vm(medium=False)), kind)[:2] == ("True", "Ejected")
    assert condition(a_scope(), kind)[:2] == ("False", "NotAttached")
    attached = recorded(f"{kind}+Attached", "VMRunning+Running")
    assert condition(running(recorded=attached, vm=a_vm(medium=False)), kind)[:2] == ("True", "Ejected")
    assert condition(running(recorded=attached, vm=None), kind, Vanished())[:2] == ("True", "Attached")
    assert condition(going(recorded=attached, vm=a_vm(medium=False)), kind)[:2] == ("True", "Attached")
    assert condition(going(recorded=recorded(), vm=None), kind)[:2] == ("False", "NotAttached")
    assert condition(going(recorded=recorded(f"{kind}=Attaching"), vm=None), kind)[1] == "Attaching"


def test_every_state_of_the_start_has_its_reason() -> None:
    """Starting, failed, running, off, gone."""
    kind = "VMRunning"
    ready = created(vm=a_vm("PowerOff"))
    assert condition(ready, kind)[:2] == ("False", "Starting")
    assert condition(ready, kind, Backoff(Stage.START, NO_ROOM, NOON))[1] == "StartFailed"
    assert condition(ready, kind, WaitForJob(Stage.START, a_job()))[1] == "Starting"
    assert condition(created(), kind)[1] == "NotStarted"
    assert condition(running(), kind)[:2] == ("True", "Running")
    assert condition(running(vm=None), kind, Vanished())[1] == "VMDeleted"
    assert condition(going(), kind)[1] == "Running"
    assert condition(going(vm=a_vm("PowerOff")), kind)[1] == "Deleting"


def test_a_stopped_vm_says_who_can_act() -> None:
    """It stays off; the machine must not look as if something would happen by itself."""
    status_, reason, message = condition(running(vm=a_vm("PowerOff")), "VMRunning", PoweredOff("PowerOff"))
    assert (status_, reason) == ("False", "VMPoweredOff")
    assert "Start it in VMM" in message
    assert condition(running(vm=a_vm("PowerOff")), "Ready", PoweredOff("PowerOff"))[1] == "VMPoweredOff"
    assert condition(running(vm=a_vm("Paused")), "VMRunning", PoweredOff("Paused"))[1] == "VMNotRunning"


def test_that_a_vm_ran_once_is_not_forgotten_while_vmm_is_silent() -> None:
    """Otherwise it would be started a second time afterwards."""
    off = running(recorded=recorded("VMRunning=VMPoweredOff"), vm=a_vm("PowerOff"))
    assert after(off, Wait("CredentialsMissing", "No.")).recorded.ran_once
    assert after(replace(off, vm=None), Wait("VMMUnreachable", "No.")).recorded.ran_once


def test_addresses_and_names_come_from_the_guest() -> None:
    """Host name first, as Cluster API wants them; what was reported once stays while the guest is silent."""
    vm = replace(a_vm(addresses=("10.0.0.5", "fe80::1", "2001:db8::5")), computer_name="node.example.com")
    written = said(running(vm=vm))
    assert written["addresses"] == [
        {"type": "Hostname", "address": "node.example.com"},
        {"type": "InternalDNS", "address": "node.example.com"},
        {"type": "InternalIP", "address": "10.0.0.5"},
        {"type": "InternalIP", "address": "2001:db8::5"},
    ]
    assert written["hostname"] == "node.example.com"
    assert written["initialization"] == {"provisioned": True}
    assert condition(running(vm=vm), "Ready")[:2] == ("True", "Ready")
    assert "hostname" not in said(running(vm=replace(vm, computer_name=None)))
    silent = running(recorded=recorded("AddressesReported+Reported"))
    assert condition(silent, "AddressesReported")[0] == "True"
    assert condition(running(), "AddressesReported")[1] == "WaitingForGuest"


def test_a_vanished_vm_is_reported_as_what_ready_says() -> None:
    """And that it is not created again."""
    scope = running(vm=None)
    status_, reason, message = condition(scope, "Ready")
    assert (status_, reason) == ("False", "VMDeleted")
    assert "not created again" in message
    assert VM_ID in message
    assert said(scope)["vmStatus"] == "Missing"
    unknown = a_scope(recorded=Recorded(provider_id="scvmm://x"), vm=None)
    assert "unknown" in condition(unknown, "Ready", Vanished())[2]


def test_fields_that_do_nothing_yet_are_named() -> None:
    """Never silently ignored, and no obstacle either."""
    scope = running(vm=a_vm(addresses=("10.0.0.5",)), later=("spec.fibreChannel",))
    status_, _, message = condition(scope, "AllFieldsHonored")
    assert status_ == "False"
    assert "spec.fibreChannel" in message
    assert condition(scope, "Ready")[0] == "True"


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        (StopVm("shutdown"), "ShuttingDown"),
        (WaitForShutdown(NOON), "ShuttingDown"),
        (StopVm("turn_off"), "TurningOff"),
        (RemoveVm(cancelling=True), "CancellingCreation"),
        (RemoveVm(), "Removing"),
        (WaitForJob(Stage.REMOVE, a_job()), "Removing"),
        (RemoveMedium(), "RemovingMedium"),
        (ReleaseFinalizer("Nothing is left."), "Removed"),
        (Backoff(Stage.STOP, NO_ROOM, NOON), "ShuttingDown"),
        (Backoff(Stage.TURN_OFF, NO_ROOM, NOON), "TurnOffFailed"),
        (Backoff(Stage.REMOVE, NO_ROOM, NOON), "RemovalFailed"),
        (Backoff(Stage.REMOVE_MEDIUM, NO_ROOM, NOON), "MediumRemovalFailed"),
        (Backoff(Stage.CREATE, NO_ROOM, NOON), "DeletionFailed"),
        (Wait("ProviderNotFound", "There is none."), "ProviderNotFound"),
        (Settled(), "Deleting"),
    ],
)
def test_each_step_of_a_deletion_has_its_reason_also_in_ready(action: Action, reason: str) -> None:
    """A deletion that hangs says where."""
    assert condition(going(), "Deleting", action)[:2] == ("True", reason)
    assert condition(going(), "Ready", action)[:2] == ("False", reason)


def test_a_cancelled_creation_stays_so_until_its_job_has_ended() -> None:
    """The plan reads it there."""
    known = recorded("VMCreated=Creating", "Deleting+CancellingCreation", id=VM_ID)
    scope = going(recorded=known, vm=a_vm("UnderCreation", job=a_job()))
    assert condition(scope, "Deleting")[1] == "CancellingCreation"


def test_the_time_of_the_guest_counts_on_while_vmm_is_silent() -> None:
    """Its start is in the condition: neither reason nor time may move."""
    known = recorded("Deleting+ShuttingDown", since=NOON - seconds(60), id=VM_ID)
    wait = Wait("VMMUnreachable", "No.")
    scope = going(recorded=known)
    later = after(scope, wait).recorded.conditions["Deleting"]
    assert (later.reason, later.message, later.since) == ("ShuttingDown", "No.", NOON - seconds(60))
    assert after(scope, RemoveVm()).recorded.conditions["Deleting"].since == NOON


def test_a_released_machine_has_no_medium_any_more() -> None:
    """It was removed from the library before."""
    scope = going(recorded=Recorded.parse({"medium": {"file": MEDIUM}}, None), vm=None)
    assert said(scope, ReleaseFinalizer("Nothing is left."))["medium"] is None


def test_the_provider_and_the_failure_domain_are_copied() -> None:
    """So that deletion works without the cluster."""
    written = said(a_scope(placed_in="west"))
    assert written["providerRef"] == {"name": "vmm", "namespace": "prod"}
    assert written["failureDomain"] == "west"
    unnamed = a_scope(provider=Provider(None, ("ProviderNotNamed", "No.")))
    assert "providerRef" not in said(unnamed)


@pytest.mark.parametrize("scope", [a_scope(), created(), running(vm=a_vm(addresses=("10.0.0.5",))), going()])
def test_nothing_is_written_twice(scope: Scope) -> None:
    """The same look a second time changes nothing, whatever the clock says."""
    action = plan(scope, NOON)
    again = after(scope, action)
    assert status(again, action, NOON + seconds(60), "ISOs").status is None


def test_a_time_moves_only_with_its_condition() -> None:
    """lastTransitionTime: when the status changed, not when it was last looked at."""
    first = after(a_scope(owner=None))
    since = first.recorded.conditions["DependenciesReady"].since
    second = replace(first, cluster=None, owner=a_scope().owner)
    patch = status(second, plan(second, NOON), NOON + seconds(60)).status
    assert patch is not None
    times = {c["type"]: c["lastTransitionTime"] for c in patch["conditions"]}
    assert since is not None
    assert times["DependenciesReady"] == since.strftime("%Y-%m-%dT%H:%M:%SZ")
    third = status(replace(second, cluster="east"), CreateVm(), NOON + seconds(60)).status
    assert third is not None
    times = {c["type"]: c["lastTransitionTime"] for c in third["conditions"]}
    assert times["DependenciesReady"] == "2026-11-23T12:01:00Z"


def test_conditions_name_the_generation_they_are_about() -> None:
    """Who changed the spec can see whether it was looked at."""
    assert {c["observedGeneration"] for c in said(a_scope(machine=a_machine()))["conditions"]} == {3}


def test_waiting_for_an_address_is_said() -> None:
    """And how a guest reports one."""
    assert "integration services" in condition(running(), "AddressesReported", WaitForAddresses())[2]
    assert condition(running(vm=None, recorded=Recorded()), "Ready", Settled())[0] == "False"
