# SPDX-License-Identifier: Apache-2.0
"""What a machine asks of the playbooks: options of `capi.scvmm.vm` and variables of the role cloud_init. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from capi_scvmm.bootstrap_data import CLOUD_CONFIG, IGNITION, BootstrapData, Credentials, Problem
from capi_scvmm.domain_join import domain_join
from capi_scvmm.guest_parts import Part, provider_id
from capi_scvmm.kinds import Disk, NetworkDevice, Networking, ScvmmMachine
from capi_scvmm.kinds.quantity import mebibytes, whole
from capi_scvmm.networks import DOMAIN, MANIFEST, Device, role_devices
from capi_scvmm.plan.persistent_disk import Disks, called
from capi_scvmm.vm import Vm


@dataclass(frozen=True)
class Placement:
    """Where a machine goes: its own words, and where it has none those of its failure domain."""

    cloud: str | None
    host_group: str | None
    networking: Networking
    failure_domain: str | None = None
    devices_from: tuple[str, str | None] = (MANIFEST, None)


class UnknownFailureDomain(ValueError):
    """The Machine names a failure domain that the ScvmmCluster does not have."""


def placement(
    machine: ScvmmMachine, failure_domain: str | None, domains: Mapping[str, Mapping[str, Any]], cluster: str | None
) -> Placement:
    """Place *machine*; raise UnknownFailureDomain when its Machine names one that is not there."""
    spec = machine.spec
    own = spec.networking or Networking()
    if failure_domain is None:
        return Placement(spec.cloud, spec.host_group, own)
    if failure_domain not in domains:
        known = ", ".join(sorted(domains)) or "none"
        raise UnknownFailureDomain(
            f"Machine.spec.failureDomain is {failure_domain}, and ScvmmCluster {cluster} has no such failure domain "
            f"(it has: {known}). Add it to spec.failureDomains there, or name another one."
        )
    domain = domains[failure_domain]
    theirs = Networking.model_validate(domain.get("networking") or {})
    devices = tuple(_completed(device, theirs.devices) for device in own.devices) or theirs.devices
    return Placement(
        spec.cloud or domain.get("cloud"),
        spec.host_group or domain.get("hostGroup"),
        Networking(domain=own.domain or theirs.domain, devices=devices),
        failure_domain,
        (MANIFEST, None) if own.devices else (DOMAIN, failure_domain),
    )


def _completed(device: NetworkDevice, theirs: Sequence[NetworkDevice]) -> NetworkDevice:
    """Fill in what the failure domain knows of the device's network: the same device on the same VM network there.

    Where addresses come from is left to the machine; gateways go with the addresses that it names.
    """
    same = next((o for o in theirs if (o.device_name, o.vm_network) == (device.device_name, device.vm_network)), None)
    if same is None:
        return device
    families = {":" in address for address in device.ip_addresses}
    known = {
        "gateway": same.gateway if False in families else None,
        "gateway6": same.gateway6 if True in families else None,
        "routes": same.routes,
        "nameservers": same.nameservers,
        "search_domains": same.search_domains,
        "mtu": same.mtu,
    }
    return device.model_copy(update={name: value for name, value in known.items() if not getattr(device, name)})


def vm_options(
    machine: ScvmmMachine,
    place: Placement,
    known_id: str | None,
    unique_name: bool = False,
    disks: Disks | None = None,
) -> dict[str, Any]:
    """Make the options of `capi.scvmm.vm` (the fields of vm_present); raise InvalidField for a size that is none."""
    spec = machine.spec
    options = spec.vm_options
    wished: dict[str, Any] = {
        **vm_reference(machine, known_id),
        "unique_name": unique_name or None,
        "cloud": place.cloud,
        "host_group": place.host_group,
        "host": disks.host if disks is not None else None,
        "host_cluster": disks.host_cluster if disks is not None else None,
        "template": spec.vm_template,
        "hardware_profile": spec.hardware_profile if not spec.vm_template else None,
        "cpu_count": spec.cpu_count or None,
        "memory_mb": mebibytes(spec.memory, "spec.memory") if spec.memory is not None else None,
        "dynamic_memory": _dynamic_memory(machine),
        "operating_system": spec.operating_system,
        "disks": _disks(machine, disks),
        "network_adapters": [_adapter(device) for device in place.networking.devices],
        "fibre_channel": [
            _without_empty(
                {"classification": adapter.storage_fabric_classification, "virtual_san": adapter.virtual_san}
            )
            for adapter in spec.fibre_channel
        ],
        "availability_set": spec.availability_set,
        "tag": spec.tag,
        "custom_properties": dict(spec.custom_property),
    }
    if options is not None:
        wished |= {
            "description": options.description,
            "start_action": options.start_action,
            "stop_action": options.stop_action,
            "checkpoint_type": options.checkpoint_type,
            "cpu_limit_for_migration": options.cpu_limit_for_migration,
            "cpu_limit_functionality": options.cpu_limit_functionality,
            "enable_nested_virtualization": options.enable_nested_virtualization,
        }
    assert machine.mark, "a machine from the API server has a uid"
    return _without_empty(wished)


def vm_reference(machine: ScvmmMachine, known_id: str | None) -> dict[str, Any]:
    """Name the VM for every playbook: by id, by mark, and for people by name."""
    return _without_empty({"id": known_id, "uid": machine.mark, "owner": machine.owner, "name": machine.vm_name})


def cloud_init(
    machine: ScvmmMachine, hostname: str, vm: Vm, devices: Sequence[Device], form: str = CLOUD_CONFIG
) -> dict[str, Any]:
    """Make the variables of the role cloud_init, all but the user-data."""
    network = {"cloud_init_network_devices": role_devices(devices)}
    return {
        **(network if form == CLOUD_CONFIG else {"cloud_init_format": form}),
        "cloud_init_hostname": hostname,
        # Hyper-V's id: the instance of scvmm://{{ ds.meta_data.instance_id }}, the provider id.
        "cloud_init_instance_id": vm.vm_id,
        "cloud_init_metadata": {**machine.spec.metadata, "provider-id": vm.provider_id},
    }


def guest_parts(
    machine: ScvmmMachine, hostname: str, vm: Vm, data: BootstrapData, credentials: Credentials | None
) -> tuple[Part, ...]:
    """Choose what is added to the guest beside the bootstrap data; a machine that stands alone is no node."""
    if data.format == IGNITION:
        return ()
    node = (provider_id(vm.provider_id),) if machine.spec.bootstrap is None else ()
    join = machine.spec.domain_join
    return (*node, *(domain_join(join, hostname, credentials) if join and credentials else ()))


def ignition_obstacle(
    data: BootstrapData | None, machine: ScvmmMachine, place: Placement, keepalived: bool = False
) -> Problem | None:
    """Tell why a guest that reads Ignition cannot be given what its machine asks for: it reads its config alone."""
    if data is None or data.format != IGNITION:
        return None
    lacks = ["spec.domainJoin"] if machine.spec.domain_join is not None else []
    lacks += ["spec.controlPlaneLoadBalancer of its ScvmmCluster"] if keepalived else []
    lacks += [
        f"spec.networking.devices[{number}]"
        for number, device in enumerate(place.networking.devices)
        if device.ip_addresses or device.addresses_from_pools or device.static_ip_address_pools or device.routes
    ]
    if not lacks:
        return None
    return (
        "IgnitionCannotCarry",
        "The bootstrap data has format ignition and is passed on unchanged, so the controller cannot tell the guest "
        f"about {', '.join(lacks)}: put that into the Ignition config instead (here its networks use DHCP), or use "
        "bootstrap data of format cloud-config.",
    )


def unfinished(options: Mapping[str, Any], vm: Vm) -> tuple[str, ...]:
    """Name the fields of the spec that the creation of *vm* could not honour: what `update` of the module does."""
    found = []
    for number, disk in enumerate(options.get("disks", ())):
        # The module names a disk's file by the disk's number (docs/operations.md, vm_present).
        there = next((one for one in vm.disks if re.search(rf"-disk-{number}(\.[^.]*)?$", one.name)), None)
        if disk.get("file"):
            there = called(vm.disks, disk["file"])
            found += [f"disks[{number}].persistentDisk"] if there is None else []
        grows = disk.get("vhd") or disk.get("file")
        if there is not None and grows and there.size_mb < disk.get("size_mb", 0):
            found.append(f"disks[{number}].size")
        if there is not None and disk.get("iops_maximum") and there.iops_maximum != disk["iops_maximum"]:
            found.append(f"disks[{number}].iopsMaximum")
    given = {nic.slot: {one.pool.casefold() for one in nic.static_addresses} for nic in vm.network_adapters}
    for slot, adapter in enumerate(options.get("network_adapters", ())):
        wished = {name.casefold() for name in adapter.get("static_ip_pools", ())}
        if wished - given.get(slot, set()):
            found.append(f"networking.devices[{slot}].staticIPAddressPools")
    return tuple(found)


def _adapter(device: NetworkDevice) -> dict[str, Any]:
    return _without_empty(
        {
            "vm_network": device.vm_network,
            "mac_address": device.mac_address,
            "static_ip_pools": list(device.static_ip_address_pools),
        }
    )


def _dynamic_memory(machine: ScvmmMachine) -> dict[str, int] | None:
    memory = machine.spec.dynamic_memory
    if memory is None:
        return None
    bounds = {
        "minimum_mb": mebibytes(memory.minimum, "spec.dynamicMemory.minimum"),
        "maximum_mb": mebibytes(memory.maximum, "spec.dynamicMemory.maximum"),
        "buffer_percent": memory.buffer_percentage,
    }
    return {key: value for key, value in bounds.items() if value is not None}


def _disks(machine: ScvmmMachine, persistent: Disks | None) -> Sequence[Mapping[str, Any]]:
    return [
        _without_empty(
            {
                **_form_of(disk, number, persistent),
                "vhd": disk.vh_disk,
                "volume_type": disk.volume_type,
                "iops_maximum": whole(disk.iops_maximum, f"spec.disks[{number}].iopsMaximum")
                if disk.iops_maximum is not None
                else None,
                "storage_qos_policy": disk.storage_qos_policy,
            }
        )
        for number, disk in enumerate(machine.spec.disks)
    ]


def _form_of(disk: Disk, number: int, persistent: Disks | None) -> dict[str, Any]:
    """Make the options of what a disk is: its size and form, and for a persistent one its file and where that is."""
    if disk.persistent_disk is None:
        size = mebibytes(disk.size, f"spec.disks[{number}].size") if disk.size is not None else None
        return {"size_mb": size, "dynamic": disk.dynamic}
    held = persistent.at(number) if persistent is not None else None
    if held is None or held.disk is None:
        # The plan lets no VM be made before its disks are there.
        return {"file": held.taken.file if held is not None else f"disk-{number}.vhdx", "size_mb": 1}
    found, spec = held.disk, held.disk.spec
    return {
        "file": held.taken.file,
        "path": found.place.path,
        "existing": found.there or None,
        "size_mb": mebibytes(spec.size, f"ScvmmPersistentDisk {found.name}: spec.size"),
        "dynamic": None if found.there else spec.dynamic,
    }


def _without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None and value != [] and value != {}}
