# SPDX-License-Identifier: Apache-2.0
"""The way of a machine from manifest to running node: its phases in their order."""

from __future__ import annotations

from datetime import datetime

from capi_scvmm.errors import VmmError
from capi_scvmm.medium import names_of
from capi_scvmm.plan.actions import (
    AddFinalizer,
    AskHook,
    AttachMedium,
    ClaimAddresses,
    CompleteVm,
    CreateVm,
    NoteDisks,
    PoweredOff,
    RepairVm,
    RetryCreation,
    Settled,
    Stage,
    StartVm,
    Step,
    TakeDisks,
    TakeName,
    Vanished,
    Wait,
    WaitForAddresses,
    WaitForJob,
)
from capi_scvmm.plan.adoption import adopt
from capi_scvmm.plan.power_cycle import power_cycle
from capi_scvmm.plan.scope import Health, Scope
from capi_scvmm.vm import CREATION_FAILED, IN_MOTION, MISSING, RUNNING, RUNS_MEANWHILE, Vm


def guard(scope: Scope, now: datetime) -> Step | None:
    """Before anything else our finalizer is there, and the machine carries the mark that its VM gets."""
    # A machine that has a provider id and lost the note is known by its VM (gather.py).
    marked = scope.machine.noted_mark is not None or scope.recorded.provider_id is not None
    return None if scope.has_finalizer and marked else AddFinalizer()


def wait_for_owner(scope: Scope, now: datetime) -> Step | None:
    """A machine belongs to a Machine of Cluster API, unless it stands alone."""
    if scope.standalone or scope.recorded.ran_once or scope.owner is not None:
        return None
    return Wait(
        "WaitingForMachine",
        "Waiting for Cluster API to make a Machine its owner; for a machine without cluster set spec.bootstrap.",
    )


def wait_for_cluster(scope: Scope, now: datetime) -> Step | None:
    """The Cluster and its infrastructure come before machines."""
    if scope.standalone or scope.recorded.ran_once:
        return None
    if scope.cluster is None:
        return Wait("WaitingForCluster", "Waiting for the Cluster that label cluster.x-k8s.io/cluster-name names.")
    if scope.infrastructure is None:
        return Wait("WaitingForScvmmCluster", f"Waiting for the ScvmmCluster of Cluster {scope.cluster}.")
    if not scope.infrastructure.provisioned:
        return Wait(
            "WaitingForClusterInfrastructure",
            f"Waiting for ScvmmCluster {scope.infrastructure.name} to be provisioned; its conditions say why.",
        )
    return None


def wait_for_provider(scope: Scope, now: datetime) -> Step | None:
    """Without a provider, its credentials and an answering VMM server nothing is known and nothing can be done."""
    if scope.provider.problem is not None:
        return Wait(*scope.provider.problem)
    return wait_for_vmm(scope, now)


def wait_for_vmm(scope: Scope, now: datetime) -> Step | None:
    """The VMM server answers, and has told about this machine since our last action."""
    server = f"the VMM server of ScvmmProvider {scope.provider.key}"
    if scope.provider.health is Health.UNREACHABLE:
        return Wait(scope.provider.trouble, f"ScvmmProvider {scope.provider.key}: {scope.provider.message}")
    if scope.provider.health is Health.UNKNOWN:
        return Wait("ConnectingToVMM", f"Connecting to {server}.", True)
    if scope.provider.health is Health.DOUBTED:
        return Wait("LookingAtVMM", f"Asking whether {server} still answers.", True)
    return None if scope.observed else Wait("LookingAtVMM", f"Asking {server} for the VM.", True)


def report_vanished(scope: Scope, now: datetime) -> Step | None:
    """A VM that was there and is not is never created again, unless we removed it to retry."""
    if scope.vm is not None or not scope.vm_known or scope.recorded.retrying:
        return None
    if scope.job is not None and scope.job.failed and not built(scope):
        return RetryCreation(scope.job.error or VmmError(f"VMM's job {scope.job.name} {scope.job.status.lower()}"))
    return Vanished()


def retry_creation(scope: Scope, now: datetime) -> Step | None:
    """A VM whose creation failed is removed, and then created anew."""
    vm = scope.vm
    if vm is None or scope.recorded.ran_once or vm.busy:
        return None
    if never_built(scope) or scope.recorded.retrying:
        return RetryCreation(creation_error(vm))
    return None


def wait_for_creation(scope: Scope, now: datetime) -> Step | None:
    """Nothing can be done with a VM while VMM builds it (or removes what it failed to build)."""
    vm = scope.vm
    if vm is None or not being_created(scope):
        return None
    return WaitForJob(Stage.CREATE, vm.job)


