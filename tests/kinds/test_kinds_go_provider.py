# SPDX-License-Identifier: Apache-2.0
"""Manifests of the Go provider (0.7): taken unchanged, together with every field, and meaning the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from capi_scvmm.kinds import InvalidField, ScvmmMachine, ScvmmProvider, render_hostname
from capi_scvmm.medium import Form
from capi_scvmm.networks import determined, role_devices
from capi_scvmm.request import cloud_init, placement, vm_options
from capi_scvmm.vm import NetworkAdapter, StaticAddress, Vm

from kinds.manifests import Document, Kubectl
from kinds.test_kinds_api_server import contains

FOLDER = Path(__file__).parent
MANIFESTS = {path.stem: path for path in sorted((FOLDER / "go_provider").glob("*.yaml"))}
OPEN = {"ScvmmMachine.spec.bootstrap.configRef"}
"""Fields whose own fields are Kubernetes' and not the Go provider's."""
TEMPLATES = {"ScvmmMachineTemplate": "ScvmmMachine", "ScvmmClusterTemplate": "ScvmmCluster"}


def document(name: str) -> Document:
    """One of the manifests."""
    read: Document = yaml.safe_load(MANIFESTS[name].read_text(encoding="utf-8"))
    return read


def listed() -> dict[str, list[str]]:
    """The fields of go_fields.txt, each with the words that it takes."""
    lines = (FOLDER / "go_fields.txt").read_text(encoding="utf-8").splitlines()
    return {line.split()[0]: line.split()[1:] for line in lines if not line.startswith("#")}


def used(value: Any, path: str, fields: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """The fields that a part of a manifest sets, written as in go_fields.txt, and their values as text."""
    kind = path.partition(".")[0]
    if path == f"{kind}.spec.template.spec" and kind in TEMPLATES:
        yield path, ""
        yield from used(value, f"{TEMPLATES[kind]}.spec", fields)
    elif path in OPEN or not isinstance(value, dict | list):
        yield path, str(value)
    elif isinstance(value, list):
        for part in value:
            yield from used(part, f"{path}[]", fields)
    else:
        a_map = any(field.startswith(f"{path}{{}}") for field in fields)
        for key, part in value.items():
            yield from used(part, f"{path}{{}}" if a_map else f"{path}.{key}", fields)


def test_there_are_manifests_enough_and_they_have_every_field() -> None:
    """No field of the list is missing, none is used that is not in it, and each word of a field is used."""
    fields = listed()
    found: dict[str, set[str]] = {}
    for name in MANIFESTS:
        read = document(name)
        for path, value in used(read["spec"], f"{read['kind']}.spec", fields):
            found.setdefault(path, set()).add(value)
    assert len(MANIFESTS) >= 25
    assert found.keys() == fields.keys()
    assert {path: set(words) - found[path] for path, words in fields.items() if set(words) - found[path]} == {}


@pytest.mark.parametrize("name", MANIFESTS)
def test_manifest_is_taken_unchanged(kubectl: Kubectl, name: str) -> None:
    """The real API server stores all of it, as it is."""
    sent = document(name)
    stored = kubectl.apply(sent, "--dry-run=server").document
    assert contains(stored["spec"], sent["spec"])


def machine(name: str) -> ScvmmMachine:
    """The machine that a manifest means, as the API server gives it."""
    read = document(name)
    read["metadata"] |= {"namespace": "default", "uid": "11111111-2222-3333-4444-555555555555"}
    return ScvmmMachine.model_validate(read)


def options(name: str) -> dict[str, Any]:
    """What its VM is asked for with."""
    wished = machine(name)
    return vm_options(wished, placement(wished, None, {}, None), None)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("machine-on-its-own", {"cloud": "East", "host_group": "Hall 1", "template": "ubuntu-24.04", "name": "web-1"}),
        ("machine-dynamic-memory", {"cpu_count": 8, "memory_mb": 4096, "hardware_profile": "Server"}),
        (
            "machine-dynamic-memory",
            {
                "dynamic_memory": {"minimum_mb": 2048, "maximum_mb": 16384, "buffer_percent": 20},
                "description": "A node of cluster east",
                "start_action": "AlwaysAutoTurnOnVM",
                "stop_action": "ShutdownGuestOS",
                "checkpoint_type": "Disabled",
                "enable_nested_virtualization": False,
                "availability_set": "control planes",
                "custom_properties": {"Owner": "platform team", "Cost centre": "4711"},
                "tag": "kubernetes",
            },
        ),
        (
            "machine-volume-types",
            {
                "disks": [
                    {"vhd": "boot.vhdx", "dynamic": True, "volume_type": "Boot"},
                    {"vhd": "system.vhdx", "dynamic": True, "volume_type": "System"},
                ],
                "fibre_channel": [{"classification": "fast", "virtual_san": "san-a"}],
            },
        ),
        (
            "machine-two-networks",
            {
                "network_adapters": [
                    {"vm_network": "Servers"},
                    {"vm_network": "Storage", "static_ip_pools": ["Storage nodes"]},
                ]
            },
        ),
        ("machine-without-cloud-init", {"memory_mb": 2048, "template": "appliance"}),
    ],
)
def test_manifest_asks_for_the_same_vm(name: str, asked: dict[str, Any]) -> None:
    """In the words of the module."""
    told = options(name)
    assert {key: told.get(key) for key in asked} == asked


def test_zero_processors_are_those_of_the_template() -> None:
    """The field was required there, also where the template says it."""
    assert "cpu_count" not in options("machine-on-its-own")
    assert "hardware_profile" not in options("machine-on-its-own")


def test_networks_reach_the_guest() -> None:
    """Fixed addresses with their gateway on the first, what VMM's pool gave on the second."""
    wished = machine("machine-two-networks")
    pool = StaticAddress("10.9.0.7/24", "Storage nodes", ("10.9.0.1",))
    adapters = (
        NetworkAdapter(0, "00:15:5d:00:00:01", "Servers", ()),
        NetworkAdapter(1, "00:15:5d:00:00:02", "Storage", (), (pool,)),
    )
    first, second = role_devices(determined(placement(wished, None, {}, None).networking, adapters))
    assert first["ip_addresses"] == ["10.0.0.41/24", "10.0.0.42/24"]
    assert (first["gateways"], first["nameservers"]) == (["10.0.0.1"], ["10.0.0.2", "10.0.0.3"])
    assert (second["device_name"], second["ip_addresses"]) == ("eth1", ["10.9.0.7/24"])


