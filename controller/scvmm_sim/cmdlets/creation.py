# SPDX-License-Identifier: Apache-2.0
"""New-SCVirtualMachine: the VM is known with all its ids at once, its creation job goes on."""

from __future__ import annotations

from typing import Any

from scvmm_sim.binder import Bound, Reference
from scvmm_sim.cmdlets.call import Call, Outcome
from scvmm_sim.cmdlets.configuration import ConfigurationRecord
from scvmm_sim.cmdlets.custom_property import PropertyValue
from scvmm_sim.cmdlets.disk import add_disks, check_files, disk_folder, take_disks
from scvmm_sim.cmdlets.dvd import insert
from scvmm_sim.cmdlets.network_adapter import take_adapters
from scvmm_sim.cmdlets.storage import check_san
from scvmm_sim.cmdlets.vm_name import check_vm_name
from scvmm_sim.errors import CmdletError
from scvmm_sim.state import Work
from scvmm_sim.state.hardware import Adapter, Disk, Drive, FloppyDrive
from scvmm_sim.state.placement import best, hosts_below, rate
from scvmm_sim.state.records import CloudRecord, HostRecord, IsoRecord, SystemRecord
from scvmm_sim.state.storage import FibreAdapter
from scvmm_sim.state.vm import VirtualMachine

NO_SETTINGS = {
    "VMConfiguration",
    "Name",
    "Description",
    "Cloud",
    "JobGroup",
    "RunAsynchronously",
    "JobVariable",
    "StartVM",
    "CPUCount",
    "MemoryMB",
    "OperatingSystem",
    "VM",
    "VMMServer",
}
"""Parameters that are no properties of the VM of the same name."""


def new_vm(call: Call) -> Outcome:
    """Make a VM from a placed configuration and what its job group put aside. VMM does not keep names unique."""
    if call.bound.reference("VMConfiguration") is None:
        raise call.error(
            12416, "The simulator makes virtual machines from a VM configuration only.", "Give -VMConfiguration."
        )
    check_vm_name(call)
    check_known(call)
    configuration = call.given(ConfigurationRecord, "VMConfiguration")
    cloud = call.given_or_none(CloudRecord, "Cloud") or configuration.cloud
    vm = _plan(call, configuration)
    vm.cloud = cloud
    vm.host = _host(call, configuration, vm)
    _take_disks(call, vm)
    _take_group(call, vm)
    world = call.world
    world.discard(configuration)
    vm.host.take(vm)
    world.add(vm)

    def done() -> None:
        vm.status = vm.resting

    def fail() -> None:
        vm.status = "CreationFailed"

    return Outcome([vm], call.start(Work("create", "Create virtual machine", vm, done=done, failed=fail)))


def check_known(call: Call) -> None:
    """Refuse, as PowerShell does, a parameter that the server's VMM is too old for."""
    version = call.world.fabric.server.version
    if "EnableNestedVirtualization" in call.bound.values and not knows_nesting(version):
        raise CmdletError(
            None,
            "A parameter cannot be found that matches parameter name 'EnableNestedVirtualization'.",
            "Correct the call.",
            category="InvalidArgument",
            cmdlet=call.cmdlet,
            error_id="NamedParameterNotFound",
        )


def knows_nesting(version: str) -> bool:
    """Whether a VMM of that version is of 2019 (10.19) or later; 2016 was 4.0."""
    numbers = [int(part) for part in version.split(".")[:2] if part.isdigit()]
    return numbers >= [10, 19]


def settings(bound: Bound) -> dict[str, Any]:
    """Further properties as given (StartAction, CheckpointType, Tag, …)."""
    return {
        name: value
        for name, value in bound.values.items()
        if name not in NO_SETTINGS and not isinstance(value, Reference)
    }


