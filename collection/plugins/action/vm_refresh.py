# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.vm_refresh``: let VMM look at virtual machines anew."""

from __future__ import annotations

from ..plugin_utils.declaration import Declaration, Operation
from ..plugin_utils.operation_action import OperationAction

_OPTIONS = {"id": {"type": "str"}, "uid": {"type": "str"}, "host": {"type": "str"}}


class ActionModule(OperationAction):
    """Refresh one VM, or lightly all of a host."""

    declaration = Declaration(
        options=_OPTIONS,
        operations={None: Operation("vm_refresh", fields=tuple(_OPTIONS), one_of=tuple(_OPTIONS), reads=True)},
        constraints={"mutually_exclusive": [("host", "id"), ("host", "uid")]},
    )
