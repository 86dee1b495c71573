# SPDX-License-Identifier: Apache-2.0
"""What a node made from a template offers (contract 28): from the spec, else from VMM, else said why not."""

from __future__ import annotations

from typing import Any

import pytest
from capi_scvmm.capacity import Blueprints, lacks_hardware, offer
from capi_scvmm.kinds import ScvmmMachineSpec

TOLD = {
    "templates": [
        {"name": "Ubuntu", "cpu_count": 4, "memory_mb": 8192, "operating_system": "Ubuntu Linux 24.04 (64 bit)"},
        {"name": "win", "cpu_count": 2, "memory_mb": 4096, "operating_system": "Windows Server 2022 Standard"},
        {"name": "twice", "cpu_count": 1, "memory_mb": 1024, "operating_system": None},
        {"name": "Twice", "cpu_count": 2, "memory_mb": 1024, "operating_system": None},
    ],
    "hardware_profiles": [{"name": "Server", "cpu_count": 2, "memory_mb": 4096}],
}
KNOWN = Blueprints.parse(TOLD)


def spec(**fields: Any) -> ScvmmMachineSpec:
    """The spec of a template's machines."""
    return ScvmmMachineSpec.model_validate(fields)


def test_what_the_spec_says_needs_no_vmm() -> None:
    """Processors, memory in whole MiB, and the first disk's size."""
    wished = spec(hardwareProfile="x", cpuCount=8, memory="16Gi", disks=[{"vhDisk": "a.vhdx", "size": "40Gi"}])
    assert not lacks_hardware(wished)
    told = offer(wished, None, None)
    assert told.capacity == {"cpu": "8", "memory": "16384Mi", "ephemeral-storage": "40960Mi"}
    assert (told.condition.status, told.condition.reason) == ("True", "Known")


@pytest.mark.parametrize(
    ("fields", "capacity"),
    [
        ({"vmTemplate": "ubuntu"}, {"cpu": "4", "memory": "8192Mi"}),
        ({"vmTemplate": "ubuntu", "hardwareProfile": "Server"}, {"cpu": "4", "memory": "8192Mi"}),
        ({"hardwareProfile": "server"}, {"cpu": "2", "memory": "4096Mi"}),
        ({"hardwareProfile": "server", "cpuCount": 6}, {"cpu": "6", "memory": "4096Mi"}),
        ({"vmTemplate": "ubuntu", "cpuCount": 0, "memory": "2Gi"}, {"cpu": "4", "memory": "2048Mi"}),
    ],
)
def test_what_it_leaves_open_is_what_the_vm_is_made_from(fields: dict[str, Any], capacity: dict[str, str]) -> None:
    """As at the creation: a VM template outranks a hardware profile, names are compared without case."""
    assert lacks_hardware(spec(**fields))
    assert offer(spec(**fields), KNOWN, None).capacity == capacity


@pytest.mark.parametrize(
    ("fields", "system"),
    [
        ({"vmTemplate": "win"}, "windows"),
        ({"vmTemplate": "win", "operatingSystem": "Debian GNU/Linux 12 (64 bit)"}, "linux"),
        ({"hardwareProfile": "Server"}, "linux"),
    ],
)
def test_the_operating_system_is_told_by_vmms_name_of_it(fields: dict[str, Any], system: str) -> None:
    """Nodes are Linux unless that name says Windows; hosts of VMM are x64."""
    assert offer(spec(**fields), KNOWN, None).node_info == {"architecture": "amd64", "operatingSystem": system}


@pytest.mark.parametrize("name", ["gone", "twice"])
def test_a_name_that_tells_nothing_is_named(name: str) -> None:
    """Not there, or there twice: nobody can tell what the VM will be."""
    told = offer(spec(vmTemplate=name, memory="2Gi"), KNOWN, None)
    assert told.capacity == {"memory": "2048Mi"}
    assert told.condition.reason == "HardwareNotFound"
    assert f"VM template {name} is not in VMM" in told.condition.message and "Set cpuCount" in told.condition.message


def test_without_an_answer_of_vmm_the_condition_says_why() -> None:
    """In the words of the provider's trouble, with the way round it."""
    told = offer(spec(hardwareProfile="Server"), None, ("VMMUnreachable", "No route."))
    assert (told.capacity, told.condition.reason) == ({}, "VMMUnreachable")
    assert told.condition.message.startswith("No route. Set cpuCount and memory")
    assert offer(spec(hardwareProfile="Server"), None, None).condition.reason == "LookingAtVMM"


def test_a_size_that_is_none_is_left_out() -> None:
    """The machines that are made say what is wrong with it."""
    assert offer(spec(vmTemplate="ubuntu", memory="1e400"), KNOWN, None).capacity["cpu"] == "4"
