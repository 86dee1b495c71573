# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.endpoint_quota``: WinRM's quotas on an exec host, large enough."""

from __future__ import annotations

from ..plugin_utils.declaration import Declaration, Operation
from ..plugin_utils.endpoint_action import EndpointAction

_QUOTAS = (
    "max_memory_per_shell_mb",
    "max_shells_per_user",
    "idle_timeout_ms",
    "max_concurrent_operations_per_user",
    "max_timeout_ms",
    "max_envelope_size_kb",
)
_OPTIONS = {"quotas": {"type": "dict", "required": True, "options": {name: {"type": "int"} for name in _QUOTAS}}}


class ActionModule(EndpointAction):
    """Raise quotas that are too small."""

    declaration = Declaration(options=_OPTIONS, operations={None: Operation("endpoint_quota", fields=tuple(_OPTIONS))})
