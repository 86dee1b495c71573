# SPDX-License-Identifier: GPL-3.0-or-later
"""The base of all modules that are operations on VMM: arguments in, operation called, one shape of result out."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.action import ActionBase

from . import cold
from .declaration import Declaration, missing, request_of, result_of
from .errors import UNREACHABLE, explain, explain_jobs, sentence
from .session.client import Client as _Client  # noqa: F401  # imported here once, before Ansible forks for each task
from .session.failures import SessionFailure, Unreachable
from .session.key import code_state


class OperationAction(ActionBase):
    """Runs the operation that *declaration* makes of the task's arguments."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False
    declaration: ClassVar[Declaration]

    @classmethod
    def load(cls) -> None:
        """Do beforehand what is the same for every task, in the process that forks for them."""
        validator_of(cls.declaration)
        code_state()

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Call the operation; see the module's documentation for options and result."""
        super().run(tmp, task_vars)
        parameters = self.prepared(self._parameters())
        operation = self.declaration.operation(parameters)
        lack = missing(operation, parameters)
        if lack:
            raise AnsibleActionFail(f"{self._task.action}: {lack}")
        request = request_of(operation, parameters, bool(self._task.check_mode))
        envelope = self._envelope(operation.name, request, parameters["timeout"], task_vars or {})
        if envelope["ok"]:
            return result_of(operation, parameters, explain_jobs(envelope["result"]))
        return failed(envelope["error"])

    def prepared(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """*parameters* with what only the control node can add; a module with files on it overrides this."""
        return parameters

    def _parameters(self) -> dict[str, Any]:
        validation = validator_of(self.declaration).validate(self._task.args)
        if validation.error_messages:
            told = [
                f"unknown option {error}" if isinstance(error, UnsupportedError) else str(error)
                for error in validation.errors.errors
            ]
            raise AnsibleActionFail(f"{self._task.action}: {'; '.join(told)}")
        return dict(validation.validated_parameters)

    def _envelope(
        self, name: str, request: dict[str, Any], timeout: float | None, task_vars: dict[str, Any]
    ) -> dict[str, Any]:
        """The operation's envelope; that there is none becomes an error of the same shape."""
        try:
            if hasattr(self._connection, "envelope"):
                return dict(self._connection.envelope(name, request, timeout))
            return self._cold(name, request, str(task_vars.get("scvmm_vmm_server") or "localhost"))
        except SessionFailure as failure:
            return {"ok": False, "error": {**failure.as_dict(), "operation": name}}

    def _cold(self, name: str, request: dict[str, Any], vmm_server: str) -> dict[str, Any]:
        return self.run_script(cold.SCRIPT, cold.standard_input(name, request, vmm_server))

    def run_script(self, script: str, standard_input: bytes) -> dict[str, Any]:
        """The envelope that one of the scripts of the cold way writes; raises SessionFailure without one."""
        shell = self._connection._shell
        if getattr(shell, "_SHELL_FAMILY", getattr(shell, "SHELL_FAMILY", "")) != "powershell":
            raise AnsibleActionFail(
                f"{self._task.action}: connection {self._connection.transport} runs no PowerShell. "
                "Set ansible_connection to capi.scvmm.vmm, or to ansible.builtin.psrp or ansible.builtin.winrm"
            )
        command = shell._encode_script(script, as_list=False, strict_mode=False, preserve_rc=False)
        try:
            self._connection._connect()
            told = self._connection.exec_command(command, in_data=standard_input, sudoable=False)
        except AnsibleConnectionFailure as error:
            raise Unreachable(" ".join(str(error).split()), "unknown") from None
        return cold.envelope_of(*told)


@cache
def validator_of(declaration: Declaration) -> ArgumentSpecValidator:
    """The validator of a module's options; to make one takes a third of the time of a whole task."""
    return ArgumentSpecValidator(declaration.argument_spec, **declaration.constraints)


def failed(error: dict[str, Any]) -> dict[str, Any]:
    """The result of a task whose operation ended in *error*."""
    explained = explain(error)
    flag = "unreachable" if explained["class"] == UNREACHABLE else "failed"
    return {flag: True, "changed": False, "msg": sentence(explained), "error": explained}
