# SPDX-License-Identifier: Apache-2.0
"""The role and its playbook over Ansible's winrm connection, against the simulator with a real PowerShell behind it."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from scvmm_sim.simulator import Simulator

from .exec_host import ADMINISTRATOR, PASSWORD, ROOT, ExecHost

pytestmark = [pytest.mark.pwsh, pytest.mark.timeout(400)]

PROGRAMS = Path(sys.executable).parent
WISH: dict[str, Any] = yaml.safe_load((ROOT / "tests/molecule/vmm_endpoint/vars/wish.yml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Site:
    """An exec host that answers on the wire, and a folder for whoever plays against it."""

    host: ExecHost
    simulator: Simulator
    folder: Path

    def roles(self) -> list[dict[str, Any]]:
        """VMM's user roles, as its cmdlet shows them."""
        return list(self.simulator.vmm.call("Get-SCUserRole", {}).objects)

    @property
    def environment(self) -> dict[str, str]:
        """What Ansible and molecule need, the password among it."""
        return {
            **os.environ,
            "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "build"),
            "ANSIBLE_HOME": str(self.folder / "ansible"),
            "ANSIBLE_NOCOLOR": "1",
            "MOLECULE_EPHEMERAL_DIRECTORY": str(self.folder / "molecule"),
            "MOLECULE_GLOB": "tests/molecule/*/molecule.yml",
            "EXEC_HOST_PORT": str(self.simulator.port),
            "EXEC_HOST_PASSWORD": PASSWORD,
        }

    def play(self, *arguments: str, **variables: Any) -> str:
        """Run the playbook as people do; return what it printed."""
        inventory = self.folder / "inventory.yml"
        host = {
            "ansible_connection": "ansible.builtin.winrm",
            "ansible_host": "127.0.0.1",
            "ansible_port": self.simulator.port,
            "ansible_user": ADMINISTRATOR,
            "ansible_password": PASSWORD,
            "ansible_winrm_scheme": "http",
            "ansible_winrm_transport": "ntlm",
        }
        group = {"hosts": {"exec-host": host}, "vars": {**WISH, **variables}}
        inventory.write_text(yaml.safe_dump({"all": {"children": {"vmm_endpoints": group}}}))
        ended = self.run("ansible-playbook", "capi.scvmm.endpoint", "-i", str(inventory), *arguments)
        return ended.stdout + ended.stderr

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the environment's programs to its end."""
        return subprocess.run(
            [str(PROGRAMS / program), *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def site(pwsh: Path, host: ExecHost, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A host whose WinRM answers; what VMM has is the simulator's."""
    fabric = {
        "server": {"name": "vmm.example.com", "version": "10.22.1287.0"},
        "users": [{"username": ADMINISTRATOR, "password": PASSWORD}],
        "host_groups": [{"name": "prod", "hosts": [{"name": "hv1", "cpus": 8, "memory_mb": 65536}]}],
        "clouds": [{"name": "production", "host_groups": ["prod"]}],
    }
    with pytest.MonkeyPatch.context() as context:
        for name, value in host.environment.items():
            context.setenv(name, value)
        with Simulator(fabric=fabric, engine="powershell") as simulator:
            yield Site(host, simulator, tmp_path_factory.mktemp("site"))


def test_check_mode_says_what_is_missing_and_changes_nothing(site: Site) -> None:
    """Too small a quota is told with its numbers, and neither host nor VMM is another one afterwards."""
    said = site.play("--check", "-vvvv", vmm_endpoint_change_quotas=False, vmm_endpoint_restart_winrm=False)
    assert "failed=0" in said, said
    assert "max_memory_per_shell_mb is 150, 1024 is the least" in said
    assert (site.host.files(), site.host.state["log"], site.roles()) == ({}, [], [])
    assert PASSWORD not in said
    assert base64.b64encode(PASSWORD.encode()).decode() not in said


def test_a_host_that_does_not_suffice_is_told_why(site: Site) -> None:
    """Too old a VMM stops the role before anything is changed; the message names version and wish."""
    said = site.play(vmm_endpoint_vmm_version="11.0")
    assert "VMM 10.22.1287.0 is too old; 11.0 is the least" in said
    assert "failed=1" in said
    assert (site.host.files(), site.host.state["log"]) == ({}, [])


def test_scenario_prepares_the_host_and_removal_takes_it_away(site: Site) -> None:
    """`molecule test`: everything is set up, nothing changes the second time, it reads back; then all of it goes."""
    ended = site.run("molecule", "test", "--scenario-name", "vmm_endpoint")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "idempotence" in ended.stdout + ended.stderr
    assert PASSWORD not in ended.stdout + ended.stderr
    log = [entry.partition(" ")[0] for entry in site.host.state["log"]]
    assert log == ["set", "register", "start"]
    (role,) = site.roles()
    assert (role["Name"], role["Profile"]) == ("Cluster API", "SelfServiceUser")
    assert [member["Name"] for member in role["Members"]] == WISH["vmm_endpoint_users"]
    assert role["UserRoleDataPath"] == r"\\vmm.example.com\MSSCVMMLibrary\ISOs"
    assert [cloud["Name"] for cloud in role["Cloud"]] == ["production"]
    assert set(role["Permission"]) == {
        "Create", "CreateFromVHDOrTemplate", "Start", "Stop", "Shutdown", "Remove", "Author", "Checkpoint",
    }  # fmt: skip

    said = site.play(vmm_endpoint_state="absent")
    assert "failed=0" in said, said
    assert (site.host.files(), site.host.registered, site.roles()) == ({}, ["Microsoft.PowerShell"], [])
    assert "changed=0" in site.play(vmm_endpoint_state="absent")
