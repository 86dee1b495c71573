# SPDX-License-Identifier: Apache-2.0
"""The molecule scenarios of both roles, on hosts that really run: converge, nothing changes the second time, verify."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from guests.lab import Host, Lab

from vip.control_plane import host_files, start_api_servers
from vip.setup import ROOT, certificate, lab_path

# Hosts boot in it, and Ansible goes over ssh.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def hosts(network: Lab) -> list[Host]:
    """Two hosts with API servers; the scenarios' names and addresses are theirs."""
    files = host_files(certificate())
    made = [network.start(f"cp-{number}", [f"10.88.0.1{number}/24"], files=files) for number in (1, 2)]
    for host in made:
        host.wait_for_ssh()
    start_api_servers(made)
    return made


@pytest.mark.parametrize("role", ["keepalived_vip", "haproxy_apiserver"])
def test_scenario_converges_and_is_idempotent(network: Lab, hosts: list[Host], role: str, tmp_path: Path) -> None:
    """`molecule test` ends well; its home is a folder of this test, so nothing is left in the user's."""
    inventory = tmp_path / "hosts.yml"
    inventory.write_text(network.inventory(*hosts))
    environment = {
        **os.environ,
        "PATH": lab_path(network),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "build"),
        "ANSIBLE_HOME": str(tmp_path / "ansible"),
        "ANSIBLE_PIPELINING": "true",
        "LAB_INVENTORY": str(inventory),
        "MOLECULE_EPHEMERAL_DIRECTORY": str(tmp_path / "molecule"),
        "MOLECULE_GLOB": "tests/molecule/*/molecule.yml",
    }
    molecule = str(Path(sys.executable).with_name("molecule"))
    ended = subprocess.run(
        network.network.namespace.command(molecule, "test", "--scenario-name", role),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "idempotence" in ended.stdout + ended.stderr
