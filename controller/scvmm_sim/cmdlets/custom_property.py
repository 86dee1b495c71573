# SPDX-License-Identifier: Apache-2.0
"""Custom properties of VMs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from scvmm_sim.cmdlets.call import Call, Function, Outcome
from scvmm_sim.state.records import PropertyRecord
from scvmm_sim.state.vm import VirtualMachine


@dataclass(frozen=True)
class PropertyValue:
    """A value put aside under a job group until the VM is made."""

    kept_for: ClassVar[str] = "virtual machine"
    name: str
    value: str


def get_property(call: Call) -> Outcome:
    """Custom properties by id, name or kind of member."""
    return Outcome(call.picked(PropertyRecord))


def get_value(call: Call) -> Outcome:
    """Values of custom properties of one VM."""
    vm = call.given_or_none(VirtualMachine, "InputObject")
    wanted = call.given_or_none(PropertyRecord, "CustomProperty")
    values = []
    for owner in [vm] if vm else call.world.all(VirtualMachine):
        for name, value in owner.custom_properties.items():
            if wanted is None or wanted.name == name:
                prop = next((p for p in call.world.all(PropertyRecord) if p.name == name), None)
                values.append(
                    {
                        "_type": "CustomPropertyValue",
                        "ID": owner.id,
                        "CustomProperty": prop.brief() if prop else None,
                        "Value": value,
                        "ObjectID": owner.id,
                    }
                )
    return Outcome(values)


def set_value(call: Call) -> Outcome:
    """Give a VM, or the one a job group is about, a value of a custom property."""
    prop = call.given(PropertyRecord, "CustomProperty")
    value = call.bound.text("Value") or ""
    group = call.bound.text("JobGroup")
    if group is not None:
        call.world.job_group(group).items.append(PropertyValue(prop.name, value))
        return Outcome()
    vm = call.given(VirtualMachine, "InputObject")
    # A value is only VMM's own data: nothing on the host changes, so it takes no time.
    call.world.jobs.check_free(vm, call.cmdlet)
    vm.custom_properties[prop.name] = value
    call.world.changed(vm)
    return Outcome()


FUNCTIONS: dict[str, Function] = {
    "Get-SCCustomProperty": get_property,
    "Get-SCCustomPropertyValue": get_value,
    "Set-SCCustomPropertyValue": set_value,
}
