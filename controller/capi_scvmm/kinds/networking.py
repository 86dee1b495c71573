# SPDX-License-Identifier: Apache-2.0
"""Network devices of a VM and what its guest is told about them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from capi_scvmm.kinds.model import AddressText, HostText, Model
from capi_scvmm.kinds.references import PoolReference
from capi_scvmm.kinds.rules import ATOMIC, map_by, rule, rules

_DEVICE_NAME = rules(
    rule(
        "self.matches('^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$')",
        "deviceName is the name of an interface in the guest: write 1 to 15 letters, digits, dots, dashes or "
        "underscores, as eth0",
    )
)
_CIDR = rules(
    rule("isCIDR(self)", "ipAddresses are written with their prefix length: write 10.0.0.5/24 or 2001:db8::5/64"),
)
_GATEWAYS_IN_REACH = rules(
    *(
        rule(
            # Pools may add an address that reaches it; then the controller checks.
            f"!has(self.{field}) || !isIP(self.{field}) || has(self.addressesFromPools) || "
            "has(self.staticIPAddressPools) || !has(self.ipAddresses) || "
            f"ip(self.{field}).isLinkLocalUnicast() || "
            f"!self.ipAddresses.exists(a, isCIDR(a) && cidr(a).ip().family() == {family}) || "
            f"self.ipAddresses.exists(a, isCIDR(a) && cidr(a).containsIP(self.{field}))",
            f"{field} lies outside the networks of ipAddresses: correct {field} or the prefix length; one that is on "
            "the link all the same goes into routes, with onLink: true",
            field=f".{field}",
        )
        for field, family in (("gateway", 4), ("gateway6", 6))
    )
)
_IP = rules(rule("isIP(self)", "nameservers are IP addresses: write 10.0.0.2 or 2001:db8::2"))
_GATEWAY = rules(
    rule(
        "self == '' || (isIP(self) && ip(self).family() == 4)",
        "gateway is an IPv4 address without prefix: write 10.0.0.1; an IPv6 gateway goes into gateway6",
    )
)
_GATEWAY6 = rules(
    rule(
        "self == '' || (isIP(self) && ip(self).family() == 6)",
        "gateway6 is an IPv6 address without prefix: write 2001:db8::1; an IPv4 gateway goes into gateway",
    )
)
_MAC = rules(
    rule(
        "self == '' || self.matches('^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$')",
        "macAddress is six bytes in hexadecimal: write 00:15:5d:01:02:03",
    )
)

Cidr = Annotated[str, Field(max_length=64, json_schema_extra=_CIDR)]
Address = Annotated[str, Field(max_length=64, json_schema_extra=_IP)]
SearchDomain = Annotated[str, Field(max_length=253)]
PoolName = Annotated[str, Field(max_length=256)]


class Route(Model):
    """A static route of the guest."""

    model_config = {
        "json_schema_extra": rules(
            rule(
                "self.to == 'default' || isCIDR(self.to)",
                "routes: to is a network, as 10.1.0.0/16, or default",
                field=".to",
            ),
            rule("isIP(self.via)", "routes: via is the IP address of a gateway, as 10.0.0.254", field=".via"),
            rule(
                "!isCIDR(self.to) || !isIP(self.via) || cidr(self.to).ip().family() == ip(self.via).family()",
                "routes: to and via are of one family: give an IPv4 network an IPv4 gateway, an IPv6 network an IPv6 "
                "gateway",
                field=".via",
            ),
        )
    }

    to: str = Field(description="Network that the route leads to, as 10.1.0.0/16, or default.", max_length=64)
    via: str = Field(description="IP address of the gateway.", max_length=64)
    metric: int | None = Field(
        default=None, description="Metric of the route: of two that fit, the smaller one is taken.", ge=0, le=4294967295
    )
    on_link: bool = Field(
        default=False,
        description="Whether the gateway is on the link although no address of the device says so. Default: false.",
    )


class NetworkDevice(Model):
    """One network adapter of the VM."""

    model_config = {"json_schema_extra": _GATEWAYS_IN_REACH}

    device_name: str = Field(
        default="eth0",
        description="Name of the interface in the guest. Default: eth0. Each device of a machine has another one.",
        max_length=15,
        json_schema_extra=_DEVICE_NAME,
    )
    vm_network: str = Field(
        description="Name of the VM network in VMM that the adapter is connected to.", min_length=1, max_length=256
    )
    mac_address: AddressText = Field(
        default=None,
        description="Static MAC address, as 00:15:5d:01:02:03. Without it VMM or the host chooses one.",
        json_schema_extra=_MAC,
    )
    dhcp4: bool | None = Field(
        default=None,
        description="Whether the guest asks DHCP for an IPv4 address. Default: true when the device has no address of "
        "any other origin (ipAddresses, addressesFromPools, staticIPAddressPools, dhcp6), else false.",
    )
    dhcp6: bool = Field(default=False, description="Whether the guest asks DHCP for an IPv6 address. Default: false.")
    ip_addresses: tuple[Cidr, ...] = Field(
        default=(),
        description="Static IPv4 and IPv6 addresses with prefix length, as 10.0.0.5/24 and 2001:db8::5/64.",
        max_length=32,
        json_schema_extra=ATOMIC,
    )
    gateway: AddressText = Field(
        default=None,
        description="IPv4 address of the default gateway. With none the device has no IPv4 default route but that of "
        "DHCP.",
        json_schema_extra=_GATEWAY,
    )
    gateway6: AddressText = Field(
        default=None,
        description="IPv6 address of the default gateway. With none the device has no IPv6 default route but that of "
        "router advertisements.",
        json_schema_extra=_GATEWAY6,
    )
    routes: tuple[Route, ...] = Field(
        default=(), description="Further static routes through this device.", max_length=32, json_schema_extra=ATOMIC
    )
    mtu: int | None = Field(
        default=None,
        description="Largest packet of the device, in bytes. Default: the guest's own, usually 1500.",
        ge=576,
        le=65535,
    )
    nameservers: tuple[Address, ...] = Field(
        default=(), description="IP addresses of DNS servers.", max_length=16, json_schema_extra=ATOMIC
    )
    search_domains: tuple[SearchDomain, ...] = Field(
        default=(),
        description="Domains that the guest adds to short names when it asks DNS.",
        max_length=32,
        json_schema_extra=ATOMIC,
    )
    addresses_from_pools: tuple[PoolReference, ...] = Field(
        default=(),
        description="Pools of an IPAM provider of Cluster API, in the machine's namespace, from which the device gets "
        "one address each, by an IPAddressClaim that is given back when the VM is gone. A gateway that the device does "
        "not name is the pool's.",
        max_length=16,
        json_schema_extra=ATOMIC,
    )
    static_ip_address_pools: tuple[PoolName, ...] = Field(
        default=(),
        description="Names of static IP address pools of VMM, IPv4 or IPv6, from which the device gets one address "
        "each. Gateways and nameservers that the device does not name are those of the pools.",
        max_length=16,
        json_schema_extra=ATOMIC,
    )

    @property
    def wants_dhcp4(self) -> bool:
        """Whether the guest shall ask DHCP for an IPv4 address, said or by default."""
        if self.dhcp4 is not None:
            return self.dhcp4
        others = self.ip_addresses or self.addresses_from_pools or self.static_ip_address_pools or self.dhcp6
        return not others


class Networking(Model):
    """Domain and network devices."""

    domain: HostText = Field(
        default=None, description="DNS domain of the guest; the second part of its default host name."
    )
    devices: tuple[NetworkDevice, ...] = Field(
        default=(),
        description="Network devices of the VM, in the order of its adapters.",
        max_length=12,  # as many as Hyper-V has for one VM
        json_schema_extra=map_by("deviceName"),
    )
