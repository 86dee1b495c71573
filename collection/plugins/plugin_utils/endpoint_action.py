# SPDX-License-Identifier: GPL-3.0-or-later
"""The base of the modules that set an exec host up: the same shape as other modules, always the cold way."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail

from . import cold
from .operation_action import OperationAction


class EndpointAction(OperationAction):
    """Runs an operation on the exec host itself, as an administrator of it, over Ansible's winrm or psrp."""

    def _envelope(
        self, name: str, request: dict[str, Any], timeout: float | None, task_vars: dict[str, Any]
    ) -> dict[str, Any]:
        if hasattr(self._connection, "envelope"):
            raise AnsibleActionFail(
                f"{self._task.action}: connection {self._connection.transport} runs operations on VMM only. "
                "Set ansible_connection to ansible.builtin.winrm or ansible.builtin.psrp for this task"
            )
        return super()._envelope(name, request, timeout, task_vars)

    def _cold(self, name: str, request: dict[str, Any], vmm_server: str) -> dict[str, Any]:
        return self.run_script(cold.ENDPOINT_SCRIPT, cold.endpoint_input(name, request))
