# SPDX-License-Identifier: Apache-2.0
"""Sequences of operations made by chance from a table: one row per operation, one list of values per field.

The same number makes the same sequence. A value that says "<id of UID>" means the id of the VM that was made with it.
"""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass
from typing import Any

from .small_site import FABRIC, cidata, image, upload

NO = object()
"""The field is left out."""

OURS = ["a"] * 5 + ["b", "c"]
UIDS = [*OURS, "never"]
EACH = sorted(set(UIDS))
OUR_IDS = [f"<id of {uid}>" for uid in OURS]
IDS = [*OUR_IDS, "00000000-0000-4000-8000-000000000000"]
FILES = ["one.iso", "two.iso", "three.vfd", "four.vhdx"]
CHECK = [NO, NO, NO, NO, True]
MEDIUM = upload("x", cidata("host"))
FLOPPY, DISK = upload("three.vfd", image("three.vfd")), upload("four.vhdx", image("four.vhdx"))
DISKS = [
    *[NO] * 4,
    [],
    [{"vhd": "ubuntu.vhdx"}],
    [{"size_mb": 1024, "iops_maximum": 100}],
    [{"vhd": "ubuntu.vhdx", "size_mb": 20480}, {"size_mb": 5120, "dynamic": False, "storage_qos_policy": "gold"}],
    [{"size_mb": 2048, "storage_qos_policy": "none"}],
    [{"file": "kept", "path": "D:\\disks", "size_mb": 1024}],
    [{"vhd": "ubuntu.vhdx"}, {"file": "kept.vhdx", "path": "D:\\disks", "existing": True, "size_mb": 2048}],
]
ADAPTERS = [
    *[NO] * 2,
    [{"vm_network": "lan"}],
    [{"vm_network": "back", "vm_subnet": "b"}],
    [{"vm_network": "lan"}, {"vm_network": "lan", "mac_address": "00:1d:d8:b7:1c:00"}],
    [{"vm_network": "lan", "static_ip_pools": ["lan four", "lan six"]}],
]


@dataclass(frozen=True)
class Row:
    """An operation, how often it comes up beside the others, and the values that each of its fields may have."""

    weight: int
    operation: str
    fields: dict[str, list[Any]]


