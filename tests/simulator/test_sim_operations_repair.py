# SPDX-License-Identifier: Apache-2.0
"""The operations vm_repair and vm_refresh."""

from __future__ import annotations

from typing import Any

import pytest

from .site import Object, Site

MARK = "[capi.scvmm owner=ns/web uid=uid-1]"
AWAY = {"number": 2912, "message": "agent is away", "recommended_action": "Look at it."}


def failed_change(site: Site) -> Object:
    """A VM of ours whose change of a property failed."""
    vm = site.ready_vm(Description=MARK)
    site.vmm.add_fault({"cmdlet": "Set-SCVirtualMachine", "job_error": AWAY})
    site.run("Set-SCVirtualMachine", VM=vm, CPUCount=3, RunAsynchronously=True)
    site.clock.advance(2)
    return vm


@pytest.mark.parametrize(("method", "cpus"), [("dismiss", 2), ("undo", 2), ("retry", 3)])
def test_failure_is_told_and_repaired_once(site: Site, method: str, cpus: int) -> None:
    """In VMM's words; dismissed or undone the VM is as before, tried again it is as was wanted."""
    vm = failed_change(site)
    looked = site.answer("vm_repair", uid="uid-1", method=method, check=True)
    assert (looked["changed"], site.vm(vm["ID"])["Status"]) == (True, "UpdateFailed")
    repaired = site.answer("vm_repair", uid="uid-1", method=method)
    assert repaired["changed"] and repaired["failure"] == looked["failure"]
    error = repaired["failure"]["job"]["error"]
    assert (repaired["failure"]["status"], error["number"], error["message"]) == ("UpdateFailed", 2912, "agent is away")
    site.clock.advance(2)
    seen = site.vm(vm["ID"])
    assert (seen["Status"], seen["CPUCount"]) == ("PowerOff", cpus)
    again = site.answer("vm_repair", uid="uid-1", method=method)
    assert (again["changed"], again["failure"]) == (False, None)


def test_failed_creation_is_tried_again_when_that_is_asked_for(site: Site) -> None:
    """Nothing else does that by itself."""
    site.vmm.add_fault({"cmdlet": "New-SCVirtualMachine", "job_error": AWAY})
    vm = site.ready_vm(Description=MARK)
    assert site.answer("vm_repair", uid="uid-1", method="retry")["failure"]["status"] == "CreationFailed"
    site.clock.advance(10)
    assert site.vm(vm["ID"])["Status"] == "PowerOff"


def test_refresh_shows_what_the_guest_has_by_now(site: Site) -> None:
    """Of one VM, or of all on a host; nothing counts as changed."""
    vm = site.ready_vm(Description=MARK)
    site.run("Start-SCVirtualMachine", VM=vm)
    site.clock.advance(20)
    for request in ({"uid": "uid-1"}, {"id": vm["ID"]}, {"host": "HV1"}):
        told = site.answer("vm_refresh", **request)
        assert "changed" not in told and told["job"]["name"].startswith("Refresh virtual machine")
        (shown,) = site.answer("vm_info", uids=["uid-1"])["vms"]
        assert shown["network_adapters"][0]["addresses"] == ["10.20.0.100"]
        assert shown["job"]["name"] == "Start virtual machine"


@pytest.mark.parametrize(
    ("operation", "request_", "identity", "told"),
    [
        ("vm_repair", {"uid": "uid-1", "method": "kick"}, "CapiScvmm.BadRequest", "one of dismiss, retry, undo"),
        ("vm_repair", {"uid": "nobody"}, "CapiScvmm.NotFound", "no VM with id"),
        ("vm_refresh", {}, "CapiScvmm.BadRequest", "'id' and 'uid' are missing"),
        ("vm_refresh", {"host": "hv9"}, "CapiScvmm.NotFound", "no host 'hv9'"),
        ("vm_refresh", {"host": "hv1", "uid": "u"}, "CapiScvmm.BadRequest", "'host' goes without"),
    ],
)
def test_wrong_requests_are_refused(
    site: Site, operation: str, request_: dict[str, Any], identity: str, told: str
) -> None:
    """The message names what is wrong."""
    site.ready_vm(Description=MARK)
    error = site.failure(operation, **request_)
    assert error["id"] == identity and told in error["message"]
