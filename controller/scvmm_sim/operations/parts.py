# SPDX-License-Identifier: Apache-2.0
"""What a new VM is made of, looked up before anything is made, so that a wrong name is told first."""

from __future__ import annotations

from dataclasses import dataclass, field

from scvmm_sim.operations.fields import BAD_REQUEST, OperationError
from scvmm_sim.operations.find import host_group, named
from scvmm_sim.operations.session import Object, Session
from scvmm_sim.operations.wish import Wish, check_complete

OTHER_SYSTEM = "Other Linux (64 bit)"


@dataclass
class Parts:
    """VMM's objects that a new VM needs."""

    cloud: Object | None = None
    host_group: Object | None = None
    template: Object | None = None
    hardware_profile: Object | None = None
    operating_system: Object | None = None
    vhds: dict[str, Object] = field(default_factory=dict)
    networks: list[tuple[Object, Object | None]] = field(default_factory=list)
    properties: list[tuple[Object, str]] = field(default_factory=list)


def find_parts(session: Session, wish: Wish) -> Parts:
    """Look up everything by name; raises OperationError for what is not there."""
    check_complete(wish)
    parts = Parts()
    if wish["cloud"]:
        parts.cloud = named(session.all("Get-SCCloud"), "cloud", wish["cloud"])
    if wish["host_group"]:
        parts.host_group = host_group(session, wish["host_group"])
    if wish["template"]:
        parts.template = named(session.all("Get-SCVMTemplate"), "template", wish["template"])
    else:
        profiles = session.all("Get-SCHardwareProfile")
        parts.hardware_profile = named(profiles, "hardware profile", wish["hardware_profile"])
    parts.vhds = _vhds(session, wish)
    parts.operating_system = _operating_system(session, wish, parts.vhds)
    parts.networks = _networks(session, wish)
    parts.properties = _properties(session, wish)
    return parts


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


def _networks(session: Session, wish: Wish) -> list[tuple[Object, Object | None]]:
    """VM network and subnet of each adapter; without a name the network's only subnet."""
    if not wish["network_adapters"]:
        return []
    known = session.all("Get-SCVMNetwork")
    found: list[tuple[Object, Object | None]] = []
    for adapter in wish["network_adapters"]:
        network = named(known, "VM network", adapter["vm_network"])
        subnets = session.all("Get-SCVMSubnet", VMNetwork=network)
        if adapter["vm_subnet"]:
            kind = f"subnet of VM network {adapter['vm_network']}"
            found.append((network, named(subnets, kind, adapter["vm_subnet"])))
        else:
            found.append((network, subnets[0] if len(subnets) == 1 else None))
    return found


def _properties(session: Session, wish: Wish) -> list[tuple[Object, str]]:
    found: list[tuple[Object, str]] = []
    for name, value in (wish["custom_properties"] or {}).items():
        if not isinstance(value, str):
            raise OperationError(BAD_REQUEST, f"Field 'custom_properties.{name}' has the value '{value}'. Give a text.")
        found.append((named(session.all("Get-SCCustomProperty"), "custom property", name), value))
    return found
