# SPDX-License-Identifier: Apache-2.0
"""Native vm_info: long polls, refreshes, and which VMs are found."""

from __future__ import annotations

import pytest

from .site import Site
from .test_sim_operations import WISH


def test_long_poll_answers_when_a_job_ends(site: Site) -> None:
    """At the very moment of the end, not at the next interval; otherwise when the time is over."""
    site.answer("vm_present", **WISH)
    token = site.answer("vm_info", marked=True)["token"]
    result = site.answer("vm_info", marked=True, since=token, wait_seconds=30)
    assert result["changed"] and site.clock.now() == pytest.approx(10)
    result = site.answer("vm_info", marked=True, since=result["token"], wait_seconds=5)
    assert not result["changed"] and site.clock.now() == pytest.approx(15)


def test_progress_does_not_end_a_long_poll(site: Site) -> None:
    """The token does not count it, but the answer shows it."""
    site.answer("vm_present", **WISH)
    first = site.answer("vm_info", marked=True)
    site.clock.advance(5)
    second = site.answer("vm_info", marked=True)
    assert first["token"] == second["token"]
    assert (first["jobs"][0]["progress"], second["jobs"][0]["progress"]) == (0, 50)


def test_long_poll_with_refresh_sees_the_address_within_a_second(site: Site) -> None:
    """The waited-for VM is refreshed at most once a second, and refreshes that bring nothing end nothing."""
    vm_id = site.answer("vm_present", **WISH)["vm"]["id"]
    site.clock.advance(10)
    site.answer("vm_power", uid="uid-1", state="running")
    site.clock.advance(3)
    token = site.answer("vm_info", marked=True)["token"]
    result = site.answer("vm_info", marked=True, since=token, wait_seconds=60, refresh_ids=[vm_id])
    assert result["vms"][0]["network_adapters"][0]["addresses"] == ["10.20.0.100"]
    assert 18 <= site.clock.now() <= 19.5
    assert site.vmm.cmdlet_calls["Read-SCVirtualMachine"] <= 7


def test_failing_refresh_is_no_error(site: Site) -> None:
    """The VM is shown as VMM knows it."""
    vm = site.ready_vm(Description="[capi.scvmm owner=a/b uid=u]")
    site.run("Start-SCVirtualMachine", VM=vm)
    site.vmm.add_fault({"cmdlet": "Read-SCVirtualMachine", "times": None, "error": {"number": 2916, "message": "x"}})
    assert site.answer("vm_info", marked=True, refresh_ids=[vm["ID"]])["vms"][0]["status"] == "Running"


def test_info_finds_by_each_key_and_each_vm_once(site: Site) -> None:
    """Marked, ids, uids and names together."""
    ours = site.ready_vm("ours", Description="[capi.scvmm owner=a/b uid=u]")
    other = site.ready_vm("other")
    everything = site.answer("vm_info", marked=True, ids=[ours["ID"], other["ID"]], names=["OURS"], uids=["u"])
    assert [vm["name"] for vm in everything["vms"]] == ["ours", "other"]
    assert [vm["name"] for vm in site.answer("vm_info", marked=True)["vms"]] == ["ours"]
    assert [vm["name"] for vm in site.answer("vm_info", names=["other"])["vms"]] == ["other"]
    assert site.answer("vm_info")["vms"] == []
    assert [vm["name"] for vm in site.answer("vm_info", all=True, ids=[ours["ID"]])["vms"]] == ["ours", "other"]
