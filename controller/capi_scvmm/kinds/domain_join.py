# SPDX-License-Identifier: Apache-2.0
"""How a guest becomes a member of an Active Directory domain."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from capi_scvmm.kinds.model import EMPTY_IS_ABSENT, Model
from capi_scvmm.kinds.references import NamedReference
from capi_scvmm.kinds.rules import ATOMIC, rule, rules

_DOMAIN = rules(
    rule(
        "self.matches('^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?([.][A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$')",
        "domainJoin.domain is the DNS name of a domain, not its NetBIOS name: write corp.example.com",
    )
)
_OU = rules(
    rule(
        "self == '' || self.matches('^(?i)(OU|CN)=[^,=]+(,(OU|CN|DC)=[^,=]+)*$')",
        "domainJoin.ou is a distinguished name: write OU=Nodes,OU=Kubernetes,DC=corp,DC=example,DC=com",
    )
)
_COMPUTER_NAME = rules(
    rule(
        "self == '' || (self.matches('^[A-Za-z0-9]([A-Za-z0-9-]{0,13}[A-Za-z0-9])?$') && !self.matches('^[0-9]+$'))",
        "domainJoin.computerName has at most 15 letters, digits and dashes, and is no number: shorten computerName, or "
        "leave it out",
    )
)
# What Active Directory forbids in names, and what would mean something else in a rule of sudo.
_GROUP = rules(
    rule(
        r"self.matches('^[-_.() \\p{L}\\p{N}]+$')",
        "domainJoin: a group is written by its name alone, without domain, in letters, digits, spaces and - _ . ( ): "
        "write Kubernetes Admins",
    ),
    rule("self == self.trim()", "domainJoin: a group's name neither begins nor ends with a space: remove it"),
)

Group = Annotated[str, Field(min_length=1, max_length=64, json_schema_extra=_GROUP)]


class DomainJoin(Model):
    """Membership of the guest in an Active Directory domain, by realmd and sssd, at its first boot."""

    domain: str = Field(
        description="DNS name of the domain, as corp.example.com. The guest must find its domain controllers by DNS.",
        min_length=3,
        max_length=253,
        json_schema_extra=_DOMAIN,
    )
    ou: Annotated[str | None, Field(max_length=1024), EMPTY_IS_ABSENT] = Field(
        default=None,
        description="Distinguished name of the organizational unit for the computer account, as "
        "OU=Nodes,DC=corp,DC=example,DC=com. Default: the domain's own.",
        json_schema_extra=_OU,
    )
    computer_name: Annotated[str | None, Field(max_length=15), EMPTY_IS_ABSENT] = Field(
        default=None,
        description="Name of the computer account. Default: the host name up to its first dot; one of more than 15 "
        "characters, the most that a domain takes, is cut to 9 and gets a dash and 5 characters of its hash.",
        json_schema_extra=_COMPUTER_NAME,
    )
    credentials_secret_ref: NamedReference = Field(
        description="The Secret in the machine's namespace whose keys username and password may add computers to the "
        "domain. It is read when the medium is made; the guest forgets it after the join."
    )
    allowed_groups: tuple[Group, ...] = Field(
        default=(),
        description="Groups of the domain whose members may log in. Default: every account of the domain may.",
        max_length=32,
        json_schema_extra=ATOMIC,
    )
    sudo_groups: tuple[Group, ...] = Field(
        default=(),
        description="Groups of the domain whose members may do everything by sudo, with their password.",
        max_length=32,
        json_schema_extra=ATOMIC,
    )
    install_packages: bool = Field(
        default=False,
        description="Whether realmd, sssd and what they need are installed at the first boot where the image lacks "
        "them, from the package sources of the image. Default: false.",
    )
