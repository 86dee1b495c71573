# SPDX-License-Identifier: Apache-2.0
"""Modules for VMs that exist: checkpoints, disks, power, refresh, repair; look, do, read back, do again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scvmm_sim.simulator import Simulator

from .life import UID, WISH
from .plays import Played, Player, task, warm_variables

VM = {"uid": UID}


@pytest.fixture
def player(simulator: Simulator, runtime_dir: Path, tmp_path: Path) -> Iterator[Player]:
    """Plays over capi.scvmm.vmm; the VM is there before, and gone afterwards."""
    player = Player(tmp_path, runtime_dir, warm_variables(simulator.host, simulator.port))
    played = player.play(task("made", "vm", **WISH))
    assert played["made"].kind == "ok", played.output
    yield player
    for vm in simulator.vms():
        simulator.vm_delete(vm["ID"])


def steps(name: str, module: str, **options: Any) -> list[dict[str, Any]]:
    """Look what would be done, do it, do it again; jobs take no time here."""
    return [
        task(f"{name}_checked", module, check=True, **options),
        task(f"{name}_done", module, **options),
        task(f"{name}_again", module, **options),
    ]


def changes(played: Played, name: str) -> list[bool]:
    """Whether the look, the first and the second time said that something changes."""
    told = [played[f"{name}_{when}"] for when in ("checked", "done", "again")]
    assert [one.result.get("msg") for one in told if one.kind != "ok"] == []
    assert told[0].result["diff"] == told[1].result["diff"], name
    return [one.result["changed"] for one in told]


def test_checkpoint_is_taken_restored_and_removed_once(player: Player) -> None:
    """Each step says in check mode what it then does, shows a diff, and changes nothing the second time."""
    played = player.play(
        *steps("taken", "vm_checkpoint", **VM, checkpoint="one", description="first"),
        task("second", "vm_checkpoint", **VM, checkpoint="two"),
        task("seen", "vm_checkpoint_info", **VM),
        *steps("restored", "vm_checkpoint", **VM, checkpoint="one", state="restored"),
        task("after", "vm_checkpoint_info", **VM),
        *steps("removed", "vm_checkpoint", **VM, checkpoint="one", state="absent"),
        task("left", "vm_checkpoint_info", **VM),
    )
    assert changes(played, "taken") == changes(played, "restored") == changes(played, "removed") == [True, True, False]
    assert played["taken_done"].result["diff"]["after"] == {"checkpoint": "one", "description": "first"}
    one, two = played["seen"].result["checkpoints"]
    assert (one["name"], one["description"], two["parent_id"]) == ("one", "first", one["id"])
    assert [found["restored_last"] for found in played["after"].result["checkpoints"]] == [True, False]
    assert [found["name"] for found in played["left"].result["checkpoints"]] == ["two"]
    assert played["seen"].result["changed"] is False


def test_checkpoint_that_nobody_named_is_asked_for(player: Player) -> None:
    """One message that names the options."""
    told = player.play(task("bad", "vm_checkpoint", **VM))["bad"]
    assert "one of the following is required: checkpoint, checkpoint_id" in told.result["msg"]
