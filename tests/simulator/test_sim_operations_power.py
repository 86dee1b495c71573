# SPDX-License-Identifier: Apache-2.0
"""The operation vm_power: every way to every state, a guest that does not listen, a VM that is not built yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .site import Object, Site

MARK = "[capi.scvmm owner=ns/web uid=uid-1]"


@pytest.fixture
def running(site: Site) -> Object:
    """A VM of ours that runs."""
    vm = site.ready_vm(Description=MARK)
    site.run("Start-SCVirtualMachine", VM=vm)
    return site.vm(vm["ID"])


def power(site: Site, state: str, **more: Any) -> Object:
    """Ask once; jobs go on."""
    return site.answer("vm_power", uid="uid-1", state=state, **more)


def status(site: Site) -> str:
    """VMM's word for its state."""
    return str(site.answer("vm_info", uids=["uid-1"])["vms"][0]["status"])


def insist(site: Site, seconds: float) -> Object:
    """Ask to shut it down, and to turn it off when its time is over."""
    return power(site, "off", method="shutdown_then_turn_off", shutdown_seconds=seconds)


@pytest.mark.parametrize(
    ("state", "cmdlet", "after"),
    [
        ("paused", "Suspend-SCVirtualMachine", "Paused"),
        ("saved", "Stop-SCVirtualMachine", "Saved"),
        ("off", "Stop-SCVirtualMachine", "PowerOff"),
    ],
)
def test_each_state_is_reached_once_and_left_again(
    site: Site, running: Object, state: str, cmdlet: str, after: str
) -> None:
    """Check changes nothing; on the way there a second call tells of the job, there it does nothing; then it runs."""
    assert power(site, state, check=True)["changed"]
    assert status(site) == "Running"
    first, second = power(site, state), power(site, state)
    assert (first["changed"], second["changed"]) == (True, False)
    assert first["job"]["id"] == second["job"]["id"] == site.vm(running["ID"])["MostRecentTask"]["ID"]
    assert site.vm(running["ID"])["MostRecentTask"]["CmdletName"] == cmdlet
    site.clock.advance(10)
    assert (status(site), power(site, state)["changed"], power(site, state)["job"]) == (after, False, None)
    assert power(site, "running")["changed"]
    assert not power(site, "running")["changed"]
    site.clock.advance(10)
    assert status(site) == "Running"


def test_saved_counts_as_off_and_saving_as_on_the_way(site: Site, running: Object) -> None:
    """Nothing is turned off while VMM writes its memory down."""
    job = power(site, "saved")["job"]
    for method in ("shutdown", "turn_off", "shutdown_then_turn_off"):
        result = power(site, "off", method=method)
        assert (result["changed"], result["job"]["id"]) == (False, job["id"])
    site.clock.advance(1)
    assert (status(site), power(site, "off")["changed"]) == ("Saved", False)


def test_paused_vm_can_be_turned_off(site: Site, running: Object) -> None:
    """Its guest cannot be asked, so asking is refused in VMM's words and turning off works."""
    power(site, "paused")
    site.clock.advance(2)
    assert site.failure("vm_power", uid="uid-1", state="off")["number"] == 1730
    assert power(site, "off", method="turn_off")["changed"]
    site.clock.advance(1)
    assert status(site) == "PowerOff"


def test_guest_that_listens_is_not_turned_off(site: Site, running: Object) -> None:
    """It shuts down in its time; the answer meanwhile is the job of the shutdown."""
    first = insist(site, 30)
    assert first["changed"] and first["job"]["name"].startswith("Shut down")
    site.clock.advance(7)
    again = insist(site, 30)
    assert (again["changed"], again["job"]["id"]) == (False, first["job"]["id"])
    site.clock.advance(1)
    assert status(site) == "PowerOff"
    assert (insist(site, 30)["changed"], site.guest(running["ID"])["boots"]) == (False, 1)


