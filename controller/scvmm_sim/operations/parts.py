# SPDX-License-Identifier: Apache-2.0
"""What a new VM is made of, looked up before anything is made, so that a wrong name is told first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scvmm_sim.cmdlets.creation import knows_nesting
from scvmm_sim.operations.fields import BAD_REQUEST, OperationError
from scvmm_sim.operations.find import host_group, named
from scvmm_sim.operations.session import Object, Session
from scvmm_sim.operations.wish import Wish, check_complete

OTHER_SYSTEM = "Other Linux (64 bit)"


@dataclass(frozen=True)
class Connection:
    """What a network adapter is connected to, and the address that it gets."""

    network: Object
    subnet: Object | None
    mac_address: str | None
    pools: list[Object]


@dataclass(frozen=True)
class Fibre:
    """A fibre channel adapter; hosts have SANs of one name, so the host decides later which of `sans` it is."""

    classification: Object | None
    virtual_san: str | None
    sans: list[Object]


@dataclass
class Parts:
    """VMM's objects that a new VM needs."""

    cloud: Object | None = None
    host_group: Object | None = None
    template: Object | None = None
    hardware_profile: Object | None = None
    operating_system: Object | None = None
    vhds: dict[str, Object] = field(default_factory=dict)
    policies: dict[str, Object] = field(default_factory=dict)
    networks: list[Connection] = field(default_factory=list)
    fibre: list[Fibre] = field(default_factory=list)
    properties: list[tuple[Object, str]] = field(default_factory=list)
    hosts: list[Object] = field(default_factory=list)


def find_parts(session: Session, wish: Wish) -> Parts:
    """Look up everything by name; raises OperationError for what is not there."""
    check_complete(wish)
    parts = Parts()
    if wish["cloud"]:
        parts.cloud = named(session.all("Get-SCCloud"), "cloud", wish["cloud"])
    if wish["host_group"]:
        parts.host_group = host_group(session, wish["host_group"])
    parts.hosts = _hosts(session, wish)
    if wish["template"]:
        parts.template = named(session.all("Get-SCVMTemplate"), "template", wish["template"])
    else:
        profiles = session.all("Get-SCHardwareProfile")
        parts.hardware_profile = named(profiles, "hardware profile", wish["hardware_profile"])
    parts.vhds = _vhds(session, wish)
    parts.operating_system = _operating_system(session, wish, parts.vhds)
    parts.policies = find_policies(session, wish["disks"])
    parts.networks = find_networks(session, wish["network_adapters"])
    parts.fibre = _fibre(session, wish)
    check_nesting(session, wish)
    parts.properties = _properties(session, wish)
    return parts


def _hosts(session: Session, wish: Wish) -> list[Object]:
    """The hosts of which the VM must be on one, that of a cluster with most free memory first; none: VMM chooses."""
    if not wish["host"] and not wish["host_cluster"]:
        return []
    known = session.all("Get-SCVMHost")
    if wish["host"]:
        return [named(known, "host", wish["host"])]
    cluster = str(wish["host_cluster"])
    found = [host for host in known if ((host["HostCluster"] or {}).get("Name") or "").casefold() == cluster.casefold()]
    if not found:
        raise OperationError(
            "CapiScvmm.NotFound",
            f"There is no host of a host cluster '{cluster}' in VMM, or this user may not see it. "
            "Correct the name or create it.",
            category="ObjectNotFound",
        )
    return sorted(found, key=lambda host: (-host["AvailableMemory"], host["Name"].casefold()))


def generation(wish: Wish, parts: Parts) -> int:
    """The generation that a new VM gets: the template's, else what is asked for, else the profile's."""
    if parts.template:
        return int(parts.template["Generation"])
    if wish["generation"]:
        return int(wish["generation"])
    return int(parts.hardware_profile["Generation"]) if parts.hardware_profile else 2