ROWS = [
    Row(
        8,
        "vm_present",
        {
            "owner": ["ns/x", "ns/x", "ns/x", "other/y"],
            "uid": OURS,
            "name": ["web", "db"],
            "cloud": ["dev", "dev", "dev", "dev", "dev [1]*", "small", "small", "none", NO],
            "host_group": [NO, NO, NO, NO, "prod", "All Hosts\\prod", "edge"],
            "host": [*[NO] * 8, "hv1.example.com", "hv2.example.com"],
            "host_cluster": [*[NO] * 8, "cl1.example.com", "none"],
            "template": ["ubuntu", "ubuntu", "gen1", "no-dvd", NO],
            "hardware_profile": [NO, "linux2", "linux2", "linux1 dvd"],
            "generation": [NO, NO, NO, 1, 2],
            "cpu_count": [NO, NO, 2, 4, 4, 0],
            "memory_mb": [NO, 1024, 2048],
            "dynamic_memory": [NO, NO, NO, NO, NO, {"minimum_mb": 512, "maximum_mb": 4096}, {"buffer_percent": 1}],
            "disks": DISKS,
            "network_adapters": ADAPTERS,
            "description": [NO, "some text", "line\nline"],
            "fibre_channel": [*[NO] * 6, [{"classification": "fast"}], [{"classification": "x"}]],
            "enable_nested_virtualization": [*[NO] * 4, True, False],
            "availability_set": [*[NO] * 4, "spread"],
            "operating_system": [*[NO] * 4, "Other Linux (64 bit)"],
            "cpu_limit_for_migration": [NO, NO, True, False],
            "stop_action": [NO, NO, "TurnOffVM"],
            "update": [NO, NO, "never", "when_off", "always"],
            "start_action": [NO, "AlwaysAutoTurnOnVM"],
            "checkpoint_type": [NO, "Standard"],
            "tag": [NO, "t"],
            "custom_properties": [NO, NO, NO, {"team": "x"}, {"team": "x"}, {"unknown": "x"}],
            "check": CHECK,
        },
    ),
    Row(6, "vm_power", {"id": [*[NO] * 8, *IDS], "uid": UIDS, "state": ["running", "running", "off", "paused", "saved"],
                        "method": [NO, NO, "shutdown", "turn_off", "shutdown_then_turn_off"], "check": CHECK}),
    Row(5, "vm_absent", {"id": [*[NO] * 8, *IDS], "uid": [NO, *UIDS], "check": CHECK,
                         "keep_disks": [*[NO] * 4, ["web-disk-1"], ["web-ubuntu"], ["unknown"], ["kept"]],
                         "keep_if_there": [NO, NO, True]}),
    Row(5, "vm_checkpoint", {"uid": OURS, "state": ["present", "present", "restored", "absent"],
                             "checkpoint": ["first", "second"], "description": [NO, NO, "words"], "check": CHECK}),
    Row(2, "vm_checkpoint_info", {"uid": UIDS}),
    Row(5, "vm_disk", {"uid": OURS, "state": ["present", "present", "present", "absent"], "check": CHECK,
                       "disk": ["data", "data", "Data.vhdx", "log"], "size_mb": [NO, 1024, 2048, 4096],
                       "dynamic": [NO, True, False], "vhd": [NO, NO, NO, "ubuntu.vhdx"],
                       "path": [NO, NO, NO, "D:\\disks"], "existing": [NO, NO, NO, True],
                       "bus_type": [NO, NO, NO, "SCSI", "IDE"], "bus": [NO, NO, 0], "lun": [NO, NO, 3],
                       "volume_type": [NO, NO, "None"], "iops_maximum": [NO, NO, 0, 500],
                       "storage_qos_policy": [NO, NO, NO, "gold", "none"], "keep_file": [NO, True]}),
    Row(3, "vm_mark", {"id": IDS, "uid": [*UIDS, "a b"], "owner": ["ns/else", "ns/else", NO], "replaces": [NO, *UIDS],
                       "state": [NO, NO, "present", "absent"], "check": CHECK}),
    Row(2, "vip", {"uid": UIDS, "owner": ["ns/else", "ns/else", NO], "pool": ["lan four", "lan six", NO, "nowhere"],
                   "state": [NO, NO, "present", "absent"], "check": CHECK}),
    Row(3, "vm_repair", {"uid": UIDS, "method": [NO, "dismiss", "retry", "undo", "wish"], "check": CHECK}),
    Row(2, "vm_refresh", {"uid": [NO, *OURS], "host": [NO, NO, NO, "hv1.example.com", "nowhere"]}),
    Row(4, "vm_info", {"ids": [NO, [], IDS[-3:-1]], "uids": [NO, EACH], "names": [NO, ["web"]],
                       "vm_ids": [NO, NO, IDS[-1:]],
                       "all": [NO, NO, True], "checkpoints": [NO, True],
                       "marked": [NO, True]}),
    # Once in a sequence: a VM is refreshed at most once a second, and PowerShell has no other clock than the real one.
    Row(1, "vm_info", {"uids": [EACH], "refresh_ids": [sorted(set(OUR_IDS))]}),
    Row(4, "media_attached", {"uid": OURS, "file": FILES, "content": [MEDIUM["content"], NO],
                              "sha256": [MEDIUM["sha256"]], "device": [NO, NO, "dvd", "tape"], "check": CHECK}),
    Row(1, "media_attached", {"uid": OURS, "file": ["three.vfd"], "content": [FLOPPY["content"], NO],
                              "sha256": [FLOPPY["sha256"]], "device": [NO, "floppy", "scsi"], "check": CHECK}),
    Row(2, "media_attached", {"uid": OURS, "file": ["four.vhdx"], "content": [DISK["content"], DISK["content"], NO],
                              "sha256": [DISK["sha256"]], "device": [NO, "scsi", "ide", "dvd"], "check": CHECK}),
    Row(3, "media_ejected", {"uid": OURS, "file": [NO, *FILES], "check": CHECK}),
    Row(2, "media_present", {"file": [*FILES, "x.txt"], "content": [MEDIUM["content"]],
                             "sha256": [MEDIUM["sha256"], MEDIUM["sha256"], "0"],
                             "library_path": [NO, r"\\lib.example.com\media\else", "in", ".."], "check": CHECK}),
    Row(2, "media_absent", {"file": FILES, "library_path": [NO, "in"], "check": CHECK}),
    Row(1, "job_info", {"ids": [[], IDS[-1:]]}),
    Row(1, "connect", {"vmm_server": ["vmm.example.com", "vmm", "elsewhere"]}),
    # Not operations, but what may happen between two of them.
    Row(5, "(time passes)", {"seconds": [1, 5, 30]}),
    Row(2, "(somebody turns off)", {"id": OUR_IDS}),
    Row(1, "(somebody deletes)", {"id": OUR_IDS}),
]  # fmt: skip

