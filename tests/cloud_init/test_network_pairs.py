# SPDX-License-Identifier: Apache-2.0
"""Devices in, network-config out: each pair as written, taken by real netplan and by every part of real cloud-init."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tools
import yaml

from cloud_init.built import ROOT  # noqa: F401  # puts the collection on the path

from ansible_collections.capi.scvmm.plugins.plugin_utils.network_config import network_config_v2  # isort: skip

PAIRS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "network_pairs.yml").read_text())
EACH_PAIR = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["name"].replace(" ", "-"))


@pytest.fixture(scope="module")
def netplan() -> tools.Tool:
    """The program."""
    found = tools.find("netplan")
    if found is None:
        pytest.skip(
            "no netplan here: install Debian's package netplan.io, or run `make tools` as root where there is apt"
        )
    return found


@pytest.fixture(scope="module")
def cloud_init() -> tools.Tool:
    """The program."""
    found = tools.find("cloud-init")
    if found is None:
        pytest.skip("no cloud-init here: install Debian's package cloud-init, or run `make tools` where there is apt")
    return found


def generated(netplan: tools.Tool, config: dict[str, Any], folder: Path) -> tuple[int, str]:
    """What netplan makes of a configuration for systemd-networkd: exit code; its files, or its complaints."""
    source = folder / "etc/netplan/50-cloud-init.yaml"
    source.parent.mkdir(parents=True)
    source.write_text(yaml.safe_dump({"network": config}))
    source.chmod(0o600)
    ended = netplan.run("generate", "--root-dir", folder)
    files = sorted((folder / "run/systemd/network").glob("*"))
    return ended.returncode, ended.stderr.decode() + "\n".join(path.read_text() for path in files)


@EACH_PAIR
def test_devices_become_this_network_config(pair: dict[str, Any]) -> None:
    """Each family and each mixture, matched by MAC address."""
    assert network_config_v2(pair["devices"]) == {"version": 2, "ethernets": pair["ethernets"]}


@EACH_PAIR
def test_netplan_takes_it_as_meant(pair: dict[str, Any], netplan: tools.Tool, tmp_path: Path) -> None:
    """Without a complaint; each address, gateway, name server and MAC address is in what it tells systemd-networkd."""
    code, files = generated(netplan, {"version": 2, "ethernets": pair["ethernets"]}, tmp_path)
    assert code == 0, files
    lines = files.splitlines()
    assert not [line for line in lines if "WARN" in line.upper() or "deprecated" in line]
    for device in pair["ethernets"].values():
        assert any(device["match"]["macaddress"] in line for line in lines)
        wanted = [f"Address={address}" for address in device.get("addresses", [])]
        wanted += [f"Gateway={route['via']}" for route in device.get("routes", [])]
        wanted += [f"DNS={server}" for server in device.get("nameservers", {}).get("addresses", [])]
        wanted += [f"MTUBytes={device['mtu']}"] if "mtu" in device else []
        wanted += [f"Metric={r['metric']}" for r in device.get("routes", []) if "metric" in r]
        assert [line for line in wanted if line not in lines] == []


def test_netplan_would_have_refused(netplan: tools.Tool, tmp_path: Path) -> None:
    """The check can fail."""
    code, words = generated(netplan, {"version": 2, "ethernets": {"eth0": {"addresses": ["10.0.0.5"]}}}, tmp_path)
    assert code != 0 and "prefixlength" in words


def test_cloud_init_takes_them_as_meant(cloud_init: tools.Tool, tmp_path: Path) -> None:
    """Its own parser and its writer for systemd-networkd; all devices of all pairs at once, with names of their own."""
    every = [device for pair in PAIRS for device in pair["ethernets"].values()]
    ethernets = {
        f"e{number}": {**device, "match": {"macaddress": f"00:15:5d:01:00:{number:02x}"}, "set-name": f"e{number}"}
        for number, device in enumerate(every)
    }
    source, out = tmp_path / "network-config", tmp_path / "out"
    source.write_text(yaml.safe_dump({"version": 2, "ethernets": ethernets}))
    ended = cloud_init.run(
        "devel", "net-convert", "-p", source, "-k", "yaml", "-d", out, "-D", "debian", "-O", "networkd"
    )
    assert ended.returncode == 0, ended.stderr.decode()
    files = {path.read_text() for path in out.rglob("*.network")}
    for device in ethernets.values():
        (text,) = [text for text in files if f"MACAddress={device['match']['macaddress']}" in text]
        wanted = [f"Address={address}" for address in device.get("addresses", [])]
        wanted += [f"Gateway={route['via']}" for route in device.get("routes", [])]
        assert [line for line in wanted if line not in text.splitlines()] == []
