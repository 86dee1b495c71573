# SPDX-License-Identifier: Apache-2.0
"""A guest that reads Ignition gets a config drive, with its config as it was; read back by others than its writer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import tools

from cloud_init.built import ReadImage, run_play

CONFIG = json.dumps({"ignition": {"version": "3.4.0"}, "passwd": {"users": [{"name": "core", "gecos": "Zoë €"}]}})
NAMES = ("openstack/latest/meta_data.json", "openstack/latest/user_data")
PLAY = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.import_role:
        name: capi.scvmm.cloud_init
      vars:
        cloud_init_format: ignition
        cloud_init_hostname: edge-1.example.com
        cloud_init_instance_id: 0e1d2c3b-4a59-6877-8695-a4b3c2d1e0f0
        cloud_init_metadata: {provider-id: "scvmm://0e1d2c3b-4a59-6877-8695-a4b3c2d1e0f0"}
        cloud_init_user_data_file: "{{ out }}/config.ign"
        cloud_init_image: "{{ out }}/edge-1.iso"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the medium."""
    made = tmp_path_factory.mktemp("ignition")
    (made / "config.ign").write_text(CONFIG)
    ended = run_play(PLAY, ["localhost"], made, "-e", f"out={made}")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return made


def test_the_config_arrives_byte_for_byte(folder: Path, read_image: ReadImage) -> None:
    """Where Ignition's provider for OpenStack looks: on a volume labelled config-2."""
    image = folder / "edge-1.iso"
    assert read_image.file(image, NAMES[1]) == CONFIG.encode()
    assert json.loads(read_image.file(image, NAMES[0])) == {
        "uuid": "0e1d2c3b-4a59-6877-8695-a4b3c2d1e0f0",
        "hostname": "edge-1.example.com",
        "name": "edge-1",
        "meta": {"provider-id": "scvmm://0e1d2c3b-4a59-6877-8695-a4b3c2d1e0f0"},
    }
    # The volume's name, where ISO 9660 has it (ECMA-119, 8.4.8).
    assert image.read_bytes()[16 * 2048 + 40 : 16 * 2048 + 72].decode().strip() == "config-2"


def test_it_is_a_config_drive_to_others_too(folder: Path, read_image: ReadImage, tmp_path: Path) -> None:
    """cloud-init's own reader of config drives takes it for one of version 2."""
    found = tools.find("cloud-init")
    if found is None or not found.environment:
        pytest.skip("no cloud-init whose modules this Python reaches: run `make tools` where there is apt")
    for name in NAMES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(read_image.file(folder / "edge-1.iso", name))
    code = (
        "import json, sys; from cloudinit.sources.DataSourceConfigDrive import read_config_drive;"
        "told = read_config_drive(sys.argv[1]);"
        "print(json.dumps([told['version'], told['metadata']['instance-id'], told['userdata'].decode()]))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, tmp_path], env={**os.environ, **found.environment}, capture_output=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr.decode()
    assert json.loads(ended.stdout) == [2, "0e1d2c3b-4a59-6877-8695-a4b3c2d1e0f0", CONFIG]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("cloud_init_parts: [{name: a, content: x}]", "does not read parts: put that into the Ignition config"),
        (
            "cloud_init_network_devices: [{mac_address: '00:15:5d:00:00:01', dhcp4: true}]",
            "does not read network_config: put that into the Ignition config",
        ),
    ],
)
def test_what_ignition_would_never_see_is_refused(line: str, words: str, folder: Path) -> None:
    """Not left away in silence."""
    ended = run_play(f"{PLAY}        {line}\n", ["localhost"], folder, "-e", f"out={folder}")
    assert ended.returncode == 2
    assert words in ended.stdout
