# SPDX-License-Identifier: Apache-2.0
"""`status(scope, action, now)`: the one patch that follows from a look at a machine and what was chosen for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from capi_scvmm.conditions import Condition, merge
from capi_scvmm.plan import (
    Action,
    AddFinalizer,
    AskHook,
    AttachMedium,
    Backoff,
    ClaimAddresses,
    CompleteVm,
    CreateVm,
    EjectMedium,
    Ignore,
    InFlight,
    MarkVm,
    NoteDisks,
    Paused,
    PoweredOff,
    ReleaseFinalizer,
    RemoveMedium,
    RemoveVm,
    RepairVm,
    RetryCreation,
    Scope,
    Settled,
    Stage,
    StartVm,
    StopVm,
    SwitchOff,
    TakeDisks,
    TakeName,
    Vanished,
    Wait,
    WaitForAddresses,
    WaitForJob,
    WaitForShutdown,
)
from capi_scvmm.plan.adoption import ours
from capi_scvmm.plan.errands import ejecting, failure_of, in_library
from capi_scvmm.plan.life import creation_complete, has_medium, medium_file, runs
from capi_scvmm.plan.power_cycle import cycle_of
from capi_scvmm.status import sentences as say
from capi_scvmm.status.node import NODE, node_condition
from capi_scvmm.status.patch import changed
from capi_scvmm.status.provider import fields_condition
from capi_scvmm.status.summary import summarize

CREATED, MEDIUM, RUNNING, ADDRESSES = "VMCreated", "BootstrapMediumAttached", "VMRunning", "AddressesReported"
DEPENDENCIES = "DependenciesReady"


_POWER_FAILED = {
    Stage.COMPLETE: "CompletionFailed",
    Stage.START: "StartFailed",
    Stage.REPAIR: "RepairFailed",
    Stage.STOP: "PowerCycleFailed",
    Stage.TURN_OFF: "PowerCycleFailed",
}


@dataclass(frozen=True)
class StatusPatch:
    """What has to be written: *status* into the status subresource, *provider_id* into the spec; both None: nothing."""

    status: Mapping[str, Any] | None = None
    provider_id: str | None = None

    @property
    def empty(self) -> bool:
        """Whether everything is said already."""
        return self.status is None and self.provider_id is None


def status(scope: Scope, action: Action, now: datetime, library_path: str | None = None) -> StatusPatch:
    """Derive all of status; what the API server has already is left out of the patch.

    *library_path* is the folder of the medium, known to whoever builds the request.
    """
    if not ours(scope):
        # What status tells of a VM is the memory that it is the machine's.
        scope = replace(scope, vm=None)
    match action:
        case Ignore() | InFlight() | AddFinalizer() | ClaimAddresses() | TakeName() | TakeDisks() | NoteDisks():
            # The look that follows at once has more to say.
            return StatusPatch()
        case Paused(by=by):
            paused = Condition("Paused", "True", "Paused", f"Nothing is done while {by} says so.")
            return _patch(scope, {**scope.recorded.conditions, "Paused": paused}, {}, now)
        case Wait(transient=True) if DEPENDENCIES in scope.recorded.conditions:
            return StatusPatch()
        case _:
            conditions = _conditions(scope, action)
            facts = {**_facts(scope, action, library_path), **_power_cycle(scope, now)}
            return _patch(scope, conditions, facts, now, _provider_id(scope))


def _conditions(scope: Scope, action: Action) -> dict[str, Condition]:
    found = {
        "Paused": Condition("Paused", "False", "NotPaused"),
        DEPENDENCIES: _dependencies(scope, action),
        CREATED: _created(scope, action),
        MEDIUM: _medium(scope, action),
        RUNNING: _running(scope, action),
        ADDRESSES: _addresses(scope, action),
        "AllFieldsHonored": _fields(scope),
    }
    node = node_condition(scope)
    if node is not None:
        found[NODE] = node
    if scope.deleting:
        found["Deleting"] = _deleting(scope, action)
    found["Ready"] = summarize(found)
    return found


def _dependencies(scope: Scope, action: Action) -> Condition:
    match action:
        case Wait(reason=reason, message=message):
            return Condition(DEPENDENCIES, "False", reason, message)
        case Backoff(stage=Stage.CLAIM):
            return Condition(DEPENDENCIES, "False", "IPAddressClaimsRefused", say.failed(scope, action))
        case _:
            return Condition(DEPENDENCIES, "True", "Ready")


def _created(scope: Scope, action: Action) -> Condition:
    """Creation; what it says is also the memory that tells a lost VM from one that never was."""
    vm, known = scope.vm, scope.recorded
    match action:
        case Vanished():
            return Condition(CREATED, "False", "VMDeleted", say.vanished(scope))
        case RetryCreation(error=error):
            return Condition(CREATED, "False", "RetryingCreation", say.retrying(scope, error))
        case CreateVm():
            return Condition(CREATED, "False", "Creating", say.creating(scope))
        case MarkVm():
            return Condition(CREATED, "False", "Adopting", say.adopting(scope))
        case Backoff(stage=Stage.ADOPT):
            return Condition(CREATED, "False", "AdoptionFailed", say.failed(scope, action))
        case WaitForJob(stage=Stage.ADOPT, job=job):
            return Condition(CREATED, "False", "Adopting", say.job(scope, "is being adopted", job))
        case Backoff(stage=Stage.CREATE):
            reason = "CreationFailed" if vm is not None else "CreationRefused"
            return _keep_retrying(scope, Condition(CREATED, "False", reason, say.failed(scope, action)))
        case WaitForJob(stage=Stage.CREATE, job=job):
            return _keep_retrying(
                scope, Condition(CREATED, "False", "Creating", say.job(scope, "is being created", job))
            )
    if creation_complete(scope):
        return Condition(CREATED, "True", "Created")
    return known.conditions.get(CREATED) or Condition(CREATED, "False", "NotCreated", "There is no VM yet.")


def _keep_retrying(scope: Scope, condition: Condition) -> Condition:
    # The mark that the VM goes away on purpose must outlive everything until it is gone.
    return scope.recorded.conditions[CREATED] if scope.recorded.retrying else condition


def _medium(scope: Scope, action: Action) -> Condition:
    known = scope.recorded.conditions.get(MEDIUM)
    match action:
        case AskHook():
            source = scope.hook.source if scope.hook is not None else ""
            return Condition(MEDIUM, "False", "AskingHook", f"The hook {source} says what goes on it.")
        case Backoff(stage=Stage.HOOK):
            return Condition(MEDIUM, "False", "HookFailed", say.failed(scope, action))
        case AttachMedium():
            return Condition(MEDIUM, "False", "Attaching", "The medium is built, uploaded and attached.")
        case Backoff(stage=Stage.MEDIUM):
            return Condition(MEDIUM, "False", "AttachFailed", say.failed(scope, action))
        case WaitForJob(stage=Stage.MEDIUM, job=job):
            return Condition(MEDIUM, "False", "Attaching", say.job(scope, "gets its medium", job))
    if not scope.bootstrap.wanted and not scope.deleting:
        return Condition(MEDIUM, "True", "NotWanted", "The machine boots without bootstrap data.")
    if scope.deleting or scope.vm is None:
        return known or Condition(MEDIUM, "False", "NotAttached", "The VM has no medium.")
    trouble = _medium_stays(scope)
    if trouble is not None:
        return trouble
    if isinstance(action, EjectMedium) or ejecting(scope):
        return Condition(MEDIUM, "True", "Ejecting", "The medium is taken out: the guest has read it.")
    if has_medium(scope):
        return Condition(MEDIUM, "True", "Attached")
    if runs(scope) or scope.recorded.ran_once:
        return Condition(MEDIUM, "True", "Ejected", "The medium was taken out; the VM needed it for its first boot.")
    return Condition(MEDIUM, "False", "NotAttached", "The VM has no medium yet.")


def _medium_stays(scope: Scope) -> Condition | None:
    """A medium that cannot be got rid of: the machine works all the same, but somebody should know."""
    stays = {Stage.EJECT: has_medium(scope), Stage.CLEAR_LIBRARY: in_library(scope)}
    for stage, there in stays.items():
        failed = failure_of(scope, stage)
        if there and failed is not None:
            return Condition(MEDIUM, "True", say.ERRAND_REASON[stage], say.errand_failed(scope, failed))
    return None


def _running(scope: Scope, action: Action) -> Condition:
    switched = _switched(scope, action)
    if switched is not None:
        return switched
    if runs(scope):
        return Condition(RUNNING, "True", "Running")
    if scope.deleting:
        return Condition(RUNNING, "False", "Deleting", "The machine is being deleted.")
    known = scope.recorded.conditions.get(RUNNING)
    if known is not None and (scope.vm is None or scope.recorded.ran_once):
        return known  # It is the memory of the one start: nothing but a look at the VM may change it.
    return Condition(RUNNING, "False", "NotStarted", "The VM was not started yet.")


def _switched(scope: Scope, action: Action) -> Condition | None:
    """What an action says of power by itself, whatever the VM shows."""
    if isinstance(action, Backoff):
        reason = _POWER_FAILED.get(action.stage) if not scope.deleting else None
        return Condition(RUNNING, "False", reason, say.failed(scope, action)) if reason else None
    match action:
        case CompleteVm():
            fields = ", ".join(scope.unfinished)
            return Condition(RUNNING, "False", "Completing", f"The VM is given what its creation could not: {fields}.")
        case WaitForJob(stage=Stage.COMPLETE, job=job):
            return Condition(RUNNING, "False", "Completing", say.job(scope, "is being completed", job))
        case StartVm():
            return Condition(RUNNING, "False", "Starting", "The VM is being started.")
        case SwitchOff() | WaitForShutdown() | WaitForJob(stage=Stage.TURN_OFF) if not scope.deleting:
            words = "A ScvmmRemediation asks for a power cycle: the VM is shut down, then started again."
            return Condition(RUNNING, "False", "PowerCycling", words)
        case WaitForJob(stage=Stage.START, job=job):
            return Condition(RUNNING, "False", "Starting", say.job(scope, "is being started", job))
        case RepairVm(error=error):
            return Condition(RUNNING, "False", "Repairing", say.repairing(scope, error))
        case PoweredOff() if ejecting(scope):
            return scope.recorded.conditions.get(RUNNING)  # It is off for another reason than our job.
        case PoweredOff(status=text):
            return Condition(RUNNING, "False", say.off_reason(text), say.powered_off(scope, text))
        case Vanished():
            return Condition(RUNNING, "False", "VMDeleted", "There is no VM any more.")
        case _:
            return None


def _addresses(scope: Scope, action: Action) -> Condition:
    if scope.vm is not None and scope.vm.addresses:
        return Condition(ADDRESSES, "True", "Reported")
    known = scope.recorded.conditions.get(ADDRESSES)
    if known is not None and known.status == "True":
        # A guest that reboots or is off tells nothing for a while; what it told is not wrong by that.
        return known
    if isinstance(action, WaitForAddresses):
        return Condition(ADDRESSES, "False", "WaitingForGuest", say.no_address(scope))
    return Condition(ADDRESSES, "False", "NotReported", "The VM has not told its addresses yet.")


def _fields(scope: Scope) -> Condition:
    return fields_condition(scope.later)


def _deleting(scope: Scope, action: Action) -> Condition:
    known = scope.recorded.conditions.get("Deleting")

    def now_is(reason: str, message: str) -> Condition:
        return Condition("Deleting", "True", reason, message)

    match action:
        case StopVm(method="shutdown") | WaitForShutdown():
            return now_is("ShuttingDown", say.shutting_down(scope))
        case StopVm():
            return now_is("TurningOff", "The VM is turned off: its guest did not shut down in time, or nobody listens.")
        case RemoveVm(cancelling=True):
            return now_is("CancellingCreation", "The VM is still being created: its creation is cancelled.")
        case RemoveVm():
            return now_is("Removing", "The VM and its files are removed.")
        case WaitForJob(stage=Stage.TURN_OFF, job=job):
            return now_is("TurningOff", say.job(scope, "is being turned off", job))
        case WaitForJob(job=job):
            cancels = known is not None and known.reason == "CancellingCreation"
            return known if cancels and known else now_is("Removing", say.job(scope, "is being removed", job))
        case RemoveMedium():
            return now_is("RemovingMedium", "The medium is removed from the library.")
        case ReleaseFinalizer(message=message):
            return now_is("Removed", message)
        case Backoff(stage=stage):
            return now_is(say.stage_reason(stage), say.failed(scope, action))
        case Wait(reason=reason, message=message):
            # How long the guest has been asked counts on although nobody can be asked for the moment.
            counting = known is not None and known.reason == "ShuttingDown"
            return now_is("ShuttingDown" if counting else reason, message)
        case _:
            return now_is("Deleting", "The deletion begins.")


def _facts(scope: Scope, action: Action, library_path: str | None) -> dict[str, Any]:
    """Everything in status besides conditions; None removes a field."""
    vm = scope.vm
    facts: dict[str, Any] = {}
    if vm is not None:
        facts |= {
            "id": vm.id,
            "vmId": vm.vm_id,
            "vmStatus": vm.status,
            "biosGuid": vm.bios_guid,
            "creationTime": vm.created,
            "modifiedTime": vm.modified,
            "job": _job(scope),
            **_guest(scope),
        }
    if scope.medium_gone:
        facts["medium"] = None
    match action:
        case AttachMedium():
            made = {"device": scope.form.device, "fileSystem": scope.form.file_system}
            facts["medium"] = {"file": medium_file(scope), "libraryPath": library_path, **made}
        case CreateVm():
            # What a failed and removed VM left must not be taken for a VM that vanished.
            facts |= {"id": None, "vmId": None, "vmStatus": None, "biosGuid": None, "job": None}
        case Vanished():
            facts["vmStatus"] = "Missing"
        case ReleaseFinalizer():
            facts["medium"] = None
        case _:
            pass
    if scope.hook is not None and scope.hook.fields is not None:
        facts["boot"] = scope.hook.fields.to_dict()
    if isinstance(action, AttachMedium | StartVm) and scope.networks:
        facts["networkDevices"] = [dict(device) for device in scope.networks]
    if scope.placed_in is not None:
        facts["failureDomain"] = scope.placed_in
    if scope.provider.reference is not None:
        facts["providerRef"] = dict(scope.provider.reference)
    # A machine that was moved while its VM is off was provisioned before.
    if isinstance(action, Settled) or (isinstance(action, PoweredOff) and scope.machine.moved):
        facts["initialization"] = {"provisioned": True}
    return facts


def _power_cycle(scope: Scope, now: datetime) -> dict[str, Any]:
    """Note how far the power cycle is that a remediation asks for, before it goes further."""
    cycle = cycle_of(scope, now)
    if cycle is None and scope.recorded.power_cycle is None:
        return {}
    return {"powerCycle": cycle.dump() if cycle is not None else None}


def _guest(scope: Scope) -> dict[str, Any]:
    vm = scope.vm
    if vm is None or not vm.addresses:
        return {}
    name = vm.computer_name
    names = [{"type": "Hostname", "address": name}, {"type": "InternalDNS", "address": name}] if name else []
    told: dict[str, Any] = {"addresses": names + [{"type": "InternalIP", "address": a} for a in vm.addresses]}
    return told | ({"hostname": name} if name else {})


def _job(scope: Scope) -> dict[str, Any] | None:
    job = scope.vm.job if scope.vm is not None else None
    if job is None:
        return None
    # Progress is not written: it would be a patch for every few percent.
    return {"id": job.id, "name": job.name, "status": job.status}


def _provider_id(scope: Scope) -> str | None:
    vm = scope.vm
    if vm is None or scope.deleting or not vm.vm_id or scope.recorded.provider_id:
        return None
    # Not before it was seen running: whoever moves the machine takes this along, and by it the VM is not started again.
    ran = runs(scope) or scope.recorded.ran_once
    return vm.provider_id if creation_complete(scope) and ran else None


def _patch(
    scope: Scope,
    conditions: Mapping[str, Condition],
    facts: Mapping[str, Any],
    now: datetime,
    provider_id: str | None = None,
) -> StatusPatch:
    dated = merge(scope.recorded.conditions, conditions.values(), scope.machine.metadata.generation, now)
    wanted: dict[str, Any] = {"conditions": [c.dump() for c in sorted(dated, key=lambda c: c.type)], **facts}
    return StatusPatch(changed(scope.recorded.body, wanted) or None, provider_id)
