# SPDX-License-Identifier: Apache-2.0
"""The certificates and keys of one management plane, valid for a month and known to nobody else."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

LIFETIME = timedelta(days=30)
CLOCK_SKEW = timedelta(hours=1)
ADMINISTRATORS = "system:masters"  # the group that RBAC lets do everything


@dataclass(frozen=True)
class Credential:
    """A certificate and its key, as PEM."""

    certificate: bytes
    key: bytes


class Authority:
    """A certificate authority that lives as long as the plane does."""

    def __init__(self) -> None:
        """Make a new authority with a new key."""
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("capi-scvmm test plane")
        constraints = x509.BasicConstraints(ca=True, path_length=0)
        self._certificate = (
            _builder(self._name, self._name, self._key.public_key())
            .add_extension(constraints, critical=True)
            .sign(self._key, hashes.SHA256())
        )

    @property
    def certificate(self) -> bytes:
        """The authority's own certificate, PEM."""
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    def serving(self) -> Credential:
        """A credential for servers on the loopback address."""
        names = x509.SubjectAlternativeName(
            [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        )
        return self._issue(_name("localhost"), [ExtendedKeyUsageOID.SERVER_AUTH], names)

    def administrator(self) -> Credential:
        """A client credential that may do everything."""
        return self._issue(_name("capi-scvmm-admin", ADMINISTRATORS), [ExtendedKeyUsageOID.CLIENT_AUTH], None)

    def _issue(
        self, subject: x509.Name, usages: Sequence[ObjectIdentifier], names: x509.SubjectAlternativeName | None
    ) -> Credential:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(subject, self._name, key.public_key())
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        if names is not None:
            builder = builder.add_extension(names, critical=False)
        certificate = builder.sign(self._key, hashes.SHA256())
        return Credential(certificate.public_bytes(serialization.Encoding.PEM), private_pem(key))


def service_account_key() -> bytes:
    """A key to sign service account tokens with, PEM; the API server derives the public half itself."""
    return private_pem(ec.generate_private_key(ec.SECP256R1()))


def private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The key as PEM in the form that every Kubernetes program reads."""
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(encoding, form, serialization.NoEncryption())


def write_private(path: Path, content: bytes) -> Path:
    """Write a file that only its owner can read, from its first moment."""
    path.touch(mode=0o600)
    path.write_bytes(content)
    return path


def _name(common_name: str, organization: str | None = None) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    if organization:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
    return x509.Name(attributes)


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(now - CLOCK_SKEW).not_valid_after(now + LIFETIME)
