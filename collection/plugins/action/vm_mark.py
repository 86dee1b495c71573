# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.vm_mark``: a virtual machine that carries its owner's mark, or no longer does."""

from __future__ import annotations

from ..plugin_utils.declaration import BeforeAfter, Declaration, Operation, Parameters, Result
from ..plugin_utils.operation_action import OperationAction

_OPTIONS = {
    "id": {"type": "str", "required": True},
    "uid": {"type": "str", "required": True},
    "owner": {"type": "str"},
    "replaces": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}
_FIELDS = tuple(_OPTIONS)


def _marked(parameters: Parameters, result: Result) -> BeforeAfter:
    after = {"owner": parameters["owner"], "uid": parameters["uid"]} if parameters["state"] == "present" else None
    return {"mark": result.get("before")}, {"mark": after}


class ActionModule(OperationAction):
    """Write the mark into a VM's description, or take it out."""

    declaration = Declaration(
        options=_OPTIONS,
        operations={
            "present": Operation("vm_mark", fields=_FIELDS, required=("id", "uid", "owner"), change=_marked),
            "absent": Operation("vm_mark", fields=_FIELDS, required=("id", "uid"), change=_marked),
        },
    )
