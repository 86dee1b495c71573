# SPDX-License-Identifier: Apache-2.0
"""Static IP address pools of VMM, and the addresses that are given out of them."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from scvmm_sim.fabric.model import StaticPool
from scvmm_sim.state.records import Record, SubnetRecord, View

if TYPE_CHECKING:
    from scvmm_sim.state.world import World


@dataclass(eq=False)
class PoolRecord(Record):
    """A pool; `given` holds addresses by the id of the adapter that has them."""

    type_name: ClassVar[str] = "StaticIPAddressPool"
    pool: StaticPool | None = None
    subnet: SubnetRecord | None = None
    given: dict[str, str] = field(default_factory=dict)

    @property
    def version(self) -> int:
        """4 or 6."""
        return ipaddress.ip_network(self.pool.cidr).version if self.pool else 4

    def next_free(self) -> str | None:
        """The first address that nobody has, None when the pool is used up."""
        if self.pool is None:
            return None
        taken = {*self.given.values(), *self.pool.gateways, *self.pool.vips}
        first, last = ipaddress.ip_address(self.pool.start), ipaddress.ip_address(self.pool.end)
        # Never more steps than addresses that are taken, and one.
        for step in range(len(taken) + 1):
            number = int(first) + step
            if number > int(last):
                return None
            text = str(type(first)(number))
            if text not in taken:
                return text
        return None

    def next_vip(self, taken: set[str]) -> str | None:
        """The first of the pool's virtual addresses that is not *taken*."""
        return next((vip for vip in (self.pool.vips if self.pool else []) if vip not in taken), None)

    def view(self) -> View:
        """VMM's StaticIPAddressPool."""
        pool = self.pool
        return {
            **self.brief(),
            "Subnet": pool.cidr if pool else "",
            "IPAddressRangeStart": pool.start if pool else "",
            "IPAddressRangeEnd": pool.end if pool else "",
            "VIPAddressSet": ",".join(pool.vips) if pool else "",
            "DefaultGateways": [{"IPAddress": gateway, "Metric": 256} for gateway in (pool.gateways if pool else [])],
            "DNSServers": list(pool.dns_servers) if pool else [],
            "VMSubnet": self.subnet.brief() if self.subnet else None,
        }


@dataclass(eq=False)
class GrantRecord(Record):
    """A virtual address that was granted to nobody that VMM knows; its name is the address."""

    type_name: ClassVar[str] = "AllocatedIPAddress"
    pool: PoolRecord | None = None
    description: str = ""

    def view(self) -> View:
        """VMM's AllocatedIPAddress."""
        return {
            **self.brief(),
            "Address": self.name,
            "Description": self.description,
            "GrantToObjectID": None,
            "AllocatingAddressPool": self.pool.view() if self.pool else None,
        }


def given_addresses(world: World, object_id: str) -> list[View]:
    """VMM's AllocatedIPAddress objects of an adapter, in the order of the pools."""
    return [
        {
            "_type": "AllocatedIPAddress",
            "ID": pool.id,
            "Name": pool.given[object_id],
            "Address": pool.given[object_id],
            "Description": "",
            "GrantToObjectID": object_id,
            "AllocatingAddressPool": pool.view(),
        }
        for pool in world.all(PoolRecord)
        if object_id in pool.given
    ]


def take_back(world: World, object_id: str, version: int | None = None) -> None:
    """The addresses of an adapter, or those of one IP version, are free again."""
    for pool in world.all(PoolRecord):
        if version in (None, pool.version):
            pool.given.pop(object_id, None)
