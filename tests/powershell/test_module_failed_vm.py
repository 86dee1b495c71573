# SPDX-License-Identifier: Apache-2.0
"""The PowerShell module on VMs on which a job has failed: it dismisses the failure and goes on."""

from __future__ import annotations

from typing import Any

from scvmm_sim.cmdlets import Vmm

from .shell import Bridge, Shell
from .small_site import upload, wish

AWAY = {"number": 2912, "message": "agent is away"}


def _failed_attach(shell: Shell, vmm: Vmm, uid: str) -> dict[str, Any]:
    """A VM whose attach job has failed; the request to attach."""
    shell.result("vm_present", wish(uid))
    vmm.add_fault({"cmdlet": "Set-SCVirtualDVDDrive", "job_error": AWAY})
    request = {"uid": uid, **upload(f"{uid}.iso", b"medium")}
    shell.result("media_attached", request)
    assert _status(shell, uid) == "UpdateFailed"
    return request


def _status(shell: Shell, uid: str) -> str:
    (vm,) = shell.result("vm_info", {"uids": [uid]})["vms"]
    return str(vm["status"])


def test_attach_succeeds_after_a_failed_attach(shell: Shell, vmm: Vmm, bridge: Bridge) -> None:
    """Dismiss, look again, attach: in that order, and the medium is in the drive."""
    request = _failed_attach(shell, vmm, "again")
    bridge.calls.clear()
    assert shell.result("media_attached", request)["changed"]
    names = [name for name in bridge.names() if "ISO" not in name and "Library" not in name]
    assert names == [
        "Get-SCVirtualMachine",
        "Repair-SCVirtualMachine",
        "Get-SCVirtualMachine",
        "Set-SCVirtualDVDDrive",
    ]
    given = dict(bridge.calls)["Repair-SCVirtualMachine"]
    assert given["Dismiss"] and set(given) == {"VM", "Dismiss"}
    (vm,) = shell.result("vm_info", {"uids": ["again"]})["vms"]
    assert (vm["status"], vm["media"]) == ("PowerOff", [{"device": "dvd", "file": "again.iso"}])


def test_power_succeeds_after_a_failed_attach(shell: Shell, vmm: Vmm) -> None:
    """Off needs no job, running starts the VM."""
    _failed_attach(shell, vmm, "start")
    off = shell.result("vm_power", {"uid": "start", "state": "off"})
    assert (off["changed"], off["job"], off["vm"]["status"]) == (True, None, "PowerOff")
    _failed_attach(shell, vmm, "start")
    assert shell.result("vm_power", {"uid": "start", "state": "running"})["changed"]
    assert _status(shell, "start") == "Running"


def test_check_dismisses_nothing(shell: Shell, vmm: Vmm, bridge: Bridge) -> None:
    """A check says that something would change, and only looks."""
    request = _failed_attach(shell, vmm, "look")
    bridge.calls.clear()
    for operation, more in (("vm_power", {"state": "off"}), ("media_attached", request), ("vm_absent", {})):
        assert shell.result(operation, {"uid": "look", "check": True, **more})["changed"]
    assert {name.split("-")[0] for name in bridge.names()} == {"Get"}
    assert _status(shell, "look") == "UpdateFailed"


def test_failed_creation_is_left_as_it_is(shell: Shell, vmm: Vmm, bridge: Bridge) -> None:
    """It is refused in VMM's words, and removed without being dismissed."""
    vmm.add_fault({"cmdlet": "New-SCVirtualMachine", "job_error": AWAY})
    shell.result("vm_present", wish("unmade"))
    bridge.calls.clear()
    assert shell.error("vm_power", {"uid": "unmade", "state": "running"})["number"] == 1730
    assert shell.result("vm_absent", {"uid": "unmade"})["state"] == "removing"
    assert "Repair-SCVirtualMachine" not in bridge.names()
    assert shell.result("vm_absent", {"uid": "unmade"})["state"] == "gone"
