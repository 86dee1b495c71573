# SPDX-License-Identifier: Apache-2.0
"""What the guest is told about its network: from all origins, and what cannot work is said beforehand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from capi_scvmm.ipam import Claim, Given, Wish
from capi_scvmm.kinds import Networking
from capi_scvmm.networks import NetworkProblem, check, determined, role_devices, status_devices, wishes
from capi_scvmm.vm import NetworkAdapter, StaticAddress

MAC = "00:15:5d:00:00:01"
FOUR, SIX = {"kind": "InClusterIPPool", "name": "four"}, {"kind": "InClusterIPPool", "name": "six", "apiGroup": "x.io"}


def networking(*devices: dict[str, Any]) -> Networking:
    """Devices eth0, eth1, … as a manifest names them."""
    named = [{"deviceName": f"eth{slot}", "vmNetwork": "k8s", **device} for slot, device in enumerate(devices)]
    return Networking.model_validate({"devices": named})


def claimed(address: str, gateway: str | None = None, device: str = "eth0") -> Claim:
    """A claim that was answered."""
    wish = Wish(device, "InClusterIPPool", f"pool-{address}")
    return Claim(f"claim-{address}", wish, True, Given(address, gateway))


def pooled(*addresses: StaticAddress, slot: int = 0) -> NetworkAdapter:
    """An adapter with addresses of VMM's pools."""
    return NetworkAdapter(slot, f"00:15:5d:00:00:0{slot + 1}", "k8s", (), addresses)


def test_each_device_asks_each_of_its_pools_for_an_address() -> None:
    """In the order of the manifest; the API group has a default."""
    assert wishes(networking({"addressesFromPools": [FOUR, SIX]}, {}, {"addressesFromPools": [FOUR]})) == (
        Wish("eth0", "InClusterIPPool", "four"),
        Wish("eth0", "InClusterIPPool", "six", "x.io"),
        Wish("eth2", "InClusterIPPool", "four"),
    )


def test_addresses_of_all_origins_come_together() -> None:
    """Manifest, claims, VMM's pools; the gateway of the manifest wins, for the other family the pool's is taken."""
    devices = determined(
        networking(
            {"ipAddresses": ["10.0.0.5/24"], "gateway": "10.0.0.254", "addressesFromPools": [SIX]},
            {"staticIPAddressPools": ["store"]},
        ),
        [pooled(), pooled(StaticAddress("10.1.0.7/24", "store", ("10.1.0.1",), ("10.1.0.2",)), slot=1)],
        [claimed("2001:db8::5/64", "2001:db8::1"), replace(claimed("10.9.9.9/24"), given=None)],
    )
    check(devices, complete=True)
    assert role_devices(devices) == [
        {
            "device_name": "eth0",
            "mac_address": MAC,
            "ip_addresses": ["10.0.0.5/24", "2001:db8::5/64"],
            "dhcp4": False,
            "dhcp6": False,
            "gateways": ["10.0.0.254", "2001:db8::1"],
        },
        {
            "device_name": "eth1",
            "mac_address": "00:15:5d:00:00:02",
            "ip_addresses": ["10.1.0.7/24"],
            "dhcp4": False,
            "dhcp6": False,
            "gateways": ["10.1.0.1"],
            "nameservers": ["10.1.0.2"],
        },
    ]
    assert status_devices(devices) == [
        {
            "deviceName": "eth0",
            "macAddress": MAC,
            "dhcp4": False,
            "dhcp6": False,
            "addresses": [
                {"address": "10.0.0.5/24", "origin": "Manifest"},
                {"address": "2001:db8::5/64", "origin": "IPAddressClaim", "source": "claim-2001:db8::5/64"},
            ],
            "gateways": ["10.0.0.254", "2001:db8::1"],
        },
        {
            "deviceName": "eth1",
            "macAddress": "00:15:5d:00:00:02",
            "dhcp4": False,
            "dhcp6": False,
            "addresses": [{"address": "10.1.0.7/24", "origin": "VMMPool", "source": "store"}],
            "gateways": ["10.1.0.1"],
            "nameservers": ["10.1.0.2"],
        },
    ]


