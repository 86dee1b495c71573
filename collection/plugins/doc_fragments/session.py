# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING)
"""What the documentation of all plugins that reach an exec host through a session has in common."""

from __future__ import annotations


class ModuleDocFragment:
    """The options that tell one session from another; the names are those of Options in plugin_utils/session."""

    DOCUMENTATION = r"""
options:
  host:
    description: Name or address of the exec host.
    type: str
    vars:
      - name: scvmm_host
  port:
    description: Port of WinRM. Without it V(5986) for https and V(5985) for http.
    type: int
    vars:
      - name: scvmm_port
  hosts:
    description:
      - Several exec hosts in order of preference, each as host or host:port; without a port O(port) counts.
      - The first that is well is used. One that fails is looked at from time to time, without a login, and used again
        when it answers. Instead of O(host).
    type: list
    elements: str
    default: []
    vars:
      - name: scvmm_hosts
  remote_user:
    description: User of the exec host, who must have a role in VMM; for NTLM as V(DOMAIN\\user).
    type: str
    vars:
      - name: scvmm_user
  password:
    description: Password of the user.
    type: str
    vars:
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
  certificate_fingerprint:
    description:
      - SHA-256 of the exec host's TLS certificate, 64 hexadecimal digits. Only this certificate is then accepted,
        whoever signed it; authority, name and dates are not looked at.
    type: str
    vars:
      - name: scvmm_certificate_fingerprint
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
  vmm_username:
    description:
      - User that the VMM server knows, for an exec host that is not the VMM server (a jump host). Windows does not pass
        a login on to a second server, so the exec host is given credentials of its own. With O(vmm_password).
    type: str
    vars:
      - name: scvmm_vmm_username
  vmm_password:
    description:
      - Password of O(vmm_username). It goes to the exec host as a secure string, encrypted for the session, and never
        into a request.
    type: str
    vars:
      - name: scvmm_vmm_password
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
requirements:
  - pypsrp (on the control node)
notes:
  - Sockets and logs of brokers are in C($CAPI_SCVMM_RUNTIME_DIR), else in C($XDG_RUNTIME_DIR/capi-scvmm), else in
    C(capi-scvmm-UID) in the folder for temporary files. The folder must be the user's own and closed to others.
"""
