# SPDX-License-Identifier: Apache-2.0
"""What a machine asks of the playbooks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from capi_scvmm.kinds import InvalidField, Networking
from capi_scvmm.kinds.later import later_fields
from capi_scvmm.networks import determined, role_devices
from capi_scvmm.request import (
    UnknownFailureDomain,
    cloud_init,
    placement,
    unfinished,
    vm_options,
    vm_reference,
)
from capi_scvmm.vm import Disk, NetworkAdapter, StaticAddress

from .scopes import HYPERV_ID, UID, VM_ID, a_machine, a_vm

DOMAINS = {
    "annex": {
        "cloud": "east",
        "hostGroup": "annex",
        "networking": {"domain": "annex.example.com", "devices": [{"deviceName": "eth0", "vmNetwork": "dmz"}]},
    }
}


def a_networking(*devices: dict[str, Any]) -> Networking:
    """Devices as a manifest names them."""
    return Networking.model_validate({"devices": list(devices)})


def test_a_machine_goes_where_its_failure_domain_is() -> None:
    """Cloud, host group and networks, as far as it says nothing itself."""
    place = placement(a_machine(), "annex", DOMAINS, "east")
    assert (place.cloud, place.host_group, place.failure_domain) == ("east", "annex", "annex")
    assert place.networking.domain == "annex.example.com"
    own = a_machine(cloud="own", networking={"domain": "own.example.com"})
    place = placement(own, "annex", DOMAINS, "east")
    assert (place.cloud, place.host_group, place.networking.domain) == ("own", "annex", "own.example.com")
    assert [device.vm_network for device in place.networking.devices] == ["dmz"]


FACTS = {
    "gateway": "10.0.0.1",
    "gateway6": "2001:db8::1",
    "nameservers": ["10.0.0.2"],
    "searchDomains": ["example.com"],
    "routes": [{"to": "10.1.0.0/16", "via": "10.0.0.254"}],
    "mtu": 1400,
}
DEVICE = {"deviceName": "eth0", "vmNetwork": "k8s"}


@pytest.mark.parametrize(
    ("own", "filled"),
    [
        ({}, ["mtu", "nameservers", "routes", "searchDomains"]),
        ({"ipAddresses": ["10.0.0.5/24"]}, ["gateway", "mtu", "nameservers", "routes", "searchDomains"]),
        ({"ipAddresses": ["2001:db8::5/64"]}, ["gateway6", "mtu", "nameservers", "routes", "searchDomains"]),
        ({"mtu": 9000, "nameservers": ["10.0.0.3"]}, ["routes", "searchDomains"]),
        ({"vmNetwork": "other"}, []),
        ({"deviceName": "eth1"}, []),
    ],
)
def test_a_device_takes_what_its_failure_domain_knows_of_its_network(own: dict[str, Any], filled: list[str]) -> None:
    """The same device on the same VM network; what it says itself stays, and so does where its addresses are from."""
    theirs = {**DEVICE, **FACTS, "staticIPAddressPools": ["k8s nodes"]}
    machine = a_machine(networking={"devices": [{**DEVICE, **own}]})
    place = placement(machine, "a", {"a": {"networking": {"devices": [theirs, {**DEVICE, "deviceName": "e"}]}}}, "east")
    (device,) = (one.to_dict() for one in place.networking.devices)
    assert machine.spec.networking is not None
    before = machine.spec.networking.devices[0].to_dict()
    assert sorted(key for key in device if device[key] != before.get(key)) == filled
    assert all(device[key] == FACTS[key] or key == "routes" for key in filled)
    assert place.devices_from == ("Manifest", None)


def test_without_a_failure_domain_its_own_words_hold() -> None:
    """A machine that stands alone has none."""
    place = placement(a_machine(hostGroup="prod"), None, {}, None)
    assert (place.cloud, place.host_group, place.failure_domain) == (None, "prod", None)


def test_an_unknown_failure_domain_is_an_error_that_names_the_known_ones() -> None:
    """Not a placement anywhere."""
    with pytest.raises(UnknownFailureDomain, match=r"cellar.*annex"):
        placement(a_machine(), "cellar", DOMAINS, "east")
    with pytest.raises(UnknownFailureDomain, match="none"):
        placement(a_machine(), "cellar", {}, "east")


def test_the_spec_becomes_the_options_of_the_module() -> None:
    """Sizes in MiB, names as in docs/operations.md, nothing that was not asked for."""
    machine = a_machine(
        memory="2Gi",
        dynamicMemory={"minimum": "1Gi", "maximum": "4Gi"},
        disks=[{"vhDisk": "debian.vhdx"}, {"size": "20Gi", "dynamic": False}],
        networking={"devices": [{"deviceName": "eth0", "vmNetwork": "k8s"}]},
        vmOptions={"description": "hello", "startAction": "NeverAutoTurnOnVM"},
        customProperty={"cost": "42"},
    )
    options = vm_options(machine, placement(machine, None, {}, None), None)
    assert options == {
        "uid": UID,
        "owner": "prod/node",
        "name": "node",
        "hardware_profile": "small",
        "memory_mb": 2048,
        "dynamic_memory": {"minimum_mb": 1024, "maximum_mb": 4096},
        "disks": [{"dynamic": True, "vhd": "debian.vhdx"}, {"size_mb": 20480, "dynamic": False}],
        "network_adapters": [{"vm_network": "k8s"}],
        "description": "hello",
        "start_action": "NeverAutoTurnOnVM",
        "checkpoint_type": "Standard",
        "custom_properties": {"cost": "42"},
    }


def test_all_that_makes_up_a_vm_reaches_the_module() -> None:
    """Limits and policies of disks, addresses of adapters, fibre channel, nested virtualization."""
    machine = a_machine(
        disks=[
            {"vhDisk": "debian.vhdx", "size": "40Gi", "iopsMaximum": "2k"},
            {"size": "1Gi", "storageQoSPolicy": "gold"},
        ],
        fibreChannel=[{"storageFabricClassification": "fast", "virtualSAN": "a"}],
        networking={
            "devices": [
                {
                    "deviceName": "eth0",
                    "vmNetwork": "k8s",
                    "macAddress": "00:15:5d:01:02:03",
                    "staticIPAddressPools": ["four", "six"],
                }
            ]
        },
        vmOptions={"enableNestedVirtualization": False},
    )
    options = vm_options(machine, placement(machine, None, {}, None), None)
    assert options["disks"] == [
        {"size_mb": 40960, "dynamic": True, "vhd": "debian.vhdx", "iops_maximum": 2000},
        {"size_mb": 1024, "dynamic": True, "storage_qos_policy": "gold"},
    ]
    assert options["network_adapters"] == [
        {"vm_network": "k8s", "mac_address": "00:15:5d:01:02:03", "static_ip_pools": ["four", "six"]}
    ]
    assert options["fibre_channel"] == [{"classification": "fast", "virtual_san": "a"}]
    assert options["enable_nested_virtualization"] is False
    assert later_fields(machine) == []


OPTIONS = {
    "disks": [{"vhd": "debian.vhdx", "size_mb": 40960, "iops_maximum": 500}, {"size_mb": 50000}],
    "network_adapters": [{"vm_network": "k8s", "static_ip_pools": ["Four", "six"]}],
}
POOLED = (
    StaticAddress("10.0.0.7/24", "four", ("10.0.0.1",), ("10.0.0.2",)),
    StaticAddress("2001:db8::7/64", "six", ("2001:db8::1",), ("10.0.0.2",)),
)


def test_what_a_new_vm_lacks_is_named_by_its_field() -> None:
    """A copied disk that is to be larger, a limit, an address of a pool; nothing of it once it is there."""
    adapter = NetworkAdapter(0, None, "k8s", ())
    new = replace(a_vm(), network_adapters=(adapter,), disks=(Disk("n-disk-0.vhdx", 20480), Disk("n-disk-1.vhdx", 1)))
    assert unfinished(OPTIONS, new) == (
        "disks[0].size",
        "disks[0].iopsMaximum",
        "networking.devices[0].staticIPAddressPools",
    )
    whole = replace(
        new,
        network_adapters=(replace(adapter, static_addresses=POOLED),),
        disks=(Disk("n-disk-0.vhdx", 40960, 500),),
    )
    assert unfinished(OPTIONS, whole) == ()


def test_disks_that_are_not_ours_lack_nothing() -> None:
    """Those of a template, and those of a server that does not tell names."""
    assert unfinished({"disks": OPTIONS["disks"]}, replace(a_vm(), disks=(Disk("template.vhdx", 1),))) == ()


def test_the_guest_is_told_the_addresses_of_vmms_pools() -> None:
    """With the pools' gateways and nameservers where the spec names none."""
    vm = replace(a_vm(), network_adapters=(NetworkAdapter(0, "00:15:5d:00:00:01", "k8s", (), POOLED),))
    device = {"deviceName": "eth0", "vmNetwork": "k8s", "staticIPAddressPools": ["four", "six"]}
    (told,) = role_devices(determined(a_networking(device), vm.network_adapters))
    assert told == {
        "device_name": "eth0",
        "mac_address": "00:15:5d:00:00:01",
        "ip_addresses": ["10.0.0.7/24", "2001:db8::7/64"],
        "dhcp4": False,
        "dhcp6": False,
        "gateways": ["10.0.0.1", "2001:db8::1"],
        "nameservers": ["10.0.0.2"],
    }
    own = {**device, "gateway": "10.0.0.254", "nameservers": ["10.0.0.53"]}
    (told,) = role_devices(determined(a_networking(own), vm.network_adapters))
    assert (told["gateways"], told["nameservers"]) == (["10.0.0.254", "2001:db8::1"], ["10.0.0.53"])


