# SPDX-License-Identifier: Apache-2.0
"""What is played for an action, and with which variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, assert_never

from capi_scvmm import request
from capi_scvmm.gather import Look
from capi_scvmm.plan import (
    AttachMedium,
    ClearLibrary,
    CompleteVm,
    CreateVm,
    EjectMedium,
    MarkVm,
    RemoveMedium,
    RemoveVm,
    RepairVm,
    RetryCreation,
    StartVm,
    StopVm,
    SwitchOff,
)
from capi_scvmm.plan.actions import Run
from capi_scvmm.plan.errands import in_library
from capi_scvmm.plan.life import has_medium, held_medium, medium_file
from capi_scvmm.runs.port import Host, Playbook


def play(look: Look, action: Run) -> tuple[Playbook, Host]:
    """Choose what is played for an action, and with which variables."""
    match action:
        case MarkVm() | RepairVm():
            playbook = Playbook.ADOPT if isinstance(action, MarkVm) else Playbook.REPAIR
            return playbook, host_of(look, {"scvmm_vm": _reference(look)})
        case CreateVm():
            return Playbook.CREATE, _create(look)
        case CompleteVm():
            return Playbook.CREATE, _complete(look)
        case AttachMedium():
            return Playbook.ATTACH_WITH_VIP if look.duty is not None else Playbook.ATTACH, _bootstrap(look)
        case StartVm():
            return Playbook.START, _start(look)
        case SwitchOff(method=method):
            off = {"scvmm_power": "off", "scvmm_stop_method": method}
            return Playbook.SWITCH_OFF, host_of(look, {"scvmm_vm": _reference(look), **off})
        case StopVm(method=method):
            return Playbook.STOP, _delete(look, method)
        case EjectMedium():
            return Playbook.EJECT, _eject(look)
        case ClearLibrary():
            return Playbook.CLEAR, host_of(look, {"scvmm_vm": _reference(look), "scvmm_medium": _in_library(look)})
        case RemoveVm() | RemoveMedium():
            return Playbook.REMOVE, _delete(look, "none")
        case RetryCreation():
            return Playbook.REMOVE, _remains(look)
        case _:
            assert_never(action)


def host_of(look: Look, variables: Mapping[str, Any]) -> Host:
    """Make the host of a machine in a run."""
    return Host(f"machine-{look.scope.machine.metadata.uid}", variables)


def _create(look: Look) -> Host:
    return host_of(look, {"scvmm_vm": look.options})


def _complete(look: Look) -> Host:
    return host_of(look, {"scvmm_vm": {**look.options, "update": "when_off"}})


def _bootstrap(look: Look) -> Host:
    vm, data, machine = look.scope.vm, look.data, look.scope.machine
    assert vm is not None and data is not None, "the plan attaches nothing to what is not there"
    medium = {"file": medium_file(look.scope), "library_path": library_path(look)}
    medium |= {"device": look.scope.form.device, "file_system": look.scope.form.file_system}
    told = request.cloud_init(machine, look.hostname, vm, look.devices, data.format)
    variables = {
        "scvmm_vm": _reference(look),
        "scvmm_medium": {key: value for key, value in medium.items() if value} | _upload(look),
        **told,
        "cloud_init_metadata": {**told["cloud_init_metadata"], **_hooked(look)},
        **(look.duty.variables if look.duty is not None else {}),
    }
    parts = request.guest_parts(machine, look.hostname, vm, data, look.credentials)
    secrets = {"keepalived_vip_password": look.vrrp_password} if look.vrrp_password is not None else {}
    return replace(host_of(look, variables), user_data=data.value, parts=parts, secrets=secrets)


def _start(look: Look) -> Host:
    medium = _in_library(look) if has_medium(look.scope) else False
    return host_of(look, {"scvmm_vm": _reference(look), "scvmm_medium": medium})


def _eject(look: Look) -> Host:
    return host_of(look, {"scvmm_vm": _reference(look), "scvmm_medium": {"file": held_medium(look.scope)}})


def _in_library(look: Look) -> Mapping[str, Any] | bool:
    """Name the medium that the library may still hold, False without one."""
    if not in_library(look.scope):
        return False
    told = look.scope.recorded.body.get("medium")
    there = {
        "file": look.scope.recorded.medium,
        "library_path": told.get("libraryPath") if told else library_path(look),
    }
    return {key: value for key, value in there.items() if value}


def _delete(look: Look, method: str) -> Host:
    variables = {"scvmm_vm": _reference(look), "scvmm_stop_method": method, "scvmm_medium": _in_library(look)}
    variables |= _kept(look)
    return host_of(look, variables)


def _remains(look: Look) -> Host:
    variables = {"scvmm_vm": _reference(look), "scvmm_stop_method": "none", "scvmm_medium": False}
    return host_of(look, variables | _kept(look))


def _kept(look: Look) -> dict[str, Any]:
    """Name the disks that stay when the VM goes; whether it has them already, VMM knows better than we."""
    files = look.scope.disks.kept_files if look.scope.disks is not None else ()
    return {"scvmm_keep_disks": list(files), "scvmm_keep_if_there": True} if files else {}


def _reference(look: Look) -> dict[str, Any]:
    known = look.scope.vm.id if look.scope.vm is not None else look.scope.known_id
    return request.vm_reference(look.scope.machine, known)


def library_path(look: Look) -> str | None:
    """Name the folder of media in the library; None: the usual one."""
    provider = look.server.provider if look.server is not None else None
    return provider.spec.cloud_init.library_share if provider is not None else None


def _hooked(look: Look) -> Mapping[str, str]:
    """Give the keys of the meta-data that the machine's hook determined."""
    hook = look.scope.hook
    return hook.fields.metadata if hook is not None and hook.fields is not None else {}


def _upload(look: Look) -> dict[str, Any]:
    """Say how the medium gets to the library; who logs in there is the user of the connection."""
    provider = look.server.provider if look.server is not None else None
    if provider is None or provider.spec.cloud_init.upload == "session":
        return {}
    return {"upload": "smb", "smb": provider.spec.cloud_init.smb.model_dump()}
