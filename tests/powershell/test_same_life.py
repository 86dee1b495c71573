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
