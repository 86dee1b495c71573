# SPDX-License-Identifier: Apache-2.0
"""Checkpoints, pause and resume, and names, as VMM's cmdlets have them."""

from __future__ import annotations

import pytest
from scvmm_sim.errors import CmdletError

from .site import Object, Site


def refused(site: Site, number: int, cmdlet: str, **parameters: object) -> str:
    """The message of a call that VMM must refuse with *number*."""
    with pytest.raises(CmdletError) as caught:
        site.run(cmdlet, **parameters)
    assert caught.value.number == number, caught.value.message
    return caught.value.message


def taken(site: Site, vm: Object, name: str) -> Object:
    """A checkpoint whose job is over."""
    made = site.one("New-SCVMCheckpoint", VM=vm, Name=name, Description=f"before {name}")
    return site.one("Get-SCVMCheckpoint", ID=made["ID"])


def test_checkpoint_is_known_at_once_and_shows_what_it_came_after(site: Site) -> None:
    """The first one hangs on the VM by Hyper-V's id, the next on the first; -MostRecent gives the newest."""
    vm = site.ready_vm()
    first = site.one("New-SCVMCheckpoint", VM=vm, Name="first", RunAsynchronously=True)
    assert site.vm(vm["ID"])["Status"] == "CreatingCheckpoint"
    assert [one["Name"] for one in site.run("Get-SCVMCheckpoint", VM=vm).objects] == ["first"]
    refused(site, 2606, "New-SCVMCheckpoint", VM=vm, Name="too early")
    site.clock.advance(2)
    second = taken(site, vm, "second")
    assert (first["ParentCheckpointID"], second["ParentCheckpointID"]) == (vm["VMId"], first["CheckpointID"])
    assert site.one("Get-SCVMCheckpoint", VM=vm, MostRecent=True)["ID"] == second["ID"]
    assert (second["Description"], second["AddedTime"]) == ("before second", "2026-11-23T10:00:13.000Z")
    assert [one["Name"] for one in site.vm(vm["ID"])["VMCheckpoints"]] == ["first", "second"]


@pytest.mark.parametrize(("kind", "after"), [("Production", "PowerOff"), ("Standard", "Saved")])
def test_restoring_stops_the_vm_and_brings_back_its_hardware(site: Site, kind: str, after: str) -> None:
    """A standard checkpoint of a VM that runs holds its memory, so the VM is saved afterwards; else it is off."""
    vm = site.ready_vm(CheckpointType=kind)
    site.run("Start-SCVirtualMachine", VM=vm)
    checkpoint = taken(site, vm, "before")
    site.run("Stop-SCVirtualMachine", VM=vm, Force=True)
    site.run("Set-SCVirtualMachine", VM=vm, CPUCount=7)
    site.run("Start-SCVirtualMachine", VM=vm)
    site.run("Restore-SCVMCheckpoint", VMCheckpoint=checkpoint)
    seen = site.vm(vm["ID"])
    assert (seen["Status"], seen["CPUCount"]) == (after, 2)
    assert seen["LastRestoredVMCheckpoint"]["ID"] == checkpoint["ID"]
    site.run("Start-SCVirtualMachine", VM=vm)
    assert site.vm(vm["ID"])["Status"] == "Running"


def test_removed_checkpoint_leaves_those_that_came_after_it(site: Site) -> None:
    """They hang on its parent then."""
    vm = site.ready_vm()
    first, second = taken(site, vm, "first"), taken(site, vm, "second")
    site.run("Remove-SCVMCheckpoint", VMCheckpoint=first)
    (left,) = site.run("Get-SCVMCheckpoint", VM=vm).objects
    assert (left["ID"], left["ParentCheckpointID"]) == (second["ID"], vm["VMId"])
    refused(site, 801, "Restore-SCVMCheckpoint", VMCheckpoint=first)


def test_renamed_checkpoint(site: Site) -> None:
    """Name and description change, the ids stay."""
    vm = site.ready_vm()
    checkpoint = taken(site, vm, "first")
    site.run("Set-SCVMCheckpoint", VMCheckpoint=checkpoint, Name="other", Description="text")
    seen = site.one("Get-SCVMCheckpoint", ID=checkpoint["ID"])
    assert (seen["Name"], seen["Description"], seen["CheckpointID"]) == ("other", "text", checkpoint["CheckpointID"])


