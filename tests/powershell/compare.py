# SPDX-License-Identifier: Apache-2.0
"""The same operations answered by the PowerShell module and by the simulator itself, held against each other."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from scvmm_sim.cmdlets import Vmm
from scvmm_sim.operations import Operations

from .shell import Shell
from .small_site import FABRIC

GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
MAC = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")

Step = tuple[str, dict[str, Any]]
"""An operation and its request; the text "<id of UID>" stands for the id of the VM with that uid."""


def plain(envelope: dict[str, Any]) -> Any:
    """An envelope without what differs from run to run."""
    text = json.dumps(envelope, sort_keys=True)
    seen: dict[str, str] = {}
    text = GUID.sub(lambda found: seen.setdefault(found[0], f"guid {len(seen)}"), text)
    text = MAC.sub("mac", TIME.sub("time", text))
    made = json.loads(text)
    error = made.get("error")
    if error:
        # A script function cannot keep PowerShell from adding its own name to the id, as VMM's cmdlets do not.
        error["id"] = re.sub(r"(,Microsoft\.[\w.]+),[\w-]+$", r"\1", error["id"])
    if "token" in (made.get("result") or {}):
        made["result"]["token"] = "token"
    return made


def run(ask: Callable[[str, dict[str, Any]], dict[str, Any]], steps: list[Step]) -> Iterator[tuple[str, Any]]:
    ids: dict[str, str] = {}
    for operation, request in steps:
        text = json.dumps(request)
        for uid, vm_id in ids.items():
            text = text.replace(f"<id of {uid}>", vm_id)
        envelope = ask(operation, json.loads(text))
        vm = (envelope.get("result") or {}).get("vm")
        if vm and vm["uid"]:
            ids[vm["uid"]] = vm["id"]
        yield operation, plain(envelope)


def assert_same(shell: Shell, vmm: Vmm, folder: Path, steps: list[Step], rules: list[dict[str, Any]]) -> None:
    """Both give the same JSON for *steps* on an empty server, under fault *rules*, apart from ids, times, tokens."""
    for left in vmm.call("Get-SCVirtualMachine", {}).objects:
        vmm.vm_delete(left["ID"])
    for left in vmm.call("Get-SCISO", {}).objects:
        vmm.call("Remove-SCISO", {"ISO": left})
    for left in vmm.call("Get-SCVirtualFloppyDisk", {}).objects:
        vmm.call("Remove-SCVirtualFloppyDisk", {"VirtualFloppyDisk": left})
    for left in vmm.call("Get-SCVirtualHardDisk", {}).objects:
        if left["SharePath"].startswith("\\\\"):
            vmm.call("Remove-SCVirtualHardDisk", {"VirtualHardDisk": left})
    native_vmm = Vmm(FABRIC, library=folder / "library")
    for rule in rules:
        vmm.add_fault(rule)
        native_vmm.add_fault(rule)
    try:
        native = list(run(Operations(native_vmm).call, steps))
    finally:
        native_vmm.close()
    for number, (operation, answer) in enumerate(run(shell.ask, steps)):
        assert answer == native[number][1], f"step {number}: {operation}"
