# SPDX-License-Identifier: Apache-2.0
"""Checkpoints, disks, power, refresh and repair: the PowerShell module answers as the simulator's own operations do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scvmm_sim.cmdlets import Vmm

from .compare import Step, assert_same
from .shell import Shell
from .small_site import wish

AWAY = {"number": 2912, "message": "agent is away"}
SAME = {"uid": "same"}

SEQUENCES: dict[str, list[Step]] = {
    "checkpoints": [
        ("vm_present", wish("same")),
        ("vm_checkpoint_info", SAME),
        ("vm_checkpoint", {**SAME, "state": "present", "checkpoint": "one", "check": True}),
        ("vm_checkpoint", {**SAME, "state": "present", "checkpoint": "one", "description": "text"}),
        ("vm_checkpoint", {**SAME, "state": "present", "checkpoint": "ONE"}),
        ("vm_checkpoint", {**SAME, "state": "present", "checkpoint": "one", "description": "other", "check": True}),
        ("vm_checkpoint", {**SAME, "state": "present", "checkpoint": "one", "description": "other"}),
        ("vm_checkpoint", {**SAME, "state": "present", "checkpoint": "two"}),
        ("vm_checkpoint_info", SAME),
        ("vm_info", {"uids": ["same"], "checkpoints": True}),
        ("vm_info", {"uids": ["same"]}),
        ("vm_info", {"uids": ["same"], "checkpoints": "yes"}),
        ("vm_power", {**SAME, "state": "running"}),
        ("vm_checkpoint", {**SAME, "state": "restored", "checkpoint": "one", "check": True}),
        ("vm_checkpoint", {**SAME, "state": "restored", "checkpoint": "one"}),
        ("vm_checkpoint", {**SAME, "state": "restored", "checkpoint": "one"}),
        ("vm_checkpoint", {**SAME, "state": "restored", "checkpoint": "two"}),
        ("vm_checkpoint_info", SAME),
        ("vm_checkpoint", {**SAME, "state": "absent", "checkpoint": "one", "check": True}),
        ("vm_checkpoint", {**SAME, "state": "absent", "checkpoint": "one"}),
        ("vm_checkpoint", {**SAME, "state": "absent", "checkpoint": "one"}),
        ("vm_checkpoint", {**SAME, "state": "restored", "checkpoint": "one"}),
        ("vm_checkpoint", {**SAME, "state": "restored", "checkpoint_id": "0a000000-0000-4000-8000-000000000009"}),
        ("vm_checkpoint", {**SAME, "state": "present"}),
        ("vm_checkpoint", {**SAME, "state": "gone", "checkpoint": "x"}),
        ("vm_checkpoint", {"uid": "nobody", "state": "absent", "checkpoint": "x"}),
        ("vm_checkpoint_info", {"uid": "nobody"}),
        ("vm_checkpoint_info", {}),
    ],
    "checkpoints after failed jobs": [
        ("vm_present", wish("same")),
        ("vm_checkpoint", {**SAME, "state": "present", "checkpoint": "one"}),
        ("vm_checkpoint", {**SAME, "state": "present", "checkpoint": "one", "check": True}),
        ("vm_checkpoint", {**SAME, "state": "present", "checkpoint": "one"}),
        ("vm_checkpoint", {**SAME, "state": "restored", "checkpoint": "one"}),
        ("vm_checkpoint", {**SAME, "state": "restored", "checkpoint": "one"}),
        ("vm_checkpoint_info", SAME),
    ],
    "power": [
        ("vm_present", wish("same")),
        *(("vm_power", {**SAME, "state": state}) for state in ("running", "paused", "paused", "running", "running")),
        ("vm_power", {**SAME, "state": "saved", "check": True}),
        ("vm_power", {**SAME, "state": "saved"}),
        ("vm_power", {**SAME, "state": "saved"}),
        ("vm_power", {**SAME, "state": "paused"}),
        ("vm_power", {**SAME, "state": "off"}),
        ("vm_power", {**SAME, "state": "running"}),
        ("vm_power", {**SAME, "state": "paused"}),
        ("vm_power", {**SAME, "state": "off"}),
        ("vm_power", {**SAME, "state": "off", "method": "turn_off"}),
        ("vm_power", {**SAME, "state": "running"}),
        ("vm_power", {**SAME, "state": "off", "method": "shutdown_then_turn_off", "shutdown_seconds": 3600}),
        ("vm_power", {**SAME, "state": "off", "method": "shutdown_then_turn_off", "shutdown_seconds": 3600}),
        ("vm_power", {**SAME, "state": "running"}),
        ("vm_power", {**SAME, "state": "off", "method": "shutdown_then_turn_off", "shutdown_seconds": 4000}),
        ("vm_power", {**SAME, "state": "off", "method": "shutdown_then_turn_off", "shutdown_seconds": 0}),
        ("vm_power", {**SAME, "state": "off", "method": "kick"}),
    ],
    "disks with files of their own": [
        ("vm_present", {**wish("same"), "disks": [{"file": "kept-0", "path": "D:\\disks\\", "size_mb": 1024}]}),
        *(
            ("vm_present", {**wish("same"), "disks": [{"size_mb": 5}, disk], "update": "when_off", **more})
            for disk in (
                {"file": "kept-0", "path": "D:\\disks", "size_mb": 1024, "dynamic": False},
                {"file": "KEPT-0.vhdx", "path": "E:\\disks", "size_mb": 4096, "storage_qos_policy": "gold"},
                {"file": "other", "path": "D:\\disks", "existing": True},
            )
            for more in ({"check": True}, {}, {})
        ),
        ("vm_info", {"uids": ["same"]}),
        *(
            ("vm_present", {**wish("same"), "disks": [wrong]})
            for wrong in (
                {"path": "D:\\disks"},
                {"file": "a/b", "size_mb": 5},
                {"file": "a", "existing": True},
                {"file": "a", "path": "disks", "size_mb": 5},
                {"file": "a", "path": "D:\\", "size_mb": 5},
                {"file": "a", "path": "\\\\host\\share\\", "size_mb": 5, "existing": "yes"},
                {"file": "a", "vhd": "ubuntu.vhdx"},
                {"file": "a", "path": "D:\\disks"},
            )
        ),
        ("vm_absent", {**SAME, "keep_disks": ["kept-0", "never"], "keep_if_there": True}),
        ("vm_absent", {**SAME, "keep_disks": ["kept-0", "never"], "keep_if_there": True}),
        *(
            ("vm_present", {**wish("next"), "template": "gen1", **place})
            for place in (
                {"host": "hv2.example.com"},
                {"host": "hv9"},
                {"host_cluster": "cl9"},
                {"host": "a", "host_cluster": "b"},
                {"host_cluster": "CL1.example.com", "check": True},
                {"host_cluster": "CL1.example.com"},
                {"host": "hv1.example.com"},
                {"host": "hv2.example.com"},
                {"host_cluster": "cl2"},
            )
        ),
        *(
            ("vm_disk", {"uid": "next", "state": "present", **disk})
            for disk in (
                {"disk": "kept-0", "path": "D:\\disks", "size_mb": 5, "existing": True, "check": True},
                {"disk": "kept-0", "path": "D:\\disks", "existing": True},
                {"disk": "kept-0.vhdx", "path": "D:\\disks", "size_mb": 1024},
                {"disk": "kept-0.vhdx", "path": "D:\\disks", "existing": True, "storage_qos_policy": "gold"},
                {"disk": "kept-0.vhdx", "path": "d:\\DISKS", "existing": True},
                {"disk": "kept-0.vhdx", "path": "E:\\disks"},
                {"disk": "new", "path": "E:\\disks", "size_mb": 7},
                {"disk": "new2", "path": "E:disks", "size_mb": 7},
                {"disk": "new2", "existing": True},
                {"disk": "new2", "path": "E:\\disks", "existing": True, "vhd": "ubuntu.vhdx"},
            )
        ),
        ("vm_checkpoint", {"uid": "next", "state": "present", "checkpoint": "one"}),
        ("vm_absent", {"uid": "next", "keep_disks": ["never"], "keep_if_there": True}),
    ],
    "disks": [
        ("vm_present", wish("same")),
        *(
            (("vm_disk"), {**SAME, "state": "present", "disk": "data", **more})
            for more in (
                {"size_mb": 1000, "check": True},
                {"size_mb": 1024},
                {"size_mb": 1024},
                {"size_mb": 1000},
                {"size_mb": 1500},
                {"size_mb": 4096, "iops_maximum": 500, "dynamic": False, "lun": 9, "check": True},
                {"size_mb": 4096, "iops_maximum": 500, "dynamic": False, "lun": 9},
                {"iops_maximum": 0},
                {"iops_maximum": 0},
                {"storage_qos_policy": "silver", "volume_type": "System"},
                {"storage_qos_policy": "silver"},
                {"storage_qos_policy": "never"},
                {},
                {"lun": 64},
                {"disk": "a/b"},
            )
        ),
        (
            "vm_disk",
            {**SAME, "state": "present", "disk": "copy", "vhd": "ubuntu.vhdx", "size_mb": 20480, "iops_maximum": 3},
        ),
        (
            "vm_disk",
            {**SAME, "state": "present", "disk": "copy", "vhd": "ubuntu.vhdx", "size_mb": 20480, "iops_maximum": 3},
        ),
        ("vm_disk", {**SAME, "state": "present", "disk": "never"}),
        (
            "vm_disk",
            {**SAME, "state": "present", "disk": "fixed.vhd", "size_mb": 5, "dynamic": False, "bus": 1, "lun": 7},
        ),
        ("vm_disk", {**SAME, "state": "present", "disk": "gold", "size_mb": 5, "storage_qos_policy": "gold"}),
        ("vm_disk", {**SAME, "state": "present", "disk": "ide", "size_mb": 5, "bus_type": "IDE"}),
        ("vm_info", {"uids": ["same"]}),
        ("vm_checkpoint", {**SAME, "state": "present", "checkpoint": "one"}),
        ("vm_disk", {**SAME, "state": "absent", "disk": "data"}),
        ("vm_disk", {**SAME, "state": "present", "disk": "data", "size_mb": 8192}),
        ("vm_absent", {**SAME, "keep_disks": ["data"]}),
        ("vm_checkpoint", {**SAME, "state": "absent", "checkpoint": "one"}),
        ("vm_disk", {**SAME, "state": "absent", "disk": "DATA.vhdx", "keep_file": True, "check": True}),
        ("vm_disk", {**SAME, "state": "absent", "disk": "DATA.vhdx", "keep_file": True}),
        ("vm_disk", {**SAME, "state": "absent", "disk": "data", "keep_file": True}),
        ("vm_disk", {**SAME, "state": "absent", "disk": "fixed"}),
        ("vm_absent", {**SAME, "keep_disks": ["copy", "nothing"]}),
        ("vm_absent", {**SAME, "keep_disks": ["copy", "gold.vhdx", "copy"], "check": True}),
        ("vm_absent", {**SAME, "keep_disks": ["copy", "gold.vhdx", "copy"]}),
        ("vm_info", {"uids": ["same"]}),
        ("vm_absent", {**SAME, "keep_disks": ["copy", "gold.vhdx", "copy"]}),
        ("vm_absent", {**SAME, "keep_disks": ["copy"]}),
        ("vm_present", wish("same", template="gen1", network_adapters=[])),
        ("vm_disk", {**SAME, "state": "present", "disk": "a", "size_mb": 5}),
        ("vm_disk", {**SAME, "state": "present", "disk": "b", "size_mb": 5, "bus_type": "IDE"}),
        ("vm_disk", {**SAME, "state": "present", "disk": "c", "vhd": "ubuntu.vhdx"}),
    ],
    "marks": [
        ("hardware_info", {}),
        ("vm_present", wish("same", description="words")),
        ("vm_mark", {"id": "<id of same>", "uid": "other", "owner": "ns/other"}),
        ("vm_mark", {"id": "<id of same>", "uid": "other", "owner": "ns/other", "replaces": "same", "check": True}),
        ("vm_mark", {"id": "<id of same>", "uid": "same", "owner": "prod/same"}),
        ("vm_mark", {"id": "<id of same>", "uid": "other", "owner": "ns/other", "replaces": "same"}),
        ("vm_info", {"uids": ["same", "other"]}),
        ("vm_info", {"vm_ids": ["00000000-0000-4000-8000-000000000000"]}),
        ("vm_present", wish("same")),
        ("vm_mark", {"id": "<id of same>", "uid": "other", "owner": "ns/other"}),
        ("vm_mark", {"id": "<id of other>", "uid": "other", "state": "absent"}),
        ("vm_info", {"all": True}),
        ("vm_mark", {"id": "<id of same>", "uid": "a]b", "owner": "ns/other"}),
        ("vm_mark", {"id": "<id of same>", "uid": "b", "owner": " "}),
        ("vm_mark", {"id": "00000000-0000-4000-8000-000000000000", "uid": "b", "owner": "o"}),
        ("vm_mark", {"uid": "b", "owner": "o"}),
    ],
    "virtual addresses": [
        ("vip", {"uid": "same", "owner": "ns/same", "pool": "lan four", "check": True}),
        ("vip", {"uid": "same", "owner": "ns/same", "pool": "lan four"}),
        ("vip", {"uid": "same", "owner": "ns/same", "pool": "nowhere"}),
        ("vip", {"uid": "other", "owner": "ns/other", "pool": "lan four"}),
        ("vip", {"uid": "third", "owner": "ns/third", "pool": "lan four"}),
        ("vip", {"uid": "third", "owner": "ns/third", "pool": "nowhere"}),
        ("vip", {"uid": "same", "state": "absent", "check": True}),
        ("vip", {"uid": "same", "state": "absent"}),
        ("vip", {"uid": "same", "state": "absent"}),
        ("vip", {"uid": "third", "owner": "ns/third", "pool": "lan four"}),
        ("vip", {"uid": "a b", "owner": "ns/third", "pool": "lan four"}),
        ("vip", {"uid": "a", "owner": "ns/third"}),
        ("vip", {"owner": "ns/third", "pool": "lan four"}),
    ],
    "repair and refresh": [
        ("vm_present", wish("same")),
        ("vm_repair", SAME),
        *(
            step
            for method in ("dismiss", "undo", "retry")
            for step in (
                ("vm_disk", {**SAME, "state": "present", "disk": method, "size_mb": 5}),
                ("vm_repair", {**SAME, "method": method, "check": True}),
                ("vm_repair", {**SAME, "method": method}),
                ("vm_repair", {**SAME, "method": method}),
            )
        ),
        ("vm_disk", {**SAME, "state": "present", "disk": "last", "size_mb": 5}),
        ("vm_disk", {**SAME, "state": "present", "disk": "last", "size_mb": 5}),
        ("vm_repair", {**SAME, "method": "kick"}),
        ("vm_repair", {"uid": "nobody"}),
        ("vm_refresh", SAME),
        ("vm_refresh", {"host": "HV1.example.com"}),
        ("vm_refresh", {"host": "hv9"}),
        ("vm_refresh", {"host": "hv9", "uid": "same"}),
        ("vm_refresh", {}),
        ("vm_absent", {**SAME, "keep_disks": ["last"]}),
        ("vm_absent", {**SAME, "keep_disks": ["last"]}),
        ("vm_absent", {**SAME, "keep_disks": ["last"]}),
    ],
    "guests that do not listen": [
        ("vm_present", wish("same")),
        ("vm_power", {**SAME, "state": "running"}),
        ("vm_power", {**SAME, "state": "off", "method": "shutdown_then_turn_off"}),
        ("vm_power", {**SAME, "state": "off", "method": "shutdown_then_turn_off"}),
        ("vm_power", {**SAME, "state": "off", "method": "shutdown_then_turn_off", "shutdown_seconds": 0.000001}),
        ("vm_power", {**SAME, "state": "off", "method": "shutdown_then_turn_off", "shutdown_seconds": 0.000001}),
        ("vm_power", {**SAME, "state": "running"}),
        ("vm_power", {**SAME, "state": "off", "method": "shutdown_then_turn_off"}),
        ("vm_power", {**SAME, "state": "off", "method": "shutdown_then_turn_off"}),
    ],
}
RULES: dict[str, list[dict[str, Any]]] = {
    "checkpoints after failed jobs": [
        {"cmdlet": "New-SCVMCheckpoint", "job_error": AWAY},
        {"cmdlet": "Restore-SCVMCheckpoint", "job_error": AWAY},
    ],
    "repair and refresh": [
        {"cmdlet": "New-SCVirtualDiskDrive", "times": 4, "job_error": AWAY},
        {"cmdlet": "Set-SCVirtualMachine", "job_error": AWAY},
    ],
    "guests that do not listen": [
        {"cmdlet": "Stop-SCVirtualMachine", "ignore_shutdown": True},
        {"cmdlet": "Stop-SCVirtualMachine", "skip": 1, "job_error": AWAY},
    ],
}
"""Fault rules under which a sequence runs, in both engines."""


@pytest.mark.parametrize("name", SEQUENCES)
def test_both_engines_answer_the_same(shell: Shell, vmm: Vmm, tmp_path: Path, name: str) -> None:
    """One sequence of operations, two ways to answer it, one JSON."""
    assert_same(shell, vmm, tmp_path, SEQUENCES[name], RULES.get(name, []))
