# SPDX-License-Identifier: Apache-2.0
"""Images built by the real role, and how to read them back with a program that is not the one that wrote them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import tools
from preloaded import PRELOADED

ROOT = Path(__file__).parents[2]
PAIRS = Path(__file__).parent / "pairs"
sys.path.insert(0, str(ROOT / "build"))

_PARTS = ("meta-data", "network-config", "user-data", "vendor-data")

PLAY = """
- hosts: all
  gather_facts: false
  strategy: ansible.builtin.free
  vars:
    pair_folder: "{{ pairs }}/{{ inventory_hostname }}"
  tasks:
    - ansible.builtin.include_vars: "{{ pair_folder }}/vars.yml"
    - ansible.builtin.import_role:
        name: capi.scvmm.cloud_init
      vars:
        cloud_init_image: "{{ out }}/{{ inventory_hostname }}.iso"
"""


def run_play(play: str, hosts: list[str], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run *play* on hosts that are only names."""
    (folder / "play.yml").write_text(play)
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "build"),
        "ANSIBLE_HOME": str(ROOT / "build" / "ansible-home-role-tests"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
    }
    inventory = ["-i", ",".join(hosts) + ","] if hosts else []
    return subprocess.run(
        [*PRELOADED.command(environment), *inventory, "play.yml", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )


class ReadImage:
    """Reads files and label of an ISO image, with isoinfo, bsdtar or 7z."""

    def __init__(self, name: str, tool: tools.Tool) -> None:
        self._name, self._tool = name, tool

    def file(self, image: Path, name: str) -> bytes:
        """The bytes of one file, by its long name."""
        arguments: dict[str, list[str | Path]] = {
            "isoinfo": ["-R", "-i", image, "-x", f"/{name}"],
            "bsdtar": ["-xOf", image, name],
            "7z": ["x", "-so", image, name],
        }
        return self._output(arguments[self._name])

    def names(self, image: Path) -> set[str]:
        """The long names of the files in the image."""
        arguments: dict[str, list[str | Path]] = {
            "isoinfo": ["-R", "-f", "-i", image],
            "bsdtar": ["-tf", image],
            "7z": ["l", "-ba", image],
        }
        lines = self._output(arguments[self._name]).decode().splitlines()
        return {line.split()[-1].lstrip("/") for line in lines if line.strip("/. ")}

    def _output(self, arguments: list[str | Path]) -> bytes:
        ended = self._tool.run(*arguments)
        assert ended.returncode == 0, ended.stderr.decode()
        return ended.stdout


def parts_of(case: str) -> dict[str, Path]:
    """The parts that the medium of *case* is to hold: name → file with the expected bytes."""
    return {path.name: path for path in (PAIRS / case).iterdir() if path.name in _PARTS}
