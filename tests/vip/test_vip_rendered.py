# SPDX-License-Identifier: Apache-2.0
"""What the role keepalived_vip makes of its variables, and what it refuses; no host is needed for that."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import tools
import yaml
from capi_scvmm.endpoint import role_variables
from capi_scvmm.kinds import ControlPlaneLoadBalancer, virtual_router_id
from cloud_init.built import run_play

VIP = {"keepalived_vip_address": "10.88.0.100"}
VIP6 = {"keepalived_vip_address": "2001:db8::100"}
GOOD: dict[str, dict[str, Any]] = {
    "plain": VIP,
    "six": VIP6,
    "peers": {**VIP, "keepalived_vip_unicast_peers": ["10.88.0.11", "10.88.0.12"]},
    "old": {
        **VIP,
        "keepalived_vip_version": 2,
        "keepalived_vip_advert_interval": 1,
        "keepalived_vip_password": "s3cret",
    },
    "home": {**VIP, "keepalived_vip_nopreempt": False, "keepalived_vip_priority": 120},
    "own": {
        **VIP,
        "keepalived_vip_router_id": "7",
        "keepalived_vip_interface": "eth1",
        "keepalived_vip_install": False,
    },
    "controller": role_variables(ControlPlaneLoadBalancer(type="Keepalived"), "10.88.0.100", 8443),
}
BAD = {
    "no-address": ({"keepalived_vip_address": "api.example.com"}, "api.example.com is no IP address"),
    "with-prefix": ({"keepalived_vip_address": "10.88.0.100/24"}, "give one without prefix length"),
    "id-0": ({**VIP, "keepalived_vip_router_id": "256"}, "256 is no number from 1 to 255"),
    "password-3": ({**VIP, "keepalived_vip_password": "s3cret"}, "VRRP version 3 has no authentication"),
    "password-long": (
        {**GOOD["old"], "keepalived_vip_password": "muchtoolong"},
        "keepalived_vip_password must have at most eight",
    ),
    "fast-2": ({**VIP, "keepalived_vip_version": 2}, "VRRP version 2 takes whole seconds only"),
    "six-2": (
        {**VIP6, "keepalived_vip_version": 2, "keepalived_vip_advert_interval": 1},
        "An IPv6 address needs VRRP version 3",
    ),
    "never": ({**VIP, "keepalived_vip_advert_interval": 0.01}, "not between 0.05 and 40 seconds"),
    "too-high": ({**VIP, "keepalived_vip_priority": 255}, "255 is no number from 1 to 204"),
    "mixed": ({**VIP, "keepalived_vip_unicast_peers": ["2001:db8::11"]}, "must be of the same family"),
}
PLAY = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.set_fact: {"wish": "{{ cases[inventory_hostname] }}"}
    - ansible.builtin.set_fact: {"{{ item.key }}": "{{ item.value }}"}
      loop: "{{ wish | dict2items }}"
    - ansible.builtin.import_role:
        name: capi.scvmm.keepalived_vip
        tasks_from: render
    - ansible.builtin.copy:
        content: "{{ keepalived_vip_part }}"
        dest: "{{ out }}/{{ inventory_hostname }}"
        mode: "0600"
      delegate_to: localhost
      vars:
        ansible_python_interpreter: "{{ ansible_playbook_python }}"
        ansible_connection: local
"""


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder with a part for each case that is good, and what was said to those that are not."""
    folder = tmp_path_factory.mktemp("rendered")
    cases = GOOD | {name: wish for name, (wish, _) in BAD.items()}
    (folder / "cases.json").write_text(json.dumps({"cases": cases, "out": str(folder)}))
    ended = run_play(PLAY, list(cases), folder, "-e", "@cases.json", "-e", "ansible_connection=local")
    return folder, ended.stdout + ended.stderr


def contents(folder: Path, case: str) -> dict[str, str]:
    """The files of a part by their names."""
    part = yaml.safe_load((folder / case).read_text())
    return {Path(file["path"]).name: file["content"] for file in part["write_files"]}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_is_refused_with_the_remedy(rendered: tuple[Path, str], case: str) -> None:
    """Before anything is rendered."""
    folder, said = rendered
    refusals = [line for line in said.splitlines() if case in line and ("failed: [" in line or "fatal: [" in line)]
    assert any(BAD[case][1] in line for line in refusals), said
    assert not (folder / case).exists()


@pytest.mark.parametrize("case", GOOD)
def test_keepalived_is_told_what_was_asked_for(rendered: tuple[Path, str], case: str) -> None:
    """Line by line where the case says something of its own."""
    folder, said = rendered
    assert (folder / case).exists(), said
    told = contents(folder, case)["keepalived.conf"]
    lines = {
        "plain": ["vrrp_version 3", "interface @interface@", "priority 100", "advert_int 0.3", "10.88.0.100/32"],
        "six": ["2001:db8::100/128"],
        "peers": ["unicast_peer {", "10.88.0.11", "10.88.0.12"],
        "old": ["vrrp_version 2", "auth_type PASS", "auth_pass s3cret", "advert_int 1"],
        "home": ["priority 120"],
        "own": ["virtual_router_id 7", "interface eth1"],
        "controller": ["advert_int 0.3", "10.88.0.100/32"],
    }[case]
    there = [line.strip() for line in told.splitlines()]
    assert [line for line in lines if line not in there] == []
    assert ("nopreempt" in told, "unicast" in told) == (False, case == "peers")


@pytest.mark.parametrize("case", ["plain", "six"])
def test_controller_and_role_make_the_same_router_id(rendered: tuple[Path, str], case: str) -> None:
    """A node that the role set up over ssh and one that cloud-init set up agree."""
    told = re.search(r"virtual_router_id (\d+)", contents(rendered[0], case)["keepalived.conf"])
    assert told and int(told[1]) == virtual_router_id(str(GOOD[case]["keepalived_vip_address"]))


def test_the_check_asks_the_port_of_the_endpoint(rendered: tuple[Path, str]) -> None:
    """The API server of the node listens there too."""
    assert "https://127.0.0.1:8443/readyz" in contents(rendered[0], "controller")["check"]


def test_packages_are_installed_only_when_asked_for(rendered: tuple[Path, str]) -> None:
    """The controller's default is an image that has them."""
    assert yaml.safe_load((rendered[0] / "plain").read_text())["packages"] == ["keepalived", "curl"]
    assert "packages" not in yaml.safe_load((rendered[0] / "controller").read_text())


def test_cloud_init_finds_nothing_wrong_with_the_part(rendered: tuple[Path, str]) -> None:
    """Real cloud-init's schema."""
    cloud_init = tools.find("cloud-init")
    if cloud_init is None:
        pytest.skip("no cloud-init here: run `make tools`")
    for case in GOOD:
        ended = cloud_init.run("schema", "-c", rendered[0] / case)
        assert ended.returncode == 0, ended.stdout.decode() + ended.stderr.decode()
