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
        task("shown", "vm_info", uids=[UID], checkpoints=True),
        *steps("restored", "vm_checkpoint", **VM, checkpoint="one", state="restored"),
        task("after", "vm_checkpoint_info", **VM),
        *steps("removed", "vm_checkpoint", **VM, checkpoint="one", state="absent"),
        task("left", "vm_checkpoint_info", **VM),
    )
    assert changes(played, "taken") == changes(played, "restored") == changes(played, "removed") == [True, True, False]
    assert played["taken_done"].result["diff"]["after"] == {"checkpoint": "one", "description": "first"}
    one, two = played["seen"].result["checkpoints"]
    assert (one["name"], one["description"], two["parent_id"]) == ("one", "first", one["id"])
    assert played["shown"].result["vms"][0]["checkpoints"] == [one, two]
    assert [found["restored_last"] for found in played["after"].result["checkpoints"]] == [True, False]
    assert [found["name"] for found in played["left"].result["checkpoints"]] == ["two"]
    assert played["seen"].result["changed"] is False


def test_checkpoint_that_nobody_named_is_asked_for(player: Player) -> None:
    """One message that names the options."""
    told = player.play(task("bad", "vm_checkpoint", **VM))["bad"]
    assert "one of the following is required: checkpoint, checkpoint_id" in told.result["msg"]


def test_each_state_of_power_is_reached_once(player: Player) -> None:
    """Running, paused, saved, off: check mode changes nothing, the second time nothing."""
    names = ("running", "paused", "saved", "off")
    played = player.play(
        *(
            step
            for name in names
            for step in [
                task(f"{name}_before", "vm_power", **VM, state="running"),
                *steps(name, "vm_power", **VM, state=name),
            ]
            if step["name"] != "running_before"
        ),
        task("seen", "vm_info", uids=[UID]),
    )
    assert [changes(played, name) for name in names] == [[True, True, False]] * 4
    assert played["paused_done"].result["diff"] == {"before": {"state": "running"}, "after": {"state": "paused"}}
    assert played["seen"].result["vms"][0]["status"] == "PowerOff"


def test_guest_that_does_not_listen_is_turned_off(player: Player, simulator: Simulator) -> None:
    """The task of the documentation, repeated until there is nothing to do, ends with the VM off."""
    simulator.add_fault({"cmdlet": "Stop-SCVirtualMachine", "ignore_shutdown": True})
    stop = task("stopped", "vm_power", **VM, state="off", method="shutdown_then_turn_off", shutdown_seconds=1)
    until = "stopped is succeeded and not stopped.changed and not stopped.job"
    played = player.play(
        task("started", "vm_power", **VM, state="running"),
        {**stop, "until": until, "retries": 20, "delay": 1},
        task("seen", "vm_info", uids=[UID]),
    )
    assert played["stopped"].kind == "ok"
    assert played["seen"].result["vms"][0]["status"] == "PowerOff"
    ended = [job["Status"] for job in simulator.jobs() if job["CmdletName"] == "Stop-SCVirtualMachine"][-2:]
    assert ended == ["Canceled", "Completed"]


def test_disk_is_added_expanded_limited_and_removed_once(player: Player, simulator: Simulator) -> None:
    """vm_info shows it meanwhile; a smaller size is refused in one sentence; the file that is kept is named."""
    disk = {**VM, "disk": "data"}
    played = player.play(
        *steps("added", "vm_disk", **disk, size_mb=1024, dynamic=False),
        *steps("changed", "vm_disk", **disk, size_mb=2048, iops_maximum=100),
        task("seen", "vm_info", uids=[UID]),
        task("shrunk", "vm_disk", **disk, size_mb=1024),
        *steps("removed", "vm_disk", **disk, state="absent", keep_file=True),
        task("left", "vm_info", uids=[UID]),
    )
    assert changes(played, "added") == changes(played, "changed") == changes(played, "removed") == [True, True, False]
    assert played["added_done"].result["diff"]["after"] == {"disk": "data", "size_mb": 1024, "dynamic": False}
    assert played["changed_done"].result["diff"]["before"] == {"size_mb": 1024, "iops_maximum": None}
    (shown,) = [found for found in played["seen"].result["vms"][0]["disks"] if found["name"] == "data.vhdx"]
    assert (shown["size_mb"], shown["dynamic"], shown["iops_maximum"]) == (2048, False, 100)
    assert "VMM does not shrink disks" in played["shrunk"].result["msg"]
    assert played["removed_done"].result["kept_file"] == "C:\\VMs\\web-1\\data.vhdx"
    assert [found["name"] for found in played["left"].result["vms"][0]["disks"]] == ["web-1-debian.vhdx"]


