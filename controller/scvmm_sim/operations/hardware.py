# SPDX-License-Identifier: Apache-2.0
"""The hardware and the settings of a VM in the shapes of docs/operations.md."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

Object = dict[str, Any]
Shape = dict[str, Any]

MEDIUM_DISK = re.compile(r"(.+)\.cidata(?:_[0-9a-f-]{36})?\.a?vhdx", re.IGNORECASE)


def shape_settings(vm: Object) -> Shape:
    """What of the shape "vm" is neither its identity nor its state."""
    return {
        "dynamic_memory": _memory(vm),
        "operating_system": vm["OperatingSystem"]["Name"] if vm["OperatingSystem"] else None,
        "start_action": vm.get("StartAction"),
        "stop_action": vm.get("StopAction"),
        "checkpoint_type": vm.get("CheckpointType"),
        "cpu_limit_for_migration": vm.get("CPULimitForMigration"),
        "cpu_limit_functionality": vm.get("CPULimitFunctionality"),
        "enable_nested_virtualization": vm.get("EnableNestedVirtualization"),
        "availability_sets": list(vm.get("AvailabilitySetNames") or []),
        "tag": None if vm.get("Tag") in (None, "", "(none)") else vm["Tag"],
        "custom_properties": {name: value for name, value in sorted(vm["CustomProperty"].items()) if value},
        "disks": [shape_disk(disk) for disk in vm["VirtualDiskDrives"] if medium_of_disk(disk) is None],
        "fibre_channel": [_fibre(adapter) for adapter in vm["VirtualFibreChannelAdapters"]],
    }


@dataclass(frozen=True)
class Held:
    """A medium, and the drive of a VM that holds it; of a disk the drive is the disk."""

    device: str
    file: str
    drive: Object


def held_media(vm: Object) -> list[Held]:
    """The media in the drives of a VM; a disk is one when it was named so by what put it there."""
    held = [Held("dvd", library_file(drive["ISO"]), drive) for drive in vm["VirtualDVDDrives"] if drive["ISO"]]
    floppy = vm["VirtualFloppyDrive"]
    if floppy and floppy["VirtualFloppyDisk"]:
        held.append(Held("floppy", library_file(floppy["VirtualFloppyDisk"]), floppy))
    for disk in vm["VirtualDiskDrives"]:
        file = medium_of_disk(disk)
        if file is not None:
            held.append(Held(disk["BusType"].lower(), file, disk))
    return held


def library_file(resource: Object) -> str:
    """File name of a medium of the library or of a drive."""
    return str(resource["SharePath"] or resource["Name"]).rsplit("\\", 1)[-1]


def medium_of_disk(disk: Object) -> str | None:
    """Name that a disk had as a medium in the library; None for a disk that is none. A checkpoint adds to it."""
    found = MEDIUM_DISK.fullmatch(str(disk["VirtualHardDisk"]["Name"]))
    return f"{found[1]}.vhdx" if found else None


def shape_adapter(adapter: Object) -> Shape:
    """The shape of one network adapter."""
    return {
        "slot": adapter["SlotID"],
        "mac_address": adapter["MACAddress"].replace("-", ":").lower(),
        "mac_address_type": adapter["MACAddressType"].lower(),
        "vm_network": adapter["VMNetwork"]["Name"] if adapter["VMNetwork"] else None,
        "vm_subnet": adapter["VMSubnet"]["Name"] if adapter["VMSubnet"] else None,
        "addresses": [*adapter["IPv4Addresses"], *adapter["IPv6Addresses"]],
        "static_addresses": [_static(given) for given in adapter.get("_given", ())],
    }


def shape_disk(disk: Object) -> Shape:
    """The shape of one disk."""
    file = disk["VirtualHardDisk"]
    return {
        "name": file["Name"],
        "path": str(file["Location"] or "").rpartition("\\")[0] or None,
        "bus_type": disk["BusType"],
        "bus": disk["Bus"],
        "lun": disk["LUN"],
        "size_mb": file["MaximumSize"] // 1024**2,
        "dynamic": file["VHDType"] != "FixedSize",
        "volume_type": disk["VolumeType"],
        "iops_maximum": disk["IOPSMaximum"] or None,
        "storage_qos_policy": disk["StorageQoSPolicy"]["Name"] if disk["StorageQoSPolicy"] else None,
    }


def _memory(vm: Object) -> Shape | None:
    if not vm.get("DynamicMemoryEnabled"):
        return None
    return {
        "minimum_mb": vm["DynamicMemoryMinimumMB"],
        "maximum_mb": vm["DynamicMemoryMaximumMB"],
        "buffer_percent": vm["DynamicMemoryBufferPercentage"],
    }


def _fibre(adapter: Object) -> Shape:
    classification, san = adapter["StorageFabricClassification"], adapter["VirtualFibreChannelSAN"]
    return {
        "classification": classification["Name"] if classification else None,
        "virtual_san": san["Name"] if san else None,
    }


def _static(given: Object) -> Shape:
    pool = given["AllocatingAddressPool"]
    return {
        "address": f"{given['Address']}/{pool['Subnet'].rpartition('/')[2]}",
        "pool": pool["Name"],
        "gateways": [gateway["IPAddress"] for gateway in pool["DefaultGateways"]],
        "nameservers": list(pool["DNSServers"]),
    }