def _vhds(session: Session, wish: Wish) -> dict[str, Object]:
    names = [disk["vhd"] for disk in wish["disks"] if disk["vhd"]]
    if not names:
        return {}
    known = session.all("Get-SCVirtualHardDisk")
    return {name: named(known, "virtual hard disk", name) for name in names}


def _operating_system(session: Session, wish: Wish, vhds: dict[str, Object]) -> Object | None:
    """The system that is named; without a template else that of the first disk that has one, else other Linux."""
    name = wish["operating_system"]
    if not name and not wish["template"]:
        systems = [vhds[disk["vhd"]]["OperatingSystem"] for disk in wish["disks"] if disk["vhd"]]
        name = next((system["Name"] for system in systems if system), OTHER_SYSTEM)
    return named(session.all("Get-SCOperatingSystem"), "operating system", name) if name else None


def find_networks(session: Session, adapters: list[dict[str, Any]]) -> list[Connection]:
    """VM network, subnet and address pools of each adapter; without a name the network's only subnet."""
    if not adapters:
        return []
    known = session.all("Get-SCVMNetwork")
    known_pools: list[Object] | None = None
    found: list[Connection] = []
    for adapter in adapters:
        network = named(known, "VM network", adapter["vm_network"])
        subnets = session.all("Get-SCVMSubnet", VMNetwork=network)
        subnet = subnets[0] if len(subnets) == 1 else None
        if adapter["vm_subnet"]:
            subnet = named(subnets, f"subnet of VM network {adapter['vm_network']}", adapter["vm_subnet"])
        if adapter["static_ip_pools"] and known_pools is None:
            known_pools = session.all("Get-SCStaticIPAddressPool")
        pools = [named(known_pools or [], "static IP address pool", name) for name in adapter["static_ip_pools"]]
        found.append(Connection(network, subnet, adapter["mac_address"], pools))
    return found


def find_policies(session: Session, disks: list[dict[str, Any]]) -> dict[str, Object]:
    """The storage QoS policies that the disks name."""
    names = [disk["storage_qos_policy"] for disk in disks if disk["storage_qos_policy"]]
    if not names:
        return {}
    known = session.all("Get-SCStorageQoSPolicy")
    return {name: named(known, "storage QoS policy", name) for name in names}


def _fibre(session: Session, wish: Wish) -> list[Fibre]:
    found: list[Fibre] = []
    for adapter in wish["fibre_channel"]:
        classification, sans = None, []
        if adapter["classification"]:
            known = session.all("Get-SCStorageFabricClassification")
            classification = named(known, "storage fabric classification", adapter["classification"])
        if adapter["virtual_san"]:
            wanted = adapter["virtual_san"].casefold()
            sans = [s for s in session.all("Get-SCVMHostFibreChannelVirtualSAN") if s["Name"].casefold() == wanted]
            if not sans:
                named([], "virtual SAN", adapter["virtual_san"])
        found.append(Fibre(classification, adapter["virtual_san"], sans))
    return found


def check_nesting(session: Session, wish: Wish) -> None:
    """Refuse nested virtualization on a server whose cmdlets do not know it."""
    if wish["enable_nested_virtualization"] and not knows_nesting(session.vmm.world.fabric.server.version):
        raise OperationError(
            BAD_REQUEST,
            "Field 'enable_nested_virtualization' is true, and this VMM server does not know nested virtualization: "
            "it came with VMM 2019. Leave the field out.",
        )


def _properties(session: Session, wish: Wish) -> list[tuple[Object, str]]:
    return find_properties(session, wish["custom_properties"] or {})


def find_properties(session: Session, wanted: dict[str, Any]) -> list[tuple[Object, str]]:
    """The custom properties that are to be set, with their values; an empty one needs no setting."""
    found: list[tuple[Object, str]] = []
    for name, value in wanted.items():
        if not isinstance(value, str):
            raise OperationError(BAD_REQUEST, f"Field 'custom_properties.{name}' has the value '{value}'. Give a text.")
        prop = named(session.all("Get-SCCustomProperty"), "custom property", name)
        if value:
            found.append((prop, value))
    return found
