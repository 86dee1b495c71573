# SPDX-License-Identifier: Apache-2.0
"""Virtual network adapters."""

from __future__ import annotations

from dataclasses import dataclass

from scvmm_sim.cmdlets.address_pool import check_pools, give_addresses, lose_addresses, pools_given
from scvmm_sim.cmdlets.call import Call, Function, Outcome
from scvmm_sim.cmdlets.dvd import start_change
from scvmm_sim.cmdlets.held import HeldChange, change_part
from scvmm_sim.cmdlets.owned import owned
from scvmm_sim.state import World
from scvmm_sim.state.hardware import Adapter, ProfileRecord, TemplateRecord
from scvmm_sim.state.records import NetworkRecord, SubnetRecord
from scvmm_sim.state.vm import VirtualMachine

NO_MAC = "00:00:00:00:00:00"


@dataclass(frozen=True)
class AdapterChange:
    """A change of the adapter in a slot, put aside under a job group."""

    slot: int
    network: NetworkRecord | None
    subnet: SubnetRecord | None
    mac: str | None
    mac_type: str | None = None


def get_adapter(call: Call) -> Outcome:
    """Adapters of a VM, template or hardware profile, by id, or all."""
    wanted = call.bound.text("ID")
    owner = (
        call.given_or_none(VirtualMachine, "VM")
        or call.given_or_none(TemplateRecord, "VMTemplate")
        or call.given_or_none(ProfileRecord, "HardwareProfile")
    )
    owners = [owner] if owner else call.world.all(VirtualMachine)
    return Outcome([adapter for one in owners for adapter in one.adapters if wanted in (None, adapter.id)])


def new_adapter(call: Call) -> Outcome:
    """Add an adapter to a VM, or put it aside under a job group; it takes the next slot."""
    network, subnet = _connection(call)
    mac, mac_type = _mac(call)
    adapter = Adapter(call.world.new_id(), "Network adapter", mac_type=mac_type or "Dynamic")
    adapter.network, adapter.subnet = network, subnet
    adapter.mac = mac or adapter.mac
    group = call.bound.text("JobGroup")
    if group is not None:
        call.world.job_group(group).items.append(adapter)
        return Outcome([adapter])
    vm = call.given(VirtualMachine, "VM")
    adapter.slot = next_slot(vm.adapters)
    if adapter.mac == NO_MAC:
        adapter.mac = call.world.new_mac()
    job = start_change(call, vm, "Create virtual network adapter", lambda: vm.adapters.append(adapter))
    return Outcome([adapter], job)


def set_adapter(call: Call) -> Outcome:
    """Connect an adapter to a VM network, or put that aside for the slot of a VM still to be made."""
    network, subnet = _connection(call)
    mac, mac_type = _mac(call)
    slot = call.bound.integer("SlotID")
    group = call.bound.text("JobGroup")
    if slot is not None and group is not None:
        call.world.job_group(group).items.append(AdapterChange(slot, network, subnet, mac, mac_type))
        return Outcome()
    vm, adapter = _owned(call)
    change = AdapterChange(adapter.slot, network, subnet, mac, mac_type)
    pools = pools_given(call)
    for version in (4, 6):
        if (call.bound.text(f"IPv{version}AddressType") == "Static") != (version in pools):
            raise call.error(
                12416,
                f"IPv{version}AddressType Static and IPv{version}AddressPools belong together in the simulator.",
                "Give both or none.",
            )
    if pools:
        if "Static" not in (mac_type, adapter.mac_type):
            raise call.error(
                12416,
                f"The adapter in slot {adapter.slot} of {vm.name} has a dynamic MAC address: a static IP address needs "
                "a static one.",
                "Set -MACAddressType Static too.",
            )
        check_pools(call, adapter, pools, subnet or adapter.subnet)

    def act() -> None:
        if network is not None and subnet is not adapter.subnet:
            lose_addresses(call.world, adapter)
        apply(call.world, change, adapter)
        give_addresses(call, adapter, pools)

    held = HeldChange(vm, act, off_only=mac_type is not None or bool(pools))
    job = change_part(call, "Change properties of virtual network adapter", held)
    return Outcome([adapter], job)


def apply(world: World, change: AdapterChange, adapter: Adapter) -> None:
    """Make a change that was asked for."""
    if change.network is not None:
        adapter.network, adapter.subnet = change.network, change.subnet
    if change.mac_type is not None:
        adapter.mac_type = change.mac_type
    if change.mac is not None:
        # Zeros mean: one of VMM's own pool.
        adapter.mac = world.new_mac() if change.mac == NO_MAC else change.mac


def _mac(call: Call) -> tuple[str | None, str | None]:
    """MAC address and its type as given; an address of one's own choice is static."""
    mac, mac_type = call.bound.text("MACAddress"), call.bound.text("MACAddressType")
    if mac is not None and (mac_type or "").casefold() != "static":
        raise call.error(
            12416, f"The MAC address {mac} is given without the type Static.", "Set -MACAddressType Static too."
        )
    kind = None if mac_type is None else mac_type.capitalize()
    return (None if mac is None else mac.replace("-", ":").upper()), kind


def next_slot(adapters: list[Adapter]) -> int:
    """The first slot after those that are taken."""
    return 1 + max((adapter.slot for adapter in adapters), default=-1)


def take_adapters(call: Call, adapters: list[Adapter]) -> list[Adapter]:
    """*adapters* with the changes and additions that were put aside under this call's job group."""
    name = call.bound.text("JobGroup")
    group = call.world.job_group(name) if name else None
    for item in [item for item in group.items if isinstance(item, AdapterChange)] if group else []:
        found = next((adapter for adapter in adapters if adapter.slot == item.slot), None)
        if found is None:
            raise call.error(
                12416,
                f"There is no network adapter in slot {item.slot}.",
                "Use New-SCVirtualNetworkAdapter for a new one.",
            )
        apply(call.world, item, found)
    return with_new(call.world, adapters, take_new(call))


def take_new(call: Call) -> list[Adapter]:
    """The new adapters that wait in this call's job group; they no longer do afterwards."""
    name = call.bound.text("JobGroup")
    if name is None:
        return []
    group = call.world.job_group(name)
    new = [item for item in group.items if isinstance(item, Adapter)]
    group.items = [item for item in group.items if not isinstance(item, Adapter)]
    return new


def with_new(world: World, adapters: list[Adapter], new: list[Adapter]) -> list[Adapter]:
    """*adapters* and after them the *new* ones, each with a slot and a MAC address."""
    for adapter in new:
        adapter.slot = next_slot(adapters)
        adapters.append(adapter)
    for adapter in adapters:
        if adapter.mac == NO_MAC:
            adapter.mac = world.new_mac()
    return adapters


def _connection(call: Call) -> tuple[NetworkRecord | None, SubnetRecord | None]:
    network = call.given_or_none(NetworkRecord, "VMNetwork")
    subnet = call.given_or_none(SubnetRecord, "VMSubnet")
    if subnet is not None and (network is None or subnet.network is not network):
        raise call.error(
            12416,
            f"VM subnet {subnet.name} does not belong to VM network {network.name if network else '(none)'}.",
            "Give a subnet of that VM network.",
        )
    return network, subnet


def _owned(call: Call) -> tuple[VirtualMachine, Adapter]:
    return owned(call, "VirtualNetworkAdapter", lambda vm: vm.adapters)


FUNCTIONS: dict[str, Function] = {
    "Get-SCVirtualNetworkAdapter": get_adapter,
    "New-SCVirtualNetworkAdapter": new_adapter,
    "Set-SCVirtualNetworkAdapter": set_adapter,
}
