# SPDX-License-Identifier: Apache-2.0
"""VM templates and hardware profiles."""

from __future__ import annotations

from scvmm_sim.cmdlets.call import Call, Function, Outcome
from scvmm_sim.cmdlets.disk import take_disks
from scvmm_sim.state.hardware import Adapter, Drive, ProfileRecord, TemplateRecord
from scvmm_sim.state.records import SystemRecord


def get_template(call: Call) -> Outcome:
    """Templates by id or name."""
    return Outcome(call.picked(TemplateRecord))


def get_profile(call: Call) -> Outcome:
    """Hardware profiles by id, or all of them: there is no -Name."""
    return Outcome(call.picked(ProfileRecord, None))


def new_template(call: Call) -> Outcome:
    """Make a template from a hardware profile and the disks that were put aside under the job group."""
    bound, world = call.bound, call.world
    profile = call.given_or_none(ProfileRecord, "HardwareProfile")
    source = call.given_or_none(TemplateRecord, "VMTemplate")
    base = source or profile
    template = TemplateRecord(world.new_id(), bound.text("Name") or "", temporary=True, added=world.now_text())
    if base is not None:
        template.generation, template.cpu_count, template.memory_mb = base.generation, base.cpu_count, base.memory_mb
        template.adapters = [
            Adapter(world.new_id(), a.name, a.slot, network=a.network, subnet=a.subnet) for a in base.adapters
        ]
        template.drives = [Drive(world.new_id(), d.name, d.bus, d.lun) for d in base.drives]
    template.generation = bound.integer("Generation") or template.generation
    if profile is not None and profile.generation != template.generation:
        raise call.error(
            12416,
            f"Hardware profile {profile.name} is of generation {profile.generation}, "
            f"template {template.name} of generation {template.generation}.",
            "Choose the same generation for both.",
        )
    template.cpu_count = bound.integer("CPUCount") or template.cpu_count
    template.memory_mb = bound.integer("MemoryMB") or template.memory_mb
    template.system = call.given_or_none(SystemRecord, "OperatingSystem") or (source.system if source else None)
    present = list(source.disks) if source else []
    template.disks = [*present, *take_disks(call, template.generation, present, template.drives)]
    return Outcome([world.add(template)])


def remove_template(call: Call) -> Outcome:
    """Remove a template; VMs made of it stay."""
    template = call.given(TemplateRecord, "VMTemplate")
    call.world.discard(template)
    call.world.changed()
    return Outcome()


FUNCTIONS: dict[str, Function] = {
    "Get-SCVMTemplate": get_template,
    "Get-SCHardwareProfile": get_profile,
    "New-SCVMTemplate": new_template,
    "Remove-SCVMTemplate": remove_template,
}
