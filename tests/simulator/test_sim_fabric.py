# SPDX-License-Identifier: Apache-2.0
"""Every wrong value in a fabric file ends in one clear message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scvmm_sim.errors import FabricError
from scvmm_sim.fabric import load_fabric

from .site import fabric

EXAMPLE = Path(__file__).parents[2] / "examples" / "fabric.yml"


def test_example_fabric_is_good() -> None:
    """What we show to users works, and has what the examples of machines ask for."""
    found = load_fabric(EXAMPLE)
    assert [cloud.name for cloud in found.clouds] == ["production"]
    assert [profile.name for profile in found.hardware_profiles] == ["k8s-small"]
    assert found.job_seconds.import_ == 0.1


SUBNET = {"name": "s", "cidr": "10.0.0.0/24"}
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"clods": []}, "clods", "Did you mean clouds?"),
    ({"clouds": None}, "clouds: nothing", "Write a list"),
    ({"clouds": [{"name": "c", "host_groups": ["gone"]}]}, "clouds[0].host_groups: 'gone'", "Write one of: All Hosts"),
    ({"clouds": [{"name": "c", "host_groups": []}]}, "clouds[0].host_groups", "at least one item"),
    (
        {"host_groups": [{"name": "a", "hosts": [{"name": "h", "cpus": "4", "memory_mb": 9999}]}]},
        "cpus: '4'",
        "whole number",
    ),
    ({"host_groups": [{"name": "a", "hosts": [{"name": "h", "cpus": 4}]}]}, "hosts[0].memory_mb is missing", "Add it"),
    ({"host_groups": [{"name": "a", "parent": "b"}]}, "host_groups[0].parent: 'b'", "leave parent out"),
    (
        {"host_groups": [{"name": "a", "parent": "b"}, {"name": "b", "parent": "a"}]},
        "host_groups[1].parent",
        "below this one",
    ),
    ({"host_groups": [{"name": "a\\b"}]}, "'a\\\\b' holds a backslash", "as parent"),
    ({"templates": [{"name": "t", "generation": 3}]}, "templates[0].generation: 3", "1 or 2"),
    ({"templates": [{"name": "t", "network_adapters": [{"vm_network": "x"}]}]}, "vm_network: 'x'", "vm_networks"),
    ({"vms": [{"name": "v", "template": "x", "cloud": "y"}]}, "vms[0].template: 'x'", "templates"),
    ({"vms": [{"name": "v", "template": "x", "cloud": "y"}]}, "vms[0].cloud: 'y'", "clouds"),
    ({"templates": [{"name": "t"}, {"name": "T"}]}, "templates: 'T' is there twice", "its own name"),
    ({"vm_networks": [{"name": "n", "subnets": [{**SUBNET, "cidr": "10.0.0.1/24"}]}]}, "'10.0.0.1/24'", "10.20.0.0/16"),
    (
        {"vm_networks": [{"name": "n", "subnets": [{**SUBNET, "gateway": "10.1.0.1"}]}]},
        "gateway 10.1.0.1",
        "of that subnet",
    ),
    (
        {"vm_networks": [{"name": "n", "subnets": [{**SUBNET, "dhcp": {"start": "10.0.0.9", "end": "10.0.0.2"}}]}]},
        "dhcp.start 10.0.0.9",
        "swap them",
    ),
    ({"job_seconds": {"crate": 1}}, "job_seconds.crate", "Did you mean create?"),
    ({"job_seconds": {"create": -1}}, "job_seconds.create: -1", "greater than or equal to 0"),
    ({"job_seconds": 5}, "job_seconds: 5", "key: value"),
    ({"guest": {"address_seconds": "soon"}}, "guest.address_seconds: 'soon'", "number"),
    ({"libraries": [{"server": "l"}]}, "libraries[0].share is missing", "Add it"),
    ({"faults": [{}]}, "faults[0]", "does nothing"),
    ({"faults": [{"wire": "boom"}]}, "faults[0].wire: 'boom'", "'reset'"),
    ({"faults": [{"wire": "down", "ignore_shutdown": True}]}, "faults[0]", "one effect"),
    ({"users": [{"username": 5, "password": "x"}]}, "users[0].username: 5", "text"),
    ({"seed": 1.5}, "seed: 1.5", "whole number"),
]


@pytest.mark.parametrize(("data", "place", "remedy"), WRONG, ids=[str(number) for number in range(len(WRONG))])
def test_wrong_value_is_named_with_key_and_remedy(data: dict[str, Any], place: str, remedy: str) -> None:
    """The message says where, what, and what to do."""
    with pytest.raises(FabricError) as caught:
        load_fabric(data)
    assert place in str(caught.value)
    assert remedy in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("clouds: [", "line 1"),
        ("- a\n- b\n", "the file holds a list"),
        ("", "the file holds nothing"),
        ("1: 2\n", "key 1 is not text"),
    ],
)
def test_file_that_is_no_fabric_is_named(tmp_path: Path, text: str, said: str) -> None:
    """A file that is no YAML, or YAML of another kind, is told with its path."""
    file = tmp_path / "f.yml"
    file.write_text(text)
    with pytest.raises(FabricError) as caught:
        load_fabric(file)
    assert str(file) in str(caught.value)
    assert said in str(caught.value)


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A path without a file is no traceback."""
    with pytest.raises(FabricError, match="cannot be read: No such file"):
        load_fabric(tmp_path / "none.yml")


def test_all_mistakes_are_told_at_once() -> None:
    """Nobody wants to mend one line per try."""
    with pytest.raises(FabricError) as caught:
        load_fabric(fabric(clouds=[{"name": "a", "host_groups": ["x"]}, {"name": "b", "host_groups": ["y"]}]))
    assert len(str(caught.value).splitlines()) == 2


def test_password_is_never_shown() -> None:
    """A message about a user's entry does not hold the password."""
    with pytest.raises(FabricError) as caught:
        load_fabric({"users": [{"username": "a", "password": 123456789}]})
    assert "123456789" not in str(caught.value)
    assert "123456789" not in repr(load_fabric({"users": [{"username": "a", "password": "123456789"}]}))
