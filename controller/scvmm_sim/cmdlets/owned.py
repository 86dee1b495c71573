# SPDX-License-Identifier: Apache-2.0
"""Parts of VMs that cmdlets are given by themselves: which VM has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from scvmm_sim.cmdlets.call import Call
from scvmm_sim.state.records import Record
from scvmm_sim.state.vm import VirtualMachine

Part = TypeVar("Part", bound=Record)


def owned(call: Call, parameter: str, parts: Callable[[VirtualMachine], Iterable[Part]]) -> tuple[VirtualMachine, Part]:
    """Find the part that *parameter* refers to, and the VM that has it; VMM's error 801 when none has."""
    reference = call.bound.reference(parameter)
    wanted = reference.id if reference is not None else ""
    for vm in call.world.all(VirtualMachine):
        for part in parts(vm):
            if part.id == wanted:
                return vm, part
    raise call.error(801, f"VMM cannot find {parameter} object {wanted}.", "Look it up again.")
