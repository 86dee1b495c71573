# SPDX-License-Identifier: Apache-2.0
"""The playbook power, and delete with a guest's time and with disks to keep."""

from __future__ import annotations

from typing import Any

import pytest
from scvmm_sim.simulator import Simulator

from playbooks.person import Person, until

VM = "vm.yml"
DEAF = {"cmdlet": "Stop-SCVirtualMachine", "ignore_shutdown": True}


def status(sim: Simulator) -> str:
    """VMM's word for the state of the one VM."""
    (vm,) = sim.vms()
    return str(vm["Status"])


def test_each_state_is_reached_and_shown(person: Person, sim: Simulator) -> None:
    """A second run changes nothing; off needs no quotes; restarted boots anew each time."""
    person.runs("create", VM).well()
    steps: tuple[tuple[Any, str], ...] = (
        ("running", "Running"), ("paused", "Paused"), (True, "Running"), (False, "PowerOff"), ("restarted", "Running"),
    )  # fmt: skip
    for wanted, reached in steps:
        ended = person.runs("power", VM, scvmm_power=wanted).well()
        assert (ended.changed, status(sim)) == (1, reached)
        assert f"VM web-1: {reached}" in ended.said
    assert person.runs("power", VM, scvmm_power="running").well().changed == 0
    boots = sim.vms()[0]["guest"]["boots"]
    assert person.runs("power", VM, scvmm_power="restarted").well().changed == 2
    assert (status(sim), sim.vms()[0]["guest"]["boots"]) == ("Running", boots + 1)


def test_check_mode_switches_nothing(person: Person, sim: Simulator) -> None:
    """It says that the VM would be started, and leaves it off."""
    person.runs("create", VM).well()
    assert person.runs("power", VM, flags=("--check",), scvmm_power="running").well().changed == 1
    assert status(sim) == "PowerOff"


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({}, "scvmm_power is "),
        ({"scvmm_power": "up"}, "Give running, off, restarted, paused or saved"),
        ({"scvmm_power": "restarted", "scvmm_wait": 0}, "restarted not with"),
    ],
)
def test_mistake_ends_in_one_message(person: Person, sim: Simulator, variables: dict[str, Any], words: str) -> None:
    """It names the variable and its values; VMM was not asked for anything."""
    calls = len(sim.calls())
    ended = person.runs("power", VM, **variables)
    assert (ended.code, words in ended.fatal) == (2, True)
    assert [call["name"] for call in sim.calls()[calls:] if call["name"] != "connect"] == []


def test_guest_that_does_not_listen(person: Person, sim: Simulator) -> None:
    """With its time given it is turned off afterwards; without, the report says how to."""
    person.runs("create", VM).well()
    person.runs("power", VM, scvmm_power="running").well()
    sim.add_fault(DEAF)
    waiting = person.runs("power", VM, scvmm_power="off", scvmm_wait=1)
    assert "scvmm_stop_method=turn_off" in waiting.fatal
    assert status(sim) == "Stopping"
    forced = {"scvmm_stop_method": "shutdown_then_turn_off", "scvmm_shutdown_seconds": 1}
    assert "VM web-1: PowerOff" in person.runs("power", VM, scvmm_power="off", **forced).well().said


def test_delete_gives_the_guest_its_time(person: Person, sim: Simulator) -> None:
    """Asked, turned off when the time is over, removed: in one run."""
    person.runs("create", VM).well()
    person.runs("power", VM, scvmm_power="running").well()
    sim.add_fault(DEAF)
    gone = person.runs(
        "delete", "delete.yml", scvmm_stop_method="shutdown_then_turn_off", scvmm_shutdown_seconds=1
    ).well()
    assert "is gone, with its files and its medium." in gone.said
    assert sim.vms() == []


def test_delete_keeps_the_disks_that_are_named(person: Person, sim: Simulator) -> None:
    """A wrong name is refused and nothing removed; the right one stays as a file on its host."""
    person.runs("create", VM).well()
    (vm,) = sim.vms()
    disk = vm["VirtualDiskDrives"][0]["VirtualHardDisk"]
    wrong = person.runs("delete", "delete.yml", scvmm_keep_disks=["nothing"])
    assert "has no disk 'nothing'" in wrong.fatal
    assert len(sim.vms()) == 1
    gone = person.runs("delete", "delete.yml", scvmm_keep_disks=[disk["Name"]]).well()
    assert f"is gone, with its files but those of {disk['Name']} and its medium." in gone.said
    assert sim.vms() == []
    assert disk["Location"] in sim.vmm.kept_files()


def test_delete_that_keeps_disks_goes_on_after_it_was_cut_off(person: Person, sim: Simulator) -> None:
    """Without waiting, the first call detaches, later ones remove: as if each had been the last one's end."""
    person.runs(
        "create", VM, scvmm_vm={"name": "web-2", "cloud": "production", "template": "debian-12-template"}
    ).well()
    (vm,) = sim.vms()
    disk = vm["VirtualDiskDrives"][0]["VirtualHardDisk"]
    wish = {"scvmm_vm": {"name": "web-2"}, "scvmm_keep_disks": [disk["Name"]], "scvmm_wait": 0}
    for _call in range(12):
        person.runs("delete", **wish).well()
        if not sim.vms():
            break
    assert sim.vms() == []
    assert disk["Location"] in sim.vmm.kept_files()


def test_repair_tells_what_failed_and_frees_the_vm(person: Person, sim: Simulator) -> None:
    """In VMM's words, once; the second time nothing had failed."""
    person.runs("create", VM).well()
    (vm,) = sim.vms()
    sim.add_fault({"cmdlet": "Set-SCVirtualMachine", "job_error": {"number": 2912, "message": "The agent is away."}})
    change = {"VM": {"_type": "VM", "ID": vm["ID"]}, "CPUCount": 3, "RunAsynchronously": True}
    sim.vmm.call("Set-SCVirtualMachine", change)
    until(lambda: status(sim) == "UpdateFailed")
    seen = person.runs("inspect", "inspect.yml", scvmm_wait=1).well()
    assert "last job 'Change properties of virtual machine': Failed (VMM error 2912): The agent is away." in seen.said
    repaired = person.runs("repair", "inspect.yml", scvmm_repair_method="retry").well()
    assert "The agent is away." in repaired.said and "VM web-1: PowerOff" in repaired.said
    assert (repaired.changed, sim.vms()[0]["CPUCount"]) == (1, 3)
    again = person.runs("repair", "inspect.yml").well()
    assert (again.changed, "Nothing had failed on VM web-1." in again.said) == (0, True)


def test_adopt_makes_a_vm_one_of_ours_and_changes_nothing_else(person: Person, sim: Simulator) -> None:
    """By its id; afterwards it is found by its mark. A second run changes nothing."""
    person.runs("create", VM).well()
    (vm,) = sim.vms()
    sim.vmm.call("Set-SCVirtualMachine", {"VM": {"_type": "VM", "ID": vm["ID"]}, "Description": "made by hand"})
    wish = {"scvmm_vm": {"id": vm["ID"], "name": "web-1"}}
    assert person.runs("adopt", **wish).well().changed == 1
    (after,) = sim.vms()
    assert after["Description"] == "made by hand\n[capi.scvmm owner=ansible/web-1 uid=ansible/web-1]"
    assert person.runs("adopt", **wish).well().changed == 0
    assert "VM web-1: PowerOff" in person.runs("inspect", "inspect.yml", scvmm_wait=1).well().said
