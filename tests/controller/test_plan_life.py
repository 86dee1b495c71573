# SPDX-License-Identifier: Apache-2.0
"""The plan for machines that live: what comes next, and what must not happen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from capi_scvmm.medium import Form
from capi_scvmm.plan import (
    AddFinalizer,
    AttachMedium,
    Backoff,
    Bootstrap,
    CreateVm,
    Health,
    Ignore,
    InFlight,
    Infrastructure,
    Paused,
    PoweredOff,
    Provider,
    RetryCreation,
    Scope,
    Settled,
    Stage,
    StartVm,
    Vanished,
    Wait,
    WaitForAddresses,
    WaitForJob,
    plan,
)
from capi_scvmm.plan.plan import first
from capi_scvmm.plan.scope import MANAGED_BY, PAUSED

from .scopes import (
    NO_ROOM,
    NOON,
    UID,
    VM_ID,
    a_job,
    a_machine,
    a_scope,
    a_vm,
    an_attempt,
    created,
    recorded,
    running,
    seconds,
)


def reason(scope: Scope) -> str:
    """The reason of the wait that is planned."""
    action = plan(scope, NOON)
    assert isinstance(action, Wait), action
    assert action.message.endswith(".")
    return action.reason


def test_a_machine_that_somebody_else_manages_is_left_alone() -> None:
    """Label managed-by: not even its status is ours."""
    assert plan(a_scope(machine=a_machine(meta={"labels": {MANAGED_BY: "x"}})), NOON) == Ignore()


@pytest.mark.parametrize("deleting", [False, True])
def test_a_paused_machine_is_left_alone_also_in_deletion(deleting: bool) -> None:
    """The annotation stops everything."""
    machine = a_machine(deleting=deleting, meta={"annotations": {PAUSED: ""}})
    assert plan(running(machine=machine), NOON) == Paused(f"annotation {PAUSED}")


def test_a_paused_cluster_pauses_its_machines() -> None:
    """Cluster.spec.paused is as good as the annotation."""
    assert plan(a_scope(cluster_paused=True), NOON) == Paused("Cluster east")


def test_nothing_is_planned_while_a_run_works_on_the_machine() -> None:
    """Two runs on one machine could do one thing twice."""
    assert plan(a_scope(in_flight=Stage.CREATE), NOON) == InFlight(Stage.CREATE)


def test_the_finalizer_comes_first() -> None:
    """Before anything exists, whoever deletes the object must have to wait for us."""
    assert plan(a_scope(machine=a_machine(finalizer=False), owner=None), NOON) == AddFinalizer()


def test_each_missing_thing_is_waited_for_with_its_reason() -> None:
    """Owner, cluster, infrastructure, provider, server, bootstrap data: in this order, each by its name."""
    assert reason(a_scope(owner=None)) == "WaitingForMachine"
    assert reason(a_scope(cluster=None)) == "WaitingForCluster"
    assert reason(a_scope(infrastructure=None)) == "WaitingForScvmmCluster"
    assert reason(a_scope(infrastructure=Infrastructure("east", False))) == "WaitingForClusterInfrastructure"
    assert reason(a_scope(provider=Provider("a/b", ("ProviderNotFound", "There is none.")))) == "ProviderNotFound"
    assert reason(a_scope(provider=Provider("a/b", None, Health.UNREACHABLE, "No route."))) == "VMMUnreachable"
    assert reason(a_scope(provider=Provider("a/b"))) == "ConnectingToVMM"
    doubted = plan(created(provider=Provider("a/b", health=Health.DOUBTED)), NOON)
    assert isinstance(doubted, Wait)
    assert doubted.transient
    refused = Provider("a/b", None, Health.UNREACHABLE, "No.", trouble="LoginRefused")
    assert reason(a_scope(provider=refused)) == "LoginRefused"
    assert reason(a_scope(observed=False)) == "LookingAtVMM"
    assert reason(a_scope(invalid=("InvalidSpec", "No."))) == "InvalidSpec"
    assert reason(a_scope(bootstrap=Bootstrap(True, None, ("WaitingForBootstrapData", "No.")))) == (
        "WaitingForBootstrapData"
    )


def test_a_machine_that_stands_alone_waits_for_no_cluster() -> None:
    """spec.bootstrap makes it one."""
    assert plan(a_scope(standalone=True, owner=None, cluster=None, infrastructure=None), NOON) == CreateVm()


def test_with_everything_there_the_vm_is_created() -> None:
    """The look has shown that there is none."""
    assert plan(a_scope(), NOON) == CreateVm()


def test_a_vm_that_vanished_is_never_created_again() -> None:
    """Somebody deleted it; the owner of the machine replaces the machine."""
    assert plan(created(vm=None), NOON) == Vanished()
    assert plan(running(vm=None), NOON) == Vanished()


def test_a_creation_that_vmm_cleaned_up_itself_is_tried_again() -> None:
    """The job that status names says that it failed: this VM was not deleted by somebody."""
    job = a_job("Failed", error=NO_ROOM)
    known = recorded("VMCreated=Creating", id=VM_ID)
    assert plan(a_scope(recorded=known, job=job), NOON) == RetryCreation(NO_ROOM)
    silent = plan(a_scope(recorded=known, job=a_job("Canceled")), NOON)
    assert isinstance(silent, RetryCreation)
    assert "canceled" in silent.error.text
    assert plan(a_scope(recorded=known, job=a_job("Completed")), NOON) == Vanished()


def test_a_failed_creation_is_removed_and_then_created_anew() -> None:
    """What VMM could not build blocks nobody for ever."""
    failed = a_vm("CreationFailed", job=a_job("Failed", error=NO_ROOM))
    assert plan(a_scope(vm=failed), NOON) == RetryCreation(NO_ROOM)
    retrying = recorded("VMCreated=RetryingCreation", id=VM_ID)
    assert plan(a_scope(vm=failed, recorded=retrying), NOON) == RetryCreation(NO_ROOM)
    assert plan(a_scope(vm=None, recorded=retrying), NOON) == CreateVm()


def test_a_failed_creation_without_words_says_where_to_look() -> None:
    """There is always a reason to show."""
    action = plan(a_scope(vm=a_vm("CreationFailed")), NOON)
    assert isinstance(action, RetryCreation)
    assert "gives no reason" in action.error.text


def test_the_removal_of_a_failed_creation_is_waited_for() -> None:
    """Its job works on the VM."""
    vm = a_vm("CreationFailed", job=a_job())
    assert plan(a_scope(vm=vm), NOON) == WaitForJob(Stage.CREATE, vm.job)


@pytest.mark.parametrize("vm", [a_vm("UnderCreation"), a_vm("PowerOff", job=a_job())])
def test_nothing_is_done_with_a_vm_that_is_being_created(vm: object) -> None:
    """VMM holds it locked."""
    assert isinstance(plan(a_scope(vm=vm), NOON), WaitForJob)


def test_a_created_vm_gets_its_medium() -> None:
    """It must not run without it."""
    assert plan(created(), NOON) == AttachMedium()


@pytest.mark.parametrize(
    ("form", "generation", "says"),
    [
        (Form("floppy", "vfat"), 2, "VMs of generation 2 have neither floppy nor IDE drives"),
        (Form("ide", "iso9660"), 2, "set it to dvd or scsi"),
    ],
)
def test_a_medium_that_the_vm_cannot_read_is_not_made(form: Form, generation: int, says: str) -> None:
    """The provider can be corrected as long as nothing was made; the message says what to."""
    scope = created(vm=a_vm("PowerOff", medium=False, generation=generation), form=form)
    action = plan(scope, NOON)
    assert isinstance(action, Wait) and action.reason == "MediumDoesNotFit"
    assert says in action.message and action.message.startswith("ScvmmProvider prod/vmm: ")
    assert plan(replace(scope, bootstrap=Bootstrap(False)), NOON) == StartVm()
    assert plan(running(form=form), NOON) == WaitForAddresses()


@pytest.mark.parametrize(
    ("form", "generation"),
    [
        (Form("floppy", "vfat"), 1),
        (Form("ide", "vfat"), 1),
        (Form("ide", "iso9660"), 1),
        *((Form("scsi", system), generation) for system in ("vfat", "iso9660") for generation in (1, 2)),
        *((Form(), generation) for generation in (1, 2)),
    ],
)
def test_every_other_medium_is_made(form: Form, generation: int) -> None:
    """Seven combinations of drive and file system, where the generation has the drive."""
    assert plan(created(vm=a_vm("PowerOff", medium=False, generation=generation), form=form), NOON) == AttachMedium()


@pytest.mark.parametrize("file", ["iso", "vfd", "vhdx"])
def test_a_medium_is_known_whatever_the_provider_says_now(file: str) -> None:
    """A VM that has its medium is started, although another kind of drive is asked for meanwhile."""
    vm = replace(a_vm("PowerOff"), media=(f"capi-{UID}.{file}",))
    assert plan(created(vm=vm, form=Form("scsi", "vfat")), NOON) == StartVm()


def test_a_data_disk_is_no_medium() -> None:
    """Only what is called after the machine is."""
    vm = replace(a_vm("PowerOff"), media=("capi-other.vhdx", "data.vhdx"))
    assert plan(created(vm=vm), NOON) == AttachMedium()


def test_bootstrap_data_that_vanished_is_waited_for_until_the_vm_has_it() -> None:
    """Between creation and medium it is still needed; later it is not."""
    gone = Bootstrap(True, "x", ("BootstrapSecretNotFound", "Gone."))
    assert reason(created(bootstrap=gone)) == "BootstrapSecretNotFound"
    assert plan(created(bootstrap=gone, vm=a_vm("PowerOff")), NOON) == StartVm()
    assert plan(running(bootstrap=gone), NOON) == WaitForAddresses()
    assert plan(created(bootstrap=gone, vm=a_vm("Running", medium=False)), NOON) == WaitForAddresses()


@pytest.mark.parametrize(
    ("vm", "stage"),
    [
        (a_vm("PowerOff", medium=False, job=a_job()), Stage.MEDIUM),
        (a_vm("PowerOff", job=a_job()), Stage.START),
        (a_vm("Starting"), Stage.START),
    ],
)
def test_attaching_and_starting_are_waited_for(vm: object, stage: Stage) -> None:
    """One step at a time."""
    action = plan(created(vm=vm), NOON)
    assert isinstance(action, WaitForJob)
    assert action.stage is stage


def test_a_prepared_vm_is_started() -> None:
    """With its medium, or when it wants none."""
    assert plan(created(vm=a_vm("PowerOff")), NOON) == StartVm()
    assert plan(created(bootstrap=Bootstrap(False)), NOON) == StartVm()


def test_a_running_vm_is_waited_for_until_it_has_an_address() -> None:
    """Running is not yet reachable; and an address of its own making does not count."""
    assert plan(running(), NOON) == WaitForAddresses()
    assert plan(running(vm=a_vm(addresses=("169.254.3.4", "fe80::1%eth0", "nonsense"))), NOON) == WaitForAddresses()
    assert plan(running(vm=a_vm(addresses=("10.0.0.5",))), NOON) == Settled()


def test_a_provisioned_machine_stays_settled_while_its_guest_says_nothing() -> None:
    """A guest that reboots loses its addresses for a moment."""
    scope = running(medium_gone=True)
    assert plan(replace(scope, recorded=replace(scope.recorded, provisioned=True)), NOON) == Settled()


@pytest.mark.parametrize("status", ["PowerOff", "Saved", "Stopping", "Paused", "HostNotResponding"])
def test_a_vm_that_ran_once_is_never_started_again(status: str) -> None:
    """Whoever stopped it had a reason."""
    assert plan(running(vm=a_vm(status)), NOON) == PoweredOff(status)
    off = recorded("VMCreated+Created", "VMRunning=VMPoweredOff", id=VM_ID)
    assert plan(running(recorded=off, vm=a_vm(status)), NOON) == PoweredOff(status)


def test_a_failed_stage_is_held_back_until_its_time() -> None:
    """And not a moment longer."""
    waiting = a_scope(attempt=an_attempt(Stage.CREATE, retry_in=10))
    assert plan(waiting, NOON) == Backoff(Stage.CREATE, NO_ROOM, NOON + seconds(10))
    assert plan(waiting, NOON + seconds(10)) == CreateVm()


def test_a_failure_holds_back_only_its_own_stage() -> None:
    """What comes next in another way is not delayed by it."""
    assert plan(created(attempt=an_attempt(Stage.CREATE)), NOON) == AttachMedium()
    assert plan(a_scope(owner=None, attempt=an_attempt(Stage.CREATE)), NOON) == plan(a_scope(owner=None), NOON)


def test_a_changed_spec_or_provider_ends_the_wait() -> None:
    """What the attempt failed of may be mended by it."""
    assert plan(a_scope(attempt=an_attempt(Stage.CREATE), basis="changed"), NOON) == CreateVm()


def test_messages_call_a_machine_by_kind_and_name() -> None:
    """Who reads a log knows what to ask kubectl for."""
    assert a_scope().name == "ScvmmMachine node"


def test_a_list_of_phases_has_an_end() -> None:
    """A list whose last phase is silent is a defect, not a wait."""
    with pytest.raises(AssertionError):
        first((), a_scope(), NOON)