def test_guest_that_does_not_listen_is_turned_off_when_its_time_is_over(site: Site, running: Object) -> None:
    """Not a second earlier; the hanging job is cancelled, and no call waits for any of it."""
    site.vmm.add_fault({"cmdlet": "Stop-SCVirtualMachine", "ignore_shutdown": True})
    insist(site, 30)
    site.clock.advance(29)
    assert (insist(site, 30)["changed"], status(site)) == (False, "Stopping")
    site.clock.advance(1)
    looked = power(site, "off", method="shutdown_then_turn_off", shutdown_seconds=30, check=True)
    assert (looked["changed"], status(site)) == (True, "Stopping")
    forced = insist(site, 30)
    assert forced["changed"] and forced["job"]["name"].startswith("Turn off")
    assert not insist(site, 30)["changed"]
    site.clock.advance(1)
    assert status(site) == "PowerOff"
    jobs = [(job["Name"], job["Status"]) for job in site.vmm.jobs() if job["CmdletName"] == "Stop-SCVirtualMachine"]
    assert jobs == [("Shut down virtual machine", "Canceled"), ("Turn off virtual machine", "Completed")]


def test_guest_that_refuses_is_turned_off_at_once(site: Site, running: Object) -> None:
    """A shutdown that failed a moment ago was the question; one that failed long ago was another one."""
    site.vmm.add_fault(
        {"cmdlet": "Stop-SCVirtualMachine", "times": 2, "job_error": {"number": 12711, "message": "no services"}}
    )
    insist(site, 30)
    site.clock.advance(8)
    assert status(site) == "Running"
    site.clock.advance(100)
    assert insist(site, 30)["job"]["name"].startswith("Shut down")
    site.clock.advance(20)
    assert insist(site, 30)["job"]["name"].startswith("Turn off")
    site.clock.advance(1)
    assert status(site) == "PowerOff"


def test_no_time_for_the_guest_means_turning_off(site: Site, running: Object) -> None:
    """It is not even asked."""
    assert insist(site, 0)["job"]["name"].startswith("Turn off")


def test_vm_that_is_being_built_is_off(make_site: Callable[..., Site]) -> None:
    """It does not run, so nothing is to be done and nothing is cancelled; whoever wants it to run waits."""
    site = make_site()
    site.new_vm(Description=MARK)
    for method in ("shutdown", "turn_off", "shutdown_then_turn_off"):
        result = power(site, "off", method=method)
        assert (result["changed"], result["job"], result["vm"]["status"]) == (False, None, "UnderCreation")
    assert site.failure("vm_power", uid="uid-1", state="running")["number"] == 2606
    site.clock.advance(10)
    assert status(site) == "PowerOff"


def test_what_was_dismissed_is_told(site: Site, running: Object) -> None:
    """Status and failed job, in VMM's words; without a failure there is nothing to tell."""
    assert "dismissed" not in power(site, "running")
    site.vmm.add_fault({"cmdlet": "Set-SCVirtualMachine", "job_error": {"number": 2912, "message": "agent is away"}})
    site.run("Set-SCVirtualMachine", VM=running, Description=MARK, RunAsynchronously=True)
    site.clock.advance(2)
    told = power(site, "off", method="turn_off")["dismissed"]
    assert (told["status"], told["job"]["error"]["number"]) == ("UpdateFailed", 2912)
    assert told["job"]["error"]["message"] == "agent is away"
    site.clock.advance(1)
    assert "dismissed" not in power(site, "off")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"state": "on"}, "one of running, off, paused, saved"),
        ({"state": "off", "method": "kick"}, "one of shutdown, turn_off, shutdown_then_turn_off"),
        ({"state": "off", "shutdown_seconds": 4000}, "a number from 0 to 3600"),
    ],
)
def test_wrong_requests_name_the_field(site: Site, running: Object, more: dict[str, Any], told: str) -> None:
    """Nothing was done."""
    error = site.failure("vm_power", uid="uid-1", **more)
    assert error["id"] == "CapiScvmm.BadRequest" and told in error["message"]
