# SPDX-License-Identifier: Apache-2.0
"""The operations vm_checkpoint and vm_checkpoint_info: check, do, read back, do again."""

from __future__ import annotations

from typing import Any

import pytest

from .site import Object, Site

MARK = "[capi.scvmm owner=ns/web uid=uid-1]"
AWAY = {"number": 2912, "message": "agent is away"}


@pytest.fixture
def vm(site: Site) -> Object:
    """A VM of ours that is off."""
    return site.ready_vm(Description=MARK)


def asked(site: Site, state: str, checkpoint: str | None = "first", **more: Any) -> Object:
    """Ask for a checkpoint of it, and let the job end."""
    answer = site.answer("vm_checkpoint", uid="uid-1", state=state, checkpoint=checkpoint, **more)
    site.clock.advance(2)
    return answer


def names(site: Site) -> list[str]:
    """Names of its checkpoints."""
    return [one["name"] for one in site.answer("vm_checkpoint_info", uid="uid-1")["checkpoints"]]


def test_checkpoint_is_taken_once(site: Site, vm: Object) -> None:
    """Check changes nothing; the answer has id and job at once; again: unchanged, in whatever case it is written."""
    looked = asked(site, "present", check=True)
    assert (looked["changed"], looked["checkpoint"], names(site)) == (True, None, [])
    made = asked(site, "present", description="before the update")
    assert made["changed"] and made["job"]["status"] == "Running"
    again = asked(site, "present", "FIRST")
    assert (again["changed"], again["job"], again["checkpoint"]["id"]) == (False, None, made["checkpoint"]["id"])
    (shown,) = site.answer("vm_checkpoint_info", uid="uid-1")["checkpoints"]
    assert shown == {
        "id": made["checkpoint"]["id"],
        "name": "first",
        "description": "before the update",
        "created": "2026-11-23T10:00:13.000Z",
        "parent_id": None,
        "restored_last": False,
    }


def test_repeated_call_finds_the_checkpoint_that_is_being_taken(site: Site, vm: Object) -> None:
    """A caller that was cut off asks again while the job runs: no second checkpoint."""
    first = site.answer("vm_checkpoint", uid="uid-1", state="present", checkpoint="first")
    second = site.answer("vm_checkpoint", uid="uid-1", state="present", checkpoint="first")
    assert (second["changed"], second["checkpoint"]["id"]) == (False, first["checkpoint"]["id"])


def test_description_and_name_are_mended(site: Site, vm: Object) -> None:
    """With the id the checkpoint gets the name; a description that is not given is left alone."""
    made = asked(site, "present", description="old")
    wish = {"checkpoint_id": made["checkpoint"]["id"], "description": "new"}
    assert asked(site, "present", "other", check=True, **wish)["changed"]
    assert names(site) == ["first"]
    assert asked(site, "present", "other", **wish)["changed"]
    assert not asked(site, "present", "other", **wish)["changed"]
    assert not asked(site, "present", "other")["changed"]
    (shown,) = site.answer("vm_checkpoint_info", uid="uid-1")["checkpoints"]
    assert (shown["name"], shown["description"]) == ("other", "new")


def test_restoring_is_done_once_until_something_happens_to_the_vm(site: Site, vm: Object) -> None:
    """Again right afterwards: unchanged. Once the VM was started, it is no longer as the checkpoint has it."""
    asked(site, "present")
    site.answer("vm_power", uid="uid-1", state="running")
    site.clock.advance(3)
    assert asked(site, "restored", check=True)["changed"]
    assert site.vm(vm["ID"])["Status"] == "Running"
    assert asked(site, "restored")["changed"]
    assert site.vm(vm["ID"])["Status"] == "PowerOff"
    again = asked(site, "restored")
    assert (again["changed"], again["checkpoint"]["restored_last"]) == (False, True)
    site.answer("vm_power", uid="uid-1", state="running")
    site.clock.advance(3)
    assert asked(site, "restored")["changed"]


def test_another_checkpoint_is_restored_although_one_was_just_restored(site: Site, vm: Object) -> None:
    """What was restored last counts, not that something was."""
    asked(site, "present", "first")
    asked(site, "present", "second")
    assert asked(site, "restored", "first")["changed"]
    assert asked(site, "restored", "second")["changed"]
    assert not asked(site, "restored", "second")["changed"]


