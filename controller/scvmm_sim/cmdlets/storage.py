# SPDX-License-Identifier: Apache-2.0
"""Storage QoS policies and fibre channel."""

from __future__ import annotations

from scvmm_sim.cmdlets.call import Call, Function, Outcome
from scvmm_sim.cmdlets.dvd import start_change
from scvmm_sim.state.storage import ClassificationRecord, FibreAdapter, QosRecord, SanRecord
from scvmm_sim.state.vm import VirtualMachine


def get_policy(call: Call) -> Outcome:
    """Storage QoS policies by id or name."""
    return Outcome(call.picked(QosRecord))


def get_classification(call: Call) -> Outcome:
    """Storage fabric classifications by id or name."""
    return Outcome(call.picked(ClassificationRecord))


def get_san(call: Call) -> Outcome:
    """Virtual SANs of hosts by id or name."""
    return Outcome(call.picked(SanRecord))


def get_adapter(call: Call) -> Outcome:
    """Fibre channel adapters of a VM, by id, or all; templates have none here."""
    wanted = call.bound.text("ID")
    owner = call.given_or_none(VirtualMachine, "VM")
    owners = [owner] if owner else call.world.all(VirtualMachine)
    return Outcome([adapter for vm in owners for adapter in vm.fibre if wanted in (None, adapter.id)])


def new_adapter(call: Call) -> Outcome:
    """Add a fibre channel adapter to a VM, or put it aside under a job group."""
    if "VMTemplate" in call.bound.values or "HardwareProfile" in call.bound.values:
        raise call.error(
            12416, "The simulator adds fibre channel adapters to virtual machines only.", "Give -VM or -JobGroup."
        )
    if not call.bound.flag("DynamicWorldWideName"):
        raise call.error(
            12416, "The simulator makes fibre channel adapters with dynamic names only.", "Give -DynamicWorldWideName."
        )
    adapter = FibreAdapter(
        call.world.new_id(),
        "Fibre channel adapter",
        call.given_or_none(ClassificationRecord, "StorageFabricClassification"),
        call.given_or_none(SanRecord, "VirtualFibreChannelSAN"),
    )
    group = call.bound.text("JobGroup")
    if group is not None:
        call.world.job_group(group).items.append(adapter)
        return Outcome([adapter])
    vm = call.given(VirtualMachine, "VM")
    if vm.resting == "Running":
        raise call.wrong_state(vm)
    check_san(call, vm, adapter)
    job = start_change(call, vm, "Create virtual fibre channel adapter", lambda: vm.fibre.append(adapter))
    return Outcome([adapter], job)


def check_san(call: Call, vm: VirtualMachine, adapter: FibreAdapter) -> None:
    """Refuse a virtual SAN that is not on the VM's host."""
    if adapter.san is not None and adapter.san.host is not vm.host:
        host = vm.host.name if vm.host else "(none)"
        raise call.error(
            12416,
            f"The virtual SAN {adapter.san.name} is not on the host {host} of {vm.name}.",
            "Give a virtual SAN of that host.",
        )


FUNCTIONS: dict[str, Function] = {
    "Get-SCStorageQoSPolicy": get_policy,
    "Get-SCStorageFabricClassification": get_classification,
    "Get-SCVMHostFibreChannelVirtualSAN": get_san,
    "Get-SCVirtualFibreChannelAdapter": get_adapter,
    "New-SCVirtualFibreChannelAdapter": new_adapter,
}
