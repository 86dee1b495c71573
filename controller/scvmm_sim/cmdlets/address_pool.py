# SPDX-License-Identifier: Apache-2.0
"""Static IP address pools and the addresses given out of them."""

from __future__ import annotations

from scvmm_sim.cmdlets.call import Call, Function, Outcome
from scvmm_sim.state import World
from scvmm_sim.state.address_pools import GrantRecord, PoolRecord, given_addresses, take_back
from scvmm_sim.state.hardware import Adapter
from scvmm_sim.state.records import SubnetRecord


def get_pool(call: Call) -> Outcome:
    """Static IP address pools by id, name, VM subnet or IP version."""
    subnet = call.given_or_none(SubnetRecord, "VMSubnet")
    versions = [version for version, name in ((4, "IPv4"), (6, "IPv6")) if call.bound.flag(name)]
    return Outcome(
        [
            pool
            for pool in call.picked(PoolRecord)
            if (subnet is None or pool.subnet is subnet) and (not versions or pool.version in versions)
        ]
    )


def get_address(call: Call) -> Outcome:
    """Addresses that an object has been given; with -All those of all adapters, and virtual ones."""
    owner = call.bound.text("GrantToObjectID")
    if owner is not None:
        return Outcome(given_addresses(call.world, owner))
    if not call.bound.flag("All"):
        words = "The simulator lists the addresses of one object, or all."
        raise call.error(12416, words, "Give -GrantToObjectID or -All.")
    owners = dict.fromkeys(owner for pool in call.world.all(PoolRecord) for owner in pool.given)
    of_adapters = [view for owner in owners for view in given_addresses(call.world, owner)]
    return Outcome([*of_adapters, *call.world.all(GrantRecord)])


def grant_address(call: Call) -> Outcome:
    """Grant a virtual address of a pool; those of adapters are given with the adapters."""
    pool = call.given(PoolRecord, "StaticIPAddressPool")
    if call.bound.text("GrantToObjectType") != "VIP":
        raise call.error(12416, "The simulator grants virtual addresses only.", "Give -GrantToObjectType VIP.")
    call.bound.flag("ExplicitRevokeRequired")
    vip = pool.next_vip({grant.name for grant in call.world.all(GrantRecord) if grant.pool is pool})
    if vip is None:
        words = f"Address pool {pool.name} has no free virtual address."
        raise call.error(13216, words, "Reserve more addresses of the pool for VIPs.")
    made = GrantRecord(call.world.new_id(), vip, pool, call.bound.text("Description") or "")
    return Outcome([call.world.add(made)])


def revoke_address(call: Call) -> Outcome:
    """Give a virtual address back."""
    grant = call.given(GrantRecord, "AllocatedIPAddress")
    call.bound.flag("ReturnToPool")
    call.world.discard(grant)
    return Outcome([grant])


def pools_given(call: Call) -> dict[int, list[PoolRecord]]:
    """The pools that a call names, by IP version; raises when one is of the other version."""
    found: dict[int, list[PoolRecord]] = {}
    for version in (4, 6):
        for reference in call.bound.values.get(f"IPv{version}AddressPools") or []:
            pool = call.world.need(PoolRecord, reference.id, call.cmdlet)
            if pool.version != version:
                raise call.error(
                    12416, f"Address pool {pool.name} has no IPv{version} addresses.", f"Give a pool of IPv{version}."
                )
            found.setdefault(version, []).append(pool)
    return found


def check_pools(call: Call, adapter: Adapter, pools: dict[int, list[PoolRecord]], subnet: SubnetRecord | None) -> None:
    """Refuse pools that are used up or serve another subnet than the adapter's."""
    for pool in [pool for listed in pools.values() for pool in listed]:
        if pool.subnet is not subnet:
            raise call.error(
                12416,
                f"Address pool {pool.name} does not serve the subnet {subnet.name if subnet else '(none)'}.",
                "Give a pool of the adapter's VM subnet.",
            )
        if adapter.id not in pool.given and pool.next_free() is None:
            raise call.error(13216, f"Address pool {pool.name} has no free address.", "Extend the pool.")


def give_addresses(call: Call, adapter: Adapter, pools: dict[int, list[PoolRecord]]) -> None:
    """Give *adapter* an address of each pool; those of the same IP version that it had are free again."""
    for version, listed in pools.items():
        kept = {pool.id: pool.given[adapter.id] for pool in listed if adapter.id in pool.given}
        take_back(call.world, adapter.id, version)
        for pool in listed:
            address = kept.get(pool.id) or pool.next_free()
            if address is not None:
                pool.given[adapter.id] = address
        adapter.static_versions |= {version}
    if pools:
        adapter.given = tuple(given_addresses(call.world, adapter.id))


def lose_addresses(world: World, adapter: Adapter) -> None:
    """An adapter that moves to another subnet keeps no address of the pools there."""
    take_back(world, adapter.id)
    adapter.static_versions, adapter.given = frozenset(), ()


FUNCTIONS: dict[str, Function] = {
    "Get-SCStaticIPAddressPool": get_pool,
    "Get-SCIPAddress": get_address,
    "Grant-SCIPAddress": grant_address,
    "Revoke-SCIPAddress": revoke_address,
}
