# SPDX-License-Identifier: Apache-2.0
"""The VMs of a fabric: there before anybody asks for them, made by the cmdlets that a person would use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scvmm_sim.errors import CmdletError, FabricError
from scvmm_sim.fabric.model import ExistingVm, JobSeconds

if TYPE_CHECKING:
    from scvmm_sim.cmdlets.vmm import Vmm


def make_existing(vmm: Vmm) -> None:
    """Make the fabric's VMs, in no time; raises FabricError for one that cannot be."""
    world = vmm.world
    durations, world.durations = world.durations, JobSeconds()
    for number, wanted in enumerate(world.fabric.vms):
        try:
            _make(vmm, wanted)
        except CmdletError as error:
            raise FabricError(f"vms[{number}]: {error.message} {error.recommended_action}".rstrip()) from error
    world.durations = durations


def _make(vmm: Vmm, wanted: ExistingVm) -> None:
    def one(cmdlet: str, **parameters: Any) -> dict[str, Any]:
        given = {name: _reference(value) for name, value in parameters.items() if value is not None}
        found: dict[str, Any] = vmm.call(cmdlet, given).objects[0]
        return found

    cloud, template = one("Get-SCCloud", Name=wanted.cloud), one("Get-SCVMTemplate", Name=wanted.template)
    plan = one("New-SCVMConfiguration", VMTemplate=template, Name=wanted.name, Cloud=cloud)
    plan = one("Update-SCVMConfiguration", VMConfiguration=plan)
    vm = one(
        "New-SCVirtualMachine",
        Name=wanted.name,
        VMConfiguration=plan,
        Cloud=cloud,
        Description=wanted.description or None,
    )
    if wanted.running:
        one("Start-SCVirtualMachine", VM=vm)


def _reference(value: Any) -> Any:
    return {"_type": value["_type"], "ID": value["ID"]} if isinstance(value, dict) else value
