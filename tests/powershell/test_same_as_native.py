# SPDX-License-Identifier: Apache-2.0
"""The PowerShell module and the simulator's native operations answer the same, apart from ids, times and tokens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scvmm_sim.cmdlets import Vmm

from .compare import Step, assert_same
from .shell import Shell
from .small_site import cidata, upload, wish, wish_from_profile

SEED = cidata("same")

ALL = wish_from_profile(
    "same",
    dynamic_memory={"minimum_mb": 1024, "maximum_mb": 4096},
    disks=[
        {"vhd": "ubuntu.vhdx", "size_mb": 15000},
        {"size_mb": 5000, "iops_maximum": 500},
        {"size_mb": 4096, "dynamic": False, "storage_qos_policy": "gold"},
    ],
    network_adapters=[
        {"vm_network": "lan", "static_ip_pools": ["lan four", "LAN six"]},
        {"vm_network": "back", "vm_subnet": "b", "mac_address": "00-15-5D-AA-BB-CC"},
    ],
    fibre_channel=[{"classification": "fast", "virtual_san": "fabric-a"}, {}],
    enable_nested_virtualization=True,
    availability_set="spread",
    custom_properties={"team": "x", "cost": ""},
    description="first",
    tag="t",
    start_action="NeverAutoTurnOnVM",
    stop_action="ShutdownGuestOS",
    checkpoint_type="Standard",
    cpu_limit_for_migration=True,
)
OTHER = {
    **ALL,
    "name": "renamed",
    "cloud": "small",
    "host_group": "tiny",
    "generation": 1,
    "cpu_count": 4,
    "memory_mb": 3000,
    "dynamic_memory": {"maximum_mb": 8192, "buffer_percent": 30},
    "operating_system": "other linux (64 bit)",
    "availability_set": "elsewhere",
    "disks": [
        {"vhd": "ubuntu.vhdx", "size_mb": 1000},
        {"size_mb": 5000, "dynamic": False, "storage_qos_policy": "silver", "iops_maximum": 77},
        {"size_mb": 9000, "dynamic": False, "iops_maximum": 100},
        {"size_mb": 1000},
    ],
    "network_adapters": [
        {"vm_network": "back", "vm_subnet": "a"},
        {"vm_network": "back", "vm_subnet": "a", "mac_address": "00:15:5d:aa:bb:cd"},
        {"vm_network": "lan"},
    ],
    "fibre_channel": [{"classification": "slow"}, {}, {"virtual_san": "fabric-b"}],
    "enable_nested_virtualization": False,
    "custom_properties": {"Team": "", "cost": "42"},
    "description": "",
    "tag": "other",
    "start_action": "AlwaysAutoTurnOnVM",
    "stop_action": "SaveVM",
    "checkpoint_type": "Disabled",
    "cpu_limit_for_migration": False,
    "cpu_limit_functionality": True,
}
"""Two VMs that differ in everything."""

SEQUENCES: dict[str, list[Step]] = {
    "life from a template": [
        ("vm_present", wish("same", description="text", tag="t")),
        ("vm_present", wish("same", cpu_count=3, cloud="small", description="other")),
        ("vm_info", {"marked": True}),
        ("media_attached", {"uid": "same", **upload("same.iso", SEED)}),
        ("media_attached", {"uid": "same", **upload("same.iso", SEED)}),
        ("vm_power", {"id": "<id of same>", "state": "running"}),
        ("vm_power", {"id": "<id of same>", "state": "running"}),
        ("vm_info", {"uids": ["same"], "refresh_ids": ["<id of same>"]}),
        ("vm_absent", {"uid": "same"}),
        ("vm_power", {"uid": "same", "state": "off", "check": True}),
        ("vm_power", {"uid": "same", "state": "off"}),
        ("vm_power", {"uid": "same", "state": "off", "method": "turn_off"}),
        ("media_ejected", {"uid": "same"}),
        ("media_ejected", {"uid": "same"}),
        ("vm_absent", {"uid": "same", "check": True}),
        ("vm_absent", {"uid": "same"}),
        ("vm_absent", {"uid": "same"}),
        ("media_absent", {"file": "same.iso"}),
        ("media_absent", {"file": "same.iso"}),
        ("vm_info", {}),
    ],
    "a medium that leaves the library": [
        ("vm_present", wish("same")),
        ("media_attached", {"uid": "same", **upload("same.iso", SEED)}),
        ("vm_power", {"uid": "same", "state": "running", "remove_medium": {"file": "../same.iso"}}),
        ("vm_power", {"uid": "same", "state": "running", "remove_medium": "same.iso"}),
        ("vm_power", {"uid": "same", "state": "running", "remove_medium": {"file": "same.iso"}, "check": True}),
        ("vm_power", {"uid": "same", "state": "running", "remove_medium": {"file": "same.iso"}}),
        ("vm_power", {"uid": "same", "state": "running", "remove_medium": {"file": "same.iso"}}),
        ("vm_power", {"uid": "same", "state": "running", "remove_medium": {"file": "same.iso"}}),
        ("vm_power", {"uid": "same", "state": "running", "remove_medium": {"file": "x.iso", "library_path": r"\\a\b"}}),
        ("media_absent", {"file": "same.iso"}),
        ("media_ejected", {"uid": "same", "file": "other.iso"}),
        ("media_ejected", {"uid": "same", "file": "same.iso"}),
        ("vm_info", {"uids": ["same"]}),
        ("vm_power", {"uid": "same", "state": "off", "method": "turn_off"}),
    ],
    "a medium that somebody else wrote": [
        ("vm_present", wish("same")),
        ("media_present", {"file": "same.iso", "uploaded_size": 5}),
        ("media_present", {"file": "same.iso", "uploaded_size": "5"}),
        ("media_present", upload("same.iso", SEED)),
        ("media_present", {"file": "same.iso", "uploaded_size": len(SEED)}),
        ("media_present", {"file": "same.iso", "uploaded_size": 5}),
        ("media_attached", {"uid": "same", "file": "same.iso", "uploaded_size": len(SEED)}),
        ("media_absent", {"file": "same.iso"}),
    ],
    "from a hardware profile": [
        ("vm_present", wish_from_profile("same", check=True)),
        ("vm_present", wish_from_profile("same", host_group="prod", custom_properties={"team": "x"})),
        ("vm_info", {"names": ["vm-same"]}),
        ("vm_info", {"all": True}),
        ("vm_info", {"all": "yes"}),
        ("media_present", upload("same.iso", b"x", check=True)),
        ("media_present", upload("same.iso", b"x")),
        ("media_present", upload("same.iso", b"x", library_path=r"\\lib.example.com\media\else")),
        ("media_absent", {"file": "same.iso", "check": True}),
        ("media_absent", {"file": "never.iso", "library_path": "nowhere"}),
        ("job_info", {"ids": []}),
    ],
    "all of a VM": [
        ("vm_present", {**ALL, "check": True}),
        ("vm_present", ALL),
        ("vm_present", ALL),
        ("vm_present", {**ALL, "update": "when_off", "check": True}),
        ("vm_present", {**ALL, "update": "when_off"}),
        ("vm_present", {**ALL, "update": "when_off"}),
        ("vm_info", {"uids": ["same"]}),
        ("vm_present", {**OTHER, "update": "always", "check": True}),
        ("vm_power", {"uid": "same", "state": "running"}),
        ("vm_present", {**OTHER, "update": "when_off"}),
        ("vm_present", {**OTHER, "update": "always"}),
        ("vm_present", {**OTHER, "update": "always"}),
        ("vm_power", {"uid": "same", "state": "off", "method": "turn_off"}),
        ("vm_present", {**OTHER, "update": "when_off"}),
        ("vm_present", {**OTHER, "update": "when_off"}),
        ("vm_present", {**OTHER, "update": "when_off", "operating_system": "none such"}),
        ("vm_info", {"uids": ["same"]}),
        ("vm_absent", {"uid": "same"}),
    ],
    "a failed change": [
        ("vm_present", wish("same")),
        ("vm_present", wish("same", cpu_count=4, update="when_off")),
        ("vm_present", wish("same", cpu_count=4, update="when_off", check=True)),
        ("vm_present", wish("same", cpu_count=4)),
        ("vm_present", wish("same", cpu_count=4, update="when_off")),
        ("vm_present", wish("same", cpu_count=4, update="when_off")),
        ("vm_absent", {"uid": "same"}),
    ],
    "what cannot be had": [
        ("vm_present", wish("same", network_adapters=[{"vm_network": "lan", "mac_address": "00:15"}])),
        ("vm_present", wish("same", network_adapters=[{"vm_network": "lan", "static_ip_pools": ["none"]}])),
        ("vm_present", wish("same", disks=[{"size_mb": 1, "iops_maximum": 0, "storage_qos_policy": "gold"}])),
        ("vm_present", wish("same", disks=[{"size_mb": 1, "storage_qos_policy": "none"}])),
        ("vm_present", wish("same", fibre_channel=[{"classification": "none"}])),
        ("vm_present", wish("same", fibre_channel=[{"virtual_san": "none"}])),
        (
            "vm_present",
            wish("same", cloud="small", cpu_count=None, memory_mb=None, fibre_channel=[{"virtual_san": "fabric-a"}]),
        ),
        ("vm_present", wish("same", update="sometimes")),
        ("vm_present", wish_from_profile("same", memory_mb=300000)),
        ("vm_present", wish_from_profile("same", cpu_count=100)),
    ],
    "a name of its own": [
        ("vm_present", wish("same", name="Web-1", unique_name=True)),
        ("vm_present", wish("same", name="Web-1", unique_name=True)),
        ("vm_present", wish("other", name="web-1", unique_name=True)),
        ("vm_present", wish("other", name="web-1", unique_name=True, check=True)),
        ("vm_present", wish("other", name="web-1", unique_name="yes")),
        ("vm_present", wish("other", name="web-?", unique_name=True)),
        ("vm_present", wish("other", name="web-2", unique_name=True, check=True)),
        ("vm_present", wish("other", name="web-1")),
        ("vm_info", {"all": True}),
    ],
    "after failed jobs": [
        ("vm_present", wish("same")),
        ("media_attached", {"uid": "same", **upload("same.iso", SEED)}),
        ("vm_power", {"uid": "same", "state": "running", "check": True}),
        ("vm_absent", {"uid": "same", "check": True}),
        ("media_attached", {"uid": "same", **upload("same.iso", SEED)}),
        ("vm_power", {"uid": "same", "state": "running"}),
        ("media_ejected", {"uid": "same"}),
        ("vm_absent", {"uid": "same"}),
        ("vm_info", {"uids": ["same"]}),
        ("media_ejected", {"uid": "same"}),
        ("vm_power", {"uid": "same", "state": "off"}),
        ("vm_absent", {"uid": "same"}),
        ("vm_absent", {"uid": "same"}),
        ("vm_absent", {"uid": "same"}),
        ("vm_present", wish("other")),
        ("vm_power", {"uid": "other", "state": "running"}),
        ("media_attached", {"uid": "other", "file": "same.iso"}),
        ("vm_absent", {"uid": "other"}),
        ("vm_absent", {"uid": "other"}),
    ],
    "refusals": [
        ("vm_present", wish("same", cloud="none")),
        ("vm_present", wish("same", cloud=None, host_group="edge")),
        ("vm_present", wish_from_profile("same", cloud="small")),
        ("vm_present", wish("same", memory_mb=1)),
        ("vm_present", wish("same", disks=[{}])),
        ("vm_present", wish("same", cloud=None)),
        ("vm_present", wish("same", dynamic_memory={"buffer_percent": 1})),
        ("vm_power", {"uid": "same", "state": "on"}),
        ("vm_power", {"uid": "same", "state": "off"}),
        ("vm_power", {"state": "off"}),
        ("vm_info", {"ids": ["x"]}),
        ("vm_info", {"wait_seconds": -1}),
        ("media_present", {"file": "same.iso"}),
        ("media_present", {"file": "same.txt"}),
        ("media_present", {**upload("same.iso", b"x"), "sha256": "0"}),
        ("media_present", {**upload("same.iso", b"x"), "content": "?"}),
        ("media_present", upload("same.iso", b"x", library_path=r"\\lib.example.com\archive\x")),
        ("media_present", upload("same.iso", b"x", library_path="..")),
        ("media_absent", {"file": "../x.iso"}),
        ("connect", {"vmm_server": "elsewhere.example.com"}),
        ("connect", {}),
        ("nothing", {}),
    ],
}

AWAY = {"number": 2912, "message": "agent is away"}
RULES: dict[str, list[dict[str, Any]]] = {
    "a medium that leaves the library": [
        {"cmdlet": "Remove-SCISO", "error": {"number": 802, "message": "in use"}},
    ],
    "a failed change": [{"cmdlet": "Set-SCVirtualMachine", "job_error": AWAY}],
    "after failed jobs": [
        {"cmdlet": "Set-SCVirtualDVDDrive", "job_error": AWAY},
        {"cmdlet": "Set-SCVirtualDVDDrive", "skip": 1, "job_error": AWAY},
        {"cmdlet": "Remove-SCVirtualMachine", "job_error": AWAY},
        {"cmdlet": "New-SCVirtualMachine", "object": "vm-other", "job_error": AWAY},
    ],
}
"""Fault rules under which a sequence runs, in both engines."""


@pytest.mark.parametrize("name", SEQUENCES)
def test_both_engines_answer_the_same(shell: Shell, vmm: Vmm, tmp_path: Path, name: str) -> None:
    """One sequence of operations, two ways to answer it, one JSON."""
    assert_same(shell, vmm, tmp_path, SEQUENCES[name], RULES.get(name, []))
