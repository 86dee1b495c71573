# SPDX-License-Identifier: Apache-2.0
"""What a hook may determine: read like a manifest, and nonsense is named by its field."""

from __future__ import annotations

from typing import Any

import pytest
from capi_scvmm.kinds import InvalidField
from capi_scvmm.kinds.boot import BootFields, read_boot
from capi_scvmm.kinds.networking import NetworkDevice

NAMES = ("eth0", "eth1")


def read(told: Any) -> BootFields:
    """What is made of the fact."""
    return read_boot(told, "vmm/hook", NAMES)


def test_a_hook_may_determine_nothing() -> None:
    """Then the machine boots as its manifest says."""
    assert read({}) == BootFields(hook="vmm/hook")
    assert read({"hostname": None, "devices": None, "metadata": {}}) == BootFields(hook="vmm/hook")


def test_fields_are_written_as_in_a_manifest_or_as_ansible_likes_them() -> None:
    """And only what the hook gave replaces what the machine says."""
    boot = read(
        {
            "hostname": "web-1.example.com",
            "metadata": {"rack": "7"},
            "devices": {
                "eth0": {"ip_addresses": ["10.0.0.5/24"], "gateway": "10.0.0.1", "mtu": 1400},
                "eth1": {
                    "ipAddresses": ["2001:db8::5/64"],
                    "gateway6": "2001:db8::1",
                    "nameservers": ["10.0.0.2"],
                    "routes": [{"to": "default", "via": "fe80::1"}, {"to": "10.1.0.0/16", "via": "10.0.0.9"}],
                },
            },
        }
    )
    device = NetworkDevice.model_validate({"vmNetwork": "k8s", "gateway": "10.0.0.9", "nameservers": ["10.0.0.3"]})
    applied = boot.devices["eth0"].applied(device)
    assert (applied.ip_addresses, applied.gateway, applied.mtu) == (("10.0.0.5/24",), "10.0.0.1", 1400)
    assert applied.nameservers == ("10.0.0.3",)
    assert BootFields.model_validate(boot.to_dict()) == boot, "status gives back what was written there"


def on(**fields: Any) -> dict[str, Any]:
    """Fields of the first device."""
    return {"devices": {"eth0": fields}}


@pytest.mark.parametrize(
    ("told", "field", "remedy"),
    [
        ("nothing", "scvmm_boot", "Set it to a mapping"),
        ({"ip": "10.0.0.5"}, "scvmm_boot.ip", "Known are: devices, hostname, metadata"),
        ({"hostname": "not a name"}, "scvmm_boot.hostname", "A host name has letters"),
        ({"metadata": {"rack": 7}}, "scvmm_boot.metadata.rack", "valid string"),
        ({"metadata": {"instance-id": "x"}}, "scvmm_boot.metadata.instance-id", "leave it out"),
        ({"devices": ["eth0"]}, "scvmm_boot.devices", "deviceName"),
        ({"devices": {"ens5": {}}}, "scvmm_boot.devices.ens5", "It has: eth0, eth1."),
        ({"devices": {"eth0": "10.0.0.5/24"}}, "scvmm_boot.devices.eth0", "mapping of fields"),
        (on(address="10.0.0.5/24"), "scvmm_boot.devices.eth0.address", "ipAddresses"),
        (on(ipAddresses=["10.0.0.5"]), "scvmm_boot.devices.eth0.ipAddresses", "10.0.0.5/24"),
        (on(ipAddresses=["10.0.0.500/24"]), "scvmm_boot.devices.eth0.ipAddresses", "10.0.0.5/24"),
        (on(gateway="router"), "scvmm_boot.devices.eth0.gateway", "10.0.0.1"),
        (on(gateway="2001:db8::1"), "scvmm_boot.devices.eth0.gateway", "It is for IPv4"),
        (on(gateway6="10.0.0.1"), "scvmm_boot.devices.eth0.gateway6", "It is for IPv6"),
        (on(nameservers=["dns"]), "scvmm_boot.devices.eth0.nameservers", "10.0.0.1"),
        (on(routes=[{"to": "default", "via": "router"}]), "scvmm_boot.devices.eth0.routes.via", "10.0.0.1"),
        (on(routes=[{"to": "afar", "via": "10.0.0.1"}]), "scvmm_boot.devices.eth0.routes.to", "10.1.0.0/16"),
        (on(mtu=5), "scvmm_boot.devices.eth0.mtu", "greater than or equal to 576"),
    ],
)
def test_nonsense_is_named_by_its_field(told: Any, field: str, remedy: str) -> None:
    """With what would be right."""
    with pytest.raises(InvalidField) as refused:
        read(told)
    assert refused.value.field == field
    assert remedy in str(refused.value)


def test_a_machine_without_devices_is_told_so() -> None:
    """There is nothing to give an address to."""
    with pytest.raises(InvalidField, match="It has: none"):
        read_boot({"devices": {"eth0": {}}}, "vmm/hook", ())
