# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.endpoint_configuration``: the restricted session configuration of an exec host."""

from __future__ import annotations

import time
from typing import Any

from ansible.errors import AnsibleConnectionFailure

from ..plugin_utils.declaration import Declaration, Operation
from ..plugin_utils.endpoint_action import EndpointAction
from ..plugin_utils.powershell_module import module_version
from ..plugin_utils.session.failures import SessionFailure, TimedOut

_OPTIONS = {
    "state": {"type": "str", "choices": ["present", "effective", "absent"], "default": "present"},
    "name": {"type": "str", "default": "CapiScvmm"},
    "max_shells_per_user": {"type": "int"},
    "restart_seconds": {"type": "float", "default": 120.0},
}
_PAUSE_SECONDS = 2.0


class ActionModule(EndpointAction):
    """Register or remove the configuration; make it count by restarting WinRM."""

    declaration = Declaration(
        options=_OPTIONS,
        operations={
            "present": Operation("endpoint_configuration", fields=("state", "name", "version", "max_shells_per_user")),
            "effective": Operation("endpoint_restart", fields=()),
            "absent": Operation("endpoint_configuration", fields=("state", "name")),
        },
    )

    def prepared(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Add the module's version, whose folder holds the configuration's file."""
        self._restart_seconds = parameters["restart_seconds"]
        return {**parameters, "version": module_version()}

    def _envelope(
        self, name: str, request: dict[str, Any], timeout: float | None, task_vars: dict[str, Any]
    ) -> dict[str, Any]:
        envelope = super()._envelope(name, request, timeout, task_vars)
        if name != "endpoint_restart" or not envelope["ok"] or not envelope["result"]["changed"]:
            return envelope
        if request.get("check"):
            return envelope
        failure = self._await_restart(timeout, task_vars)
        return envelope if failure is None else {"ok": False, "error": {**failure.as_dict(), "operation": name}}

    def _await_restart(self, timeout: float | None, task_vars: dict[str, Any]) -> SessionFailure | None:
        """Ask until WinRM is back and the restart is no longer pending, or the time is over."""
        deadline = time.monotonic() + self._restart_seconds
        while time.monotonic() < deadline:
            time.sleep(_PAUSE_SECONDS)
            try:
                self._connection.reset()
            except AnsibleConnectionFailure:
                continue  # WinRM is down: that is what we wait through
            found = super()._envelope("endpoint_info", {}, timeout, task_vars)
            if found["ok"] and not found["result"]["restart_pending"]:
                return None
        return TimedOut(
            f"WinRM was told to restart, but {self._restart_seconds:g} seconds later it has not, or does not answer. "
            "See that the service WinRM runs, and restart it"
        )
