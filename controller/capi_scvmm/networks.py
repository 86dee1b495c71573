# SPDX-License-Identifier: Apache-2.0
"""What the guest is told about its network: put together from all origins, checked, ready for role and status. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv6Interface, ip_address, ip_interface, ip_network
from typing import Any

from capi_scvmm.ipam import DEFAULT_GROUP, Claim, Wish
from capi_scvmm.kinds import NetworkDevice, Networking
from capi_scvmm.vm import NetworkAdapter

MANIFEST, DOMAIN, CLAIM, POOL, HOOK = "Manifest", "FailureDomain", "IPAddressClaim", "VMMPool", "Hook"
_EVERYWHERE = {4: ip_network("0.0.0.0/0"), 6: ip_network("::/0")}


class NetworkProblem(ValueError):
    """The devices cannot work as they are; the words name device, value, and what to change."""


@dataclass(frozen=True)
class Address:
    """An address with its prefix length; *origin* is one of the words above, *source* names the object it is from."""

    address: str
    origin: str
    source: str | None = None
    gateways: tuple[str, ...] = ()
    nameservers: tuple[str, ...] = ()

    @property
    def interface(self) -> IPv4Interface | IPv6Interface:
        """The same as a value; ValueError when it is none."""
        return ip_interface(self.address)

    @property
    def told(self) -> str:
        """The address with where it is from, for people."""
        return f"{self.address} ({self.origin}{f' {self.source}' if self.source else ''})"


@dataclass(frozen=True)
class Device:
    """A device with all that was determined for it; *spec* is what manifest, failure domain and hook say."""

    spec: NetworkDevice
    mac_address: str | None = None
    addresses: tuple[Address, ...] = ()

    @property
    def name(self) -> str:
        """Its name in the guest."""
        return self.spec.device_name

    @property
    def own_gateways(self) -> tuple[str, ...]:
        """The gateways of the spec."""
        return tuple(gateway for gateway in (self.spec.gateway, self.spec.gateway6) if gateway)

    @property
    def gateways(self) -> tuple[str, ...]:
        """The spec's gateways, and those of pools for a family of which the spec has none."""
        own = self.own_gateways
        families = {_family(gateway) for gateway in own}
        theirs = [gateway for one in self.addresses for gateway in one.gateways if _family(gateway) not in families]
        return tuple(dict.fromkeys([*own, *theirs]))

    @property
    def nameservers(self) -> tuple[str, ...]:
        """The spec's name servers, else those of pools."""
        theirs = dict.fromkeys(server for one in self.addresses for server in one.nameservers)
        return self.spec.nameservers or tuple(theirs)


def wishes(networking: Networking) -> tuple[Wish, ...]:
    """The addresses that devices want of IPAM pools."""
    return tuple(
        Wish(device.device_name, pool.kind, pool.name, pool.api_group or DEFAULT_GROUP)
        for device in networking.devices
        for pool in device.addresses_from_pools
    )


def determined(
    networking: Networking,
    adapters: Sequence[NetworkAdapter] = (),
    claims: Sequence[Claim] = (),
    origin: tuple[str, str | None] = (MANIFEST, None),
    hooked: Mapping[str, str] | None = None,
) -> tuple[Device, ...]:
    """Put the devices together; adapters are matched by slot, claims by device.

    *origin* says where the devices of *networking* are from, *hooked* which of them (by name) a hook gave its
    addresses, and what the hook is called.
    """
    by_slot = {adapter.slot: adapter for adapter in adapters}
    return tuple(
        _device(device, by_slot.get(slot), claims, (HOOK, hooked[device.device_name]))
        if hooked and device.device_name in hooked
        else _device(device, by_slot.get(slot), claims, origin)
        for slot, device in enumerate(networking.devices)
    )


def _device(
    device: NetworkDevice, adapter: NetworkAdapter | None, claims: Sequence[Claim], origin: tuple[str, str | None]
) -> Device:
    given = [Address(address, *origin) for address in device.ip_addresses]
    given += [
        Address(claim.given.address, CLAIM, claim.name, (claim.given.gateway,) if claim.given.gateway else ())
        for claim in claims
        if claim.wish.part == device.device_name and claim.given is not None
    ]
    for pooled in adapter.static_addresses if adapter is not None else ():
        given.append(Address(pooled.address, POOL, pooled.pool, pooled.gateways, pooled.nameservers))
    return Device(device, (adapter.mac_address if adapter else None) or device.mac_address, tuple(given))


def role_devices(devices: Sequence[Device]) -> list[dict[str, Any]]:
    """List the devices as the role cloud_init wants them."""
    return [
        _without_empty(
            {
                "device_name": device.name,
                "mac_address": device.mac_address,
                "ip_addresses": [one.address for one in device.addresses],
                "dhcp4": device.spec.wants_dhcp4,
                "dhcp6": device.spec.dhcp6,
                "gateways": list(device.gateways),
                "nameservers": list(device.nameservers),
                "search_domains": list(device.spec.search_domains),
                "routes": [_without_empty(route.model_dump()) for route in device.spec.routes],
                "mtu": device.spec.mtu,
            }
        )
        for device in devices
    ]


def status_devices(devices: Sequence[Device]) -> list[dict[str, Any]]:
    """List the devices as status shows them."""
    return [
        _without_empty(
            {
                "deviceName": device.name,
                "macAddress": device.mac_address,
                "dhcp4": device.spec.wants_dhcp4,
                "dhcp6": device.spec.dhcp6,
                "addresses": [
                    _without_empty({"address": one.address, "origin": one.origin, "source": one.source})
                    for one in device.addresses
                ],
                "gateways": list(device.gateways),
                "nameservers": list(device.nameservers),
            }
        )
        for device in devices
    ]


