# SPDX-License-Identifier: Apache-2.0
"""Virtual machines: found, changed, refreshed, removed. Creation is in `creation`, power in `power`."""

from __future__ import annotations

import shutil

from scvmm_sim.cmdlets import change, creation, power
from scvmm_sim.cmdlets.call import Call, Function, Outcome
from scvmm_sim.cmdlets.dvd import eject, vm_folder
from scvmm_sim.guest.boot import refresh, release_leases, remove_guest, stop_running
from scvmm_sim.state import Work, World
from scvmm_sim.state.address_pools import take_back
from scvmm_sim.state.records import CloudRecord, HostRecord
from scvmm_sim.state.vm import VirtualMachine

REMOVABLE = (
    "PowerOff",
    "Stored",
    "Saved",
    "CreationFailed",
    "DeletionFailed",
    "UpdateFailed",
    "MigrationFailed",
    "CheckpointFailed",
    "Missing",
)


def get_vm(call: Call) -> Outcome:
    """VMs by id, name, cloud or host, or all of them."""
    vms = call.picked(VirtualMachine)
    cloud, host = call.given_or_none(CloudRecord, "Cloud"), call.given_or_none(HostRecord, "VMHost")
    if cloud is not None:
        vms = [vm for vm in vms if vm.cloud is cloud]
    if host is not None:
        vms = [vm for vm in vms if vm.host is host]
    return Outcome(vms)


def read_vm(call: Call) -> Outcome:
    """Refresh one VM, or lightly all on a host: what their guests have by now becomes visible."""
    world = call.world
    host = call.given_or_none(HostRecord, "VMHost")
    if host is not None:

        def see_all() -> None:
            for seen in host.vms.values():
                _see(world, seen)

        # VMM goes on with other jobs on the host meanwhile.
        work = Work("refresh", "Refresh virtual machines on host", host, done=see_all, locks=False)
        return Outcome(list(host.vms.values()), call.start(work))
    vm = call.given(VirtualMachine, "VM")
    job = call.start(Work("refresh", "Refresh virtual machine", vm, done=lambda: _see(world, vm)))
    return Outcome([vm], job)


def _see(world: World, vm: VirtualMachine) -> None:
    if refresh(vm):
        world.changed(vm)


def remove_vm(call: Call) -> Outcome:
    """Remove a VM and its files; with -Force only VMM's record, while the VM goes on running on its host."""
    vm = call.given(VirtualMachine, "VM")
    world = call.world
    if call.bound.flag("Force"):
        world.jobs.drop_locks(vm)
        world.discard(vm)
        world.forgotten.append(vm)
        world.changed()
        return Outcome()
    if vm.status not in REMOVABLE:
        world.jobs.check_free(vm, call.cmdlet)
        raise call.error(
            640,
            f"Virtual machine {vm.name} cannot be removed in the state {vm.status}.",
            "Stop the virtual machine, then try again.",
        )

    def begin() -> None:
        vm.status = "Deleting"

    def fail() -> None:
        vm.status = "DeletionFailed"

    work = Work("remove", "Remove virtual machine", vm, begin, lambda: erase(world, vm), fail)
    return Outcome(job=call.start(work))


def erase(world: World, vm: VirtualMachine) -> None:
    """The VM and its files are gone."""
    world.jobs.drop_locks(vm)
    stop_running(world, vm)
    remove_guest(world, vm)
    release_leases(world, vm)
    for drive in vm.removable_drives:
        eject(drive)
    for adapter in vm.adapters:
        take_back(world, adapter.id)
    shutil.rmtree(vm_folder(world, vm), ignore_errors=True)
    if vm.host is not None:
        vm.host.release(vm)
    world.discard(vm)
    world.changed()


def repair_vm(call: Call) -> Outcome:
    """Retry, undo or dismiss what failed on a VM; -Dismiss only clears the failed state."""
    vm = call.given(VirtualMachine, "VM")
    work = vm.failed_work
    if call.bound.flag("Retry"):
        if work is None:
            raise call.wrong_state(vm)
        return Outcome([vm], call.start(Work(**{**vars(work), "error": None})))
    if call.bound.flag("Dismiss") or call.bound.flag("Undo"):
        call.world.jobs.check_free(vm, call.cmdlet)
        if not vm.status.endswith("Failed"):
            raise call.wrong_state(vm)
        # Nothing was made on a host when the creation failed.
        vm.status = vm.resting = "Missing" if vm.status == "CreationFailed" else vm.resting
        vm.failed_work = None
        call.world.changed(vm)
        return Outcome([vm])
    raise call.error(12416, "The simulator repairs with -Retry, -Undo or -Dismiss only.", "Give one of them.")


FUNCTIONS: dict[str, Function] = {
    "Get-SCVirtualMachine": get_vm,
    "New-SCVirtualMachine": creation.new_vm,
    "Set-SCVirtualMachine": change.set_vm,
    "Read-SCVirtualMachine": read_vm,
    "Start-SCVirtualMachine": power.start_vm,
    "Stop-SCVirtualMachine": power.stop_vm,
    "Suspend-SCVirtualMachine": power.suspend_vm,
    "Resume-SCVirtualMachine": power.resume_vm,
    "Remove-SCVirtualMachine": remove_vm,
    "Repair-SCVirtualMachine": repair_vm,
}