def test_keys_of_the_meta_data_reach_the_guest() -> None:
    """Beside those that the controller sets."""
    vm = Vm(id="a", vm_id="b", name="web-1", status="PowerOff")
    told = cloud_init(machine("machine-meta-data"), "web-1.example.com", vm, ())["cloud_init_metadata"]
    assert told == {"site": "north", "rack": "12", "provider-id": "scvmm://b"}


@pytest.mark.parametrize(
    ("name", "hostname"),
    [
        ("machine-running", "east-md-0-x7k2p.east.example.com"),
        ("machine-two-networks", "machine-two-networks.east.example.com"),
        ("machine-meta-data", "web-1.example.com"),
        ("machine-on-its-own", "web-1.example.com"),
    ],
)
def test_guest_is_called_the_same(name: str, hostname: str) -> None:
    """By the default, which the Go provider wrote into machines, by a plain substitution, or as it is."""
    assert render_hostname(machine(name)) == hostname


def test_other_templates_of_go_are_refused_with_the_way_to_write_them() -> None:
    """A machine must not silently be called otherwise."""
    other = machine("machine-running").model_copy(deep=True)
    spec = other.spec.model_copy(update={"hostname": "{{ lower .spec.vmName }}"})
    with pytest.raises(InvalidField, match="only plain substitutions"):
        render_hostname(other.model_copy(update={"spec": spec}))


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("provider-least", Form("dvd", "iso9660")),
        ("provider-floppy", Form("floppy", "vfat")),
        ("provider-vfat", Form("dvd", "iso9660")),
        ("provider-scsi", Form("scsi", "vfat")),
        ("provider-ide", Form("ide", "iso9660")),
    ],
)
def test_medium_is_one_that_the_guest_reads(name: str, form: Form) -> None:
    """A drive or a file system may stand alone; the other one follows."""
    wanted = ScvmmProvider.model_validate(document(name)).spec.cloud_init
    assert Form.wished(wanted.device_type, wanted.file_system) == form
