# SPDX-License-Identifier: Apache-2.0
"""The same modules over Ansible's own connections, with a real PowerShell behind the simulator."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scvmm_sim.simulator import Simulator
from scvmm_sim.wire.pwsh import NoPowerShellError, find_pwsh

from .life import assert_briefly_lived, live_briefly
from .plays import Player, task
from .surroundings import FABRIC, PASSWORD

pytestmark = [pytest.mark.pwsh, pytest.mark.timeout(400)]

WAYS: dict[str, dict[str, Any]] = {
    "psrp": {
        "ansible_connection": "ansible.builtin.psrp",
        "ansible_psrp_protocol": "http",
        "ansible_psrp_auth": "ntlm",
    },
    "winrm": {
        "ansible_connection": "ansible.builtin.winrm",
        "ansible_winrm_scheme": "http",
        "ansible_winrm_transport": "ntlm",
    },
}


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """A VMM server whose operations are run by our PowerShell module."""
    try:
        find_pwsh()
    except NoPowerShellError as error:
        pytest.skip(str(error))
    with Simulator(fabric=FABRIC, engine="powershell") as simulator:
        yield simulator


def _player(way: str, simulator: Simulator, runtime_dir: Path, folder: Path) -> Player:
    variables = {
        "ansible_host": simulator.host,
        "ansible_port": simulator.port,
        "ansible_user": "EXAMPLE\\capi",
        "ansible_password": PASSWORD,
        "scvmm_vmm_server": "vmm.example.com",
        **WAYS[way],
    }
    return Player(folder, runtime_dir, variables)


@pytest.mark.parametrize("way", WAYS)
def test_each_step_of_a_life_is_done_once(way: str, simulator: Simulator, runtime_dir: Path, tmp_path: Path) -> None:
    """Same tasks, same results, whichever connection carries them; and no broker is started."""
    image = tmp_path / "web-1.iso"
    image.write_bytes(os.urandom(300_000))
    played = live_briefly(_player(way, simulator, runtime_dir, tmp_path), image)
    assert_briefly_lived(played, image, simulator)
    assert list(runtime_dir.glob("*.sock")) == []


@pytest.mark.parametrize("way", WAYS)
def test_failures_have_the_same_shape(way: str, simulator: Simulator, runtime_dir: Path, tmp_path: Path) -> None:
    """Refused and unreachable look as they do over the warm connection."""
    played = _player(way, simulator, runtime_dir, tmp_path).play(
        task("refused", "vm_power", uid="nobody", state="running"),
        {**task("away", "vm_info"), "vars": {"ansible_port": 1}},
    )
    assert played["refused"].result["error"]["id"] == "CapiScvmm.NotFound"
    assert played["refused"].result["error"]["class"] == "final"
    assert played["away"].kind == "unreachable"
    assert played["away"].result["error"]["class"] == "unreachable"


def test_a_connection_without_powershell_is_refused(runtime_dir: Path, tmp_path: Path) -> None:
    """The message names the connections that work."""
    told = Player(tmp_path, runtime_dir, {"ansible_connection": "local"}).play(task("look", "vm_info"))["look"]
    assert "runs no PowerShell. Set ansible_connection to capi.scvmm.vmm" in told.result["msg"]
