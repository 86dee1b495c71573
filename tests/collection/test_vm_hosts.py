# SPDX-License-Identifier: Apache-2.0
"""VMs become hosts: which of them, under which name, at which address."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from . import surroundings  # noqa: F401  # puts the collection on the path

from ansible_collections.capi.scvmm.plugins.plugin_utils import vm_hosts  # isort: skip

ID = "0b6f3a52-0000-4000-8000-00000000000"


def adapters(*addresses: str, static: tuple[str, ...] = ()) -> dict[str, Any]:
    """A VM with one adapter."""
    pools = [{"address": text, "pool": "p"} for text in static]
    return {"network_adapters": [{"slot": 0, "addresses": list(addresses), "static_addresses": pools}]}


def test_one_name_is_one_host() -> None:
    """A name that only one VM has stays as it is."""
    assert vm_hosts.distinct_names([(ID + "1", "web"), (ID + "2", "db")]) == {ID + "1": "web", ID + "2": "db"}


def test_vms_of_one_name_all_get_their_id() -> None:
    """None of them keeps the bare name: whoever means one of them must not get the other."""
    names = vm_hosts.distinct_names([("1" * 36, "web"), ("2" * 36, "web")])
    assert names == {"1" * 36: "web_11111111", "2" * 36: "web_22222222"}


def test_ids_that_begin_alike_stand_whole() -> None:
    """Eight characters are not always enough."""
    assert vm_hosts.distinct_names([(ID + "1", "web"), (ID + "2", "web")]) == {ID + "1": ID + "1", ID + "2": ID + "2"}


@given(
    st.dictionaries(st.sampled_from([ID + str(n) for n in range(6)]), st.sampled_from(["a", "a_0b6f3a52", ID + "1"]))
)
def test_no_two_vms_share_a_host(wished: dict[str, str]) -> None:
    """Not even when somebody names a VM as another one would have been called."""
    names = vm_hosts.distinct_names(wished.items())
    assert names.keys() == wished.keys() and len(set(names.values())) == len(names)


@pytest.mark.parametrize(
    ("vm", "networks", "families", "address"),
    [
        (adapters("fe80::1", "10.0.0.5", "2001:db8::5"), [], ["ipv4", "ipv6"], "10.0.0.5"),
        (adapters("fe80::1", "10.0.0.5", "2001:db8::5"), [], ["ipv6", "ipv4"], "2001:db8::5"),
        (adapters("169.254.3.4", "127.0.0.1"), [], ["ipv4"], None),
        (adapters("10.0.0.5", "10.9.0.5"), ["10.9.0.0/16", "10.0.0.0/8"], ["ipv4"], "10.9.0.5"),
        (adapters("10.0.0.5", "2001:db8::5"), ["2001:db8::/32", "10.0.0.0/8"], ["ipv4", "ipv6"], "2001:db8::5"),
        (adapters("192.0.2.1"), ["10.0.0.0/8"], ["ipv4"], None),
        (adapters("what is this", "10.0.0.5"), [], ["ipv4"], "10.0.0.5"),
        (adapters(static=("10.0.0.7/24",)), [], ["ipv4"], "10.0.0.7"),
        (adapters("10.0.0.5", static=("10.0.0.7/24",)), [], ["ipv4"], "10.0.0.5"),
        ({"network_adapters": []}, [], ["ipv4"], None),
    ],
)
def test_the_address_is_chosen_by_network_then_family(
    vm: dict[str, Any], networks: list[str], families: list[str], address: str | None
) -> None:
    """What only the link knows is never taken; what the guest reports goes before what a pool has given."""
    assert vm_hosts.AddressChoice.of(networks, families).of_vm(vm) == address


def test_a_wrong_network_is_named_with_its_remedy() -> None:
    """Option, value and a good example."""
    with pytest.raises(vm_hosts.HostsError, match=r"address_networks holds '10\.0\.0\.0/99'.*like 10\.0\.0\.0/16"):
        vm_hosts.AddressChoice.of(["10.0.0.0/99"], [])


VM = {"cloud": "Prod", "host_group": "All Hosts\\Prod\\Edge", "status": "Running", "owner": "team-a/web-1"}


@pytest.mark.parametrize(
    ("selection", "taken"),
    [
        ({}, True),
        ({"clouds": ["prod"]}, True),
        ({"clouds": ["production"]}, False),
        ({"host_groups": ["edge"]}, True),
        ({"host_groups": ["prod"]}, True),
        ({"host_groups": ["All Hosts\\prod"]}, True),
        ({"host_groups": ["Prod\\Edge"]}, False),
        ({"host_groups": ["All Hosts\\Pro"]}, False),
        ({"statuses": ["running", "PowerOff"]}, True),
        ({"statuses": ["PowerOff"]}, False),
        ({"owners": ["team-a/*"]}, True),
        ({"owners": ["team-b/*"]}, False),
        ({"clouds": ["prod"], "owners": ["team-b/*"]}, False),
    ],
)
def test_a_vm_is_taken_when_each_list_has_it(selection: dict[str, list[str]], taken: bool) -> None:
    """Lists are joined by and, entries of a list by or; upper and lower case are alike; a group has those below it."""
    assert vm_hosts.Selection(**selection).takes(VM) is taken


def test_a_vm_without_mark_or_cloud_fits_no_list() -> None:
    """What VMM does not say is no match."""
    nothing = {"cloud": None, "host_group": None, "status": None, "owner": None}
    assert not vm_hosts.Selection(clouds=["prod"]).takes(nothing)
    assert not vm_hosts.Selection(owners=["team-a/*"]).takes(nothing)
    assert not vm_hosts.Selection(host_groups=["prod"]).takes(nothing)


@pytest.mark.parametrize(
    ("field", "told", "name"),
    [
        ("name", {"name": "web"}, "web"),
        ("computer_name", {"computer_name": "web.example.com"}, "web.example.com"),
        ("computer_name", {"computer_name": None}, None),
        ("fqdn", {"computer_name": "web.example.com"}, "web.example.com"),
        ("fqdn", {"computer_name": "web"}, None),
        ("fqdn", {"computer_name": "web."}, None),
    ],
)
def test_a_field_gives_a_name_or_nothing(field: str, told: dict[str, Any], name: str | None) -> None:
    """Only a name with a domain is fully qualified."""
    assert vm_hosts.field_name(told, field) == name
