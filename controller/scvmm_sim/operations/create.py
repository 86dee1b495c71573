# SPDX-License-Identifier: Apache-2.0
"""The creation of a VM: one job group that ends with New-SCVirtualMachine."""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scvmm_sim.cmdlets import CmdletResult
from scvmm_sim.cmdlets.creation import knows_nesting
from scvmm_sim.errors import CmdletError
from scvmm_sim.operations.fields import OperationError
from scvmm_sim.operations.parts import Fibre, Parts, generation
from scvmm_sim.operations.session import Object, Session
from scvmm_sim.operations.shapes import join_description
from scvmm_sim.operations.wish import Wish

TEMPORARY = "capi.scvmm temporary "
NO_MAC = "00:00:00:00:00:00"


@dataclass(frozen=True)
class Creation:
    """One creation under way: what is wanted, of which parts, under which job group."""

    session: Session
    wish: Wish
    parts: Parts
    group: str

    @property
    def generation(self) -> int:
        """The generation that the VM gets."""
        return generation(self.wish, self.parts)


def create_vm(session: Session, wish: Wish, parts: Parts) -> CmdletResult:
    """Start the creation; a temporary template is removed in every case, a configuration when it was not used."""
    creation = Creation(session, wish, parts, str(uuid.uuid4()))
    temporary: Object | None = None
    configuration: Object | None = None
    started = False
    clear_temporary(session, wish)
    try:
        _add_disks(creation)
        template = parts.template
        if template is None:
            template = temporary = _temporary_template(creation)
        _add_adapters(creation, template)
        for prop, value in parts.properties:
            session.run("Set-SCCustomPropertyValue", CustomProperty=prop, Value=value, JobGroup=creation.group)
        configuration = _configuration(creation, template)
        configuration = _placed(creation, configuration)
        _add_fibre(creation, configuration)
        result = _start(creation, configuration)
        started = True
        return result
    finally:
        if configuration is not None and not started:
            _clear(session, "Remove-SCVMConfiguration", VMConfiguration=configuration)
        if temporary is not None:
            _clear(session, "Remove-SCVMTemplate", VMTemplate=temporary)


def temporary_name(wish: Wish) -> str:
    """Name of the temporary template of a VM, made of its uid: the next call finds one that was left behind."""
    return TEMPORARY + hashlib.sha256(wish.uid.encode()).hexdigest()[:32]


def clear_temporary(session: Session, wish: Wish) -> None:
    """Remove temporary templates that were left behind: this VM's own, and those of others that are an hour old."""
    if wish["template"]:
        return
    own = temporary_name(wish)
    clock = session.vmm.clock
    old = clock.moment(clock.now() - 3600)
    for template in session.all("Get-SCVMTemplate"):
        if not template["Name"].startswith(TEMPORARY):
            continue
        if template["Name"] == own or (template["AddedTime"] and datetime.fromisoformat(template["AddedTime"]) < old):
            _clear(session, "Remove-SCVMTemplate", VMTemplate=template)


def _clear(session: Session, cmdlet: str, **parameters: Any) -> None:
    try:
        session.run(cmdlet, **parameters)
    except CmdletError:
        # A failure to clean up must not hide the creation's own result.
        return


def _add_disks(creation: Creation) -> None:
    """Put the disks into the job group, on free places: SCSI, and IDE 0:0 for the boot disk of generation 1."""
    disks = creation.wish["disks"]
    if not disks:
        return
    used = _used_luns(creation)
    free = (lun for lun in range(256) if lun not in used)
    for number, disk in enumerate(disks):
        if disk.get("file"):
            # A VM whose creation fails is removed with its files: a disk that is kept apart from it comes later.
            continue
        first = number == 0 and creation.parts.template is None
        if first and creation.generation == 1:
            place: dict[str, Any] = {"IDE": True, "Bus": 0, "LUN": 0}
        else:
            place = {"SCSI": True, "Bus": 0, "LUN": next(free)}
        place["VolumeType"] = disk["volume_type"] or ("BootAndSystem" if first else None)
        place["StorageQoSPolicy"] = creation.parts.policies.get(disk["storage_qos_policy"])
        _add_disk(creation, disk, place, number)