def test_vm_is_removed_and_its_disk_kept(player: Player, simulator: Simulator) -> None:
    """Detaching, removing, gone; a wrong name is refused before anything is done."""
    keep = {**VM, "state": "absent", "keep_disks": ["logs"]}
    played = player.play(
        task("added", "vm_disk", **VM, disk="logs", size_mb=1024),
        task("slip", "vm", **{**keep, "keep_disks": ["log"]}),
        task("checked", "vm", check=True, **keep),
        task("detached", "vm", **keep),
        task("removed", "vm", **keep),
        task("again", "vm", **keep),
    )
    assert (
        "has no disk 'log'. It has: web-1-debian.vhdx, logs.vhdx. Nothing was removed." in played["slip"].result["msg"]
    )
    states = [
        (played[name].result["state"], played[name].result["changed"]) for name in ("checked", "detached", "removed")
    ]
    assert states == [("detaching", True), ("detaching", True), ("removing", True)]
    assert (played["again"].result["state"], played["again"].result["changed"]) == ("gone", False)
    assert simulator.vms() == []
    # A simulator of its own engine for each file: other tests of this file may have kept files, too.
    assert "C:\\VMs\\web-1\\logs.vhdx" in simulator.vmm.kept_files()


def test_failure_is_reported_and_dismissed(player: Player, simulator: Simulator) -> None:
    """By the module that it hinders, or by vm_repair; in VMM's words, with class and remedy of our table."""
    away = {"number": 2912, "message": "The agent did not answer.", "recommended_action": "Check the agent."}
    simulator.add_fault({"cmdlet": "New-SCVirtualDiskDrive", "times": 2, "job_error": away})
    add = task("failed", "vm_disk", **VM, disk="bad", size_mb=10)
    played = player.play(
        add,
        task("started", "vm_power", **VM, state="running"),
        task("stopped", "vm_power", **VM, state="off", method="turn_off"),
        {**add, "name": "failed_again"},
        *steps("repaired", "vm_repair", **VM),
        task("seen", "vm_info", uids=[UID]),
    )
    told = played["started"].result["dismissed"]
    assert (told["status"], told["job"]["error"]["number"]) == ("UpdateFailed", 2912)
    assert told["job"]["error"]["remedy"]
    assert "dismissed" not in played["stopped"].result
    assert changes(played, "repaired") == [True, True, False]
    failure = played["repaired_done"].result["failure"]
    assert failure["job"]["error"]["message"] == "The agent did not answer."
    assert played["repaired_done"].result["diff"] == {"before": {"failure": "UpdateFailed"}, "after": {"failure": None}}
    assert played["seen"].result["vms"][0]["status"] == "PowerOff"


def test_refresh_brings_the_addresses(player: Player) -> None:
    """It changes nothing and says so; a host can be named instead of a VM, not along with it."""
    played = player.play(
        task("started", "vm_power", **VM, state="running"),
        task("refreshed", "vm_refresh", **VM),
        task("seen", "vm_info", uids=[UID]),
        task("host", "vm_refresh", host="hv1.example.com"),
        task("both", "vm_refresh", host="hv1.example.com", **VM),
        task("stopped", "vm_power", **VM, state="off", method="turn_off"),
    )
    assert (played["refreshed"].result["changed"], played["host"].result["changed"]) == (False, False)
    assert played["refreshed"].result["job"]["name"] == "Refresh virtual machine"
    assert played["seen"].result["vms"][0]["network_adapters"][0]["addresses"]
    assert "mutually exclusive" in played["both"].result["msg"]