def check(devices: Sequence[Device], *, complete: bool) -> None:
    """Raise NetworkProblem for what cannot work.

    *complete*: all addresses are known. Before that only what no further address can mend is told.
    """
    _check_twins(devices)
    for device in devices:
        for address in device.addresses:
            _check_address(device, address)
        _check_rivals(device)
        if complete or _all_known(device):
            _check_gateways(device)
    if complete:
        _check_ways_out(devices)


def _all_known(device: Device) -> bool:
    return not (device.spec.addresses_from_pools or device.spec.static_ip_address_pools)


def _check_twins(devices: Sequence[Device]) -> None:
    seen: dict[object, tuple[str, str]] = {}
    for device in devices:
        if device.mac_address and (first := seen.get(_digits(device.mac_address))):
            raise NetworkProblem(
                f"devices {first[0]} and {device.name} have one MAC address, {first[1]}: give each its own, or leave "
                "macAddress out."
            )
        if device.mac_address:
            seen[_digits(device.mac_address)] = (device.name, device.mac_address)
        for one in device.addresses:
            key = _interface(device, one).ip
            if key in seen:
                name, told = seen[key]
                twice = f"device {name} twice" if name == device.name else f"devices {name} and {device.name}"
                raise NetworkProblem(f"{twice}: {told} and {one.told} are one address. Take one of them out.")
            seen[key] = (device.name, one.told)


def _check_address(device: Device, one: Address) -> None:
    interface = _interface(device, one)
    network = interface.network
    if network.prefixlen >= network.max_prefixlen - 1:
        return
    is_what = {
        network.network_address: "the address",
        network.broadcast_address: "the broadcast address",
    }
    if interface.version == 6:
        # The last address of an IPv6 network is one like any other; the first one belongs to its routers (RFC 4291).
        is_what = {network.network_address: "the address of all routers"}
    if interface.ip in is_what:
        raise NetworkProblem(
            f"device {device.name}: {one.told} is {is_what[interface.ip]} of the network {network} itself: use another "
            "address, or correct the prefix length."
        )


def _check_rivals(device: Device) -> None:
    """Two pools with two opinions about the way out: nobody but the user can tell which is right."""
    families = {_family(gateway) for gateway in device.own_gateways}
    first: dict[int, Address] = {}
    for one in device.addresses:
        for family in {_family(gateway) for gateway in one.gateways} - families:
            other = first.setdefault(family, one)
            if _of_family(one, family) != _of_family(other, family):
                raise NetworkProblem(
                    f"device {device.name} gets different gateways: {' and '.join(_of_family(other, family))} with "
                    f"{other.told}, {' and '.join(_of_family(one, family))} with {one.told}. Set "
                    f"{'gateway' if family == 4 else 'gateway6'} of the device, or take the addresses from pools of "
                    "one network."
                )


def _check_gateways(device: Device) -> None:
    for gateway in device.gateways:
        family, networks = _family(gateway), _networks(device, _family(gateway))
        field = "gateway" if family == 4 else "gateway6"
        if not networks:
            raise NetworkProblem(
                f"device {device.name}: {field} {gateway} needs an IPv{family} address on the device: add one, or "
                "leave the gateway to DHCP or router advertisements."
            )
        if not _on_link(gateway, networks):
            raise NetworkProblem(
                f"device {device.name}: {field} {gateway} lies outside {' and '.join(map(str, networks))}: correct the "
                "gateway or the prefix length of the address; one that is on the link all the same goes into routes, "
                "with onLink: true."
            )
    for route in device.spec.routes:
        dynamic = device.spec.wants_dhcp4 if _family(route.via) == 4 else True
        if not (route.on_link or dynamic or _on_link(route.via, _networks(device, _family(route.via)))):
            raise NetworkProblem(
                f"device {device.name}: no address of the device reaches {route.via}, by which routes leads to "
                f"{route.to}: correct via, or set onLink: true."
            )


def _check_ways_out(devices: Sequence[Device]) -> None:
    """An IPv4 address of a pool that knows no gateway; in IPv6 routers make themselves known."""
    if any(4 in _ways_out(device) for device in devices):
        return
    for device in devices:
        for one in device.addresses:
            if one.origin in (CLAIM, POOL) and one.interface.version == 4 and not device.spec.routes:
                raise NetworkProblem(
                    f"device {device.name}: the pool of {one.told} has no gateway, and no device of the machine has an "
                    "IPv4 gateway. Set gateway of the device or that of the pool; or give the device routes, if it "
                    "shall reach no other networks than these."
                )


def _ways_out(device: Device) -> set[int]:
    ways = {_family(gateway) for gateway in device.gateways}
    ways |= {_family(route.via) for route in device.spec.routes if _is_default(route.to)}
    return ways | ({4} if device.spec.wants_dhcp4 else set())


def _is_default(to: str) -> bool:
    return to == "default" or ip_network(to, strict=False) in _EVERYWHERE.values()


def _interface(device: Device, one: Address) -> IPv4Interface | IPv6Interface:
    try:
        return one.interface
    except ValueError:
        raise NetworkProblem(f"device {device.name}: {one.told} is no address with a prefix length.") from None


def _networks(device: Device, family: int) -> list[Any]:
    return list(dict.fromkeys(one.interface.network for one in device.addresses if one.interface.version == family))


def _on_link(gateway: str, networks: Sequence[Any]) -> bool:
    address = ip_address(gateway)
    return address.is_link_local or any(address in network for network in networks)


def _of_family(one: Address, family: int) -> list[str]:
    return sorted(gateway for gateway in one.gateways if _family(gateway) == family)


def _family(address: str) -> int:
    return 6 if ":" in address else 4


def _digits(mac: str) -> str:
    return "".join(letter for letter in mac.lower() if letter.isalnum())


def _without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None and value not in ([], {})}
