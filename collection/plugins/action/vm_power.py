# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.vm_power``: a virtual machine that runs, or is off."""

from __future__ import annotations

from ..plugin_utils.declaration import BeforeAfter, Declaration, Operation, Parameters, Result
from ..plugin_utils.operation_action import OperationAction

_OPTIONS = {
    "id": {"type": "str"},
    "uid": {"type": "str"},
    "state": {"type": "str", "choices": ["running", "off"], "required": True},
    "method": {"type": "str", "choices": ["shutdown", "turn_off"]},
}


def _switched(parameters: Parameters, result: Result) -> BeforeAfter:
    other = {"running": "off", "off": "running"}[parameters["state"]]
    return {"state": other}, {"state": parameters["state"]}


class ActionModule(OperationAction):
    """Start or stop a VM."""

    declaration = Declaration(
        options=_OPTIONS,
        operations={
            "running": Operation("vm_power", fields=("id", "uid", "state"), one_of=("id", "uid"), change=_switched),
            "off": Operation("vm_power", fields=tuple(_OPTIONS), one_of=("id", "uid"), change=_switched),
        },
    )
