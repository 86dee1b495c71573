# SPDX-License-Identifier: Apache-2.0
"""Who leads the control-plane endpoint to an API server that is well, and where its address comes from."""

from __future__ import annotations

import hashlib
from ipaddress import ip_address
from typing import Annotated, Literal

from pydantic import Field

from capi_scvmm.kinds.model import AddressText, Model, Text
from capi_scvmm.kinds.references import NamedReference, PasswordRef, PoolReference
from capi_scvmm.kinds.rules import ATOMIC, rule, rules

_VIP = rules(
    rule(
        "self == '' || isIP(self)",
        "address is an IP address without prefix length: write 10.0.0.100 or 2001:db8::100",
    )
)
_PEER = rules(rule("isIP(self)", "unicastPeers are IP addresses: write 10.0.0.11 or 2001:db8::11"))
_INTERFACE = rules(
    rule(
        "self == '' || self.matches('^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$')",
        "interface is the name of an interface in the guest: write 1 to 15 letters, digits, dots, dashes or "
        "underscores, as eth0",
    )
)

_WHOLE_SECONDS = rule(
    "!has(self.passwordSecretRef) || !has(self.advertIntervalMilliseconds) || "
    "self.advertIntervalMilliseconds % 1000 == 0",
    "only VRRP version 2 has a password, and it counts whole seconds: set advertIntervalMilliseconds to 1000, 2000 …, "
    "or leave it or passwordSecretRef out",
    field=".advertIntervalMilliseconds",
)
_IPV4_FOR_PASSWORD = rule(
    "!has(self.passwordSecretRef) || !has(self.address) || !isIP(self.address) || ip(self.address).family() == 4",
    "only VRRP version 2 has a password, and it has no IPv6: leave passwordSecretRef out, or use an IPv4 address",
    field=".passwordSecretRef",
)

_BACKEND = rules(
    rule(
        "isIP(self) || (self.matches('^[0-9A-Fa-f.:]+-[0-9A-Fa-f.:]+$') && self.split('-').all(end, isIP(end)))",
        "haproxy.backends are IP addresses or ranges of them: write 10.0.0.11 or 10.0.0.11-10.0.0.19",
    )
)

Backend = Annotated[str, Field(max_length=128, json_schema_extra=_BACKEND)]
Peer = Annotated[str, Field(max_length=64, json_schema_extra=_PEER)]


class Keepalived(Model):
    """How keepalived holds the address, on the control-plane nodes or on load balancers."""

    model_config = {"json_schema_extra": rules(_WHOLE_SECONDS, _IPV4_FOR_PASSWORD)}

    address: AddressText = Field(
        default=None,
        description="The virtual address, where controlPlaneEndpoint.host is a DNS name. Default: "
        "controlPlaneEndpoint.host.",
        json_schema_extra=_VIP,
    )
    interface: Text = Field(
        default=None,
        description="Interface in the guest that gets the address. Default: the one over which the guest reaches it.",
        json_schema_extra=_INTERFACE,
    )
    virtual_router_id: int | None = Field(
        default=None,
        description="VRRP router id that tells the address from others on the same network. Default: a number made of "
        "the address.",
        ge=1,
        le=255,
    )
    advert_interval_milliseconds: int | None = Field(
        default=None,
        description="Milliseconds from one VRRP advert to the next. When three failed to come another node takes the "
        "address. Default: 300, with passwordSecretRef 1000.",
        ge=50,
        le=40000,
    )
    unicast_peers: tuple[Peer, ...] = Field(
        default=(),
        description="Addresses of all hosts that share the address, for networks without multicast; machines that come "
        "later need addresses of this list. Default: multicast.",
        max_length=16,
        json_schema_extra=ATOMIC,
    )
    password_secret_ref: PasswordRef | None = Field(
        default=None,
        description="Secret with a password that VRRP adverts carry, at most eight characters. It means VRRP version "
        "2: whole seconds, IPv4 only, and the password crosses the network in clear text; it keeps out mistakes, not "
        "attackers. Default: VRRP version 3, which has none.",
    )
    install_packages: bool = Field(
        default=False,
        description="Whether the guest installs keepalived and curl, a load balancer HAProxy too, at its first boot. "
        "Default: false, they are in the image.",
    )


