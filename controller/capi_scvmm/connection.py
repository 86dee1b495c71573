# SPDX-License-Identifier: Apache-2.0
"""How a VMM server is reached: the same values for the pipe and for inventories, so that both share a broker."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any

from capi_scvmm.kinds import ScvmmProvider

WORKERS = 6
# Options that an inventory leaves out when they are not set.
_OPTIONAL = ("configuration", "ca_cert", "certificate_fingerprint", "hosts", "vmm_username", "vmm_password")


@dataclass(frozen=True)
class Connection:
    """Where, as whom and how; *ca_cert* is the path of a PEM file or empty."""

    host: str
    port: int
    scheme: str
    path: str
    username: str
    password: str = field(repr=False)
    authentication: str
    encryption: str
    certificate_validation: bool
    vmm_server: str
    configuration: str = ""
    ca_cert: str = ""
    certificate_fingerprint: str = ""
    hosts: tuple[str, ...] = ()
    vmm_username: str = ""
    vmm_password: str = field(default="", repr=False)
    workers: int = WORKERS
    idle_seconds: int = 300

    @classmethod
    def of(cls, provider: ScvmmProvider, username: str, password: str, ca_cert: str) -> Connection:
        """Take everything but the credentials and the CA file from the provider's spec."""
        spec, way = provider.spec, provider.spec.connection
        hosts = spec.effective_exec_hosts
        # Windows passes no login on to a second server: an exec host that is not the VMM server shows it once more.
        hops = any(host.lower() != spec.scvmm_host.lower() for host in hosts)
        return cls(
            host=hosts[0],
            port=way.effective_port,
            scheme=way.scheme,
            path=way.path,
            username=username,
            password=password,
            authentication=way.authentication,
            encryption=way.encryption,
            certificate_validation=way.certificate_validation,
            # The VMM server itself needs no second hop to a name that it may not even know.
            vmm_server=spec.scvmm_host if hops else "localhost",
            configuration=way.configuration or "",
            ca_cert=ca_cert,
            certificate_fingerprint=way.certificate_fingerprint or "",
            hosts=hosts if len(hosts) > 1 else (),
            vmm_username=username if hops else "",
            vmm_password=password if hops else "",
        )

    @property
    def endpoint(self) -> str:
        """Name the way for messages; of several exec hosts the first."""
        return f"{self.scheme}://{self.host}:{self.port}/{self.path}"

    @property
    def fingerprint(self) -> str:
        """Tell two connections apart without telling what is in them."""
        return hashlib.sha256(repr(sorted(asdict(self).items())).encode()).hexdigest()[:16]

    def options(self) -> dict[str, Any]:
        """Give the options of the pipe."""
        given = {key: value for key, value in asdict(self).items() if value not in ("", ())}
        return {key: list(value) if isinstance(value, tuple) else value for key, value in given.items()}

    def variables(self) -> dict[str, Any]:
        """Give the variables of the connection plugin."""
        return {
            "ansible_connection": "capi.scvmm.vmm",
            "ansible_host": self.host,
            "ansible_port": self.port,
            "ansible_user": self.username,
            "ansible_password": self.password,
            "scvmm_scheme": self.scheme,
            "scvmm_path": self.path,
            "scvmm_authentication": self.authentication,
            "scvmm_encryption": self.encryption,
            "scvmm_certificate_validation": self.certificate_validation,
            "scvmm_vmm_server": self.vmm_server,
            "scvmm_workers": self.workers,
            "scvmm_idle_seconds": self.idle_seconds,
            **{f"scvmm_{name}": value for name, value in self.options().items() if name in _OPTIONAL},
        }
