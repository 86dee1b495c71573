# SPDX-License-Identifier: Apache-2.0
"""Ansible's own connections to Windows work through the endpoint: the cold way to run an operation."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from scvmm_sim import Simulator

pytestmark = pytest.mark.pwsh

SCRIPT = "'hé ' + (1 + 1); Import-Module VirtualMachineManager; (Get-SCVMMServer -ComputerName vmm.example.com).Name"
CONNECTIONS = {
    "psrp": {"ansible_psrp_auth": "ntlm", "ansible_psrp_protocol": "http"},
    "winrm": {"ansible_winrm_transport": "ntlm", "ansible_winrm_scheme": "http"},
}


@pytest.fixture
def simulator(pwsh: Path) -> Iterator[Simulator]:
    """A simulator with the PowerShell engine."""
    with Simulator({"users": [{"username": "LAB\\admin", "password": "p w"}]}, engine="powershell") as started:
        yield started


@pytest.mark.parametrize("connection", sorted(CONNECTIONS))
def test_raw_command_runs_over_ansibles_own_connection(simulator: Simulator, tmp_path: Path, connection: str) -> None:
    """`ansible -m raw` over psrp and winrm runs a command that calls VMM's cmdlets."""
    inventory = tmp_path / "inventory.yml"
    variables = {
        "ansible_connection": connection,
        "ansible_host": simulator.host,
        "ansible_port": simulator.port,
        "ansible_user": simulator.username,
        "ansible_password": simulator.password,
        "ansible_shell_type": "powershell",
        **CONNECTIONS[connection],
    }
    inventory.write_text(yaml.safe_dump({"all": {"hosts": {"vmm": variables}}}), encoding="utf-8")
    done = subprocess.run(
        [Path(sys.executable).with_name("ansible"), "-i", str(inventory), "all", "-m", "raw", "-a", SCRIPT],
        env={**os.environ, "ANSIBLE_HOME": str(tmp_path / "home"), "ANSIBLE_NOCOLOR": "1", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[1:3] == ["hé 2", "vmm.example.com"]
