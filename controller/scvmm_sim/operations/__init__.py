# SPDX-License-Identifier: Apache-2.0
"""Layer 3: the operations of docs/operations.md answered in Python, made of cmdlet calls."""

from __future__ import annotations

from typing import Any

from scvmm_sim.cmdlets import Vmm


class Operations:
    """Answers operations as the PowerShell module CapiScvmm does."""

    def __init__(self, vmm: Vmm) -> None:
        self.vmm = vmm

    def call(self, name: str, request: dict[str, Any]) -> dict[str, Any]:
        """The envelope that docs/operations.md describes; never raises for a failed operation."""
        raise NotImplementedError