def wait_for_spec(scope: Scope, now: datetime) -> Step | None:
    """The spec must make sense as far as later stages read it."""
    if scope.invalid is None or scope.recorded.ran_once:
        return None
    return Wait(*scope.invalid)


def wait_for_bootstrap(scope: Scope, now: datetime) -> Step | None:
    """The bootstrap data is needed until the VM has it."""
    if scope.recorded.ran_once or not scope.bootstrap.wanted or has_medium(scope) or runs(scope):
        return None
    if scope.bootstrap.problem is not None:
        return Wait(*scope.bootstrap.problem)
    return None


def claim(scope: Scope, now: datetime) -> Step | None:
    """Addresses are asked for before the VM, and come while VMM builds it; a later VM has no use for them."""
    if scope.claims_trouble is not None:
        return Wait(*scope.claims_trouble, untold=True)
    return ClaimAddresses() if any(not claim.exists for claim in scope.claims) else None


def take_name(scope: Scope, now: datetime) -> Step | None:
    """The name is taken when all else is there; with a VM it is the VM's, and all that is left is to note it."""
    naming = scope.naming
    if naming is None or naming.settled:
        return None
    if scope.vm is not None:
        # A pool that is gone, or has given the name to another, says so itself: the VM is called as it is.
        return TakeName() if naming.wished is not None and naming.wished == scope.vm.name else None
    if not naming.found:
        return Wait(
            "WaitingForNamePool",
            f"Waiting for ScvmmNamePool {naming.pool}, which spec.vmNameFromPool names: create it in this namespace.",
        )
    return TakeName() if naming.wished is not None else Wait("NamePoolEmpty", naming.lack)


def take_disks(scope: Scope, now: datetime) -> Step | None:
    """Persistent disks are there before the VM, which has to be where they are; until it ran they can be had."""
    disks = scope.disks
    if disks is None or scope.recorded.ran_once or (disks.settled and disks.trouble is None):
        return None
    return TakeDisks() if disks.trouble is None else Wait(*disks.trouble, untold=True)


def note_disks(scope: Scope, now: datetime) -> Step | None:
    """What VMM shows of a persistent disk is noted while it shows it: with the VM that knowledge would be gone."""
    return NoteDisks() if scope.disks is not None and scope.disks.moved else None


def wait_for_drive(scope: Scope, now: datetime) -> Step | None:
    """The drive must take the medium, and the VM have such a drive; its generation shows once it is there."""
    if scope.recorded.ran_once or not scope.bootstrap.wanted or has_medium(scope) or runs(scope):
        return None
    misfit = scope.form.misfit(scope.vm.generation if scope.vm is not None else None)
    return Wait("MediumDoesNotFit", f"ScvmmProvider {scope.provider.key}: {misfit}") if misfit is not None else None


def create(scope: Scope, now: datetime) -> Step | None:
    """There is no VM: let VMM build one."""
    return CreateVm() if scope.vm is None else None


def repair(scope: Scope, now: datetime) -> Step | None:
    """A job that failed on a VM which ran hides whether it still runs, and VMM does nothing else with it."""
    vm = scope.vm
    if vm is None or vm.busy or not vm.failed or not scope.recorded.ran_once:
        return None
    return RepairVm(job_error(vm, f"VMM says {vm.status} of VM {vm.name} and gives no reason; see its jobs"))


def keep_off(scope: Scope, now: datetime) -> Step | None:
    """Power is ours once; later the VM stays as somebody left it."""
    if not scope.recorded.ran_once or runs(scope) or scope.vm is None:
        return None
    return PoweredOff(scope.vm.status)


def wait_for_work(scope: Scope, now: datetime) -> Step | None:
    """A job of the start of the VM's life is under way: attach, or start."""
    vm = scope.vm
    if vm is None or runs(scope) or not (vm.busy or vm.status in IN_MOTION):
        return None
    if scope.unfinished and not scope.completed:
        return WaitForJob(Stage.COMPLETE, vm.job)
    return WaitForJob(Stage.START if has_medium(scope) or not scope.bootstrap.wanted else Stage.MEDIUM, vm.job)


def complete(scope: Scope, now: datetime) -> Step | None:
    """What the creation could not do is done before the first start: afterwards the VM is not ours to change."""
    if not scope.unfinished or runs(scope):
        return None
    if not scope.completed:
        return CompleteVm()
    fields = ", ".join(scope.unfinished)
    return Wait(
        "VMIncomplete",
        f"VM {scope.vm.name if scope.vm else scope.machine.vm_name} was created without what {fields} ask for, and VMM "
        "does not change it: change the VM in VMM, or replace the machine by a new one.",
    )


