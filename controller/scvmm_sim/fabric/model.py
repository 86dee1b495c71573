# SPDX-License-Identifier: Apache-2.0
"""The kinds of things a fabric file may hold, each with its limits; references between them are checked in `check`."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

Name = Annotated[str, Field(min_length=1, max_length=200)]
Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]
Generation = Literal[1, 2]
CpuCount = Annotated[int, Field(ge=1, le=2048)]
MemoryMb = Annotated[int, Field(ge=32, le=50_331_648)]
WireFaultName = Literal["reset", "503", "kill_shell", "down"]

DEFAULT_OPERATING_SYSTEM = "Other Linux (64 bit)"


class Part(BaseModel):
    """Base of all parts: immutable, unknown keys are refused, text is not taken for numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Server(Part):
    """The VMM server's own name and version; `needs_credential`: exec hosts are jump hosts, not the server."""

    name: Name = "vmm.example.com"
    version: Name = "10.22.1287.0"
    needs_credential: bool = False


class User(Part):
    """Somebody who may log in over WinRM."""

    username: Name
    password: SecretStr


class Host(Part):
    """A Hyper-V host; `vm_networks` None means that it reaches all of them, without `cluster` it stands alone."""

    name: Name
    cpus: CpuCount
    memory_mb: MemoryMb
    vm_networks: list[Name] | None = None
    cluster: Name | None = None
    virtual_sans: list[Name] = []


class HostGroup(Part):
    """A host group; `parent` is a name or path, the root "All Hosts" when absent."""

    name: Name
    parent: Name = "All Hosts"
    hosts: list[Host] = []


class Cloud(Part):
    """A cloud over host groups (names or paths)."""

    name: Name
    host_groups: Annotated[list[Name], Field(min_length=1)]


class HardwareProfile(Part):
    """A hardware profile for VMs that are made without a template."""

    name: Name
    generation: Generation = 2
    cpu_count: CpuCount = 1
    memory_mb: MemoryMb = 1024
    dvd: bool = False


class TemplateAdapter(Part):
    """A network adapter that a template brings."""

    vm_network: Name | None = None
    vm_subnet: Name | None = None


class Template(Part):
    """A VM template with one disk."""

    name: Name
    generation: Generation = 2
    cpu_count: CpuCount = 1
    memory_mb: MemoryMb = 1024
    network_adapters: list[TemplateAdapter] = []
    dvd: bool = False
    operating_system: Name = DEFAULT_OPERATING_SYSTEM
    disk_gb: Annotated[int, Field(ge=1, le=65_536)] = 20


class ExistingVm(Part):
    """A VM that is there from the start: made by somebody else, from a template."""

    name: Name
    template: Name
    cloud: Name
    description: str = ""
    running: bool = True


class Vhd(Part):
    """A virtual hard disk in the library."""

    name: Name
    size_gb: Annotated[int, Field(ge=1, le=65_536)] = 20
    operating_system: Name = DEFAULT_OPERATING_SYSTEM


class DhcpRange(Part):
    """First and last address that DHCP hands out."""

    start: Name
    end: Name


class Subnet(Part):
    """A VM subnet; without `dhcp` nobody answers there."""

    name: Name
    cidr: Name
    gateway: Name | None = None
    dhcp: DhcpRange | None = None

    @model_validator(mode="after")
    def _addresses_fit(self) -> Subnet:
        network = _network(self.cidr)
        for field, value in (("gateway", self.gateway), *(self.dhcp.model_dump().items() if self.dhcp else ())):
            if value is not None and _address(field, value) not in network:
                raise ValueError(f"{field} {value} is not in {self.cidr}; choose an address of that subnet")
        if self.dhcp and int(ipaddress.ip_address(self.dhcp.start)) > int(ipaddress.ip_address(self.dhcp.end)):
            raise ValueError(f"dhcp.start {self.dhcp.start} comes after dhcp.end {self.dhcp.end}; swap them")
        return self


