# SPDX-License-Identifier: Apache-2.0
"""A failed job blocks a VM for nobody: the next operation dismisses the failure and goes on."""

from __future__ import annotations

from typing import Any

import pytest
from scvmm_sim.errors import CmdletError

from .site import Object, Site, packed

MARK = "[capi.scvmm owner=ns/web uid=uid-1]"
AWAY = {"number": 2912, "message": "agent is away"}
MEDIUM = {"file": "web.iso", **packed(b"medium")}


def failed_attach(site: Site, *, running: bool = False) -> Object:
    """A VM whose attach job has failed."""
    vm = site.ready_vm(Description=MARK)
    if running:
        site.answer("vm_power", uid="uid-1", state="running")
        site.clock.advance(3)
    site.vmm.add_fault({"cmdlet": "Set-SCVirtualDVDDrive", "job_error": AWAY})
    site.answer("media_attached", uid="uid-1", **MEDIUM)
    site.clock.advance(2)
    seen = site.vm(vm["ID"])
    assert (seen["Status"], seen["MostRecentTask"]["Status"]) == ("UpdateFailed", "Failed")
    return seen


def test_vmm_itself_refuses_changes_until_the_failure_is_dismissed(site: Site) -> None:
    """Without this the other rules here would hold for a VMM that needs no dismissal."""
    vm = failed_attach(site)
    changes: tuple[tuple[str, dict[str, Any]], ...] = (
        ("Set-SCVirtualDVDDrive", {"VirtualDVDDrive": vm["VirtualDVDDrives"][0], "NoMedia": True}),
        ("Set-SCVirtualMachine", {"VM": vm, "Description": "x"}),
        ("Start-SCVirtualMachine", {"VM": vm}),
    )
    for cmdlet, parameters in changes:
        with pytest.raises(CmdletError) as refusal:
            site.run(cmdlet, **parameters)
        assert refusal.value.number == 1730


def test_attach_succeeds_after_a_failed_attach(site: Site) -> None:
    """The second try starts a job of its own and ends with the medium in the drive."""
    vm = failed_attach(site)
    again = site.answer("media_attached", uid="uid-1", **MEDIUM)
    assert again["changed"] and again["job"]["status"] == "Running"
    site.clock.advance(2)
    seen = site.answer("vm_info", ids=[vm["ID"]])["vms"][0]
    assert (seen["status"], seen["media"]) == ("PowerOff", [{"device": "dvd", "file": "web.iso"}])


def test_power_succeeds_after_a_failed_attach(site: Site) -> None:
    """A start is not refused because of the attach."""
    vm = failed_attach(site)
    assert site.answer("vm_power", uid="uid-1", state="running")["changed"]
    site.clock.advance(3)
    assert site.vm(vm["ID"])["Status"] == "Running"


def test_power_that_is_already_there_needs_no_job(site: Site) -> None:
    """Dismissing shows that the VM is off, or runs: nothing is started, and a second call changes nothing."""
    for running, state in ((False, "off"), (True, "running")):
        vm = failed_attach(site, running=running)
        jobs = len(site.vmm.jobs())
        first = site.answer("vm_power", uid="uid-1", state=state)
        assert (first["changed"], first["job"]) == (True, None)
        assert not site.answer("vm_power", uid="uid-1", state=state)["changed"]
        assert len(site.vmm.jobs()) == jobs
        site.run("Remove-SCVirtualMachine", VM=vm, Force=True)


def test_eject_succeeds_after_a_failed_attach(site: Site) -> None:
    """Nothing came into the drive, so there is nothing to take out; the VM is usable again."""
    vm = failed_attach(site)
    result = site.answer("media_ejected", uid="uid-1", file="web.iso")
    assert (result["changed"], result["vm"]["status"]) == (True, "PowerOff")
    assert site.vm(vm["ID"])["Status"] == "PowerOff"


def test_removal_succeeds_after_a_failed_removal(site: Site) -> None:
    """DeletionFailed is dismissed, then the VM is removed anew."""
    vm = site.ready_vm(Description=MARK)
    site.vmm.add_fault({"operation": "vm_absent", "job_error": AWAY})
    site.answer("vm_absent", uid="uid-1")
    site.clock.advance(4)
    assert site.vm(vm["ID"])["Status"] == "DeletionFailed"
    assert site.answer("vm_absent", uid="uid-1")["state"] == "removing"
    site.clock.advance(4)
    assert site.answer("vm_absent", uid="uid-1")["state"] == "gone"


def test_failure_does_not_hide_that_the_vm_runs(site: Site) -> None:
    """A running VM whose update failed is not removed: behind the failure it runs."""
    vm = failed_attach(site, running=True)
    assert site.failure("vm_absent", uid="uid-1")["number"] == 640
    assert site.vm(vm["ID"])["Status"] == "Running"


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("vm_power", {"state": "running"}),
        ("vm_power", {"state": "off"}),
        ("media_attached", MEDIUM),
        ("media_ejected", {}),
        ("vm_absent", {}),
    ],
)
def test_check_dismisses_nothing(site: Site, operation: str, more: dict[str, Any]) -> None:
    """A check says that something would change and leaves the failure where it is."""
    vm = failed_attach(site)
    assert site.answer(operation, uid="uid-1", check=True, **more)["changed"]
    assert site.vm(vm["ID"])["Status"] == "UpdateFailed"


def test_failed_creation_is_not_dismissed(site: Site) -> None:
    """Power and media are refused in VMM's words; removal works, and needs no dismissal."""
    site.vmm.add_fault({"cmdlet": "New-SCVirtualMachine", "job_error": AWAY})
    vm = site.ready_vm(Description=MARK)
    assert site.failure("vm_power", uid="uid-1", state="running")["number"] == 1730
    assert site.failure("media_attached", uid="uid-1", **MEDIUM)["number"] == 1730
    assert site.vm(vm["ID"])["Status"] == "CreationFailed"
    assert site.answer("vm_absent", uid="uid-1")["state"] == "removing"
    site.clock.advance(4)
    assert site.answer("vm_absent", uid="uid-1")["state"] == "gone"


def test_vm_that_has_gone_from_its_host_is_removed(site: Site) -> None:
    """VMM shows it as missing; only its record is left, and that goes."""
    site.vmm.add_fault({"cmdlet": "New-SCVirtualMachine", "job_error": AWAY})
    vm = site.ready_vm(Description=MARK)
    site.run("Repair-SCVirtualMachine", VM=vm, Dismiss=True)
    assert site.vm(vm["ID"])["Status"] == "Missing"
    assert site.answer("vm_absent", uid="uid-1")["state"] == "removing"


def test_dismissal_that_vmm_refuses_is_told(site: Site) -> None:
    """The dismissal's own error arrives; the next call tries it again."""
    failed_attach(site)
    site.vmm.add_fault({"cmdlet": "Repair-SCVirtualMachine", "error": {"number": 2606, "message": "locked"}})
    assert site.failure("vm_power", uid="uid-1", state="running")["number"] == 2606
    assert site.answer("vm_power", uid="uid-1", state="running")["changed"]
