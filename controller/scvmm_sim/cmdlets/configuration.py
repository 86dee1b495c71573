# SPDX-License-Identifier: Apache-2.0
"""VM configurations: the plan of a VM, and its placement on a host."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from scvmm_sim.cmdlets.call import Call, Function, Outcome
from scvmm_sim.cmdlets.vm_name import check_vm_name
from scvmm_sim.state.hardware import TemplateRecord
from scvmm_sim.state.placement import Rating, best, hosts_below, rate
from scvmm_sim.state.records import CloudRecord, GroupRecord, HostRecord, Record, View

KEPT_SETTINGS = ("Tag", "CostCenter", "Description")


@dataclass(eq=False)
class ConfigurationRecord(Record):
    """What a VM is going to be, and where."""

    type_name: ClassVar[str] = "VMConfiguration"
    template: TemplateRecord | None = None
    cloud: CloudRecord | None = None
    group: GroupRecord | None = None
    host: HostRecord | None = None
    availability_sets: list[str] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    pinned: HostRecord | None = None
    placed: bool = False
    settings: dict[str, str] = field(default_factory=dict)
    """Properties of the VM that were given to Set-SCVMConfiguration: `KEPT_SETTINGS`."""

    def view(self) -> View:
        """VMM's VMConfiguration; without a host after placement, the reasons are in several of its properties."""
        reasons = [reason for rating in self.ratings for reason in rating.reasons]
        if self.placed and not self.ratings:
            host = f"Host {self.pinned.name} is not" if self.pinned else "There is no host"
            reasons = [f"{host} in the chosen location."]
        failed = self.placed and self.host is None
        return {
            **self.brief(),
            **self.settings,
            "VMTemplate": self.template.brief() if self.template else None,
            "Cloud": self.cloud.brief() if self.cloud else None,
            "VMHostGroup": self.group.brief() if self.group else None,
            "VMHost": self.host.brief() if self.host else None,
            "ComputerName": self.name,
            "AvailabilitySetNames": list(self.availability_sets),
            "VMHostRatings": [rating.view() for rating in self.ratings],
            "RatingsExplanation": " ".join(reasons) if failed else "",
            "ZeroRatingReasonList": reasons if failed else [],
            "DeploymentErrors": reasons if failed else [],
            "PlacementRating": 0.0 if self.host is None else max((one.stars for one in self.ratings), default=0.0),
        }


def new_configuration(call: Call) -> Outcome:
    """Plan a VM of a template in a cloud or host group."""
    check_vm_name(call)
    bound, world = call.bound, call.world
    template = call.given(TemplateRecord, "VMTemplate")
    configuration = ConfigurationRecord(world.new_id(), bound.text("Name") or template.name, template)
    configuration.cloud = call.given_or_none(CloudRecord, "Cloud")
    configuration.group = call.given_or_none(GroupRecord, "VMHostGroup")
    configuration.availability_sets = list(bound.values.get("AvailabilitySetNames") or [])
    return Outcome([world.add(configuration)])


def set_configuration(call: Call) -> Outcome:
    """Change name, place or host of a plan."""
    configuration = call.given(ConfigurationRecord, "VMConfiguration")
    configuration.name = call.bound.text("Name") or configuration.name
    host = call.given_or_none(HostRecord, "VMHost")
    configuration.host = host or configuration.host
    pin = call.bound.values.get("PinVMHost")
    if pin is not None:
        configuration.pinned = configuration.host if pin else None
    configuration.cloud = call.given_or_none(CloudRecord, "Cloud") or configuration.cloud
    configuration.group = call.given_or_none(GroupRecord, "VMHostGroup") or configuration.group
    sets = call.bound.values.get("AvailabilitySetNames")
    if sets is not None:
        configuration.availability_sets = list(sets)
    for name in KEPT_SETTINGS:
        text = call.bound.text(name)
        if text is not None:
            configuration.settings[name] = text
    return Outcome([configuration])


def update_configuration(call: Call) -> Outcome:
    """Run placement. No host is no error here: the configuration's VMHost stays empty and its ratings say why."""
    reference = call.bound.reference("VMConfiguration")
    if reference is None:
        raise call.error(
            12416, "A list of configurations is not supported by the simulator.", "Give one configuration."
        )
    configuration = call.given(ConfigurationRecord, "VMConfiguration")
    place(call, configuration)
    return Outcome([configuration])


def place(call: Call, configuration: ConfigurationRecord) -> None:
    """Rate the hosts and choose the best one."""
    template = configuration.template
    if template is None:
        return
    groups = [configuration.group] if configuration.group else configuration.cloud.groups if configuration.cloud else []
    hosts = hosts_below(groups, call.world.all(HostRecord))
    if configuration.pinned is not None:
        hosts = [host for host in hosts if host is configuration.pinned]
    configuration.ratings = [rate(host, template.cpu_count, template.memory_mb, template.adapters) for host in hosts]
    configuration.host = best(configuration.ratings)
    configuration.placed = True


def remove_configuration(call: Call) -> Outcome:
    """Forget a plan."""
    call.world.discard(call.given(ConfigurationRecord, "VMConfiguration"))
    return Outcome()


FUNCTIONS: dict[str, Function] = {
    "New-SCVMConfiguration": new_configuration,
    "Set-SCVMConfiguration": set_configuration,
    "Update-SCVMConfiguration": update_configuration,
    "Remove-SCVMConfiguration": remove_configuration,
}
