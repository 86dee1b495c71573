# SPDX-License-Identifier: Apache-2.0
"""All that a VM is made of, through the module: check, do, read back, do again; differences are mended when told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scvmm_sim.simulator import Simulator

from .plays import Player, task, warm_variables

UID = "0d8cbb0e-5a52-4dd0-9f0d-6c4b8f9c8a77"
WISH: dict[str, Any] = {
    "owner": "people/db-1",
    "uid": UID,
    "name": "db-1",
    "host_group": "All Hosts\\prod",
    "hardware_profile": "small",
    "generation": 2,
    "cpu_count": 2,
    "memory_mb": 4096,
    "dynamic_memory": {"minimum_mb": 2048, "maximum_mb": 8192, "buffer_percent": 25},
    "operating_system": "Debian GNU/Linux 12 (64 bit)",
    "disks": [
        {"vhd": "debian.vhdx", "size_mb": 20480, "iops_maximum": 500, "volume_type": "BootAndSystem"},
        {"size_mb": 5000, "dynamic": False, "storage_qos_policy": "gold"},
    ],
    "network_adapters": [
        {"vm_network": "servers", "static_ip_pools": ["servers v4", "servers v6"]},
        {"vm_network": "servers", "vm_subnet": "servers-1", "mac_address": "00:15:5d:01:02:03"},
    ],
    "fibre_channel": [{"classification": "fast"}],
    "availability_set": "databases",
    "description": "a database",
    "start_action": "AlwaysAutoTurnOnVM",
    "stop_action": "ShutdownGuestOS",
    "checkpoint_type": "ProductionOnly",
    "cpu_limit_for_migration": True,
    "cpu_limit_functionality": False,
    "enable_nested_virtualization": True,
    "tag": "blue",
    "custom_properties": {"team": "storage"},
}
OTHER: dict[str, Any] = {
    "cpu_count": 4,
    "memory_mb": 5120,
    "dynamic_memory": {"maximum_mb": 16384},
    "description": "another",
    "start_action": "NeverAutoTurnOnVM",
    "stop_action": "SaveVM",
    "checkpoint_type": "Standard",
    "cpu_limit_for_migration": False,
    "enable_nested_virtualization": False,
    "tag": "green",
    "custom_properties": {"team": "network"},
    "disks": [
        {"vhd": "debian.vhdx", "size_mb": 30720, "iops_maximum": 900},
        {"size_mb": 5000, "dynamic": False, "storage_qos_policy": "silver"},
    ],
}
SAME = (
    "cpu_count", "memory_mb", "dynamic_memory", "operating_system", "fibre_channel", "description", "start_action",
    "stop_action", "checkpoint_type", "cpu_limit_for_migration", "cpu_limit_functionality",
    "enable_nested_virtualization", "tag", "custom_properties", "generation", "host_group",
)  # fmt: skip
"""Options that vm_info tells by the same name."""


@pytest.fixture
def player(simulator: Simulator, runtime_dir: Path, tmp_path: Path) -> Player:
    """Plays over capi.scvmm.vmm."""
    return Player(tmp_path, runtime_dir, warm_variables(simulator.host, simulator.port))


def test_everything_is_made_completed_read_back_and_left(player: Player, simulator: Simulator) -> None:
    """After the creation three things lack; one update gives them; after that nothing differs from the wish."""
    played = player.play(
        task("checked", "vm", check=True, **WISH),
        task("made", "vm", **WISH),
        task("differs", "vm", **WISH),
        task("would", "vm", check=True, **WISH, update="when_off"),
        task("completed", "vm", **WISH, update="when_off"),
        task("again", "vm", **WISH, update="always"),
        task("seen", "vm_info", uids=[UID]),
    )
    results = {name: told.result for name, told in played.told.items()}
    assert {name: told.kind for name, told in played.told.items() if told.kind != "ok"} == {}, played.output
    assert results["checked"]["diff"] == results["made"]["diff"] and results["made"]["created"]
    lacking = {"disks[0].size_mb", "disks[0].iops_maximum", "network_adapters[0].static_ip_pools"}
    assert {entry["field"] for entry in results["differs"]["drift"]} == lacking
    assert not results["differs"]["changed"]
    assert results["would"]["diff"] == results["completed"]["diff"]
    assert set(results["completed"]["diff"]["after"]) == lacking
    assert (results["again"]["changed"], results["again"]["drift"]) == (False, [])
    assert results["again"]["diff"] == {"before": {}, "after": {}}
    (vm,) = results["seen"]["vms"]
    told = {**vm, "fibre_channel": [{"classification": f["classification"]} for f in vm["fibre_channel"]]}
    assert {name: told[name] for name in SAME} == {name: WISH[name] for name in SAME}
    assert vm["availability_sets"] == ["databases"]
    assert [(d["size_mb"], d["dynamic"], d["volume_type"], d["iops_maximum"], d["storage_qos_policy"])
            for d in vm["disks"]] == [
        (20480, True, "BootAndSystem", 500, None),
        (5000, False, "None", None, "gold"),
    ]  # fmt: skip
    first, second = vm["network_adapters"]
    assert [one["address"] for one in first["static_addresses"]] == ["10.20.1.1/16", "2001:db8::11/64"]
    assert (second["mac_address"], second["vm_subnet"]) == ("00:15:5d:01:02:03", "servers-1")
    simulator.vm_delete("db-1")


def test_what_somebody_changed_is_mended_when_told(player: Player, simulator: Simulator) -> None:
    """Running: what needs it off is left and told; off: the rest; then nothing differs."""
    wish = {**WISH, **OTHER}
    played = player.play(
        task("made", "vm", **WISH),
        task("completed", "vm", **WISH, update="when_off"),
        task("started", "vm_power", uid=UID, state="running"),
        task("untouched", "vm", **wish, update="when_off"),
        task("checked", "vm", check=True, **wish, update="always"),
        task("running", "vm", **wish, update="always"),
        task("running_again", "vm", **wish, update="always"),
        task("stopped", "vm_power", uid=UID, state="off", method="turn_off"),
        task("off", "vm", **wish, update="always"),
        task("off_again", "vm", **wish, update="always"),
    )
    results = {name: told.result for name, told in played.told.items()}
    assert {name: told.kind for name, told in played.told.items() if told.kind != "ok"} == {}, played.output
    assert (results["untouched"]["changed"], len(results["untouched"]["drift"])) == (False, 14)
    assert results["checked"]["diff"] == results["running"]["diff"]
    assert set(results["running"]["diff"]["after"]) == {
        "description", "tag", "start_action", "checkpoint_type", "custom_properties.team", "disks[0].iops_maximum",
        "disks[1].storage_qos_policy",
    }  # fmt: skip
    needs_off = {
        "cpu_count", "memory_mb", "dynamic_memory", "stop_action", "cpu_limit_for_migration",
        "enable_nested_virtualization", "disks[0].size_mb",
    }  # fmt: skip
    assert {entry["field"] for entry in results["running_again"]["drift"]} == needs_off
    assert {entry["mend"] for entry in results["running_again"]["drift"]} == {"off"}
    assert not results["running_again"]["changed"]
    assert set(results["off"]["diff"]["after"]) == needs_off
    assert (results["off_again"]["changed"], results["off_again"]["drift"]) == (False, [])
    assert results["off_again"]["vm"]["dynamic_memory"]["maximum_mb"] == 16384
    simulator.vm_delete("db-1")
