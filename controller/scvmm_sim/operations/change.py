# SPDX-License-Identifier: Apache-2.0
"""Mending a VM that exists: one job group that ends with Set-SCVirtualMachine."""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from typing import Any

from scvmm_sim.operations.compare import Drift, wished_disk
from scvmm_sim.operations.create import NO_MAC
from scvmm_sim.operations.disk import empty_disk, free_lun
from scvmm_sim.operations.failed import has_failed
from scvmm_sim.operations.find import named, vm_by_id
from scvmm_sim.operations.host_file import new_file
from scvmm_sim.operations.parts import find_networks, find_policies, find_properties
from scvmm_sim.operations.session import Object, Session
from scvmm_sim.operations.shapes import join_description, shape_vm
from scvmm_sim.operations.wish import Wish

PARAMETERS = {
    "name": "Name",
    "tag": "Tag",
    "start_action": "StartAction",
    "stop_action": "StopAction",
    "checkpoint_type": "CheckpointType",
    "cpu_count": "CPUCount",
    "memory_mb": "MemoryMB",
    "cpu_limit_for_migration": "CPULimitForMigration",
    "cpu_limit_functionality": "CPULimitFunctionality",
    "enable_nested_virtualization": "EnableNestedVirtualization",
}
MEMORY_PARAMETERS = {
    "minimum_mb": "DynamicMemoryMinimumMB",
    "maximum_mb": "DynamicMemoryMaximumMB",
    "buffer_percent": "DynamicMemoryBufferPercentage",
}


def mendable(vm: Object, wish: Wish, drift: list[Drift]) -> list[Drift]:
    """The differences that may be changed now: those that need no more than the state in which the VM is."""
    status = vm["Status"]
    # With check a failed VM shows its failure, not what is behind it; after the dismissal it is most often off.
    off = status in ("PowerOff", "Stored") or (wish.check and has_failed(vm))
    if not off and (wish.update == "when_off" or status not in ("Running", "Paused", "Saved")):
        return []
    return [one for one in drift if one["mend"] == "now" or (off and one["mend"] == "off")]


def start_change(session: Session, vm: Object, wish: Wish, changes: list[Drift]) -> tuple[Object | None, Object | None]:
    """Start the job that makes the changes; the VM and the job. Custom properties need no job."""
    fields = [change["field"] for change in changes]
    # All names are looked up first: a wrong one is told before anything is changed.
    adapters = _adapters(session, vm, wish, fields)
    disks = _disks(session, vm, wish, fields)
    attached = _attached(session, vm, wish, fields)
    settings = _settings(session, wish, fields)
    wanted = wish["custom_properties"] or {}
    properties = {name: value for name, value in wanted.items() if f"custom_properties.{name}" in fields}
    for prop, value in find_properties(session, properties):
        session.run("Set-SCCustomPropertyValue", CustomProperty=prop, InputObject=vm, Value=value)
    if not (settings or adapters or disks or attached):
        return vm_by_id(session, vm["ID"]), None
    group = str(uuid.uuid4())
    for adapter, parameters in adapters:
        if adapter is not None:
            session.run("Set-SCVirtualNetworkAdapter", VirtualNetworkAdapter=adapter, JobGroup=group, **parameters)
        else:
            session.run("New-SCVirtualNetworkAdapter", Synthetic=True, JobGroup=group, **parameters)
    for disk in disks:
        # One call for each: the cmdlet takes a policy or a limit.
        for limit in disk.limits:
            session.run("Set-SCVirtualDiskDrive", VirtualDiskDrive=disk.drive, JobGroup=group, **limit)
        if disk.size_gb:
            session.run(
                "Expand-SCVirtualDiskDrive",
                VirtualDiskDrive=disk.drive,
                VirtualHardDiskSizeGB=disk.size_gb,
                JobGroup=group,
            )
    for parameters in attached:
        session.run("New-SCVirtualDiskDrive", JobGroup=group, **parameters)
    result = session.run(
        "Set-SCVirtualMachine", VM=vm, JobGroup=group, RunAsynchronously=True, JobVariable="job", **settings
    )
    return result.objects[0], result.job


def _settings(session: Session, wish: Wish, fields: list[str]) -> dict[str, Any]:
    """The parameters of Set-SCVirtualMachine for the settings that change."""
    wished = {"name": wish.name, **wish.fields}
    parameters = {name: wished[field] for field, name in PARAMETERS.items() if field in fields}
    if "description" in fields:
        parameters["Description"] = join_description(wish["description"], wish.owner, wish.uid)
    if "operating_system" in fields:
        systems = session.all("Get-SCOperatingSystem")
        parameters["OperatingSystem"] = named(systems, "operating system", wish["operating_system"])
    if "availability_set" in fields:
        parameters["AvailabilitySetNames"] = [wish["availability_set"]]
    if "dynamic_memory" in fields:
        limits = wish["dynamic_memory"]
        parameters["DynamicMemoryEnabled"] = True
        parameters |= {name: limits[field] for field, name in MEMORY_PARAMETERS.items() if limits[field] is not None}
    return parameters


