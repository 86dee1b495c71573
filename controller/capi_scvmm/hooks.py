# SPDX-License-Identifier: Apache-2.0
"""Hooks: whose tasks determine boot-time fields of a machine, and what they determined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lightkube import ApiError

from capi_scvmm.kinds import ScvmmMachine, ScvmmProvider
from capi_scvmm.kinds.boot import BootFields, ConfigMapKey
from capi_scvmm.kinds.scvmm_provider import ADD_VM_SPEC
from capi_scvmm.kube import CONFIG_MAP, Kube
from capi_scvmm.networks import Device, status_devices
from capi_scvmm.plan.scope import HookState
from capi_scvmm.request import Placement
from capi_scvmm.vm import Vm


def named_hook(machine: ScvmmMachine, provider: ScvmmProvider | None) -> tuple[str, ConfigMapKey] | None:
    """The namespace and the ConfigMap of the hook: the machine's own, else the provider's; None without one."""
    if machine.spec.hook is not None:
        return machine.metadata.namespace, machine.spec.hook.config_map_ref
    if provider is not None and provider.spec.hook is not None:
        return provider.metadata.namespace, provider.spec.hook.config_map_ref
    return None


def hook_state(machine: ScvmmMachine, provider: ScvmmProvider | None, known: BootFields | None) -> HookState | None:
    """Where a machine stands with its hook; *known* is what that determined already."""
    named = named_hook(machine, provider)
    if named is None:
        return HookState(function_source(provider), known) if function_of(provider) is not None else None
    namespace, reference = named
    source = f"{namespace}/{reference.name}"
    allowed = machine.spec.hook is None or (provider is not None and provider.spec.allow_machine_hooks)
    if not allowed:
        words = (
            f"ScvmmMachine {machine.metadata.name} names a hook, whose tasks would run with the controller's rights, "
            "and its ScvmmProvider does not allow that: take spec.hook out, or set spec.allowMachineHooks there."
        )
        return HookState(source, trouble=("HookNotAllowed", words))
    return HookState(source, known)


def function_of(provider: ScvmmProvider | None) -> str | None:
    """The text of the provider's AddVMSpec, which does what a hook does where none is named."""
    return (provider.spec.extra_functions.get(ADD_VM_SPEC) or None) if provider is not None else None


def function_source(provider: ScvmmProvider | None) -> str:
    """Name the provider's function as status does."""
    meta = provider.metadata if provider is not None else None
    return f"{meta.namespace}/{meta.name} ({ADD_VM_SPEC})" if meta is not None else ADD_VM_SPEC


async def read_tasks(kube: Kube, machine: ScvmmMachine, provider: ScvmmProvider | None) -> tuple[bytes | None, str]:
    """Read the tasks of the hook: the text, or why there is none."""
    named = named_hook(machine, provider)
    assert named is not None, "only a machine with a hook asks"
    namespace, reference = named
    where = f"ConfigMap {namespace}/{reference.name}"
    try:
        body = await kube.get(CONFIG_MAP, namespace, reference.name)
    except ApiError as error:
        words = " ".join(str(error).split())[:1000]
        return None, f"The hook in {where} cannot be read: {words}. See controller/deploy/rbac.yaml."
    if body is None:
        return None, f"The hook is in {where}, which does not exist: create it."
    text = (body.get("data") or {}).get(reference.key)
    if not text:
        return None, f"The hook is in {where}, which has no key {reference.key}: put the tasks there."
    return text.encode(), ""


def hook_variables(
    machine: ScvmmMachine, place: Placement, cluster: str | None, hostname: str, vm: Vm, devices: Sequence[Device]
) -> dict[str, Any]:
    """What a hook is told of the machine; nothing of it is a secret."""
    labels: Mapping[str, str] = machine.metadata.labels
    told = {
        "name": machine.metadata.name,
        "namespace": machine.metadata.namespace,
        "uid": machine.metadata.uid,
        "labels": dict(labels),
        "cluster": cluster,
        "cloud": place.cloud,
        "host_group": place.host_group,
        "failure_domain": place.failure_domain,
        "vm_name": vm.name,
        "vm_id": vm.vm_id,
        "hostname": hostname,
        "domain": place.networking.domain,
        "metadata": dict(machine.spec.metadata),
        "devices": [
            {**shown, "vmNetwork": device.spec.vm_network}
            for shown, device in zip(status_devices(devices), devices, strict=True)
        ],
    }
    return {"scvmm_machine": told}