def wait_for_pools(scope: Scope, now: datetime) -> Step | None:
    """What IPAM pools give is all there."""
    troubles = [claim.problem for claim in scope.claims if claim.problem is not None]
    return Wait(*troubles[0], untold=True) if troubles else None


def ask_hook(scope: Scope, now: datetime) -> Step | None:
    """The hook knows all that was determined before, and determines the rest."""
    hook = scope.hook
    if hook is None or hook.fields is not None:
        return None
    return Wait(*hook.trouble, untold=True) if hook.trouble is not None else AskHook()


def check_network(scope: Scope, now: datetime) -> Step | None:
    """A guest whose network cannot work would never be reached again."""
    return Wait(*scope.network_trouble, untold=True) if scope.network_trouble is not None else None


def attach(scope: Scope, now: datetime) -> Step | None:
    """The VM must not run without its medium."""
    if runs(scope) or not scope.bootstrap.wanted or has_medium(scope):
        return None
    return AttachMedium()


def start(scope: Scope, now: datetime) -> Step | None:
    """Everything is prepared: let it boot."""
    return None if runs(scope) else StartVm()


def wait_for_addresses(scope: Scope, now: datetime) -> Step | None:
    """VMM says Running before the guest has an address: wait for the address, not for power."""
    if (scope.vm is not None and scope.vm.addresses) or scope.recorded.provisioned:
        return None
    return WaitForAddresses()


def settle(scope: Scope, now: datetime) -> Step | None:
    """Nothing is left to do."""
    return Settled()


def has_medium(scope: Scope) -> bool:
    """Whether a drive of the VM holds the medium of this machine."""
    return held_medium(scope) is not None


def held_medium(scope: Scope) -> str | None:
    """Give the file of this machine's medium that a drive of the VM holds."""
    media = scope.vm.media if scope.vm is not None else ()
    own = names_of(scope.machine.mark)
    return next((file for file in media if file in own), None)


def medium_file(scope: Scope) -> str:
    """Name the medium by the uid of the VM's mark, so that no two machines ever share one."""
    return scope.recorded.medium or f"capi-{scope.machine.mark}{scope.form.extension}"


def medium_left(scope: Scope) -> str | None:
    """Name the medium that the library may hold: as status says, or, where a move has cost that, as it may well be."""
    if scope.recorded.medium is not None or not scope.machine.moved:
        return scope.recorded.medium
    return held_medium(scope) or (None if scope.recorded.ran_once else medium_file(scope))


def being_created(scope: Scope) -> bool:
    """Whether VMM still builds the VM: until it was seen finished, any job on it counts."""
    vm = scope.vm
    return vm is not None and (vm.under_creation or (vm.busy and not built(scope)))


def built(scope: Scope) -> bool:
    """Whether the VM was seen finished: status says so, or, where that is lost, what comes later does."""
    return scope.recorded.is_true("VMCreated") or scope.recorded.ran_once


def creation_complete(scope: Scope) -> bool:
    """Whether there is a VM that VMM has built to the end."""
    whole = scope.vm is not None and not never_built(scope)
    return whole and not being_created(scope) and not scope.recorded.retrying


def never_built(scope: Scope) -> bool:
    """Whether VMM holds only what a failed creation left; it is Missing when somebody dismissed the failure there."""
    status = scope.vm.status if scope.vm is not None else ""
    return status == CREATION_FAILED or (status == MISSING and not built(scope))


def runs(scope: Scope) -> bool:
    """Whether the VM runs."""
    vm = scope.vm
    if vm is None:
        return False
    # A VM that is migrated, changed or checkpointed while it runs goes on running.
    return vm.status == RUNNING or (vm.status in RUNS_MEANWHILE and scope.recorded.is_true("VMRunning"))


def creation_error(vm: Vm) -> VmmError:
    """Tell in VMM's words why the creation failed."""
    return job_error(vm, f"VMM says that the creation of VM {vm.name} failed and gives no reason; see its jobs")


def job_error(vm: Vm, otherwise: str) -> VmmError:
    """Tell in VMM's words why the last job on a VM failed."""
    return vm.job.error if vm.job is not None and vm.job.error is not None else VmmError(otherwise)


LIFE = (
    guard,
    wait_for_owner,
    wait_for_cluster,
    wait_for_provider,
    adopt,
    report_vanished,
    wait_for_creation,
    retry_creation,
    wait_for_spec,
    wait_for_bootstrap,
    wait_for_drive,
    claim,
    take_name,
    take_disks,
    create,
    note_disks,
    repair,
    power_cycle,
    keep_off,
    wait_for_work,
    complete,
    wait_for_pools,
    ask_hook,
    check_network,
    attach,
    start,
    wait_for_addresses,
    settle,
)
