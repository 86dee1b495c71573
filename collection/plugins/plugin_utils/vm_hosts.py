# SPDX-License-Identifier: GPL-3.0-or-later
"""How VMs become hosts of an inventory: which of them, under which name, at which address. Pure, nothing of Ansible."""

from __future__ import annotations

import fnmatch
import ipaddress
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Vm = Mapping[str, Any]
"""The shape "vm" of docs/operations.md."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

NAME_FIELDS = ("name", "computer_name", "fqdn", "owner", "uid", "id", "vm_id", "bios_guid")
FAMILIES = {"ipv4": 4, "ipv6": 6}
_SHORT_ID = 8


class HostsError(ValueError):
    """An option that chooses VMs, names or addresses is wrong; the text names it and the remedy."""


@dataclass(frozen=True)
class Selection:
    """Which VMs are taken; an empty list takes any. All comparisons are blind to upper and lower case, as VMM is."""

    clouds: Sequence[str] = ()
    host_groups: Sequence[str] = ()
    statuses: Sequence[str] = ()
    owners: Sequence[str] = ()

    def takes(self, vm: Vm) -> bool:
        """Whether *vm* is in one of the clouds, and in one of the host groups, and so on."""
        return (
            _is_one_of(vm.get("cloud"), self.clouds)
            and (not self.host_groups or any(_is_below(vm.get("host_group"), group) for group in self.host_groups))
            and _is_one_of(vm.get("status"), self.statuses)
            and (not self.owners or any(_fits(vm.get("owner"), pattern) for pattern in self.owners))
        )


def _is_one_of(value: str | None, wanted: Sequence[str]) -> bool:
    return not wanted or (value or "").casefold() in [text.casefold() for text in wanted]


def _is_below(path: str | None, group: str) -> bool:
    """Whether *path* is the host group or lies below it; *group* is a path, or the name of a group anywhere in it."""
    steps = (path or "").casefold().split("\\")
    wanted = group.casefold().strip("\\").split("\\")
    return steps[: len(wanted)] == wanted if len(wanted) > 1 else wanted[0] in steps


def _fits(owner: str | None, pattern: str) -> bool:
    return fnmatch.fnmatchcase((owner or "").casefold(), pattern.casefold())


def field_name(vm: Vm, field: str) -> str | None:
    """The host name that *field*, one of NAME_FIELDS, gives to *vm*; None when it gives none."""
    if field == "fqdn":
        told = str(vm.get("computer_name") or "")
        return told if "." in told.strip(".") else None
    return str(vm.get(field) or "").strip() or None


def distinct_names(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Map ids of VMs to host names that are all different, from pairs of id and wished name.

    VMM does not keep names unique. VMs that wish for one name all get the beginning of their id behind it, so that none
    of them stands for another; the order in which VMM tells them does not matter.
    """
    wished = dict(named)
    count = Counter(wished.values())
    names = {vm: name if count[name] == 1 else f"{name}_{vm[:_SHORT_ID]}" for vm, name in wished.items()}
    while len(set(names.values())) < len(names):
        # Somebody has given such a name to another VM: ids are left, and there is one more of them each time.
        again = Counter(names.values())
        names = {vm: name if again[name] == 1 else vm for vm, name in names.items()}
    return names


@dataclass(frozen=True)
class AddressChoice:
    """Which address of a VM is the one to connect to: by network, then by family, then in the order of the adapters."""

    networks: tuple[Network, ...] = ()
    families: tuple[int, ...] = (4, 6)

    @classmethod
    def of(cls, networks: Sequence[str], families: Sequence[str]) -> AddressChoice:
        """Check what a person wrote; raises HostsError."""
        return cls(tuple(_network(text) for text in networks), tuple(FAMILIES[name] for name in families))

    def of_vm(self, vm: Vm) -> str | None:
        """The address of *vm*; None when no adapter has one that fits."""
        found = [(self._rank(address), str(address)) for address in _addresses(vm)]
        fitting = [(rank, text) for rank, text in found if rank is not None]
        return min(fitting, key=lambda pair: pair[0])[1] if fitting else None

    def _rank(self, address: Address) -> tuple[int, int] | None:
        if address.version not in self.families:
            return None
        place = next((place for place, network in enumerate(self.networks) if address in network), None)
        if self.networks and place is None:
            return None
        return place or 0, self.families.index(address.version)


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise HostsError(f"option address_networks holds {text!r}: {error}. Write it like 10.0.0.0/16") from None


def _addresses(vm: Vm) -> Iterator[Address]:
    """Addresses that others can reach: what the guest reports, then what VMM's pools have given to it."""
    adapters = vm.get("network_adapters") or []
    reported = (text for adapter in adapters for text in adapter.get("addresses") or [])
    given = (item["address"] for adapter in adapters for item in adapter.get("static_addresses") or [])
    for text in (*reported, *given):
        try:
            address = ipaddress.ip_address(text.partition("/")[0])
        except ValueError:
            continue  # VMM shows whatever the guest says
        if not (address.is_link_local or address.is_loopback or address.is_multicast or address.is_unspecified):
            yield address