def test_addresses_say_when_they_are_the_failure_domains_or_a_hooks() -> None:
    """So that a reader knows where to look."""
    given = networking({"ipAddresses": ["10.0.0.5/24"]}, {"ipAddresses": ["10.0.0.6/24"]})
    devices = determined(given, origin=("FailureDomain", "north"), hooked={"eth1": "ns/asset-service"})
    assert [(one.origin, one.source) for device in devices for one in device.addresses] == [
        ("FailureDomain", "north"),
        ("Hook", "ns/asset-service"),
    ]


POOL = {"addressesFromPools": [FOUR]}
GOOD: dict[str, tuple[list[dict[str, Any]], list[Claim]]] = {
    "dhcp": ([{}], []),
    "gateway inside": ([{"ipAddresses": ["10.0.0.5/24"], "gateway": "10.0.0.1"}], []),
    "no gateway, as the manifest wants it": ([{"ipAddresses": ["10.0.0.5/24"]}], []),
    "link-local gateway": ([{"ipAddresses": ["2001:db8::5/64"], "gateway6": "fe80::1"}], []),
    "pool's gateway": ([POOL], [claimed("10.0.0.5/24", "10.0.0.1")]),
    "manifest's gateway for a pool without": ([{**POOL, "gateway": "10.0.0.1"}], [claimed("10.0.0.5/24")]),
    "manifest's gateway ends a quarrel": (
        [{**POOL, "gateway": "10.0.0.3"}],
        [claimed("10.0.0.5/24", "10.0.0.1"), claimed("10.0.0.6/24", "10.0.0.2")],
    ),
    "pool without gateway beside a device with one": (
        [POOL, {"ipAddresses": ["10.1.0.5/24"], "gateway": "10.1.0.1"}],
        [claimed("10.0.0.5/24")],
    ),
    "pool without gateway beside a device with DHCP": ([POOL, {}], [claimed("10.0.0.5/24")]),
    "pool without gateway, but with routes": (
        [{**POOL, "routes": [{"to": "10.0.0.0/8", "via": "10.0.0.1"}]}],
        [claimed("10.0.0.5/24")],
    ),
    "pool without gateway beside a default route": (
        [POOL, {"ipAddresses": ["10.1.0.5/24"], "routes": [{"to": "0.0.0.0/0", "via": "10.1.0.1"}]}],
        [claimed("10.0.0.5/24")],
    ),
    "IPv6 pool without gateway": ([POOL], [claimed("2001:db8::5/64")]),
    "point to point": ([{"ipAddresses": ["10.0.0.4/31", "2001:db8::/127", "10.9.0.0/32"]}], []),
    "last address of an IPv6 network": ([{"ipAddresses": ["2001:db8::ffff:ffff:ffff:ffff/64"]}], []),
    "on-link route": (
        [{"ipAddresses": ["10.0.0.5/32"], "routes": [{"to": "default", "via": "192.0.2.1", "onLink": True}]}],
        [],
    ),
    "route by DHCP's network": ([{"dhcp4": True, "routes": [{"to": "10.1.0.0/16", "via": "10.0.0.1"}]}], []),
    "two gateways of one pool": ([{"staticIPAddressPools": ["p"]}], []),
}


@pytest.mark.parametrize("case", GOOD)
def test_devices_that_can_work_pass(case: str) -> None:
    """Before and after everything is known."""
    devices, claims = GOOD[case]
    two = StaticAddress("10.0.0.5/24", "p", ("10.0.0.1", "10.0.0.2"))
    adapters = [pooled(two)] if "staticIPAddressPools" in devices[0] else []
    check(determined(networking(*devices), adapters, claims), complete=True)
    check(determined(networking(*devices), adapters), complete=False)