SECONDS = [0, 0, 0, 4]
JOBS = ["create", "change", "start", "stop", "remove", "import"]
ERRORS = [{"number": 2912, "message": "agent is away"}, {"number": 2606, "message": "locked"}]
FAULTS: dict[str, list[Any]] = {
    "cmdlet": [
        "New-SCVirtualMachine", "New-SCVMTemplate", "New-SCVMConfiguration", "Update-SCVMConfiguration",
        "Set-SCVirtualDVDDrive", "Import-SCLibraryPhysicalResource", "Read-SCLibraryShare", "Start-SCVirtualMachine",
        "Stop-SCVirtualMachine", "Remove-SCVirtualMachine", "Repair-SCVirtualMachine", "Get-SCVirtualMachine",
        "Remove-SCVMTemplate", "Remove-SCISO", "New-SCVMCheckpoint", "Restore-SCVMCheckpoint", "Set-SCVirtualMachine",
        "Set-SCVirtualFloppyDrive", "New-SCVirtualDiskDrive", "Expand-SCVirtualDiskDrive",
        "Remove-SCVirtualDiskDrive", "Read-SCVirtualMachine",
    ],
    "skip": [0, 0, 1, 2],
    "times": [1, 1, 2],
    "effect": ["error", "job_error", "job_error"],
    "error": ERRORS,
}  # fmt: skip
"""What fault rules are made of; a sequence has none, one or two."""

Step = tuple[str, dict[str, Any]]


def sequence(number: int, length: int) -> tuple[list[Step], list[dict[str, Any]]]:
    """Sequence *number*: steps, and the fault rules under which it runs."""
    chance = random.Random(number)
    rows = chance.choices(ROWS, [row.weight for row in ROWS], k=length)
    steps = _beginning(chance) + [(row.operation, _request(row, chance)) for row in rows]
    refreshes = [request for _, request in steps if "refresh_ids" in request]
    for request in refreshes[1:]:
        del request["refresh_ids"]
    return steps, [_fault(chance) for _ in range(chance.choice([0, 0, 1, 2]))]


def site(number: int) -> dict[str, Any]:
    """The fabric of sequence *number*: ids of its own, and jobs that take no time or some."""
    chance = random.Random(-number)
    return {
        **copy.deepcopy(FABRIC),
        "availability_sets": ["spread"],
        "seed": number,
        "users": [{"username": "EXAMPLE\\capi", "password": "not used here"}],
        "job_seconds": {kind: chance.choice(SECONDS) for kind in JOBS},
        "guest": {"address_seconds": chance.choice(SECONDS), "shutdown_seconds": chance.choice(SECONDS)},
    }


def _beginning(chance: random.Random) -> list[Step]:
    """Most sequences begin with a VM, and many of those with one that runs: there would be little to do otherwise."""
    template = chance.choice(["ubuntu", "ubuntu", "gen1", "no-dvd"])
    wish = {"owner": "ns/x", "uid": "a", "name": "web", "cloud": "dev", "template": template}
    steps: list[Step] = [("vm_present", wish), ("(time passes)", {"seconds": 30})]
    steps.append(("vm_power", {"uid": "a", "state": "running"}))
    return steps[: chance.choice([0, 2, 2, 3, 3, 3])]


def _request(row: Row, chance: random.Random) -> dict[str, Any]:
    chosen = {name: chance.choice(values) for name, values in row.fields.items()}
    return {name: value for name, value in chosen.items() if value is not NO}


def _fault(chance: random.Random) -> dict[str, Any]:
    chosen = {name: chance.choice(values) for name, values in FAULTS.items()}
    return {
        "cmdlet": chosen["cmdlet"],
        "skip": chosen["skip"],
        "times": chosen["times"],
        chosen["effect"]: chosen["error"],
    }
