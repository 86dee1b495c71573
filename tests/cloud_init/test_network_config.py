# SPDX-License-Identifier: Apache-2.0
"""The pure part of the role: devices and names that cannot be are refused with one sentence that helps."""

from __future__ import annotations

from typing import Any

import pytest

from cloud_init.built import ROOT  # noqa: F401  # puts the collection on the path

from ansible_collections.capi.scvmm.plugins.plugin_utils.cidata import CidataError, build_image  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.meta_data import MetaDataError, meta_data  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.network_config import (  # isort: skip
    NetworkConfigError,
    network_config_v2,
)

MAC = "00:15:5d:00:00:01"


def _device(**fields: Any) -> dict[str, Any]:
    return {"mac_address": MAC, **fields}


BAD_DEVICES: list[tuple[Any, str, str]] = [
    ({"mac_address": MAC, "ip_adresses": []}, "ip_adresses is no known key", "ip_addresses"),
    ({}, "mac_address is missing", "MAC address that VMM shows"),
    ("eth0", "'eth0' is no mapping", "mac_address"),
    (_device(mac_address="00:15:5d"), "mac_address '00:15:5d' is no MAC address", "00:15:5d:00:00:01"),
    (_device(mac_address="00:00:00:00:00:00"), "before it has chosen one", "static MAC address"),
    (_device(device_name="a very long name"), "device_name 'a very long name' is no device name", "1 to 15"),
    (_device(ip_addresses=["10.0.0.5"]), "ip_addresses '10.0.0.5' has no prefix length", "10.0.0.5/24"),
    (_device(ip_addresses=["10.0.0.500/24"]), "ip_addresses '10.0.0.500/24' is no address", "10.0.0.5/24"),
    (_device(ip_addresses="10.0.0.5/24"), "ip_addresses '10.0.0.5/24' is no list", "[10.0.0.5/24]"),
    (
        _device(ip_addresses=["10.0.0.5/24"], gateway="10.0.1.1"),
        "gateway '10.0.1.1' lies outside 10.0.0.0/24",
        "on_link",
    ),
    (
        _device(ip_addresses=["10.0.0.5/24"], gateway="10.0.0.1/24"),
        "gateway '10.0.0.1/24' is no address",
        "without a prefix",
    ),
    (_device(ip_addresses=["10.0.0.5/24"], gateway="2001:db8::1"), "needs an IPv6 address", "DHCP"),
    (_device(gateway="10.0.0.1"), "needs an IPv4 address in ip_addresses", "leave the gateway to DHCP"),
    (_device(dhcp4="yes"), "dhcp4 'yes' is neither true nor false", "without quotes"),
    (_device(mtu=90), "mtu '90' is out of range", "576 to 65535"),
    (_device(mtu=True), "mtu 'True' is out of range", "576 to 65535"),
    (_device(nameservers=["ns1"]), "nameservers 'ns1' is no address", "10.0.0.1"),
    (_device(search_domains=["not a domain"]), "search_domains 'not a domain' is no domain name", "example.com"),
    (_device(routes=[{"via": "10.0.0.1"}]), "routes.to is missing", "10.1.0.0/16"),
    (_device(routes=[{"to": "10.1.0.5/16", "via": "10.0.0.1"}]), "routes.to '10.1.0.5/16' is no network", "'default'"),
    (_device(routes=[{"to": "10.1.0.0/16", "via": "2001:db8::1"}]), "cannot be reached via 2001:db8::1", "one family"),
    (_device(routes=[{"to": "10.1.0.0/16", "via": "router"}]), "routes.via 'router' is no address", "10.0.0.1"),
    (_device(routes=[{"to": "10.1.0.0/16", "via": "10.0.0.1", "cost": 3}]), "routes.cost is no known key", "metric"),
    (
        _device(routes=[{"to": "10.1.0.0/16", "via": "10.0.0.1", "metric": -1}]),
        "routes.metric '-1' is out of range",
        "0 to",
    ),
    (_device(routes=["10.1.0.0/16"]), "routes '10.1.0.0/16' is no mapping", "via"),
]


@pytest.mark.parametrize(
    ("device", "obstacle", "remedy"), BAD_DEVICES, ids=[obstacle for _, obstacle, _ in BAD_DEVICES]
)
def test_bad_device_is_refused_in_one_sentence(device: Any, obstacle: str, remedy: str) -> None:
    """The text names device, field and value, says what is wrong, and what to write instead."""
    with pytest.raises(NetworkConfigError) as refused:
        network_config_v2([device])
    text = str(refused.value)
    assert text.startswith("network device ")
    assert obstacle in text
    assert remedy in text
    assert "\n" not in text


