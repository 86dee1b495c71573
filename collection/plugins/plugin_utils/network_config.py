# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn a list of network devices into cloud-init's network configuration, version 2.

Pure, nothing of Ansible. Devices are matched by MAC address, because nobody knows beforehand how the guest will call
them. Facts: cloud-init's and netplan's reference of version 2; ``gateway4`` and ``gateway6`` are deprecated there in
favour of routes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv6Address,
    IPv6Interface,
    ip_address,
    ip_interface,
    ip_network,
)
from typing import Any

_Address = IPv4Address | IPv6Address
_Interface = IPv4Interface | IPv6Interface

_DEVICE_KEYS = (
    "device_name", "mac_address", "ip_addresses", "dhcp4", "dhcp6", "gateway", "gateways",
    "nameservers", "search_domains", "routes", "mtu",
)  # fmt: skip
_ROUTE_KEYS = ("to", "via", "metric", "on_link")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,14}\Z")  # Linux: IFNAMSIZ is 16 with the end mark
_DOMAIN = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?\Z")
_MAC = re.compile(r"[0-9a-f]{12}\Z")
_NO_MAC = "00:00:00:00:00:00"  # what VMM shows until it has chosen one
# netplan takes the word default as well; cloud-init 22.4 fails on it where it writes ifupdown, networkd or sysconfig.
_EVERYWHERE = {4: "0.0.0.0/0", 6: "::/0"}
_SMALLEST_MTU, _LARGEST_MTU = 576, 65535


class NetworkConfigError(ValueError):
    """A device cannot be configured as given; the text names device, field, value and remedy."""


