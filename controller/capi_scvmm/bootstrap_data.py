# SPDX-License-Identifier: Apache-2.0
"""Reads Secrets that a guest's first boot needs: the bootstrap provider's data and a domain's credentials. Pure."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from capi_scvmm.kinds import DomainJoin, PasswordRef

CLOUD_CONFIG, IGNITION = "cloud-config", "ignition"
FORMATS = (CLOUD_CONFIG, IGNITION)
Problem = tuple[str, str]
# What the role keepalived_vip lets into keepalived.conf; VRRP cuts off what is longer than eight bytes.
_VRRP_PASSWORD = re.compile(r'[^\x00-\x20\x7f-\U0010ffff{}!#"@$]{1,8}')


@dataclass(frozen=True)
class BootstrapData:
    """The user-data and its format."""

    value: bytes = field(repr=False)
    format: str = CLOUD_CONFIG


NOTHING_MORE = BootstrapData(b"#cloud-config\n{}\n")
"""For a guest that is told nothing but what parts of ours say."""


@dataclass(frozen=True)
class Credentials:
    """Who joins a domain."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class FirstBoot:
    """All that a first boot needs of Secrets."""

    data: BootstrapData
    credentials: Credentials | None = None
    vrrp_password: str | None = field(default=None, repr=False)


def secrets_of(data: str | None, join: DomainJoin | None, password: PasswordRef | None) -> list[str]:
    """Name the Secrets that a first boot needs: bootstrap data, credentials of a domain, VRRP's password."""
    wanted = (data, join.credentials_secret_ref.name if join else None, password.name if password else None)
    return [name for name in wanted if name is not None]


def first_boot(
    namespace: str,
    data: str | None,
    join: DomainJoin | None,
    password: PasswordRef | None,
    bodies: Mapping[str, Mapping[str, Any] | None],
) -> FirstBoot | Problem:
    """Read them; without *data* (a load balancer) the guest is told nothing but what parts of ours say."""
    found = bootstrap_data(bodies[data], f"{namespace}/{data}") if data is not None else NOTHING_MORE
    if not isinstance(found, BootstrapData):
        return found
    read = FirstBoot(found)
    if join is not None:
        name = join.credentials_secret_ref.name
        who = credentials(bodies[name], f"{namespace}/{name}")
        if not isinstance(who, Credentials):
            return who
        read = replace(read, credentials=who)
    if password is not None:
        told = vrrp_password(bodies[password.name], f"{namespace}/{password.name}", password.key)
        if not isinstance(told, str):
            return told
        read = replace(read, vrrp_password=told)
    return read


def bootstrap_data(secret: Mapping[str, Any] | None, name: str) -> BootstrapData | Problem:
    """Read the Secret *name*, or tell (reason, message) why it cannot be used."""
    if secret is None:
        return "BootstrapSecretNotFound", f"Secret {name} with the bootstrap data does not exist: create it."
    data: Mapping[str, Any] = secret.get("data") or {}
    try:
        form = base64.b64decode(data.get("format") or "").decode() or CLOUD_CONFIG
        value = base64.b64decode(data["value"], validate=True)
    except KeyError:
        return "BootstrapDataInvalid", f"Secret {name} has no key value: put the bootstrap data there."
    except (binascii.Error, UnicodeDecodeError):
        return "BootstrapDataInvalid", f"Secret {name} cannot be decoded: write it anew."
    if form not in FORMATS:
        return (
            "BootstrapDataInvalid",
            f"Secret {name} has format {form}; only {' and '.join(FORMATS)} are understood: change the bootstrap "
            "provider's.",
        )
    return BootstrapData(value, form)


def credentials(secret: Mapping[str, Any] | None, name: str) -> Credentials | Problem:
    """Read username and password of spec.domainJoin, or tell (reason, message) why they cannot be used."""
    if secret is None:
        return (
            "DomainCredentialsNotFound",
            f"Secret {name} with the credentials of spec.domainJoin does not exist: create it with the keys username "
            "and password.",
        )
    data: Mapping[str, Any] = secret.get("data") or {}
    found = {}
    for key in ("username", "password"):
        try:
            found[key] = base64.b64decode(data.get(key) or "", validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            found[key] = ""
        # realm reads one line; a Secret made from a file often ends with one break too many.
        found[key] = found[key].removesuffix("\n").removesuffix("\r")
        if not found[key] or any(sign in found[key] for sign in "\n\r\0"):
            return "DomainCredentialsInvalid", f"Secret {name}: key {key} must be one line of text: write it anew."
    return Credentials(found["username"], found["password"])


def vrrp_password(secret: Mapping[str, Any] | None, name: str, key: str) -> str | Problem:
    """Read the password of VRRP adverts, or tell (reason, message) why it cannot be used."""
    if secret is None:
        return (
            "VRRPPasswordNotFound",
            f"Secret {name} with the password of spec.controlPlaneLoadBalancer.keepalived does not exist: create it "
            f"with the key {key}.",
        )
    try:
        found = base64.b64decode((secret.get("data") or {}).get(key) or "", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        found = ""
    found = found.removesuffix("\n").removesuffix("\r")
    if not _VRRP_PASSWORD.fullmatch(found):
        return (
            "VRRPPasswordInvalid",
            f"Secret {name}: key {key} must be one to eight printable characters without spaces and without "
            '{ } ! # " @ $, as keepalived reads them: write it anew.',
        )
    return found