@pytest.mark.parametrize(
    ("second", "field"),
    [
        ({"mac_address": MAC}, "mac_address"),
        ({"mac_address": "00:15:5d:00:00:02", "device_name": "eth0"}, "device_name"),
    ],
)
def test_devices_must_be_told_apart(second: dict[str, Any], field: str) -> None:
    """Two devices with one name or one MAC address are refused."""
    with pytest.raises(NetworkConfigError, match=rf"{field} .* several devices"):
        network_config_v2([_device(), second])


def test_devices_must_be_a_list() -> None:
    """A single device that is not in a list is not taken for its keys."""
    with pytest.raises(NetworkConfigError, match="is no list"):
        network_config_v2(_device())  # type: ignore[arg-type]


def test_null_means_absent() -> None:
    """A field that is null is as good as not given: generators write such fields."""
    given = _device(device_name=None, ip_addresses=None, gateway=None, dhcp4=None, mtu=None, routes=None)
    assert network_config_v2([given]) == network_config_v2([_device()])


def test_empty_fields_mean_absent() -> None:
    """Empty lists and an empty gateway add nothing."""
    given = _device(ip_addresses=["10.0.0.5/24"], gateway="", gateways=[], nameservers=[], search_domains=[], routes=[])
    assert network_config_v2([given])["ethernets"]["eth0"] == {
        "match": {"macaddress": MAC},
        "set-name": "eth0",
        "addresses": ["10.0.0.5/24"],
    }


@pytest.mark.parametrize("written", ["00155D000001", "00-15-5D-00-00-01", "0015.5d00.0001", "00:15:5D:00:00:01"])
def test_mac_address_may_be_written_as_people_do(written: str) -> None:
    """VMM, Windows, switches: all ways of writing are one address."""
    assert network_config_v2([{"mac_address": written}])["ethernets"]["eth0"]["match"] == {"macaddress": MAC}


@pytest.mark.parametrize(
    "hostname", ["", "-a", "a-", "a..b", "a_b", "a" * 64, ".".join(["a" * 60] * 5), 5, "a\nb", "a\n"]
)
def test_bad_host_name_is_refused(hostname: Any) -> None:
    """A guest cannot be called so; the text shows the value."""
    with pytest.raises(MetaDataError, match=r"hostname .* is no host name"):
        meta_data(hostname, "i-1")


@pytest.mark.parametrize("instance_id", ["", "  ", None, 3])
def test_bad_instance_id_is_refused(instance_id: Any) -> None:
    """cloud-init tells instances apart by it: it must be a text with something in it."""
    with pytest.raises(MetaDataError, match="instance_id"):
        meta_data("web-1", instance_id)


def test_names_cannot_be_given_twice() -> None:
    """What metadata says about the names would silently lose or win: it is refused."""
    with pytest.raises(MetaDataError, match="cloud_init_hostname"):
        meta_data("web-1", "i-1", {"local-hostname": "web-2"})


@pytest.mark.parametrize("label", ["", "a" * 17, "ci data", "cidätä"])
def test_bad_label_is_refused(label: str) -> None:
    """A label that ISO9660 or Joliet would cut or change is refused."""
    with pytest.raises(CidataError, match=r"is no volume label"):
        build_image({"meta-data": b"", "user-data": b""}, label)


@pytest.mark.parametrize(
    "files", [{"user-data": b""}, {"meta-data": b""}, {"meta-data": b"", "user-data": b"", "x": b""}]
)
def test_medium_that_cloud_init_would_not_read_is_refused(files: dict[str, bytes]) -> None:
    """Both mandatory parts, and no part that cloud-init does not know."""
    with pytest.raises(CidataError):
        build_image(files)


def test_image_depends_on_its_input_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the clock nor the time zone is in the image."""
    import time

    files = {"meta-data": b"a: 1\n", "user-data": b"#cloud-config\n", "network-config": b"version: 2\n"}
    first = build_image(files)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    tomorrow = time.time() + 86400
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    try:
        assert build_image(dict(reversed(files.items()))) == first
    finally:
        monkeypatch.undo()
        time.tzset()


def test_other_content_is_another_image() -> None:
    """The digest of an image can be trusted to tell."""
    assert build_image({"meta-data": b"a", "user-data": b""}) != build_image({"meta-data": b"b", "user-data": b""})
