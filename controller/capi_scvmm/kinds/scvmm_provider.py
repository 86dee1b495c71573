# SPDX-License-Identifier: Apache-2.0
"""ScvmmProvider: a VMM server, how to reach it, and who may use it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from capi_scvmm.kinds.boot import Hook
from capi_scvmm.kinds.conditions import Condition, find_condition
from capi_scvmm.kinds.metadata import ObjectMeta
from capi_scvmm.kinds.model import HostText, Later, Model, PemText, Text
from capi_scvmm.kinds.references import SecretRef
from capi_scvmm.kinds.rules import EMPTY_OBJECT, SET, map_by, rule, rules

Scheme = Literal["http", "https"]
Authentication = Literal["basic", "ntlm", "negotiate", "kerberos"]
SmbAuthentication = Literal["negotiate", "ntlm", "kerberos"]
Encryption = Literal["auto", "always", "never"]
ADD_VM_SPEC = "AddVMSpec"
FileSystem = Literal["vfat", "iso9660"]
Upload = Literal["session", "smb"]
DeviceType = Literal["dvd", "floppy", "scsi", "ide"]

_HOST_EXPRESSION = "self.matches('^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?[.]?$') || isIP(self)"
_HOST = rules(
    rule(
        _HOST_EXPRESSION,
        "scvmmHost is a host name or IP address: write vmm.example.com, and the port into connection.port",
    )
)
_EXEC_HOST = rules(
    rule(
        f"self == '' || {_HOST_EXPRESSION}",
        "execHosts are host names or IP addresses: write exec1.example.com, and the port into connection.port",
    )
)
_LIBRARY_SHARE = rules(
    rule(
        r"""!self.matches('[<>:"|?*]') && !self.matches('(^|[\\\\/])[.][.]([\\\\/]|$)')""",
        r"libraryShare is a folder: write ISOs\cloud-init (below the first library share) or \\server\share\folder, "
        r"without drive letter, wildcards and ..",
    )
)

_SMB_NEEDS_A_SERVER = rule(
    r"""self.upload != 'smb' || (has(self.libraryShare) && self.libraryShare.matches('^[\\\\/]{2}'))""",
    r"cloudInit: with upload: smb the controller writes to the file server itself: write libraryShare as "
    r"\\server\share\folder",
    field=".libraryShare",
)
_FINGERPRINT = rules(
    rule(
        "self == '' || self.matches('^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$')",
        "certificateFingerprint is a SHA-256: write its 64 hexadecimal digits",
    )
)

_CONFIGURATION = rules(
    rule(
        "self == '' || self.matches('^[A-Za-z0-9._-]+$')",
        "connection.configuration names a session configuration, as in CapiScvmm: write letters, digits, dots, dashes "
        "and underscores",
    )
)

Host = Annotated[str, Field(max_length=253, json_schema_extra=_EXEC_HOST)]
NamespaceName = Annotated[str, Field(min_length=1, max_length=63)]


class Connection(Model):
    """How the exec host is reached: PowerShell remoting over WSMan."""

    model_config = {
        "json_schema_extra": rules(
            rule(
                "self.authentication != 'basic' || self.scheme == 'https' || self.encryption == 'never'",
                "connection: basic authentication over http shows the password to the network: set scheme: https or "
                "authentication: ntlm (or, where that is no danger, encryption: never)",
                field=".authentication",
            ),
            rule(
                "self.scheme == 'https' || !has(self.caCertificate) || self.caCertificate == ''",
                "connection: caCertificate is used with https only: set scheme: https or remove caCertificate",
                field=".caCertificate",
                forbidden=True,
            ),
            rule(
                "self.scheme == 'https' || !has(self.certificateFingerprint) || self.certificateFingerprint == ''",
                "connection: certificateFingerprint is used with https only: set scheme: https or remove "
                "certificateFingerprint",
                field=".certificateFingerprint",
                forbidden=True,
            ),
            rule(
                "self.scheme == 'https' || self.certificateValidation",
                "connection: certificateValidation: false is for https only: set scheme: https or remove "
                "certificateValidation",
                field=".certificateValidation",
                forbidden=True,
            ),
        )
    }

    port: int | None = Field(
        default=None, description="TCP port of WSMan. Default: 5985 with http, 5986 with https.", ge=1, le=65535
    )
    scheme: Scheme = Field(default="http", description="Transport of WSMan: http or https. Default: http.")
    path: str = Field(
        default="wsman",
        description="Path of WSMan on the server, without a leading slash. Default: wsman.",
        max_length=256,
    )
    configuration: Text = Field(
        default=None,
        description="PowerShell session configuration to connect to, such as the restricted one that the role "
        "vmm_endpoint registers. Default: Microsoft.PowerShell.",
        json_schema_extra=_CONFIGURATION,
    )
    authentication: Authentication = Field(
        default="negotiate",
        description="How the user is proven: basic, ntlm, negotiate (Kerberos, else NTLM) or kerberos. Default: "
        "negotiate.",
    )
    encryption: Encryption = Field(
        default="auto",
        description="Encryption of the messages: auto (with http, when the authentication can do it), always, or "
        "never. Default: auto.",
    )
    certificate_validation: bool = Field(
        default=True, description="Whether the server's certificate is checked with https. Default: true."
    )
    certificate_fingerprint: Text = Field(
        default=None,
        description="SHA-256 of the server's certificate (64 hexadecimal digits, colons allowed): with https only this "
        "one is accepted, whoever signed it. Default: the certificate is checked with authorities.",
        json_schema_extra=_FINGERPRINT,
    )
    ca_certificate: PemText = Field(
        default=None,
        description="CA certificates in PEM form that the server's certificate is checked with. Default: the system's.",
        json_schema_extra=rules(
            rule(
                "self == '' || self.contains('-----BEGIN CERTIFICATE-----')",
                "caCertificate is PEM text: write the certificate with its line -----BEGIN CERTIFICATE-----",
            )
        ),
    )

    @property
    def effective_port(self) -> int:
        """The port, said or by default."""
        return self.port or (5986 if self.scheme == "https" else 5985)


class Smb(Model):
    """How the controller logs in to the file server of the library share: as the user of scvmmSecret."""

    port: int = Field(default=445, description="TCP port of SMB on the file server. Default: 445.", ge=1, le=65535)
    encryption: Encryption = Field(
        default="auto",
        description="Encryption of the messages, which are always signed: auto (when the file server can), always, or "
        "never (when the file server demands it). Default: auto.",
    )
    authentication: SmbAuthentication = Field(
        default="negotiate",
        description="How the user is proven: negotiate (Kerberos, else NTLM), ntlm or kerberos. Default: negotiate.",
    )


class CloudInit(Model):
    """How the cloud-init image gets to the VM."""

    model_config = {"json_schema_extra": rules(_SMB_NEEDS_A_SERVER)}

    library_share: Text = Field(
        default="ISOs\\cloud-init",
        description="Folder of the VMM library that images are put into: below the first library share that takes "
        "files, or absolute as \\\\server\\share\\folder. Default: ISOs\\cloud-init.",
        json_schema_extra=_LIBRARY_SHARE,
    )
    file_system: FileSystem = Field(
        default="iso9660",
        description="File system of an image on a disk (scsi, ide): iso9660 or vfat. A DVD is always iso9660 and a "
        "floppy disk always vfat, whatever stands here. Default: iso9660.",
    )
    upload: Upload = Field(
        default="session",
        description="How the image gets into the library: session (through the PowerShell session) or smb (the "
        "controller writes it to the file server's share). Default: session.",
    )
    smb: Smb = Field(
        default_factory=Smb,
        description="How the controller logs in to the file server when upload is smb.",
        json_schema_extra=EMPTY_OBJECT,
    )
    eject_after_seconds: int = Field(
        default=1800,
        description="When the image is taken out of the drive of a machine without Cluster and Machine: so many "
        "seconds after the guest reported its first address. That of a machine in a cluster is taken out once its Node "
        "has joined. Default: 1800.",
        ge=0,
        le=2592000,
    )
    device_type: DeviceType = Field(
        default="dvd",
        description="Drive that the image is put into: dvd, floppy (at most 1.4 MB), scsi or ide (a disk of its own). "
        "VMs of generation 2 have neither floppy nor ide. From ide it can be taken out only while the VM is off. "
        "A machine keeps the drive that its image was made for. Default: dvd.",
    )


class ScvmmProviderSpec(Model):
    """A VMM server and how to reach it."""

    scvmm_host: str = Field(
        description="Host name or IP address of the VMM server.", min_length=1, max_length=253, json_schema_extra=_HOST
    )
    scvmm_secret: SecretRef | None = Field(
        default=None,
        description="Secret in the namespace of the ScvmmProvider with the keys username (DOMAIN\\user or user@domain) "
        "and password.",
    )
    exec_hosts: tuple[Host, ...] = Field(
        default=(),
        description="Hosts with the VMM console that run the PowerShell, the first healthy one is used. Those that are "
        "not the VMM server log in there as the Secret's user. Default: the VMM server itself.",
        max_length=16,
        json_schema_extra=SET,
    )
    exec_host: HostText = Field(
        default=None,
        description="One host with the VMM console that runs the PowerShell. Older form of execHosts, which wins.",
        json_schema_extra=_EXEC_HOST,
    )
    connection: Connection = Field(
        default_factory=Connection,
        description="How the exec host is reached: PowerShell remoting over WSMan.",
        json_schema_extra=EMPTY_OBJECT,
    )
    allowed_namespaces: tuple[NamespaceName, ...] | None = Field(
        default=None,
        description="Namespaces whose clusters and machines may use this provider, beside its own. Default: all. An "
        "empty list: only its own.",
        max_length=1024,
        json_schema_extra=SET,
    )
    keep_alive_seconds: Annotated[int, Later()] = Field(
        default=0,
        description="How long a connection without work is kept open, in seconds. Default, also with 0: 20.",
        ge=0,
        le=86400,
    )
    cloud_init: CloudInit = Field(
        default_factory=CloudInit,
        description="How the cloud-init image gets to the VM.",
        json_schema_extra=EMPTY_OBJECT,
    )
    hook: Hook | None = Field(
        default=None,
        description="Ansible tasks, in a ConfigMap of the provider's namespace, that determine addresses and other "
        "fields of each machine before its first boot. They run with the controller's rights.",
    )
    allow_machine_hooks: bool = Field(
        default=False,
        description="Whether machines may name hooks of their own. Who may write ConfigMaps and machines in their "
        "namespaces can then do all that the controller can. Default: false.",
    )
    extra_functions: Annotated[dict[str, str], Later(applies=lambda value: bool(value.keys() - {ADD_VM_SPEC}))] = Field(
        default_factory=dict,
        description="PowerShell functions, by name. AddVMSpec($spec, $metadata) is called before the first boot, "
        "unless a hook is named, and determines hostname, metadata and what devices are told, where the exec host's "
        "endpoint runs scripts. Others are not called.",
    )
    env: Annotated[dict[str, str], Later()] = Field(
        default_factory=dict, description="Environment variables, by name, that extraFunctions see."
    )

    @property
    def effective_exec_hosts(self) -> tuple[str, ...]:
        """The hosts that run the PowerShell, in order: execHosts, else execHost, else the VMM server."""
        return tuple(host for host in self.exec_hosts if host) or (self.exec_host or self.scvmm_host,)


class ExecHostStatus(Model):
    """Whether an exec host answers."""

    host: str = Field(description="Host name of the exec host.", max_length=253)
    status: Literal["OK", "Failed"] = Field(description="Whether it answers: OK or Failed.")
    message: str = Field(default="", description="Why it does not answer, and what to do.", max_length=32768)


class VmmServer(Model):
    """What the VMM server said about itself."""

    version: Text = Field(default=None, description="Version of VMM.")
    user: Text = Field(default=None, description="User that VMM knows the controller as.")


class ScvmmProviderStatus(Model):
    """Whether the VMM server answers."""

    exec_hosts: tuple[ExecHostStatus, ...] = Field(
        default=(),
        description="The exec hosts and whether they answer.",
        max_length=16,
        json_schema_extra=map_by("host"),
    )
    vmm_server: VmmServer | None = Field(default=None, description="What the VMM server said about itself.")
    conditions: tuple[Condition, ...] = Field(
        default=(),
        description="State of the provider, aspect by aspect; Ready says whether the VMM server answers, and why not.",
        max_length=32,
        json_schema_extra=map_by("type"),
    )

    def condition(self, kind: str) -> Condition | None:
        """The condition of type *kind*, or None."""
        return find_condition(self.conditions, kind)


class ScvmmProvider(Model):
    """A VMM server, how to reach it, and which namespaces may use it."""

    metadata: ObjectMeta = Field(description="Standard object metadata.")
    spec: ScvmmProviderSpec = Field(description="The VMM server and how to reach it.")
    status: ScvmmProviderStatus = Field(
        default_factory=ScvmmProviderStatus, description="Whether the VMM server answers. Written by the controller."
    )

    def allows(self, namespace: str) -> bool:
        """Whether clusters and machines in *namespace* may use this provider."""
        allowed = self.spec.allowed_namespaces
        return allowed is None or namespace == self.metadata.namespace or namespace in allowed
