# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.vm_checkpoint``: a checkpoint that is there, was restored, or is gone."""

from __future__ import annotations

from ..plugin_utils.declaration import BeforeAfter, Declaration, Operation, Parameters, Result
from ..plugin_utils.operation_action import OperationAction

_OPTIONS = {
    "id": {"type": "str"},
    "uid": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "restored", "absent"], "default": "present"},
    "checkpoint": {"type": "str"},
    "checkpoint_id": {"type": "str"},
    "description": {"type": "str"},
}
_VM = ("id", "uid")
_MEANT = ("id", "uid", "state", "checkpoint", "checkpoint_id")


def _called(parameters: Parameters, result: Result) -> str | None:
    found = result.get("checkpoint") or {}
    return found.get("name") or parameters.get("checkpoint") or parameters.get("checkpoint_id")


def _taken(parameters: Parameters, result: Result) -> BeforeAfter:
    after = {name: parameters[name] for name in ("checkpoint", "description") if parameters.get(name) is not None}
    return {}, after


def _restored(parameters: Parameters, result: Result) -> BeforeAfter:
    return {}, {"restored": _called(parameters, result)}


def _removed(parameters: Parameters, result: Result) -> BeforeAfter:
    return {"checkpoint": _called(parameters, result)}, {}


class ActionModule(OperationAction):
    """Take, restore or remove a checkpoint of a VM."""

    declaration = Declaration(
        options=_OPTIONS,
        operations={
            "present": Operation(
                "vm_checkpoint",
                fields=(*_MEANT, "description"),
                required=("checkpoint",),
                one_of=_VM,
                change=_taken,
            ),
            "restored": Operation("vm_checkpoint", fields=_MEANT, one_of=_VM, change=_restored),
            "absent": Operation("vm_checkpoint", fields=_MEANT, one_of=_VM, change=_removed),
        },
        constraints={"required_one_of": [("checkpoint", "checkpoint_id")]},
    )
