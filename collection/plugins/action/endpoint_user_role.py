# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.endpoint_user_role``: the VMM user role of the account that our sessions run as."""

from __future__ import annotations

from ..plugin_utils.declaration import Declaration, Operation
from ..plugin_utils.endpoint_action import EndpointAction

_TEXTS = {"type": "list", "elements": "str"}
_OPTIONS = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "name": {"type": "str", "required": True},
    "vmm_server": {"type": "str", "default": "localhost"},
    "profile": {"type": "str", "choices": ["SelfServiceUser", "TenantAdmin"]},
    "members": _TEXTS,
    "clouds": _TEXTS,
    "actions": _TEXTS,
    "library_path": {"type": "str"},
}


class ActionModule(EndpointAction):
    """Make the role sufficient, or remove it."""

    declaration = Declaration(
        options=_OPTIONS,
        operations={
            "present": Operation("endpoint_user_role", fields=tuple(_OPTIONS)),
            "absent": Operation("endpoint_user_role", fields=("state", "name", "vmm_server")),
        },
    )