class HAProxy(Model):
    """Load-balancer machines that the controller makes."""

    machine_template_ref: NamedReference = Field(
        description="The ScvmmMachineTemplate, in the cluster's namespace, that the machines are made from. Its "
        "vmName, id and providerID are not used; with bootstrap.dataSecretName its machines get that user-data, too. "
        "Another template replaces them, one after the other."
    )
    replicas: int = Field(default=2, description="How many machines. Default: 2.", ge=1, le=9)
    backends: tuple[Backend, ...] = Field(
        description="All addresses that control-plane nodes of this cluster may get, as 10.0.0.11 or "
        "10.0.0.11-10.0.0.19; 256 at most. Each is asked whether there is an API server that is well. No other "
        "cluster's control plane may be among them. Others replace the machines, one after the other.",
        min_length=1,
        max_length=64,
        json_schema_extra=ATOMIC,
    )
    backend_port: int = Field(
        default=6443, description="TCP port of the API servers of the nodes. Default: 6443.", ge=1, le=65535
    )


class ControlPlaneLoadBalancer(Model):
    """Who leads the endpoint to an API server, and where the endpoint's address comes from."""

    model_config = {
        "json_schema_extra": rules(
            rule(
                "self.type != 'External' || !has(self.keepalived)",
                "keepalived is only for types Keepalived and HAProxy: set type to one of them, or take keepalived out",
                field=".keepalived",
            ),
            rule(
                "!has(self.addressFromPool) || !has(self.addressFromStaticIPAddressPool) || "
                "self.addressFromStaticIPAddressPool == ''",
                "an endpoint has one address: set addressFromPool or addressFromStaticIPAddressPool, not both",
                field=".addressFromStaticIPAddressPool",
            ),
            rule(
                "(self.type == 'HAProxy') == has(self.haproxy)",
                "haproxy says of which machines type HAProxy is: set both type HAProxy and haproxy, or neither",
                field=".haproxy",
            ),
        )
    }

    type: Literal["External", "Keepalived", "HAProxy"] = Field(
        description="External: somebody else's load balancer, or kube-vip from the bootstrap data. Keepalived: the "
        "control-plane nodes share the address among themselves. HAProxy: machines that the controller makes share it, "
        "and spread connections among the control-plane nodes."
    )
    address_from_pool: PoolReference | None = Field(
        default=None,
        description="Pool of an IPAM provider that gives the address when controlPlaneEndpoint names none; it is "
        "written there. Its claim goes with the cluster.",
    )
    address_from_static_ip_address_pool: Text = Field(
        default=None,
        description="Name of a static IP address pool of VMM that gives the address when controlPlaneEndpoint names "
        "none: one of those that the pool reserves for VIPs. It is written there, and given back with the cluster.",
    )
    port: int = Field(
        default=6443,
        description="TCP port of an endpoint whose address is from a pool. Default: 6443.",
        ge=1,
        le=65535,
    )
    keepalived: Keepalived | None = Field(
        default=None, description="How keepalived holds the address; all of it has defaults."
    )
    haproxy: HAProxy | None = Field(
        default=None, description="The machines of type HAProxy. It may change at any time, unlike the rest."
    )


DEFAULT_ADVERT_MILLISECONDS = 300
# Version 2 of VRRP, the one with a password, counts whole seconds.
DEFAULT_ADVERT_MILLISECONDS_WITH_PASSWORD = 1000


def virtual_router_id(address: str) -> int:
    """Make the VRRP router id of an address, 1 to 255: the role keepalived_vip makes it in the same way."""
    return int(hashlib.sha256(address.encode()).hexdigest()[:8], 16) % 255 + 1


def is_address(host: str) -> bool:
    """Whether *host* is an IP address and no name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
