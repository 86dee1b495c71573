# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection ``capi.scvmm.vmm``: operations on VMM through the warm session of a broker."""

from __future__ import annotations

from typing import Any, NoReturn

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.connection import ConnectionBase

from ..plugin_utils.errors import UNREACHABLE, explain, explain_jobs, sentence
from ..plugin_utils.session.client import Client
from ..plugin_utils.session.failures import OptionsInvalid, SessionFailure
from ..plugin_utils.session.options import Options

DOCUMENTATION = r"""
name: vmm
author: capi-scvmm contributors
short_description: Operations on System Center Virtual Machine Manager through a session that stays open
version_added: 0.1.0
description:
  - Runs the modules of the collection P(capi.scvmm#collection) on a Windows host whose PowerShell talks to VMM, the
    exec host. That is the VMM server itself or a host with the VMM console.
  - A broker, a process of the user on the control node, holds the PowerShell remoting sessions. It starts with the
    first task, is shared by all runs with the same options, reopens what breaks, and ends after O(idle_seconds)
    without use. Options reach it on its standard input, its socket is private to the user, its log holds no secrets.
  - Runs no other modules and no commands. Use the connection P(ansible.builtin.psrp#connection) for those.
notes:
  - Sockets and logs of brokers are in C($CAPI_SCVMM_RUNTIME_DIR), else in C($XDG_RUNTIME_DIR/capi-scvmm), else in
    C(capi-scvmm-UID) in the folder for temporary files. The folder must be the user's own and closed to others.
  - A call that may have run before the connection broke is made a second time once a new session stands. All
    operations of the collection look first and do what is missing, so that is safe.
requirements:
  - pypsrp (Python library)
options:
  host:
    description: Name or address of the exec host.
    type: str
    default: inventory_hostname
    vars:
      - name: inventory_hostname
      - name: ansible_host
      - name: scvmm_host
  port:
    description: Port of WinRM. Without it V(5986) for https and V(5985) for http.
    type: int
    vars:
      - name: ansible_port
      - name: scvmm_port
    keyword:
      - name: port
  remote_user:
    description: User of the exec host, who must have a role in VMM; for NTLM as V(DOMAIN\\user).
    type: str
    vars:
      - name: ansible_user
      - name: scvmm_user
    keyword:
      - name: remote_user
  password:
    description: Password of the user.
    type: str
    vars:
      - name: ansible_password
      - name: scvmm_password
  scheme:
    description:
      - Whether the way to the exec host is TLS.
      - Without TLS, messages are encrypted by NTLM, Negotiate or Kerberos.
    type: str
    choices: [http, https]
    default: https
    vars:
      - name: scvmm_scheme
  path:
    description: Path of WinRM in the URL.
    type: str
    default: wsman
    vars:
      - name: scvmm_path
  authentication:
    description: How the user is authenticated.
    type: str
    choices: [basic, ntlm, negotiate, kerberos, certificate]
    default: negotiate
    vars:
      - name: scvmm_authentication
  encryption:
    description:
      - Encryption of messages. V(auto) does it when there is no TLS, V(always) even then, V(never) not at all.
      - O(authentication=basic) without TLS is accepted only with V(never), for it sends everything readable.
    type: str
    choices: [auto, always, never]
    default: auto
    vars:
      - name: scvmm_encryption
  certificate_validation:
    description: Whether the exec host's TLS certificate must be valid.
    type: bool
    default: true
    vars:
      - name: scvmm_certificate_validation
  ca_cert:
    description: Path of a PEM file with the authority that signed the exec host's certificate.
    type: path
    vars:
      - name: scvmm_ca_cert
  certificate_pem:
    description: Path of the client certificate for O(authentication=certificate).
    type: path
    vars:
      - name: scvmm_certificate_pem
  certificate_key_pem:
    description: Path of the client certificate's key.
    type: path
    vars:
      - name: scvmm_certificate_key_pem
  configuration:
    description:
      - PowerShell session configuration to connect to, for an endpoint that is restricted to the module CapiScvmm.
    type: str
    default: Microsoft.PowerShell
    vars:
      - name: scvmm_configuration
  vmm_server:
    description: The VMM server, as the exec host names it.
    type: str
    default: localhost
    vars:
      - name: scvmm_vmm_server
  workers:
    description: How many operations run at once at most, each in a session of its own. Long polls do not count.
    type: int
    default: 4
    vars:
      - name: scvmm_workers
  idle_seconds:
    description: Seconds without a call after which the broker ends and closes its sessions.
    type: int
    default: 300
    vars:
      - name: scvmm_idle_seconds
  connection_timeout:
    description: Seconds until an attempt to connect is given up.
    type: int
    default: 10
    vars:
      - name: scvmm_connection_timeout
  operation_timeout:
    description: Seconds that the exec host has for one step of the protocol; an operation may take longer.
    type: int
    default: 20
    vars:
      - name: scvmm_operation_timeout
  read_timeout:
    description: Seconds until a silent exec host is given up; above O(operation_timeout).
    type: int
    default: 30
    vars:
      - name: scvmm_read_timeout
"""

# Names that Ansible's users know, for options of the session.
_RENAMED = {"remote_user": "username"}
_OPTIONS = (
    "host",
    "port",
    "remote_user",
    "password",
    "scheme",
    "path",
    "authentication",
    "encryption",
    "certificate_validation",
    "ca_cert",
    "certificate_pem",
    "certificate_key_pem",
    "configuration",
    "vmm_server",
    "workers",
    "idle_seconds",
    "connection_timeout",
    "operation_timeout",
    "read_timeout",
)


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
        self._connect()
        assert self._client is not None
        answer = self._client.call(operation, request, timeout)
        if answer.repeated:
            self._display.v(f"{operation} was called again on a new session; the first call: {answer.repeated}")
        return answer.envelope()

    def _connect(self) -> Connection:
        if self._client is None:
            self._client = Client(self._session_options())
            self._connected = True
        return self

    def _session_options(self) -> Options:
        return Options.of({_RENAMED.get(name, name): self.get_option(name) for name in _OPTIONS})

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
