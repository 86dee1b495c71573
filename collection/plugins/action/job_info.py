# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.job_info``: what became of jobs."""

from __future__ import annotations

from ..plugin_utils.declaration import Declaration, Operation
from ..plugin_utils.operation_action import OperationAction

_OPTIONS = {
    "ids": {"type": "list", "elements": "str", "required": True},
    "wait_seconds": {"type": "float"},
}


class ActionModule(OperationAction):
    """Look at jobs, and on request wait for their end."""

    declaration = Declaration(
        options=_OPTIONS, operations={None: Operation("job_info", fields=tuple(_OPTIONS), reads=True)}
    )
