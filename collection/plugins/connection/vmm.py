# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING)
"""Connection ``capi.scvmm.vmm``: operations on VMM through the warm session of a broker."""

from __future__ import annotations

DOCUMENTATION = r"""
name: vmm
author:
  - capi.scvmm contributors (@capi-scvmm)
short_description: Operations on System Center Virtual Machine Manager through a session that stays open
version_added: 0.1.0
description:
  - Runs the modules of the collection C(capi.scvmm) on a Windows host whose PowerShell talks to VMM, the
    exec host. That is the VMM server itself or a host with the VMM console.
  - A broker, a process of the user on the control node, holds the PowerShell remoting sessions. It starts with the
    first task, is shared by all runs with the same options, reopens what breaks, and ends after O(idle_seconds)
    without use. Options reach it on its standard input, its socket is private to the user, its log holds no secrets.
  - Runs no other modules and no commands. Use the connection P(ansible.builtin.psrp#connection) for those.
notes:
  - A call that may have run before the connection broke is made a second time once a new session stands. All
    operations of the collection look first and do what is missing, so that is safe.
options:
  host:
    default: inventory_hostname
    vars:
      - name: inventory_hostname
      - name: ansible_host
      - name: scvmm_host
  port:
    vars:
      - name: ansible_port
      - name: scvmm_port
    keyword:
      - name: port
  remote_user:
    vars:
      - name: ansible_user
      - name: scvmm_user
    keyword:
      - name: remote_user
  password:
    vars:
      - name: ansible_password
      - name: scvmm_password
extends_documentation_fragment:
  - capi.scvmm.session
"""

from typing import Any, NoReturn

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.connection import ConnectionBase

from ..plugin_utils.errors import UNREACHABLE, explain, explain_jobs, sentence
from ..plugin_utils.session.client import Client
from ..plugin_utils.session.failures import OptionsInvalid, SessionFailure
from ..plugin_utils.session.options import Options


class OperationFailed(AnsibleError):
    """The operation was refused; *error* is the error in full."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(sentence(error))
        self.error = error


class Connection(ConnectionBase):
    """Holds no connection of its own: each call goes to the broker's socket."""

    transport = "capi.scvmm.vmm"
    has_pipelining = False
    has_tty = False
    become_methods = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._client: Client | None = None

    def call(self, operation: str, request: dict[str, Any], timeout: float | None = None) -> dict[str, Any]:
        """The result of an operation of docs/operations.md, within *timeout* seconds.

        Raises OperationFailed when it is refused and AnsibleConnectionFailure when nobody knows what became of it.
        """
        try:
            envelope = self.envelope(operation, request, timeout)
        except SessionFailure as failure:
            envelope = {"ok": False, "error": failure.as_dict()}
        if envelope["ok"]:
            return explain_jobs(envelope["result"])
        error = explain({"operation": operation, **envelope["error"]})
        if error["class"] == UNREACHABLE:
            raise AnsibleConnectionFailure(sentence(error))
        raise OperationFailed(error)

    def envelope(self, operation: str, request: dict[str, Any], timeout: float | None = None) -> dict[str, Any]:
        """The operation's own answer, refused or not; raises SessionFailure when there is none."""
        answer = self._opened().call(operation, request, timeout)
        if answer.repeated:
            self._display.v(f"{operation} was called again on a new session; the first call: {answer.repeated}")
        return answer.envelope()

    def _connect(self) -> Connection:
        self._opened()
        return self

    def _opened(self) -> Client:
        if self._client is None:
            self._client = Client(self._session_options())
            self._connected = True
        return self._client

    def _session_options(self) -> Options:
        return Options.of_plugin(self.get_option)

    def exec_command(self, cmd: str, in_data: bytes | None = None, sudoable: bool = True) -> NoReturn:
        """Refused: sessions run operations only."""
        self._refuse("commands or modules of other collections")

    def put_file(self, in_path: str, out_path: str) -> NoReturn:
        """Refused: use the module vm_media for media."""
        self._refuse("copying of files")

    def fetch_file(self, in_path: str, out_path: str) -> NoReturn:
        """Refused."""
        self._refuse("fetching of files")

    def _refuse(self, what: str) -> NoReturn:
        raise AnsibleError(
            f"Connection {self.transport} runs the modules of capi.scvmm only, no {what}. "
            "Set ansible_connection to ansible.builtin.psrp for this task."
        )

    def close(self) -> None:
        """Let go of the socket; the broker and its sessions stay."""
        if self._client is not None:
            self._client.close()
            self._client = None
        self._connected = False

    def reset(self) -> None:
        """End the broker of this session: the next call opens new sessions."""
        try:
            client = self._client or Client(self._session_options())
        except OptionsInvalid:
            return
        client.ask("end")
        self.close()