def _plan(call: Call, configuration: ConfigurationRecord) -> VirtualMachine:
    bound, world = call.bound, call.world
    template = configuration.template
    if template is None:
        raise call.error(12416, "The VM configuration has no template.", "Make the configuration from a template.")
    vm = VirtualMachine(world.new_id(), bound.text("Name") or "", world.new_id(), world.new_id())
    planned = dict(configuration.settings)
    description = planned.pop("Description", "")
    vm.description = bound.text("Description") or description
    vm.generation = template.generation
    vm.cpu_count = bound.integer("CPUCount") or template.cpu_count
    vm.memory_mb = bound.integer("MemoryMB") or template.memory_mb
    vm.system = call.given_or_none(SystemRecord, "OperatingSystem") or template.system
    vm.created = vm.modified = world.now_text()
    vm.settings = {
        "StartAction": "NeverAutoTurnOnVM",
        "StopAction": "SaveVM",
        "CheckpointType": "Production",
        "CPULimitForMigration": False,
        "CPULimitFunctionality": False,
        "DynamicMemoryEnabled": False,
        "DynamicMemoryMinimumMB": 512,
        "DynamicMemoryMaximumMB": 1048576,
        "DynamicMemoryBufferPercentage": 20,
        **({"EnableNestedVirtualization": False} if knows_nesting(world.fabric.server.version) else {}),
        "Tag": "(none)",
        **planned,
        **settings(bound),
        "AvailabilitySetNames": list(configuration.availability_sets),
    }
    copied = [_copied_disk(call, disk, vm) for disk in template.disks]
    adapters = [Adapter(world.new_id(), a.name, a.slot, network=a.network, subnet=a.subnet) for a in template.adapters]
    vm.adapters = take_adapters(call, adapters)
    vm.drives = [Drive(world.new_id(), d.name, d.bus, d.lun) for d in template.drives]
    vm.floppy = FloppyDrive(world.new_id(), "Floppy drive") if vm.generation == 1 else None
    vm.disks = [*copied, *take_disks(call, vm.generation, copied, vm.drives)]
    return vm


def _take_disks(call: Call, vm: VirtualMachine) -> None:
    """Give the planned disks their files on the host that the VM comes to."""
    planned, vm.disks = vm.disks, []
    mine = disk_folder(vm).casefold()
    # Two VMs of one name: Hyper-V finds another folder for the second one, so its files are not in the way.
    check_files(call, vm, [disk for disk in planned if disk.folder and disk.folder.casefold() != mine])
    for disk in planned:
        disk.folder = disk.folder or disk_folder(vm)
    add_disks(call.world, vm, planned)


def _copied_disk(call: Call, disk: Disk, vm: VirtualMachine) -> Disk:
    name = f"{vm.name}-{disk.name}" if not disk.name.startswith(vm.name) else disk.name
    return Disk(
        call.world.new_id(),
        name,
        disk.bus_type,
        disk.bus,
        disk.lun,
        disk.size_mb,
        disk.dynamic,
        disk.volume_type,
        disk.vhd,
        disk.iops_maximum,
        disk.qos_policy,
    )


def _host(call: Call, configuration: ConfigurationRecord, vm: VirtualMachine) -> HostRecord:
    """The host that placement chose, or another one when the VM as asked for does not fit there."""
    if configuration.host is None:
        raise call.error(
            2911,
            f"Virtual machine {vm.name} has no host: its VM configuration was not placed.",
            "Run Update-SCVMConfiguration and look at its ratings.",
        )
    first = rate(configuration.host, vm.cpu_count, vm.memory_mb, vm.adapters)
    if first.stars > 0:
        return configuration.host
    if configuration.pinned is not None:
        reasons = " ".join(first.reasons)
        raise call.error(
            2911, f"Host {configuration.host.name} cannot take virtual machine {vm.name}. {reasons}", "Ask for less."
        )
    groups = [configuration.group] if configuration.group else configuration.cloud.groups if configuration.cloud else []
    hosts = hosts_below(groups, call.world.all(HostRecord))
    ratings = [rate(host, vm.cpu_count, vm.memory_mb, vm.adapters) for host in hosts]
    found = best(ratings)
    if found is None:
        reasons = " ".join(reason for rating in ratings for reason in rating.reasons)
        raise call.error(
            2911, f"No host can take virtual machine {vm.name}. {reasons}", "Free resources or ask for less."
        )
    return found


def _take_group(call: Call, vm: VirtualMachine) -> None:
    name = call.bound.text("JobGroup")
    group = call.world.groups.pop(name, None) if name else None
    for item in group.items if group else []:
        if isinstance(item, FibreAdapter):
            check_san(call, vm, item)
            vm.fibre.append(item)
        elif isinstance(item, PropertyValue):
            vm.custom_properties[item.name] = item.value
        elif isinstance(item, tuple):
            drive, iso, linked = item
            vm.drives.append(drive)
            if isinstance(iso, IsoRecord):
                insert(call.world, vm, drive, iso, linked=linked)
