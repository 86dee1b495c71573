# SPDX-License-Identifier: Apache-2.0
"""The operation hardware_info."""

from __future__ import annotations

from typing import Any

from scvmm_sim.operations.fields import Fields
from scvmm_sim.operations.session import Object, Session


def hardware_info(session: Session, request: Fields) -> dict[str, Any]:
    """Processors and memory of all VM templates and hardware profiles, in two bulk calls."""
    return {
        "templates": [
            {**_shape(one), "operating_system": (one["OperatingSystem"] or {}).get("Name")}
            for one in session.all("Get-SCVMTemplate")
        ],
        "hardware_profiles": [_shape(one) for one in session.all("Get-SCHardwareProfile")],
    }


def _shape(one: Object) -> dict[str, Any]:
    return {"name": one["Name"], "cpu_count": one["CPUCount"], "memory_mb": one["Memory"]}
