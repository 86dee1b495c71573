# SPDX-License-Identifier: Apache-2.0
"""The steps of a guest: start, reading of its medium, address; and what VMM learns of it by a refresh."""

from __future__ import annotations

import ipaddress
from pathlib import Path

from scvmm_sim.guest.medium import MediumContent, MediumProblem, read_medium
from scvmm_sim.guest.network import configured_addresses
from scvmm_sim.state.records import SubnetRecord
from scvmm_sim.state.vm import VirtualMachine
from scvmm_sim.state.world import World

FALLBACK_NAME = "localhost"


def start_booting(world: World, vm: VirtualMachine) -> None:
    """Begin a boot; host name and addresses are there after `guest.address_seconds`."""
    guest = vm.guest
    guest.boots += 1
    guest.boot_token += 1
    guest.host_name = None
    if world.real_guests is not None:
        world.real_guests.start(vm)
        return
    token = guest.boot_token
    due = world.now() + world.fabric.guest.address_seconds
    if due <= world.now():
        _set_up(world, vm, due)
    else:
        world.agenda.plan(due, lambda _due: _set_up(world, vm, due) if guest.boot_token == token else None)


def has_shut_down(world: World, vm: VirtualMachine) -> bool:
    """Ask the guest to shut down, and whether it has; one that is only pretended has when its time is over."""
    if world.real_guests is None:
        return True
    world.real_guests.shut_down(vm)
    return world.real_guests.is_off(vm)


def remove_guest(world: World, vm: VirtualMachine) -> None:
    """The VM is gone, with all that its guest has written."""
    if world.real_guests is not None:
        world.real_guests.remove(vm)


def stop_running(world: World, vm: VirtualMachine) -> None:
    """The guest is gone: what it had and what VMM knew of its addresses."""
    if world.real_guests is not None:
        world.real_guests.turn_off(vm)
    vm.guest.boot_token += 1
    vm.guest.addresses = {}
    vm.guest.addressed_at = None
    for adapter in vm.adapters:
        adapter.ipv4 = adapter.ipv6 = ()


def release_leases(world: World, vm: VirtualMachine) -> None:
    """Give back the DHCP addresses of a VM that is removed."""
    for subnet in world.all(SubnetRecord):
        for adapter in vm.adapters:
            address = subnet.leases.pop(adapter.mac, None)
            if address is not None:
                subnet.taken.discard(address)


def refresh(vm: VirtualMachine) -> bool:
    """Let VMM see what the guest has by now; whether anything is new."""
    guest = vm.guest
    running = vm.resting == "Running"
    name = guest.host_name if running and guest.host_name else vm.computer_name
    news = name != vm.computer_name
    vm.computer_name = name
    for adapter in vm.adapters:
        addresses = guest.addresses.get(adapter.id, ()) if running else ()
        v4 = tuple(a for a in addresses if ipaddress.ip_address(a).version == 4)
        v6 = tuple(a for a in addresses if ipaddress.ip_address(a).version == 6)
        news = news or (v4, v6) != (adapter.ipv4, adapter.ipv6)
        adapter.ipv4, adapter.ipv6 = v4, v6
    return news


def _set_up(world: World, vm: VirtualMachine, due: float) -> None:
    """Read the medium and configure the guest from it; a medium that cannot be used leaves the defaults."""
    guest = vm.guest
    guest.addressed_at = world.clock.moment(due).timestamp()
    guest.log = []
    guest.files = []
    guest.digests = {}
    content = _medium(vm)
    name = content.meta_data.get("local-hostname") if content else None
    if content:
        guest.files = list(content.files)
        guest.digests = content.digests
        guest.log.append(f"cloud-init: read {', '.join(content.files)}")
        if not isinstance(name, str) or not name:
            guest.log.append("meta-data: there is no local-hostname")
    guest.host_name = name if isinstance(name, str) and name else FALLBACK_NAME
    network = content.network_config if content else None
    guest.addresses = configured_addresses(network, vm.adapters, guest.log)


def attached_media(vm: VirtualMachine) -> list[tuple[str, Path]]:
    """Name and file of all that may be a medium, in the order in which the guest looks at them."""
    drives = [(drive.medium.name, drive.medium.file) for drive in vm.removable_drives if drive.medium]
    return [*drives, *((disk.name, disk.content) for disk in vm.disks if disk.content is not None)]


def _medium(vm: VirtualMachine) -> MediumContent | None:
    guest = vm.guest
    media = attached_media(vm)
    if not media:
        guest.log.append("cloud-init: no medium is attached")
    for name, file in media:
        try:
            return read_medium(file)
        except MediumProblem as problem:
            guest.log.append(f"cloud-init: {name}: {problem}")
    return None