def _add_disk(creation: Creation, disk: dict[str, Any], place: dict[str, Any], number: int) -> None:
    session, group = creation.session, creation.group
    old = creation.generation == 1
    # The number in the file's name tells later which of the wished disks it is.
    file = f"{re.sub(r'[^A-Za-z0-9._-]', '_', creation.wish.name)}-disk-{number}"
    if disk["vhd"]:
        vhd = creation.parts.vhds[disk["vhd"]]
        found = re.search(r"\.[A-Za-z0-9]+$", vhd["SharePath"] or vhd["Name"])
        file += found.group() if found else ".vhd" if old else ".vhdx"
        session.run("New-SCVirtualDiskDrive", JobGroup=group, VirtualHardDisk=vhd, FileName=file, **place)
        return
    session.run(
        "New-SCVirtualDiskDrive",
        JobGroup=group,
        VirtualHardDiskSizeMB=disk["size_mb"],
        FileName=file + (".vhd" if old else ".vhdx"),
        VirtualHardDiskFormatType="VHD" if old else "VHDX",
        **{"Dynamic" if disk["dynamic"] else "Fixed": True},
        **place,
    )


def _used_luns(creation: Creation) -> set[int]:
    """Places on SCSI bus 0 that drives of the template or hardware profile have taken."""
    template, profile = creation.parts.template, creation.parts.hardware_profile
    if template is None:
        drives = profile["VirtualDVDDrives"] if profile and creation.generation == 2 else []
        return {drive["LUN"] for drive in drives if drive["Bus"] == 0}
    session = creation.session
    drives = session.all("Get-SCVirtualDiskDrive", VMTemplate=template)
    if template["Generation"] == 2:
        drives = [*drives, *session.all("Get-SCVirtualDVDDrive", VMTemplate=template)]
    return {drive["LUN"] for drive in drives if drive.get("BusType") != "IDE" and drive["Bus"] == 0}


def _temporary_template(creation: Creation) -> Object:
    return creation.session.one(
        "New-SCVMTemplate",
        Name=temporary_name(creation.wish),
        Generation=creation.generation,
        HardwareProfile=creation.parts.hardware_profile,
        OperatingSystem=creation.parts.operating_system,
        # Placement rates hosts by the template: with these it knows what the VM will take.
        CPUCount=creation.wish["cpu_count"],
        MemoryMB=creation.wish["memory_mb"],
        NoCustomization=True,
        JobGroup=creation.group,
    )


def _add_adapters(creation: Creation, template: Object) -> None:
    """Connect the network adapters: those that the template has are set, further ones are made."""
    present = len(template["VirtualNetworkAdapters"])
    for slot, wanted in enumerate(creation.parts.networks):
        connection = {"VMNetwork": wanted.network, "VMSubnet": wanted.subnet, "JobGroup": creation.group}
        # An address of a static pool needs a static MAC address; zeros let VMM choose one.
        mac = wanted.mac_address or (NO_MAC if wanted.pools else None)
        if mac:
            connection |= {"MACAddress": mac, "MACAddressType": "Static"}
        if slot < present:
            creation.session.run("Set-SCVirtualNetworkAdapter", SlotID=slot, **connection)
        else:
            creation.session.run("New-SCVirtualNetworkAdapter", Synthetic=True, **connection)