def _network(cidr: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(cidr)
    except ValueError:
        raise ValueError(f"cidr {cidr!r} is not a network; write for example 10.20.0.0/16") from None


def _address(field: str, value: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        return ipaddress.ip_address(value)
    except ValueError:
        raise ValueError(f"{field} {value!r} is not an IP address; write for example 10.20.0.1") from None


class VmNetwork(Part):
    """A VM network and its subnets."""

    name: Name
    subnets: list[Subnet] = []


class StaticPool(Part):
    """A static IP address pool of VMM for a subnet of a VM network; `cidr` may be IPv4 or IPv6."""

    name: Name
    vm_network: Name
    vm_subnet: Name
    cidr: Name
    start: Name
    end: Name
    gateways: list[Name] = []
    dns_servers: list[Name] = []
    vips: list[Name] = []
    """Addresses from `start` to `end` that are only for virtual addresses (VMM: the pool's VIPs)."""

    @model_validator(mode="after")
    def _addresses_fit(self) -> StaticPool:
        network = _network(self.cidr)
        listed = (*(("gateways", gateway) for gateway in self.gateways), *(("vips", vip) for vip in self.vips))
        for field, value in (("start", self.start), ("end", self.end), *listed):
            if _address(field, value) not in network:
                raise ValueError(f"{field} {value} is not in {self.cidr}; choose an address of that network")
        if int(ipaddress.ip_address(self.start)) > int(ipaddress.ip_address(self.end)):
            raise ValueError(f"start {self.start} comes after end {self.end}; swap them")
        for server in self.dns_servers:
            _address("dns_servers", server)
        return self


class Library(Part):
    """A library share; its files are in `path` on this machine (default: below the library folder of the simulator)."""

    server: Name
    share: Name
    path: Name | None = None
    view_only: bool = False
    marked_for_deletion: bool = False


class JobSeconds(Part):
    """How long jobs of each kind take; 0 means that the job is done when its cmdlet returns."""

    create: Seconds = 0.0
    change: Seconds = 0.0
    start: Seconds = 0.0
    stop: Seconds = 0.0
    remove: Seconds = 0.0
    refresh: Seconds = 0.0
    # Named `import` in the file; that word is Python's.
    import_: Seconds = Field(default=0.0, alias="import")
    cancel: Seconds = 0.0


class Guest(Part):
    """What runs in VMs: pretended guests and how long these take, or real ones, which are started from `image`."""

    kind: Literal["pretended", "nspawn", "qemu"] = "pretended"
    image: Name | None = None
    kernel: Name | None = None
    initrd: Name | None = None
    memory_mb: Annotated[int, Field(ge=128, le=65_536)] = 768
    programs: Name | None = None
    address_seconds: Seconds = 0.0
    shutdown_seconds: Seconds = 0.0

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Guest:
        allowed = {
            "pretended": {"address_seconds", "shutdown_seconds"},
            "nspawn": {"image", "programs"},
            "qemu": {"image", "kernel", "initrd", "memory_mb", "programs"},
        }[self.kind]
        for key in sorted(self.model_fields_set - allowed - {"kind"}):
            raise ValueError(f"{key} does not go with kind {self.kind}; leave it out, or choose another kind")
        if self.kind != "pretended" and self.image is None:
            what = "the folder of a Linux system" if self.kind == "nspawn" else "a disk image"
            raise ValueError(f"kind {self.kind} needs an image; give the path of {what}")
        if (self.kernel is None) != (self.initrd is None):
            raise ValueError("kernel and initrd belong together; give both, or none if the disk boots by itself")
        for key in ("image", "kernel", "initrd", "programs"):
            path = getattr(self, key)
            folder = key == "programs" or (key, self.kind) == ("image", "nspawn")
            if path is not None and not (Path(path).is_dir() if folder else Path(path).is_file()):
                raise ValueError(f"{key} {path} is no {'folder' if folder else 'file'} here; give the path of one")
        return self


class RuleError(Part):
    """An error that a fault rule raises."""

    number: Annotated[int, Field(ge=1, le=999_999)]
    message: Name
    recommended_action: str = ""


class FaultRule(Part):
    """One fault rule; see docs/simulator.md."""

    operation: Name | None = None
    cmdlet: Name | None = None
    object: Name | None = None
    skip: Annotated[int, Field(ge=0)] = 0
    times: Annotated[int, Field(ge=1)] | None = 1
    delay: Seconds = 0.0
    error: RuleError | None = None
    job_error: RuleError | None = None
    wire: WireFaultName | None = None
    ignore_shutdown: bool = False
    chance: Annotated[float, Field(gt=0, le=1)] = 1.0

    @model_validator(mode="after")
    def _does_one_thing(self) -> FaultRule:
        effects = [self.error is not None, self.job_error is not None, self.wire is not None, self.ignore_shutdown]
        if sum(effects) > 1:
            raise ValueError("a rule has one effect; write one rule each for error, job_error, wire, ignore_shutdown")
        if not any(effects) and self.delay == 0:
            raise ValueError("the rule does nothing; give error, job_error, wire, ignore_shutdown or delay")
        return self


class Fabric(Part):
    """All that a simulated VMM server has and how it behaves."""

    server: Server = Server()
    users: list[User] = []
    clouds: list[Cloud] = []
    host_groups: list[HostGroup] = []
    hardware_profiles: list[HardwareProfile] = []
    templates: list[Template] = []
    vhds: list[Vhd] = []
    operating_systems: list[Name] = []
    vm_networks: list[VmNetwork] = []
    static_ip_pools: list[StaticPool] = []
    storage_qos_policies: list[Name] = []
    storage_fabric_classifications: list[Name] = []
    libraries: list[Library] = []
    availability_sets: list[Name] = []
    custom_properties: list[Name] = []
    vms: list[ExistingVm] = []
    job_seconds: JobSeconds = JobSeconds()
    guest: Guest = Guest()
    cmdlet_delay_seconds: Seconds = 0.0
    faults: list[FaultRule] = []
    seed: int = 0
