# SPDX-License-Identifier: Apache-2.0
"""Names that a VM cannot have."""

from __future__ import annotations

from scvmm_sim.cmdlets.call import Call

REFUSED = '*?:<>|/\\"'
"""Characters that VMM takes in no name of a VM: its files and folders are named by it."""


def check_vm_name(call: Call) -> None:
    """Refuse a -Name with one of these characters."""
    name = call.bound.text("Name") or ""
    if any(character in name for character in REFUSED):
        raise call.error(
            12416,
            f"The virtual machine name {name} has a character that is not allowed.",
            f"Give a name without any of {' '.join(REFUSED)}",
        )
