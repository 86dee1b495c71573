# SPDX-License-Identifier: Apache-2.0
"""Fault rules strike where, when and as often as they say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from scvmm_sim.errors import CmdletError, FabricError
from scvmm_sim.faults import FaultBook

from .site import Site

ERROR = {"number": 2606, "message": "locked by a rule", "recommended_action": "wait"}


def test_cmdlet_rule_skips_then_strikes_so_many_times(site: Site) -> None:
    """The first call passes, two fail, the fourth passes again."""
    site.vmm.add_fault({"cmdlet": "Get-SCCloud", "skip": 1, "times": 2, "error": ERROR})
    outcomes = []
    for _call in range(4):
        try:
            site.run("Get-SCCloud")
            outcomes.append(None)
        except CmdletError as error:
            outcomes.append(error.number)
    assert outcomes == [None, 2606, 2606, None]


def test_rule_for_ever_ends_when_it_is_removed(site: Site) -> None:
    """Rules change while the simulator runs."""
    rule = site.vmm.add_fault({"cmdlet": "get-sccloud", "times": None, "error": ERROR})
    for _call in range(3):
        with pytest.raises(CmdletError):
            site.run("Get-SCCloud")
    assert site.vmm.faults.listed()[0]["struck"] == 3
    assert site.vmm.faults.remove(rule)
    assert not site.vmm.faults.remove(rule)
    assert site.run("Get-SCCloud").objects


def test_object_glob_chooses_vms_by_name(site: Site) -> None:
    """The name is found through the object that a cmdlet gets, also through a drive."""
    web, other = site.ready_vm("web-1"), site.ready_vm("db-1")
    site.vmm.add_fault({"cmdlet": "Start-SCVirtualMachine", "object": "web-*", "times": None, "error": ERROR})
    site.vmm.add_fault({"cmdlet": "Set-SCVirtualDVDDrive", "object": "WEB-1", "times": None, "error": ERROR})
    with pytest.raises(CmdletError):
        site.run("Start-SCVirtualMachine", VM=web)
    with pytest.raises(CmdletError):
        site.run("Set-SCVirtualDVDDrive", VirtualDVDDrive=web["VirtualDVDDrives"][0], NoMedia=True)
    assert site.one("Start-SCVirtualMachine", VM=other)["Status"] == "Running"


def test_operation_rule_fails_the_operation_with_vmm_words(site: Site) -> None:
    """The envelope carries number, message and action of the rule."""
    site.vmm.add_fault({"operation": "vm_info", "error": ERROR})
    error = site.failure("vm_info", marked=True)
    assert (error["number"], error["message"], error["recommended_action"]) == (2606, "locked by a rule", "wait")
    assert site.answer("vm_info", marked=True)["vms"] == []


def test_rule_with_operation_and_cmdlet_needs_both(site: Site) -> None:
    """The cmdlet fails only within that operation."""
    site.vmm.add_fault({"operation": "vm_absent", "cmdlet": "Get-SCVirtualMachine", "times": None, "error": ERROR})
    assert site.answer("vm_info", marked=True)["vms"] == []
    assert site.failure("vm_absent", uid="u")["number"] == 2606


def test_delay_lets_time_pass_without_a_lock(site: Site) -> None:
    """Delays of several rules add up."""
    site.vmm.add_fault({"cmdlet": "Get-SCCloud", "delay": 2, "times": None})
    site.vmm.add_fault({"cmdlet": "Get-SCCloud", "delay": 3})
    site.run("Get-SCCloud")
    assert site.clock.now() == 5
    site.run("Get-SCCloud")
    assert site.clock.now() == 7


def test_cmdlet_delay_of_the_fabric_counts_for_every_cmdlet(make_site: Callable[..., Site]) -> None:
    """A slow VMM server costs time per call, which is what `make bench` measures."""
    site = make_site(cmdlet_delay_seconds=0.5)
    site.run("Get-SCCloud")
    site.run("Get-SCVMTemplate")
    assert site.clock.now() == 1.0


def test_job_rule_fails_the_job_at_its_end(site: Site) -> None:
    """The call itself succeeds; the VM goes back to what it was."""
    vm = site.ready_vm()
    site.vmm.add_fault({"operation": "vm_power", "job_error": {"number": 12700, "message": "host said no"}})
    result = site.answer("vm_power", id=vm["ID"], state="running")
    assert result["changed"] and result["vm"]["status"] == "Starting"
    site.clock.advance(3)
    seen = site.answer("vm_info", ids=[vm["ID"]])["vms"][0]
    assert seen["status"] == "PowerOff"
    assert seen["job"]["error"]["number"] == 12700


def test_guest_that_ignores_a_shutdown_hangs_until_the_job_is_cancelled(site: Site) -> None:
    """Turning off overtakes the shutdown."""
    vm = site.ready_vm()
    site.run("Start-SCVirtualMachine", VM=vm)
    site.vmm.add_fault({"object": "web", "ignore_shutdown": True})
    site.answer("vm_power", id=vm["ID"], state="off")
    site.clock.advance(10_000)
    assert site.vm(vm["ID"])["Status"] == "Stopping"
    assert not site.answer("vm_power", id=vm["ID"], state="off")["changed"]
    assert site.answer("vm_power", id=vm["ID"], state="off", method="turn_off")["changed"]
    site.clock.advance(1)
    assert site.vm(vm["ID"])["Status"] == "PowerOff"


def test_ignored_shutdown_with_a_delay_fails_after_it(site: Site) -> None:
    """The VM runs on."""
    vm = site.ready_vm()
    site.run("Start-SCVirtualMachine", VM=vm)
    site.vmm.add_fault({"ignore_shutdown": True, "delay": 20})
    site.answer("vm_power", id=vm["ID"], state="off")
    site.clock.advance(20)
    seen = site.vm(vm["ID"])
    assert (seen["Status"], seen["MostRecentTask"]["Status"]) == ("Running", "Failed")


def test_wire_rules_are_for_the_wire_alone(site: Site) -> None:
    """Operations and cmdlets do not see them, and they count only there."""
    site.vmm.add_fault({"operation": "vm_info", "wire": "503", "delay": 1})
    assert site.answer("vm_info", marked=True)["vms"] == []
    assert site.vmm.faults.at_wire("vm_power") is None
    effect = site.vmm.faults.at_wire("vm_info")
    assert effect is not None and (effect.kind, effect.delay) == ("503", 1)
    assert site.vmm.faults.at_wire("vm_info") is None


def test_chance_is_the_same_for_the_same_seed() -> None:
    """A run with faults by chance can be repeated."""

    def struck(seed: int) -> list[bool]:
        book = FaultBook([], seed)
        book.add({"operation": "x", "times": None, "chance": 0.5, "error": ERROR})
        return [book.at_operation("x").error is not None for _call in range(40)]

    assert struck(1) == struck(1)
    assert struck(1) != struck(2)
    assert 5 < sum(struck(1)) < 35


@pytest.mark.parametrize("rule", [{"cmdlet": "X"}, {"error": {"number": 0, "message": "m"}}, {"colour": "red"}, "503"])
def test_wrong_rule_is_refused_with_a_message(site: Site, rule: object) -> None:
    """Bad input of the control API is a message, not a traceback."""
    with pytest.raises(FabricError, match="fault rule"):
        site.vmm.add_fault(rule)
    assert site.vmm.faults.listed() == []