def test_a_template_makes_the_hardware_profile_superfluous() -> None:
    """The module takes one of them."""
    machine = a_machine(vmTemplate="debian", hardwareProfile="small")
    options = vm_options(machine, placement(machine, None, {}, None), None)
    assert options["template"] == "debian"
    assert "hardware_profile" not in options


def test_a_size_that_is_none_is_named() -> None:
    """By its field."""
    machine = a_machine(disks=[{"size": "5"}])
    with pytest.raises(InvalidField, match=r"spec\.disks\[0\]\.size"):
        vm_options(machine, placement(machine, None, {}, None), None)


def test_a_vm_is_named_by_id_and_mark() -> None:
    """The name is for people."""
    assert vm_reference(a_machine(), VM_ID) == {"id": VM_ID, "uid": UID, "owner": "prod/node", "name": "node"}
    assert "id" not in vm_reference(a_machine(), None)


def test_the_guest_is_told_its_name_its_ids_and_its_networks() -> None:
    """Devices are matched to the adapters that the VM has, by their place."""
    machine = a_machine(
        metadata={"rack": "7"},
        networking={
            "devices": [
                {
                    "deviceName": "eth0",
                    "vmNetwork": "k8s",
                    "ipAddresses": ["10.0.0.5/24", "2001:db8::5/64"],
                    "gateway": "10.0.0.1",
                    "gateway6": "2001:db8::1",
                    "routes": [{"to": "10.1.0.0/16", "via": "10.0.0.2"}],
                    "mtu": 1400,
                },
                {"deviceName": "eth1", "vmNetwork": "store"},
            ]
        },
    )
    devices = determined(placement(machine, None, {}, None).networking, a_vm().network_adapters)
    assert cloud_init(machine, "node.example.com", a_vm(), devices) == {
        "cloud_init_hostname": "node.example.com",
        "cloud_init_instance_id": HYPERV_ID,
        "cloud_init_metadata": {"provider-id": f"scvmm://{HYPERV_ID}", "rack": "7"},
        "cloud_init_network_devices": [
            {
                "device_name": "eth0",
                "mac_address": "00:15:5d:00:00:01",
                "ip_addresses": ["10.0.0.5/24", "2001:db8::5/64"],
                "dhcp4": False,
                "dhcp6": False,
                "gateways": ["10.0.0.1", "2001:db8::1"],
                "routes": [{"to": "10.1.0.0/16", "via": "10.0.0.2", "on_link": False}],
                "mtu": 1400,
            },
            {"device_name": "eth1", "dhcp4": True, "dhcp6": False},
        ],
    }