def test_while_a_restoring_job_runs_vmm_says_that_the_vm_is_locked(site: Site, vm: Object) -> None:
    """Nobody can tell which checkpoint it restores: the caller looks again later."""
    asked(site, "present")
    site.answer("vm_checkpoint", uid="uid-1", state="restored", checkpoint="first")
    error = site.failure("vm_checkpoint", uid="uid-1", state="restored", checkpoint="first")
    assert error["number"] == 2606


def test_checkpoint_is_removed_once(site: Site, vm: Object) -> None:
    """One that is not there is as asked for."""
    asked(site, "present")
    assert asked(site, "absent", check=True)["changed"]
    assert names(site) == ["first"]
    assert asked(site, "absent")["changed"]
    assert (names(site), asked(site, "absent")["changed"]) == ([], False)


def test_two_checkpoints_of_one_name_are_ambiguous(site: Site, vm: Object) -> None:
    """Each state lists both; by id one of them goes."""
    for _number in range(2):
        site.run("New-SCVMCheckpoint", VM=vm, Name="twin")
    first, second = site.answer("vm_checkpoint_info", uid="uid-1")["checkpoints"]
    for state in ("present", "restored", "absent"):
        error = site.failure("vm_checkpoint", uid="uid-1", state=state, checkpoint="twin")
        assert error["id"] == "CapiScvmm.Ambiguous"
        assert first["id"] in error["message"] and second["id"] in error["message"]
    assert second["parent_id"] == first["id"]
    assert asked(site, "absent", None, checkpoint_id=first["id"])["changed"]
    assert [one["id"] for one in site.answer("vm_checkpoint_info", uid="uid-1")["checkpoints"]] == [second["id"]]


def test_checkpoint_that_is_not_there_cannot_be_restored(site: Site, vm: Object) -> None:
    """The message lists those that there are, and names the VM, not the checkpoint, as the object."""
    asked(site, "present")
    error = site.failure("vm_checkpoint", uid="uid-1", state="restored", checkpoint="never")
    assert (error["id"], error["object"]) == ("CapiScvmm.NotFound", "VM uid-1")
    assert "no checkpoint 'never'. It has: first." in error["message"]


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        ({"state": "present"}, "'checkpoint' and 'checkpoint_id' are missing"),
        ({"state": "gone", "checkpoint": "x"}, "one of present, restored, absent"),
        ({"state": "absent", "checkpoint_id": "x"}, "a GUID"),
        ({"state": "present", "checkpoint_id": "0a000000-0000-4000-8000-000000000009"}, "'checkpoint' is missing"),
    ],
)
def test_wrong_requests_name_the_field(site: Site, vm: Object, request_: dict[str, Any], told: str) -> None:
    """Nothing was done."""
    error = site.failure("vm_checkpoint", uid="uid-1", **request_)
    assert error["id"] == "CapiScvmm.BadRequest" and told in error["message"]


def test_failed_checkpoint_blocks_nothing(site: Site, vm: Object) -> None:
    """The next call dismisses the failure and takes it; a removal does, too."""
    site.vmm.add_fault({"cmdlet": "New-SCVMCheckpoint", "times": 2, "job_error": AWAY})
    asked(site, "present")
    assert site.vm(vm["ID"])["Status"] == "CheckpointFailed"
    asked(site, "present")
    assert asked(site, "present")["changed"]
    assert (site.vm(vm["ID"])["Status"], names(site)) == ("PowerOff", ["first"])


def test_vm_info_shows_checkpoints_when_asked_to(site: Site, vm: Object) -> None:
    """The same as vm_checkpoint_info; without being asked it does not cost VMM a call for each VM."""
    asked(site, "present")
    (shown,) = site.answer("vm_info", uids=["uid-1"], checkpoints=True)["vms"]
    assert shown["checkpoints"] == site.answer("vm_checkpoint_info", uid="uid-1")["checkpoints"] != []
    calls = site.vmm.cmdlet_calls["Get-SCVMCheckpoint"]
    assert "checkpoints" not in site.answer("vm_info", uids=["uid-1"])["vms"][0]
    assert site.vmm.cmdlet_calls["Get-SCVMCheckpoint"] == calls
