# SPDX-License-Identifier: Apache-2.0
"""The operation boot_fields, which only a real PowerShell can do."""

from __future__ import annotations

from typing import Any

from scvmm_sim.operations.fields import Fields, OperationError
from scvmm_sim.operations.session import Session


def boot_fields(session: Session, request: Fields) -> dict[str, Any]:
    """Refuse loudly: the function is PowerShell, and this engine has none."""
    for field in ("function", "spec", "metadata"):
        request.need_text(field)
    raise OperationError(
        "CapiScvmm.NotSimulated",
        "AddVMSpec is PowerShell, which the simulator's native engine does not run. Use its engine powershell.",
    )