def network_config_v2(
    devices: Sequence[Mapping[str, Any]], adapters: Sequence[Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """Return the configuration of *devices*; one without ``mac_address`` takes that of the adapter in its place."""
    if isinstance(devices, (str, Mapping)) or not isinstance(devices, Sequence):
        raise NetworkConfigError(
            f"network devices: {devices!r} is no list. Give a list with one entry for each device."
        )
    found = [_Device(index, given, adapters or ()) for index, given in enumerate(devices)]
    _refuse_twins(found)
    several = {
        version: sum(gateway.version == version for device in found for gateway in device.gateways) > 1
        for version in (4, 6)
    }
    metrics = {version: _metrics(several[version]) for version in (4, 6)}
    return {"version": 2, "ethernets": {device.name: device.rendered(metrics) for device in found}}


def _metrics(several: bool) -> Iterator[int | None]:
    """Metrics for the default routes of one family: the first device's is preferred; a single one needs none."""
    metric = 0
    while True:
        metric += 100
        yield metric if several else None


class _Device:
    """One device, checked."""

    def __init__(self, index: int, given: Any, adapters: Sequence[Mapping[str, Any]]) -> None:
        self._label = f"network device {index}"
        if not isinstance(given, Mapping):
            raise self._error("", given, "is no mapping", f"Give keys of: {', '.join(_DEVICE_KEYS)}")
        self._given = {key: value for key, value in given.items() if value is not None}
        self.name = str(self._given.get("device_name") or f"eth{index}")
        self._label = f"network device {self.name}"
        self._check_keys(self._given, _DEVICE_KEYS, "")
        if not _NAME.match(self.name):
            raise self._error(
                "device_name", self.name, "is no device name", "Use 1 to 15 letters, digits, '.', '_' or '-'"
            )
        self.mac = self._mac_address(index, adapters)
        self._interfaces = [self._interface(value) for value in self._list("ip_addresses")]
        self.gateways = [self._gateway(value) for value in self._gateway_values()]

    def rendered(self, metrics: Mapping[int, Iterator[int | None]]) -> dict[str, Any]:
        """The device as version 2 has it."""
        result: dict[str, Any] = {"match": {"macaddress": self.mac}, "set-name": self.name}
        result.update(self._dhcp())
        if self._interfaces:
            result["addresses"] = [str(interface) for interface in self._interfaces]
        routes = [self._default_route(gateway, metrics[gateway.version]) for gateway in self.gateways]
        routes += [self._route(value) for value in self._list("routes")]
        if routes:
            result["routes"] = routes
        nameservers = self._nameservers()
        if nameservers:
            result["nameservers"] = nameservers
        if "mtu" in self._given:
            result["mtu"] = self._mtu(self._given["mtu"])
        return result

    def _mac_address(self, index: int, adapters: Sequence[Mapping[str, Any]]) -> str:
        value = self._given.get("mac_address")
        if value is None and index < len(adapters):
            value = adapters[index].get("mac_address")
        if value is None:
            raise self._error("mac_address", None, "is missing", "Give the MAC address that VMM shows for the adapter")
        digits = re.sub(r"[:.-]", "", str(value)).lower()
        if not _MAC.match(digits):
            raise self._error("mac_address", value, "is no MAC address", "Write it like 00:15:5d:00:00:01, in quotes")
        mac = ":".join(digits[place : place + 2] for place in range(0, 12, 2))
        if mac == _NO_MAC:
            raise self._error(
                "mac_address",
                mac,
                "is what VMM shows before it has chosen one",
                "Give the adapter a static MAC address",
            )
        return mac

    def _dhcp(self) -> dict[str, bool]:
        """``dhcp4`` is on by itself when nothing else gives the device an address."""
        asked = {}
        for key in ("dhcp4", "dhcp6"):
            if key in self._given:
                if not isinstance(self._given[key], bool):
                    raise self._error(
                        key, self._given[key], "is neither true nor false", "Write true or false, without quotes"
                    )
                asked[key] = bool(self._given[key])
        if not self._interfaces and not asked:
            asked["dhcp4"] = True
        return asked

    def _interface(self, value: Any) -> _Interface:
        if "/" not in str(value):
            raise self._error(
                "ip_addresses", value, "has no prefix length", f"Write {value}/24, or whatever the subnet's prefix is"
            )
        try:
            return ip_interface(str(value))
        except ValueError as error:
            raise self._error(
                "ip_addresses", value, f"is no address ({error})", "Write it like 10.0.0.5/24 or 2001:db8::5/64"
            ) from None

    def _gateway_values(self) -> list[Any]:
        single = self._given.get("gateway")
        return ([single] if single else []) + self._list("gateways")

    def _gateway(self, value: Any) -> _Address:
        gateway = self._address("gateway", value)
        networks = [interface.network for interface in self._interfaces if interface.version == gateway.version]
        if not networks:
            raise self._error(
                "gateway",
                value,
                f"needs an IPv{gateway.version} address in ip_addresses",
                "Add one, or leave the gateway to DHCP",
            )
        if not gateway.is_link_local and not any(gateway in network for network in networks):
            raise self._error(
                "gateway", value, f"lies outside {' and '.join(map(str, networks))}",
                "Correct gateway or prefix; one that is on the link all the same goes into routes with on_link: true",
            )  # fmt: skip
        return gateway

    @staticmethod
    def _default_route(gateway: _Address, metrics: Iterator[int | None]) -> dict[str, Any]:
        metric = next(metrics)
        return {
            "to": _EVERYWHERE[gateway.version],
            "via": str(gateway),
            **({} if metric is None else {"metric": metric}),
        }

    def _route(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise self._error("routes", value, "is no mapping", "Write {to: 10.1.0.0/16, via: 10.0.0.1}")
        given = {key: item for key, item in value.items() if item is not None}
        self._check_keys(given, _ROUTE_KEYS, "routes")
        for key in ("to", "via"):
            if key not in given:
                raise self._error(f"routes.{key}", None, "is missing", "Write {to: 10.1.0.0/16, via: 10.0.0.1}")
        via = self._address("routes.via", given["via"])
        route: dict[str, Any] = {"to": self._destination(given["to"], via), "via": str(via)}
        if "metric" in given:
            route["metric"] = self._number("routes.metric", given["metric"], 0, 2**32 - 1)
        if given.get("on_link"):
            route["on-link"] = True
        return route

    def _destination(self, value: Any, via: _Address) -> str:
        if value == "default":
            return _EVERYWHERE[via.version]
        try:
            network = ip_network(str(value))
        except ValueError as error:
            raise self._error(
                "routes.to", value, f"is no network ({error})", "Write 'default' or a network like 10.1.0.0/16"
            ) from None
        if network.version != via.version:
            raise self._error("routes.to", value, f"cannot be reached via {via}", "Use addresses of one family")
        return str(network)

    def _nameservers(self) -> dict[str, list[str]]:
        result = {}
        if addresses := [str(self._address("nameservers", value)) for value in self._list("nameservers")]:
            result["addresses"] = addresses
        if domains := [self._domain(value) for value in self._list("search_domains")]:
            result["search"] = domains
        return result

    def _domain(self, value: Any) -> str:
        if not isinstance(value, str) or not _DOMAIN.match(value):
            raise self._error("search_domains", value, "is no domain name", "Write it like example.com")
        return value

    def _address(self, field: str, value: Any) -> _Address:
        try:
            return ip_address(str(value))
        except ValueError:
            raise self._error(
                field, value, "is no address", "Write it like 10.0.0.1 or 2001:db8::1, without a prefix length"
            ) from None

    def _mtu(self, value: Any) -> int:
        return self._number("mtu", value, _SMALLEST_MTU, _LARGEST_MTU)

    def _number(self, field: str, value: Any, smallest: int, largest: int) -> int:
        if isinstance(value, bool) or not re.match(r"\d+\Z", str(value)) or not smallest <= int(value) <= largest:
            raise self._error(field, value, "is out of range", f"Give a number from {smallest} to {largest}")
        return int(value)

    def _list(self, key: str) -> list[Any]:
        value = self._given.get(key, [])
        if isinstance(value, (str, Mapping)) or not isinstance(value, Sequence):
            raise self._error(key, value, "is no list", f"Write it as a list: [{value}]")
        return list(value)

    def _check_keys(self, given: Mapping[str, Any], known: Sequence[str], field: str) -> None:
        for key in given:
            if key not in known:
                raise self._error(
                    f"{field}.{key}".lstrip("."), None, "is no known key", f"Known are: {', '.join(known)}"
                )

    def _error(self, field: str, value: Any, obstacle: str, remedy: str) -> NetworkConfigError:
        shown = "" if value is None else f" {str(value)!r}"
        return NetworkConfigError(f"{self._label}: {field}{shown} {obstacle}. {remedy}.".replace(":  ", ": "))


def _refuse_twins(devices: Sequence[_Device]) -> None:
    """Names and MAC addresses must tell the devices apart."""
    for field, values in (("device_name", [d.name for d in devices]), ("mac_address", [d.mac for d in devices])):
        for value in values:
            if values.count(value) > 1:
                raise NetworkConfigError(
                    f"network devices: {field} {value!r} is given to several devices. Give each its own."
                )
