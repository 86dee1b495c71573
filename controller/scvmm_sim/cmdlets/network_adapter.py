# SPDX-License-Identifier: Apache-2.0
"""Virtual network adapters."""

from __future__ import annotations

from dataclasses import dataclass

from scvmm_sim.cmdlets.call import Call, Function, Outcome
from scvmm_sim.state import Work
from scvmm_sim.state.hardware import Adapter, ProfileRecord, TemplateRecord
from scvmm_sim.state.records import NetworkRecord, SubnetRecord
from scvmm_sim.state.vm import VirtualMachine


@dataclass(frozen=True)
class AdapterChange:
    """A change of the adapter in a slot, put aside under a job group."""

    slot: int
    network: NetworkRecord | None
    subnet: SubnetRecord | None
    mac: str | None


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
    mac = call.bound.text("MACAddress")
    adapter = Adapter(call.world.new_id(), "Network adapter", mac_type=call.bound.text("MACAddressType") or "Dynamic")
    adapter.network, adapter.subnet = network, subnet
    if mac:
        adapter.mac = mac.replace("-", ":").upper()
    group = call.bound.text("JobGroup")
    if group is not None:
        call.world.job_group(group).items.append(adapter)
        return Outcome([adapter])
    vm = call.given(VirtualMachine, "VM")
    adapter.slot = next_slot(vm.adapters)
    if not mac:
        adapter.mac = call.world.new_mac()
    job = call.start(Work("change", "Create virtual network adapter", vm, done=lambda: vm.adapters.append(adapter)))
    return Outcome([adapter], job)


def set_adapter(call: Call) -> Outcome:
    """Connect an adapter to a VM network, or put that aside for the slot of a VM still to be made."""
    network, subnet = _connection(call)
    mac = call.bound.text("MACAddress")
    slot = call.bound.integer("SlotID")
    group = call.bound.text("JobGroup")
    if slot is not None and group is not None:
        call.world.job_group(group).items.append(AdapterChange(slot, network, subnet, mac))
        return Outcome()
    vm, adapter = _owned(call)
    change = AdapterChange(adapter.slot, network, subnet, mac)
    job = call.start(
        Work("change", "Change properties of virtual network adapter", vm, done=lambda: apply(change, adapter))
    )
    return Outcome([adapter], job)


def apply(change: AdapterChange, adapter: Adapter) -> None:
    """Make a change that was asked for."""
    if change.network is not None:
        adapter.network, adapter.subnet = change.network, change.subnet
    if change.mac is not None:
        adapter.mac = change.mac.replace("-", ":").upper()


def next_slot(adapters: list[Adapter]) -> int:
    """The first slot after those that are taken."""
    return 1 + max((adapter.slot for adapter in adapters), default=-1)


def take_adapters(call: Call, adapters: list[Adapter]) -> list[Adapter]:
    """*adapters* with the changes and additions that were put aside under this call's job group."""
    name = call.bound.text("JobGroup")
    items = call.world.job_group(name).items if name else []
    for item in items:
        if isinstance(item, AdapterChange):
            found = next((adapter for adapter in adapters if adapter.slot == item.slot), None)
            if found is None:
                raise call.error(
                    12416,
                    f"There is no network adapter in slot {item.slot}.",
                    "Use New-SCVirtualNetworkAdapter for a new one.",
                )
            apply(item, found)
    for item in items:
        if isinstance(item, Adapter):
            item.slot = next_slot(adapters)
            adapters.append(item)
    for adapter in adapters:
        if adapter.mac == "00:00:00:00:00:00":
            adapter.mac = call.world.new_mac()
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
    reference = call.bound.reference("VirtualNetworkAdapter")
    for vm in call.world.all(VirtualMachine):
        for adapter in vm.adapters:
            if reference is not None and adapter.id == reference.id:
                return vm, adapter
    raise call.error(801, "VMM cannot find the network adapter.", "Look it up again.")


FUNCTIONS: dict[str, Function] = {
    "Get-SCVirtualNetworkAdapter": get_adapter,
    "New-SCVirtualNetworkAdapter": new_adapter,
    "Set-SCVirtualNetworkAdapter": set_adapter,
}
