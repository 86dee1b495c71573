# SPDX-License-Identifier: Apache-2.0
"""What a guest makes of network-config version 2: addresses per adapter, matched by MAC address, and DHCP."""

from __future__ import annotations

import ipaddress
from itertools import chain
from typing import Any

from scvmm_sim.state.hardware import Adapter
from scvmm_sim.state.records import SubnetRecord


def configured_addresses(
    config: dict[str, Any] | None, adapters: list[Adapter], log: list[str]
) -> dict[str, tuple[str, ...]]:
    """Addresses by adapter id. Without *config* every adapter asks DHCP; with it only those it matches are set up."""
    if config is None:
        return {adapter.id: _leased(adapter, log) for adapter in adapters}
    entries = config.get("ethernets") or {}
    if not isinstance(entries, dict):
        log.append("network-config: ethernets is no block of keys and values; no adapter is set up")
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for name, entry in entries.items():
        adapter = _matched(str(name), entry, adapters, log)
        if adapter is not None:
            found[adapter.id] = _addresses(str(name), entry, adapter, log)
    for adapter in adapters:
        if adapter.id not in found:
            log.append(f"network-config: nothing in it matches adapter {adapter.slot} with MAC address {adapter.mac}")
    return found


def _matched(name: str, entry: Any, adapters: list[Adapter], log: list[str]) -> Adapter | None:
    match = entry.get("match") if isinstance(entry, dict) else None
    mac = match.get("macaddress") if isinstance(match, dict) else None
    if not isinstance(mac, str):
        log.append(f"network-config: ethernets.{name} has no match.macaddress; the device's name is not known to it")
        return None
    for adapter in adapters:
        if adapter.mac.casefold() == mac.casefold():
            return adapter
    log.append(f"network-config: ethernets.{name} matches MAC address {mac}, which no adapter has")
    return None


def _addresses(name: str, entry: dict[str, Any], adapter: Adapter, log: list[str]) -> tuple[str, ...]:
    found: list[str] = []
    for text in entry.get("addresses") or []:
        try:
            if "/" not in str(text):
                raise ValueError("no prefix length")
            found.append(str(ipaddress.ip_interface(str(text)).ip))
        except ValueError:
            log.append(f"network-config: ethernets.{name}.addresses: {text!r} is no address with prefix length")
    if entry.get("dhcp4") or entry.get("dhcp6"):
        found += _leased(adapter, log)
    return tuple(dict.fromkeys(found))


def _leased(adapter: Adapter, log: list[str]) -> tuple[str, ...]:
    subnet = adapter.subnet or (adapter.network.subnets[0] if adapter.network and adapter.network.subnets else None)
    if subnet is None or subnet.subnet is None or subnet.subnet.dhcp is None:
        log.append(f"DHCP: nobody answers adapter {adapter.slot} with MAC address {adapter.mac}")
        return ()
    address = lease(subnet, adapter.mac)
    if address is None:
        log.append(f"DHCP: subnet {subnet.name} has no free address for MAC address {adapter.mac}")
        return ()
    return (address,)


def lease(subnet: SubnetRecord, mac: str) -> str | None:
    """The address that *mac* has or gets from the DHCP range of *subnet*; None when the range is used up."""
    if mac in subnet.leases:
        return subnet.leases[mac]
    dhcp = subnet.subnet.dhcp if subnet.subnet else None
    if dhcp is None:
        return None
    first, last = ipaddress.ip_address(dhcp.start), ipaddress.ip_address(dhcp.end)
    # Start behind as many as are taken: a thousand VMs would otherwise look through all of them each time.
    start = int(first) + len(subnet.taken)
    for number in chain(range(start, int(last) + 1), range(int(first), min(start, int(last) + 1))):
        address = str(type(first)(number))
        if address not in subnet.taken:
            subnet.leases[mac] = address
            subnet.taken.add(address)
            return address
    return None
