# SPDX-License-Identifier: Apache-2.0
"""The PowerShell module and the simulator's native operations answer the same, apart from ids, times and tokens."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from scvmm_sim.cmdlets import Vmm
from scvmm_sim.operations import Operations

from .shell import Shell
from .small_site import FABRIC, cidata, upload, wish, wish_from_profile

GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
MAC = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")
SEED = cidata("same")

Step = tuple[str, dict[str, Any]]
"""An operation and its request; the text "<id of UID>" stands for the id of the VM with that uid."""

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
    "after failed jobs": [
        {"cmdlet": "Set-SCVirtualDVDDrive", "job_error": AWAY},
        {"cmdlet": "Set-SCVirtualDVDDrive", "skip": 1, "job_error": AWAY},
        {"cmdlet": "Remove-SCVirtualMachine", "job_error": AWAY},
        {"cmdlet": "New-SCVirtualMachine", "object": "vm-other", "job_error": AWAY},
    ],
}
"""Fault rules under which a sequence runs, in both engines."""


def _plain(envelope: dict[str, Any]) -> Any:
    """An envelope without what differs from run to run."""
    text = json.dumps(envelope, sort_keys=True)
    seen: dict[str, str] = {}
    text = GUID.sub(lambda found: seen.setdefault(found[0], f"guid {len(seen)}"), text)
    text = MAC.sub("mac", TIME.sub("time", text))
    plain = json.loads(text)
    error = plain.get("error")
    if error:
        # A script function cannot keep PowerShell from adding its own name to the id, as VMM's cmdlets do not.
        error["id"] = re.sub(r"(,Microsoft\.[\w.]+),[\w-]+$", r"\1", error["id"])
    if "token" in (plain.get("result") or {}):
        plain["result"]["token"] = "token"
    return plain


def _run(ask: Callable[[str, dict[str, Any]], dict[str, Any]], steps: list[Step]) -> Iterator[tuple[str, Any]]:
    ids: dict[str, str] = {}
    for operation, request in steps:
        text = json.dumps(request)
        for uid, vm_id in ids.items():
            text = text.replace(f"<id of {uid}>", vm_id)
        envelope = ask(operation, json.loads(text))
        vm = (envelope.get("result") or {}).get("vm")
        if vm and vm["uid"]:
            ids[vm["uid"]] = vm["id"]
        yield operation, _plain(envelope)


@pytest.mark.parametrize("name", SEQUENCES)
def test_both_engines_answer_the_same(shell: Shell, vmm: Vmm, tmp_path: Path, name: str) -> None:
    """One sequence of operations, two ways to answer it, one JSON."""
    for left in vmm.call("Get-SCVirtualMachine", {}).objects:
        vmm.call("Remove-SCVirtualMachine", {"VM": left})
    for left in vmm.call("Get-SCISO", {}).objects:
        vmm.call("Remove-SCISO", {"ISO": left})
    native_vmm = Vmm(FABRIC, library=tmp_path / "library")
    for rule in RULES.get(name, []):
        vmm.add_fault(rule)
        native_vmm.add_fault(rule)
    try:
        native = list(_run(Operations(native_vmm).call, SEQUENCES[name]))
    finally:
        native_vmm.close()
    for number, (operation, answer) in enumerate(_run(shell.ask, SEQUENCES[name])):
        assert answer == native[number][1], f"step {number}: {operation}"
