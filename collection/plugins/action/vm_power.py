# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.vm_power``: a virtual machine that runs, is off, paused or saved."""

from __future__ import annotations

from ..plugin_utils.declaration import BeforeAfter, Declaration, Operation, Parameters, Result
from ..plugin_utils.operation_action import OperationAction

_OPTIONS = {
    "id": {"type": "str"},
    "uid": {"type": "str"},
    "state": {"type": "str", "choices": ["running", "off", "paused", "saved"], "required": True},
    "method": {"type": "str", "choices": ["shutdown", "turn_off", "shutdown_then_turn_off"]},
    "shutdown_seconds": {"type": "float"},
}
_VM = ("id", "uid")
_COMMON = ("id", "uid", "state")


def _switched(parameters: Parameters, result: Result) -> BeforeAfter:
    before = "off" if parameters["state"] == "running" else "running"
    return {"state": before}, {"state": parameters["state"]}


class ActionModule(OperationAction):
    """Start, stop, pause or save a VM."""

    declaration = Declaration(
        options=_OPTIONS,
        operations={
            **{
                state: Operation("vm_power", fields=_COMMON, one_of=_VM, change=_switched)
                for state in ("running", "paused", "saved")
            },
            "off": Operation("vm_power", fields=tuple(_OPTIONS), one_of=_VM, change=_switched),
        },
    )
