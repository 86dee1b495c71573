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
    "remove_medium": {
        "type": "dict",
        "options": {"file": {"type": "str", "required": True}, "library_path": {"type": "str"}},
    },
}
_VM = ("id", "uid")
_COMMON = ("id", "uid", "state")
_OFF = ("method", "shutdown_seconds")


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
                for state in ("paused", "saved")
            },
            "running": Operation("vm_power", fields=(*_COMMON, "remove_medium"), one_of=_VM, change=_switched),
            "off": Operation("vm_power", fields=(*_COMMON, *_OFF), one_of=_VM, change=_switched),
        },
    )
