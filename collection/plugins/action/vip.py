# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.vip``: a virtual address of a static pool of VMM, granted or given back."""

from __future__ import annotations

from ..plugin_utils.declaration import BeforeAfter, Declaration, Operation, Parameters, Result
from ..plugin_utils.operation_action import OperationAction

_OPTIONS = {
    "uid": {"type": "str", "required": True},
    "owner": {"type": "str"},
    "pool": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}
_FIELDS = tuple(_OPTIONS)


def _granted(parameters: Parameters, result: Result) -> BeforeAfter:
    told = {"vip": result.get("vip")}
    return ({"vip": None}, told) if parameters["state"] == "present" else (told, {"vip": None})


class ActionModule(OperationAction):
    """Have an address granted, or revoked."""

    declaration = Declaration(
        options=_OPTIONS,
        operations={
            "present": Operation("vip", fields=_FIELDS, required=("uid", "owner", "pool"), change=_granted),
            "absent": Operation("vip", fields=_FIELDS, required=("uid",), change=_granted),
        },
    )