def _configuration(creation: Creation, template: Object) -> Object:
    """The configuration that placement works on: in the host group, else in the cloud."""
    wish, parts = creation.wish, creation.parts
    where = {"VMHostGroup": parts.host_group} if parts.host_group else {"Cloud": parts.cloud}
    configuration = creation.session.one(
        "New-SCVMConfiguration",
        VMTemplate=template,
        Name=wish.name,
        AvailabilitySetNames=[wish["availability_set"]] if wish["availability_set"] else None,
        **where,
    )
    if wish["tag"]:
        configuration = creation.session.one("Set-SCVMConfiguration", VMConfiguration=configuration, Tag=wish["tag"])
    return configuration


def _placed(creation: Creation, configuration: Object) -> Object:
    """Let VMM place the VM, on one of the wished hosts where there are such; or tell its reasons."""
    reasons: dict[str, None] = {}
    session = creation.session
    wanted: list[Object | None] = [*creation.parts.hosts] or [None]
    for host in wanted:
        if host is not None:
            configuration = session.one(
                "Set-SCVMConfiguration", VMConfiguration=configuration, VMHost=host, PinVMHost=True
            )
        placed = session.one("Update-SCVMConfiguration", VMConfiguration=configuration)
        if placed["VMHost"]:
            return placed
        reasons |= dict.fromkeys([*placed["ZeroRatingReasonList"], placed["RatingsExplanation"]])
    raise OperationError(
        "CapiScvmm.NoPlacement",
        f"VM {creation.wish.name} finds no host: {'; '.join(reason for reason in reasons if reason)}",
        "Free capacity there, or ask for less or for another place.",
    )


def _add_fibre(creation: Creation, configuration: Object) -> None:
    """Put the fibre channel adapters into the job group, each on the virtual SAN of the host that was chosen."""
    for adapter in creation.parts.fibre:
        creation.session.run(
            "New-SCVirtualFibreChannelAdapter",
            JobGroup=creation.group,
            StorageFabricClassification=adapter.classification,
            VirtualFibreChannelSAN=_san(creation, adapter, configuration) if adapter.virtual_san else None,
            DynamicWorldWideName=True,
        )


def _san(creation: Creation, adapter: Fibre, configuration: Object) -> Object:
    host = configuration["VMHost"]["Name"]
    for san in adapter.sans:
        if san["VMHost"]["Name"] == host:
            return san
    raise OperationError(
        "CapiScvmm.NoPlacement",
        f"VM {creation.wish.name} was placed on host {host}, which has no virtual SAN '{adapter.virtual_san}'.",
        "Give that host a virtual SAN of this name, or choose a place where all hosts have one.",
    )


def _start(creation: Creation, configuration: Object) -> CmdletResult:
    """Call New-SCVirtualMachine with the owner's mark in it."""
    wish, parts = creation.wish, creation.parts
    memory = wish["dynamic_memory"] or {}
    # A server that does not know the parameter nests nothing anyway.
    nests = knows_nesting(creation.session.vmm.world.fabric.server.version)
    return creation.session.run(
        "New-SCVirtualMachine",
        Name=wish.name,
        VMConfiguration=configuration,
        Description=join_description(wish["description"], wish.owner, wish.uid),
        JobGroup=creation.group,
        Cloud=parts.cloud,
        OperatingSystem=parts.operating_system if parts.template else None,
        CPUCount=wish["cpu_count"],
        MemoryMB=wish["memory_mb"],
        StartAction=wish["start_action"],
        StopAction=wish["stop_action"],
        CheckpointType=wish["checkpoint_type"],
        CPULimitForMigration=wish["cpu_limit_for_migration"],
        CPULimitFunctionality=wish["cpu_limit_functionality"],
        EnableNestedVirtualization=wish["enable_nested_virtualization"] if nests else None,
        DynamicMemoryEnabled=True if memory else None,
        DynamicMemoryMinimumMB=memory.get("minimum_mb"),
        DynamicMemoryMaximumMB=memory.get("maximum_mb"),
        DynamicMemoryBufferPercentage=memory.get("buffer_percent"),
        RunAsynchronously=True,
        JobVariable="job",
    )
