# SPDX-License-Identifier: Apache-2.0
"""Changes of a VM's parts: made in a job of their own, or held back under a job group until Set-SCVirtualMachine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scvmm_sim.cmdlets.call import Call
from scvmm_sim.cmdlets.dvd import start_change
from scvmm_sim.state import Job
from scvmm_sim.state.vm import VirtualMachine


@dataclass(frozen=True)
class HeldChange:
    """A change of a part of *vm*; *off_only* says that Hyper-V makes it only while the VM is off."""

    vm: VirtualMachine
    act: Callable[[], None]
    off_only: bool = False


def change_part(call: Call, name: str, change: HeldChange) -> Job | None:
    """Start the change's job, or hold it back under the call's job group."""
    group = call.bound.text("JobGroup")
    if group is not None:
        call.world.job_group(group).items.append(change)
        return None
    if change.off_only and change.vm.resting == "Running":
        raise call.wrong_state(change.vm)
    return start_change(call, change.vm, name, change.act)


def take_held(call: Call, vm: VirtualMachine) -> list[HeldChange]:
    """The changes of *vm* that wait in this call's job group; they no longer do afterwards."""
    name = call.bound.text("JobGroup")
    if name is None:
        return []
    group = call.world.job_group(name)
    held = [item for item in group.items if isinstance(item, HeldChange) and item.vm is vm]
    group.items = [item for item in group.items if item not in held]
    return held