BAD: list[tuple[str, list[dict[str, Any]], list[Claim], str, str]] = [
    (
        "two pools, two gateways",
        [POOL],
        [claimed("10.0.0.5/24", "10.0.0.1"), claimed("10.0.0.6/24", "10.0.0.2")],
        "device eth0 gets different gateways: 10.0.0.1 with 10.0.0.5/24 (IPAddressClaim claim-10.0.0.5/24), 10.0.0.2",
        "Set gateway of the device",
    ),
    (
        "two pools, two IPv6 gateways",
        [POOL],
        [claimed("2001:db8::5/64", "2001:db8::1"), claimed("2001:db8::6/64", "fe80::1")],
        "different gateways: 2001:db8::1",
        "Set gateway6 of the device",
    ),
    (
        "pool without gateway",
        [POOL],
        [claimed("10.0.0.5/24")],
        "the pool of 10.0.0.5/24 (IPAddressClaim claim-10.0.0.5/24) has no gateway",
        "Set gateway of the device or that of the pool",
    ),
    (
        "pool's gateway outside",
        [POOL],
        [claimed("10.0.0.5/24", "10.0.1.1")],
        "gateway 10.0.1.1 lies outside 10.0.0.0/24",
        "onLink: true",
    ),
    (
        "gateway outside",
        [{"ipAddresses": ["10.0.0.5/24"], "gateway": "10.0.1.1"}],
        [],
        "gateway 10.0.1.1 lies outside 10.0.0.0/24",
        "prefix length",
    ),
    (
        "IPv6 gateway without address",
        [{"ipAddresses": ["10.0.0.5/24"], "gateway6": "fe80::1"}],
        [],
        "gateway6 fe80::1 needs an IPv6 address",
        "router advertisements",
    ),
    ("gateway with DHCP", [{"gateway": "10.0.0.1"}], [], "gateway 10.0.0.1 needs an IPv4 address", "to DHCP"),
    ("network address", [{"ipAddresses": ["10.0.0.0/24"]}], [], "the address of the network 10.0.0.0/24", "prefix"),
    (
        "broadcast address",
        [POOL],
        [claimed("10.0.0.255/24")],
        "the broadcast address of the network 10.0.0.0/24",
        "another address",
    ),
    (
        "routers' address",
        [{"ipAddresses": ["2001:db8::/64"]}],
        [],
        "the address of all routers of the network",
        "another address",
    ),
    (
        "one address on two devices",
        [POOL, {"ipAddresses": ["10.0.0.5/16"]}],
        [claimed("10.0.0.5/24", "10.0.0.1")],
        "devices eth0 and eth1: 10.0.0.5/24 (IPAddressClaim claim-10.0.0.5/24) and 10.0.0.5/16 (Manifest) are one",
        "Take one of them out",
    ),
    ("one address twice", [{"ipAddresses": ["10.0.0.5/24", "10.0.0.5/24"]}], [], "device eth0 twice", "Take one"),
    (
        "one MAC address on two devices",
        [{"macAddress": "00:15:5D:00:00:01"}, {"macAddress": "00-15-5d-00-00-01"}],
        [],
        "devices eth0 and eth1 have one MAC address",
        "leave macAddress out",
    ),
    (
        "route that nothing reaches",
        [{"ipAddresses": ["10.0.0.5/24"], "routes": [{"to": "10.1.0.0/16", "via": "10.2.0.1"}]}],
        [],
        "no address of the device reaches 10.2.0.1",
        "set onLink: true",
    ),
    ("no address at all", [{"ipAddresses": ["ten/24"]}], [], "ten/24 (Manifest) is no address", "prefix length"),
]


@pytest.mark.parametrize(("devices", "claims", "obstacle", "remedy"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_devices_that_cannot_work_are_refused_in_one_sentence(
    devices: list[dict[str, Any]], claims: list[Claim], obstacle: str, remedy: str
) -> None:
    """It names device, value, origin, and what to change."""
    with pytest.raises(NetworkProblem) as refused:
        check(determined(networking(*devices), (), claims), complete=True)
    assert obstacle in str(refused.value)
    assert remedy in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_a_pool_may_still_mend_is_not_told_too_early() -> None:
    """Before the VM exists only what stays wrong is refused."""
    check(determined(networking({"gateway": "10.0.0.1", **POOL})), complete=False)
    with pytest.raises(NetworkProblem):
        check(determined(networking({"gateway": "10.0.0.1", "dhcp4": False})), complete=False)
