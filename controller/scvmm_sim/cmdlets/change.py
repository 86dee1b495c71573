# SPDX-License-Identifier: Apache-2.0
"""Set-SCVirtualMachine: changes of a VM, with those of its parts that a job group holds back."""

from __future__ import annotations

from scvmm_sim.cmdlets.call import Call, Outcome
from scvmm_sim.cmdlets.creation import check_known, settings
from scvmm_sim.cmdlets.disk import add_disks, check_files, take_disks
from scvmm_sim.cmdlets.dvd import start_change
from scvmm_sim.cmdlets.held import take_held
from scvmm_sim.cmdlets.network_adapter import take_new, with_new
from scvmm_sim.cmdlets.vm_name import check_vm_name
from scvmm_sim.state.records import SystemRecord
from scvmm_sim.state.vm import VirtualMachine

OFF_ONLY = {
    "CPUCount",
    "MemoryMB",
    "DynamicMemoryEnabled",
    "DynamicMemoryMinimumMB",
    "DynamicMemoryMaximumMB",
    "DynamicMemoryBufferPercentage",
    "StopAction",
    "CPULimitForMigration",
    "CPULimitFunctionality",
    "EnableNestedVirtualization",
}
"""What Hyper-V changes only while the VM is off."""


def set_vm(call: Call) -> Outcome:
    """Change a VM and what its job group holds back for it; hardware only while it is off."""
    bound = call.bound
    check_known(call)
    check_vm_name(call)
    vm = call.given(VirtualMachine, "VM")
    held = take_held(call, vm)
    disks = take_disks(call, vm.generation, vm.disks, vm.drives)
    off_only = any(change.off_only for change in held) or any(disk.bus_type == "IDE" for disk in disks)
    if (OFF_ONLY & bound.values.keys() or off_only) and vm.resting == "Running":
        raise call.wrong_state(vm)
    _check_memory(call, vm)
    new = take_new(call)
    check_files(call, vm, disks)
    system = call.given_or_none(SystemRecord, "OperatingSystem")

    def done() -> None:
        vm.name = bound.text("Name") or vm.name
        if "Description" in bound.values:
            vm.description = bound.text("Description") or ""
        vm.cpu_count = bound.integer("CPUCount") or vm.cpu_count
        if vm.host is not None:
            # The host keeps count of what its VMs take.
            vm.host.release(vm)
        vm.memory_mb = bound.integer("MemoryMB") or vm.memory_mb
        if vm.host is not None:
            vm.host.take(vm)
        vm.system = system or vm.system
        vm.settings.update(settings(bound))
        vm.adapters = with_new(call.world, vm.adapters, new)
        add_disks(call.world, vm, disks)
        for change in held:
            change.act()
        vm.modified = call.world.now_text()

    return Outcome([vm], start_change(call, vm, "Change properties of virtual machine", done))


def _check_memory(call: Call, vm: VirtualMachine) -> None:
    """Refuse more memory than the host has free."""
    more = (call.bound.integer("MemoryMB") or vm.memory_mb) - vm.memory_mb
    if vm.host is not None and more > vm.host.free_memory_mb:
        raise call.error(
            2911,
            f"The host {vm.host.name} has {vm.host.free_memory_mb} MB of memory free, and virtual machine {vm.name} "
            f"would take {more} MB more.",
            "Free memory on the host or ask for less.",
        )
