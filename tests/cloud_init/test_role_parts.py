# SPDX-License-Identifier: Apache-2.0
"""The role puts parts on the medium, as texts, mappings and files."""

from __future__ import annotations

import email
from pathlib import Path

import yaml

from cloud_init.built import ReadImage, run_play

PLAY = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.import_role:
        name: capi.scvmm.cloud_init
      vars:
        cloud_init_hostname: web-1
        cloud_init_image: "{{ out }}/web-1.iso"
        cloud_init_user_data: {timezone: Europe/Berlin}
        cloud_init_parts:
          - name: settings.yml
            content: {runcmd: [[echo, Zoë]]}
          - {name: hook, type: text/cloud-boothook, file: "{{ out }}/hook"}
          - name: last.sh
            content: |
              #!/bin/sh
              echo {{ '{{' }}
"""


def test_the_role_takes_parts(tmp_path: Path, read_image: ReadImage) -> None:
    """Each arrives with its name and bytes, behind the user-data that the other variables make."""
    (tmp_path / "hook").write_bytes(b"#!/bin/sh\ntrue\n")
    ended = run_play(PLAY, ["localhost"], tmp_path, "-e", f"out={tmp_path}")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    message = email.message_from_bytes(read_image.file(tmp_path / "web-1.iso", "user-data"))
    first, *others = [
        (one.get_filename(), one.get_payload(decode=True)) for one in message.walk() if not one.is_multipart()
    ]
    assert yaml.safe_load(first[1]) == {"timezone": "Europe/Berlin"}
    assert [name for name, _ in others] == ["settings.yml", "hook", "last.sh"]
    assert yaml.safe_load(others[0][1]) == {"runcmd": [["echo", "Zoë"]]}
    assert others[1][1] == b"#!/bin/sh\ntrue\n"
    assert others[2][1] == b"#!/bin/sh\necho {{\n"


def test_a_bad_part_ends_in_one_message(tmp_path: Path) -> None:
    """It names the part; content is never shown."""
    play = PLAY.replace("name: settings.yml", "name: settings yml")
    (tmp_path / "hook").write_bytes(b"x")
    ended = run_play(play, ["localhost"], tmp_path, "-e", f"out={tmp_path}")
    assert ended.returncode == 2
    assert "cloud-init medium not built: part 'settings yml' has no usable name" in ended.stdout
    assert "Traceback" not in ended.stdout and "Zoë" not in ended.stdout
