# SPDX-License-Identifier: Apache-2.0
"""Where VMs may live: clouds, host groups, hosts, VM networks."""

from __future__ import annotations

from scvmm_sim.cmdlets.call import Call, Function, Outcome, named, wildcard
from scvmm_sim.state.records import CloudRecord, GroupRecord, HostRecord, NetworkRecord, SubnetRecord


def get_cloud(call: Call) -> Outcome:
    """Clouds by id or name."""
    return Outcome(call.picked(CloudRecord))


def get_host_group(call: Call) -> Outcome:
    """Host groups by id, name or parent; several may have one name in different branches."""
    groups = call.picked(GroupRecord)
    parent = call.given_or_none(GroupRecord, "ParentHostGroup")
    return Outcome([group for group in groups if parent is None or group.parent is parent])


def get_host(call: Call) -> Outcome:
    """Hosts by id, name or host group."""
    hosts = call.picked(HostRecord, "ComputerName")
    group = call.given_or_none(GroupRecord, "VMHostGroup")
    return Outcome([host for host in hosts if group is None or (host.group and group.contains(host.group))])


def get_network(call: Call) -> Outcome:
    """VM networks by id or name."""
    return Outcome(call.picked(NetworkRecord))


def get_subnet(call: Call) -> Outcome:
    """VM subnets by id, name, VM network or CIDR."""
    subnets = call.picked(SubnetRecord, None)
    network = call.given_or_none(NetworkRecord, "VMNetwork")
    name, cidr = call.bound.text("Name"), call.bound.text("Subnet")
    if network is not None:
        subnets = [subnet for subnet in subnets if subnet.network is network]
    if name is not None:
        subnets = named(subnets, name)
    if cidr is not None:
        subnets = [subnet for subnet in subnets if subnet.subnet and wildcard(cidr).fullmatch(subnet.subnet.cidr)]
    return Outcome(subnets)


FUNCTIONS: dict[str, Function] = {
    "Get-SCCloud": get_cloud,
    "Get-SCVMHostGroup": get_host_group,
    "Get-SCVMHost": get_host,
    "Get-SCVMNetwork": get_network,
    "Get-SCVMSubnet": get_subnet,
}
