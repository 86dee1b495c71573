# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.endpoint_info``: what an exec host has of what we need."""

from __future__ import annotations

from ..plugin_utils.declaration import Declaration, Operation
from ..plugin_utils.endpoint_action import EndpointAction

_OPTIONS = {"configuration": {"type": "str"}, "vmm_server": {"type": "str"}}


class ActionModule(EndpointAction):
    """Look at versions, quotas, our module and its session configuration."""

    declaration = Declaration(
        options=_OPTIONS, operations={None: Operation("endpoint_info", fields=tuple(_OPTIONS), reads=True)}
    )
