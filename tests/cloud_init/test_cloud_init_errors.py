# SPDX-License-Identifier: Apache-2.0
"""What a person sees who made a mistake in the role's variables: one clear message, no traceback."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from cloud_init.built import run_play

_PLAY = """
- hosts: all
  gather_facts: false
  strategy: ansible.builtin.free
  tasks:
    - ansible.builtin.import_role:
        name: capi.scvmm.cloud_init
        rolespec_validate: false
"""
_GOOD = {"cloud_init_hostname": "web-1", "cloud_init_image": "{{ out }}/{{ inventory_hostname }}.iso"}
_OUTSIDE = {"mac_address": "00:15:5d:00:00:01", "ip_addresses": ["10.0.0.5/24"], "gateway": "10.9.0.1"}

MISTAKES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "host-name": ({"cloud_init_hostname": "no host"}, ["hostname 'no host' is no host name", "Use labels"]),
    "gateway": (
        {"cloud_init_network_devices": [_OUTSIDE]},
        ["network device eth0", "gateway '10.9.0.1' lies outside 10.0.0.0/24", "Correct gateway or prefix"],
    ),
    "file": (
        {"cloud_init_user_data_file": "/nowhere/data"},
        ["user_data_file '/nowhere/data'", "No such file", "Give"],
    ),
    "path": ({"cloud_init_image": "/nowhere/a.iso"}, ["'/nowhere/a.iso'", "No such file", "in an existing folder"]),
    "label": ({"cloud_init_label": "much too long a label"}, ["'much too long a label' is no volume label", "use"]),
    "no-list": ({"cloud_init_packages": "nginx"}, ["cloud_init_packages 'nginx' is no list", "Write it as"]),
    "no-mapping": ({"cloud_init_user_data": "#!/bin/sh"}, ["cloud_init_user_data '#!/bin/sh'", "name a file"]),
    "metadata": ({"cloud_init_metadata": {"instance-id": "x"}}, ["metadata.instance-id is set by itself", "Use"]),
}


@pytest.fixture(scope="module")
def mistaken(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What ansible-playbook said about all mistakes at once, one host for each; and the folder it wrote to."""
    folder = tmp_path_factory.mktemp("mistakes")
    hosts = {name: {**_GOOD, **variables} for name, (variables, _) in MISTAKES.items()}
    hosts["none"] = dict(_GOOD)
    hosts["nameless"] = {"cloud_init_image": _GOOD["cloud_init_image"]}
    (folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    ended = run_play(_PLAY, [], folder, "-i", "hosts.yml", "-e", f"out={folder}")
    assert ended.returncode == 2, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr, folder


@pytest.mark.parametrize("mistake", sorted(MISTAKES))
def test_mistake_ends_in_one_message(mistake: str, mistaken: tuple[str, Path]) -> None:
    """The message names what is wrong and what to do."""
    said, _ = mistaken
    fatal = re.findall(rf"^fatal: \[{mistake}\].*$", said, re.MULTILINE)
    assert len(fatal) == 1, said
    for word in MISTAKES[mistake][1]:
        assert word in fatal[0]


def test_missing_host_name_is_named(mistaken: tuple[str, Path]) -> None:
    """The one variable without a default is missed by its name."""
    assert re.search(r"^fatal: \[nameless\].*cloud_init_hostname", mistaken[0], re.MULTILINE)


def test_mistakes_leave_nothing_behind(mistaken: tuple[str, Path]) -> None:
    """No image, whole or half, but that of the host without a mistake; no traceback."""
    said, folder = mistaken
    assert [path.name for path in folder.glob("*.iso")] == ["none.iso"]
    assert not list(folder.glob(".*.iso*"))
    assert "Traceback" not in said
