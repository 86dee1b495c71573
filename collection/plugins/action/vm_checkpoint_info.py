# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.vm_checkpoint_info``: the checkpoints of a virtual machine."""

from __future__ import annotations

from ..plugin_utils.declaration import Declaration, Operation
from ..plugin_utils.operation_action import OperationAction

_OPTIONS = {"id": {"type": "str"}, "uid": {"type": "str"}}


class ActionModule(OperationAction):
    """List the checkpoints of a VM."""

    declaration = Declaration(
        options=_OPTIONS,
        operations={None: Operation("vm_checkpoint_info", fields=tuple(_OPTIONS), one_of=tuple(_OPTIONS), reads=True)},
    )
