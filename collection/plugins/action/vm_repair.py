# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.vm_repair``: a virtual machine on which nothing has failed."""

from __future__ import annotations

from ..plugin_utils.declaration import BeforeAfter, Declaration, Operation, Parameters, Result
from ..plugin_utils.operation_action import OperationAction

_OPTIONS = {
    "id": {"type": "str"},
    "uid": {"type": "str"},
    "method": {"type": "str", "choices": ["dismiss", "retry", "undo"]},
}


def _repaired(parameters: Parameters, result: Result) -> BeforeAfter:
    return {"failure": (result.get("failure") or {}).get("status")}, {"failure": None}


class ActionModule(OperationAction):
    """Dismiss what failed on a VM, try it again, or undo it."""

    declaration = Declaration(
        options=_OPTIONS,
        operations={
            None: Operation("vm_repair", fields=tuple(_OPTIONS), one_of=("id", "uid"), change=_repaired),
        },
    )
