# SPDX-License-Identifier: Apache-2.0
"""Layer 2: the VMM cmdlets as Python, one file per noun, behind `Vmm.call`."""

from __future__ import annotations

from scvmm_sim.cmdlets.vmm import CmdletResult, Vmm

__all__ = ["CmdletResult", "Vmm"]
