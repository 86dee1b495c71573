# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.vm_info``: virtual machines and their jobs, in one call."""

from __future__ import annotations

from ..plugin_utils.declaration import Declaration, Operation
from ..plugin_utils.operation_action import OperationAction

_TEXTS = {"type": "list", "elements": "str"}

_OPTIONS = {
    "ids": _TEXTS,
    "uids": _TEXTS,
    "names": _TEXTS,
    "vm_ids": _TEXTS,
    "marked": {"type": "bool", "default": False},
    "all": {"type": "bool"},
    "checkpoints": {"type": "bool"},
    "job_ids": _TEXTS,
    "refresh_ids": _TEXTS,
    "since": {"type": "str"},
    "wait_seconds": {"type": "float"},
    "interval_seconds": {"type": "float"},
}


class ActionModule(OperationAction):
    """Look, and on request wait until something is different."""

    declaration = Declaration(
        options=_OPTIONS, operations={None: Operation("vm_info", fields=tuple(_OPTIONS), reads=True)}
    )