@pytest.mark.parametrize("seconds", [0, 2])
def test_checkpoint_whose_job_fails_is_not_there(site: Site, seconds: int) -> None:
    """The VM shows the failure until it is dismissed, then it is what it was."""
    vm = site.ready_vm()
    site.vmm.set_durations({"change": seconds})
    site.vmm.add_fault({"cmdlet": "New-SCVMCheckpoint", "job_error": {"number": 2912, "message": "away"}})
    site.run("New-SCVMCheckpoint", VM=vm, Name="first", RunAsynchronously=True)
    site.clock.advance(2)
    seen = site.vm(vm["ID"])
    assert (seen["Status"], seen["VMCheckpoints"]) == ("CheckpointFailed", [])
    refused(site, 1730, "New-SCVMCheckpoint", VM=vm, Name="second")
    site.run("Repair-SCVirtualMachine", VM=vm, Dismiss=True)
    assert site.vm(vm["ID"])["Status"] == "PowerOff"


def test_checkpoints_can_be_disabled(site: Site) -> None:
    """The VM's checkpoint type says so."""
    vm = site.ready_vm(CheckpointType="Disabled")
    assert "disabled" in refused(site, 1730, "New-SCVMCheckpoint", VM=vm, Name="x")


def test_paused_vm_goes_on_or_is_turned_off(site: Site) -> None:
    """Its guest cannot be asked to shut down, and it cannot be started."""
    vm = site.ready_vm()
    refused(site, 1730, "Suspend-SCVirtualMachine", VM=vm)
    site.run("Start-SCVirtualMachine", VM=vm)
    site.run("Suspend-SCVirtualMachine", VM=vm)
    assert site.vm(vm["ID"])["Status"] == "Paused"
    refused(site, 1730, "Start-SCVirtualMachine", VM=vm)
    refused(site, 1730, "Stop-SCVirtualMachine", VM=vm, Shutdown=True)
    site.run("Resume-SCVirtualMachine", VM=vm)
    assert site.vm(vm["ID"])["Status"] == "Running"
    site.run("Suspend-SCVirtualMachine", VM=vm)
    site.run("Stop-SCVirtualMachine", VM=vm, Force=True)
    assert site.vm(vm["ID"])["Status"] == "PowerOff"


def test_saved_state_can_be_discarded(site: Site) -> None:
    """The VM is off then."""
    vm = site.ready_vm()
    refused(site, 1730, "Stop-SCVirtualMachine", VM=vm, DiscardSavedState=True)
    site.run("Start-SCVirtualMachine", VM=vm)
    site.run("Stop-SCVirtualMachine", VM=vm, SaveState=True)
    assert site.vm(vm["ID"])["Status"] == "Saved"
    site.run("Stop-SCVirtualMachine", VM=vm, DiscardSavedState=True)
    assert site.vm(vm["ID"])["Status"] == "PowerOff"


@pytest.mark.parametrize("character", '*?:<>|/\\"')
def test_names_with_such_characters_are_refused(site: Site, character: str) -> None:
    """VMM names files and folders by the VM: neither a new one nor a renamed one is called so."""
    name = f"web{character}1"
    vm = site.ready_vm()
    assert name in refused(site, 12416, "Set-SCVirtualMachine", VM=vm, Name=name)
    template, cloud = site.one("Get-SCVMTemplate", Name="debian"), site.one("Get-SCCloud", Name="production")
    refused(site, 12416, "New-SCVMConfiguration", VMTemplate=template, Name=name, Cloud=cloud)
    plan = site.one("New-SCVMConfiguration", VMTemplate=template, Name="fine", Cloud=cloud)
    plan = site.one("Update-SCVMConfiguration", VMConfiguration=plan)
    refused(site, 12416, "New-SCVirtualMachine", VMConfiguration=plan, Name=name)
    assert [one["Name"] for one in site.run("Get-SCVirtualMachine").objects] == ["web"]
