# SPDX-License-Identifier: Apache-2.0
"""The status of a ScvmmMachine: its VM as found."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from capi_scvmm.kinds.boot import BootFields
from capi_scvmm.kinds.conditions import Condition, find_condition
from capi_scvmm.kinds.model import LongText, Model, Text, Time
from capi_scvmm.kinds.references import ProviderRef
from capi_scvmm.kinds.rules import ATOMIC, map_by

AddressOrigin = Literal["Manifest", "FailureDomain", "IPAddressClaim", "VMMPool", "Hook"]
AddressType = Literal["Hostname", "ExternalIP", "InternalIP", "ExternalDNS", "InternalDNS"]


class Initialization(Model):
    """Whether the first creation is through."""

    provisioned: bool | None = Field(
        default=None, description="True once the infrastructure was provided for the first time; never back to false."
    )


class MachineAddress(Model):
    """One address or name of the guest."""

    type: AddressType = Field(
        description="What the address is: Hostname, ExternalIP, InternalIP, ExternalDNS or InternalDNS."
    )
    address: str = Field(description="The address or name.", max_length=256)


class JobStatus(Model):
    """The VMM job that is under way for the VM, or its last one."""

    id: str = Field(description="Id of the job in VMM.", max_length=64)
    name: Text = Field(default=None, description="VMM's name of the job, as Create virtual machine.")
    status: Text = Field(
        default=None, description="State of the job: Running, Completed, SucceedWithInfo, Failed or Canceled."
    )
    progress: int | None = Field(default=None, description="How much of the job is done, in percent.", ge=0, le=100)


class PowerCycleStatus(Model):
    """A power cycle, noted before each of its steps is done."""

    request: str = Field(description="UID of the ScvmmRemediation that asked for it.", max_length=64)
    attempt: int = Field(description="Number of the power cycle, from 1, of that remediation.", ge=1)
    step: Literal["Stopping", "Starting", "Done"] = Field(description="Stopping, Starting or Done.")
    since: Time = Field(description="When that step began.")


class Medium(Model):
    """The cloud-init image that the VM boots with."""

    file: str = Field(description="Name of the image file.", max_length=256)
    library_path: LongText = Field(default=None, description="Folder of the image in the VMM library.")
    device: Text = Field(default=None, description="Drive that the image is for: dvd, floppy, scsi or ide.")
    file_system: Text = Field(default=None, description="File system of the image: iso9660 or vfat.")


class DeterminedAddress(Model):
    """An address of a device, and where it is from."""

    address: str = Field(description="Address with prefix length, as 10.0.0.5/24.", max_length=64)
    origin: AddressOrigin = Field(
        description="Where it is from: Manifest, FailureDomain, IPAddressClaim, VMMPool or Hook."
    )
    source: Text = Field(
        default=None, description="Name of the failure domain, IPAddressClaim, pool in VMM, or hook that it is from."
    )


class DeterminedDevice(Model):
    """A network device as the guest is told of it."""

    device_name: str = Field(description="Name of the interface in the guest.", max_length=15)
    mac_address: Text = Field(default=None, description="MAC address of the adapter, by which the guest finds it.")
    dhcp4: bool = Field(default=False, description="Whether the guest asks DHCP for an IPv4 address.")
    dhcp6: bool = Field(default=False, description="Whether the guest asks DHCP for an IPv6 address.")
    addresses: tuple[DeterminedAddress, ...] = Field(
        default=(), description="Static addresses and where they are from.", max_length=64, json_schema_extra=ATOMIC
    )
    gateways: tuple[str, ...] = Field(
        default=(), description="Default gateways.", max_length=32, json_schema_extra=ATOMIC
    )
    nameservers: tuple[str, ...] = Field(
        default=(), description="IP addresses of DNS servers.", max_length=64, json_schema_extra=ATOMIC
    )


class ScvmmMachineStatus(Model):
    """What is known about the VM."""

    initialization: Initialization | None = Field(default=None, description="Whether the VM was provided.")
    vm_status: Text = Field(default=None, description="State of the VM in VMM's words, as Running or PowerOff.")
    id: Text = Field(default=None, description="VMM's object id of the VM.")
    vm_id: Text = Field(default=None, description="Hyper-V's id of the VM; providerID is made of it.")
    bios_guid: Text = Field(default=None, description="SMBIOS UUID of the VM, which the guest sees as product_uuid.")
    creation_time: Time | None = Field(default=None, description="When VMM created the VM.")
    modified_time: Time | None = Field(default=None, description="When the VM was last changed in VMM.")
    hostname: Text = Field(default=None, description="Host name that the guest reports.")
    addresses: tuple[MachineAddress, ...] = Field(
        default=(),
        description="Addresses and names that the guest reports.",
        max_length=128,
        json_schema_extra=ATOMIC,
    )
    network_devices: tuple[DeterminedDevice, ...] = Field(
        default=(),
        description="Network devices as the guest was told of them, with all that was determined for them.",
        max_length=12,
        json_schema_extra=map_by("deviceName"),
    )
    boot: BootFields | None = Field(default=None, description="What the machine's hook determined, once.")
    failure_domain: Text = Field(default=None, description="Name of the failure domain that the VM really is in.")
    provider_ref: ProviderRef | None = Field(
        default=None,
        description="The ScvmmProvider that was used, copied so that the VM can be deleted without its cluster.",
    )
    power_cycle: PowerCycleStatus | None = Field(
        default=None, description="The power cycle that a ScvmmRemediation asked for, under way or done."
    )
    job: JobStatus | None = Field(default=None, description="VMM job that is under way for the VM, or its last one.")
    medium: Medium | None = Field(
        default=None, description="Cloud-init image that was put into the library for the VM and is still there."
    )
    conditions: tuple[Condition, ...] = Field(
        default=(),
        description="State of the machine, aspect by aspect; Ready is their sum.",
        max_length=32,
        json_schema_extra=map_by("type"),
    )

    def condition(self, kind: str) -> Condition | None:
        """The condition of type *kind*, or None."""
        return find_condition(self.conditions, kind)