def _adapters(
    session: Session, vm: Object, wish: Wish, fields: list[str]
) -> list[tuple[Object | None, dict[str, Any]]]:
    """The adapters that change, None for a new one, with their parameters."""
    found: list[tuple[Object | None, dict[str, Any]]] = []
    for number, wished in enumerate(wish["network_adapters"]):
        name = f"network_adapters[{number}]"
        if not any(field == name or field.startswith(f"{name}.") for field in fields):
            continue
        (one,) = find_networks(session, [wished])
        adapter = next((a for a in vm["VirtualNetworkAdapters"] if a["SlotID"] == number), None)
        parameters: dict[str, Any] = {}
        if adapter is None or f"{name}.vm_network" in fields or f"{name}.vm_subnet" in fields:
            parameters |= {"VMNetwork": one.network, "VMSubnet": one.subnet}
        if one.mac_address and (adapter is None or f"{name}.mac_address" in fields):
            parameters["MACAddress"] = one.mac_address
        if adapter is not None and f"{name}.static_ip_pools" in fields:
            parameters |= _pools(one.pools)
            # A static address needs a static MAC address; zeros let VMM choose one.
            if "MACAddress" not in parameters and adapter["MACAddressType"] != "Static":
                parameters["MACAddress"] = NO_MAC
        if "MACAddress" in parameters:
            parameters["MACAddressType"] = "Static"
        found.append((adapter, parameters))
    return found


def _pools(pools: list[Object]) -> dict[str, Any]:
    parameters: dict[str, Any] = {}
    for version, chosen in (
        (4, [pool for pool in pools if ":" not in pool["Subnet"]]),
        (6, [pool for pool in pools if ":" in pool["Subnet"]]),
    ):
        if chosen:
            parameters |= {f"IPv{version}AddressType": "Static", f"IPv{version}AddressPools": chosen}
    return parameters


@dataclass(frozen=True)
class DiskChange:
    """A drive with the parameters of its policy and limit, and its new size, 0 when it keeps its size."""

    drive: Object
    limits: list[dict[str, Any]]
    size_gb: int


def _disks(session: Session, vm: Object, wish: Wish, fields: list[str]) -> list[DiskChange]:
    shape = shape_vm(vm) or {}
    found: list[DiskChange] = []
    for number, wished in enumerate(wish["disks"]):
        name = f"disks[{number}]"
        if not any(field.startswith(f"{name}.") for field in fields):
            continue
        disk = wished_disk(shape, wish, number) or {}
        place = (disk["bus_type"], disk["bus"], disk["lun"])
        drive = next(d for d in vm["VirtualDiskDrives"] if (d["BusType"], d["Bus"], d["LUN"]) == place)
        limits: list[dict[str, Any]] = []
        if f"{name}.storage_qos_policy" in fields:
            policies = find_policies(session, wish["disks"])
            limits.append({"StorageQoSPolicy": policies[wished["storage_qos_policy"]]})
        if f"{name}.iops_maximum" in fields:
            limits.append({"IOPSMaximum": wished["iops_maximum"]})
        size = math.ceil(wished["size_mb"] / 1024) if f"{name}.size_mb" in fields else 0
        found.append(DiskChange(drive, limits, size))
    return found


def _attached(session: Session, vm: Object, wish: Wish, fields: list[str]) -> list[dict[str, Any]]:
    """Parameters for the disks with files of their own that the VM lacks: new ones, and such as lie on its host."""
    found: list[dict[str, Any]] = []
    taken: set[int] = set()
    for number, disk in enumerate(wish["disks"]):
        if f"disks[{number}]" not in fields:
            continue
        lun = free_lun(vm, "SCSI", 0, taken)
        taken.add(lun)
        file = new_file(vm["Generation"], disk["file"])
        parameters = {"SCSI": True, "Bus": 0, "LUN": lun, "FileName": file, "Path": disk["path"]}
        parameters["VolumeType"] = disk["volume_type"]
        parameters["StorageQoSPolicy"] = find_policies(session, [disk]).get(disk["storage_qos_policy"])
        if disk["existing"]:
            parameters["UseLocalVirtualHardDisk"] = True
        else:
            parameters |= empty_disk(file, disk["size_mb"], disk["dynamic"])
        found.append(parameters)
    return found
