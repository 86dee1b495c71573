# SPDX-License-Identifier: Apache-2.0
"""The operation vm_disk, and vm_absent that keeps disks: check, do, read back, do again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .site import Object, Site

MARK = "text\n[capi.scvmm owner=ns/web uid=uid-1]"
AWAY = {"number": 2912, "message": "agent is away"}


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    """A site with storage QoS policies."""
    return make_site(storage_qos_policies=["gold", "silver"])


@pytest.fixture
def vm(site: Site) -> Object:
    """A VM of ours that is off, with its template's disk."""
    return site.ready_vm(Description=MARK)


def asked(site: Site, state: str, disk: str = "data", **more: Any) -> Object:
    """Ask for a disk of it, and let the job end."""
    answer = site.answer("vm_disk", uid="uid-1", state=state, disk=disk, **more)
    site.clock.advance(2)
    return answer


def disks(site: Site) -> dict[str, Object]:
    """Its disks by name, as vm_info shows them."""
    (shown,) = site.answer("vm_info", uids=["uid-1"])["vms"]
    return {disk["name"]: disk for disk in shown["disks"]}


def fields(answer: Object, kind: str = "diff") -> dict[str, tuple[Any, Any]]:
    """What differs: field to before and after."""
    return {item["field"]: (item["before"], item["after"]) for item in answer[kind]}


@pytest.mark.parametrize(
    ("wish", "shown"),
    [
        ({"size_mb": 1000}, {"size_mb": 1000, "dynamic": True, "bus_type": "SCSI", "lun": 2}),
        ({"size_mb": 1000, "dynamic": False}, {"size_mb": 1000, "dynamic": False}),
        ({"vhd": "debian.vhdx"}, {"size_mb": 10240, "lun": 2}),
        ({"size_mb": 10, "bus": 1, "lun": 7, "volume_type": "System"}, {"bus": 1, "lun": 7, "volume_type": "System"}),
        ({"size_mb": 10, "storage_qos_policy": "gold"}, {"storage_qos_policy": "gold", "iops_maximum": None}),
    ],
)
def test_disk_is_added_once(site: Site, vm: Object, wish: dict[str, Any], shown: dict[str, Any]) -> None:
    """Empty, fixed, or a copy; on the first free place beside disks and DVD drive, or where it is wanted."""
    looked = asked(site, "present", check=True, **wish)
    assert (looked["changed"], list(disks(site))) == (True, ["web-debian.vhdx"])
    made = asked(site, "present", **wish)
    assert made["changed"] and fields(made) == fields(looked)
    found = disks(site)["data.vhdx"]
    assert {name: found[name] for name in shown} == shown
    for name in ("data", "DATA.vhdx"):
        again = asked(site, "present", name, **wish)
        assert (again["changed"], again["job"], again["diff"], again["drift"]) == (False, None, [], [])


def test_disk_of_a_generation_1_vm_is_a_vhd(make_site: Callable[..., Site]) -> None:
    """Unless its name says otherwise; SCSI is the bus here, too."""
    site = make_site(templates=[{"name": "debian", "generation": 1, "dvd": True}])
    site.ready_vm(Description=MARK)
    asked(site, "present", size_mb=10)
    asked(site, "present", "other.vhdx", size_mb=10)
    assert {"data.vhd", "other.vhdx"} <= set(disks(site))
    asked(site, "present", "ide", size_mb=10, bus_type="IDE")
    assert (disks(site)["ide.vhd"]["bus_type"], disks(site)["ide.vhd"]["lun"]) == ("IDE", 1)


def test_disk_is_expanded_and_limited_in_one_job(site: Site, vm: Object) -> None:
    """All that differs is changed together; what cannot be changed is told."""
    asked(site, "present", size_mb=1024)
    wish: dict[str, Any] = {"size_mb": 4096, "iops_maximum": 500, "dynamic": False, "lun": 9}
    jobs = len(site.vmm.jobs())
    looked = asked(site, "present", check=True, **wish)
    assert fields(looked) == {"size_mb": (1024, 4096), "iops_maximum": (None, 500)}
    assert fields(looked, "drift") == {"dynamic": (True, False), "lun": (2, 9)}
    assert disks(site)["data.vhdx"]["size_mb"] == 1024
    assert asked(site, "present", **wish)["changed"]
    assert len(site.vmm.jobs()) == jobs + 1
    found = disks(site)["data.vhdx"]
    assert (found["size_mb"], found["iops_maximum"]) == (4096, 500)
    assert not asked(site, "present", **wish)["changed"]
    assert fields(asked(site, "present", iops_maximum=0)) == {"iops_maximum": (500, None)}
    assert not asked(site, "present", iops_maximum=0)["changed"]
    assert fields(asked(site, "present", storage_qos_policy="silver")) == {"storage_qos_policy": (None, "silver")}
    assert not asked(site, "present", storage_qos_policy="silver")["changed"]


def test_what_vmm_takes_only_for_a_disk_that_is_there_follows_with_the_next_call(site: Site, vm: Object) -> None:
    """The first answer says what is still to come; the second does it; the third finds nothing to do."""
    wish: dict[str, Any] = {"vhd": "debian.vhdx", "size_mb": 20480, "iops_maximum": 300}
    assert asked(site, "present", **wish)["pending"] == ["size_mb", "iops_maximum"]
    second = asked(site, "present", **wish)
    assert (second["changed"], second["pending"]) == (True, [])
    assert not asked(site, "present", **wish)["changed"]
    assert disks(site)["data.vhdx"]["size_mb"] == 20480


@pytest.mark.parametrize(
    ("size", "told"),
    [
        (512, "has 1024 MB, and VMM does not shrink disks. Give at least that."),
        (1500, "VMM expands disks in whole GB. Give a multiple of 1024."),
    ],
)
def test_disk_is_never_shrunk(site: Site, vm: Object, size: int, told: str) -> None:
    """The refusal names disk, VM, both sizes and the way out."""
    asked(site, "present", size_mb=1024)
    error = site.failure("vm_disk", uid="uid-1", state="present", disk="data", size_mb=size)
    assert error["id"] == "CapiScvmm.BadRequest"
    assert f"'{size}': disk data of VM web" in error["message"] and told in error["message"]
    assert disks(site)["data.vhdx"]["size_mb"] == 1024


@pytest.mark.parametrize("keep", [True, False])
def test_disk_is_removed_once_with_its_file_or_without(site: Site, vm: Object, keep: bool) -> None:
    """A file that is kept is named in the answer and is still on its host."""
    asked(site, "present", size_mb=1024)
    looked = asked(site, "absent", keep_file=keep, check=True)
    assert looked["changed"] and "data.vhdx" in disks(site)
    removed = asked(site, "absent", keep_file=keep)
    path = "C:\\VMs\\web\\data.vhdx"
    assert (removed["kept_file"], site.vmm.kept_files()) == ((path, [path]) if keep else (None, []))
    assert "data.vhdx" not in disks(site)
    assert (asked(site, "absent", keep_file=keep)["changed"], asked(site, "absent")["diff"]) == (False, [])


def test_checkpoints_forbid_what_would_spoil_them(site: Site, vm: Object) -> None:
    """Nothing is expanded, removed or kept; the message names the checkpoints."""
    asked(site, "present", size_mb=1024)
    site.run("New-SCVMCheckpoint", VM=vm, Name="before")
    for state, more in (("present", {"size_mb": 4096}), ("absent", {}), ("absent", {"keep_file": True})):
        error = site.failure("vm_disk", uid="uid-1", state=state, disk="data", **more)
        assert error["id"] == "CapiScvmm.HasCheckpoints" and "(before)" in error["message"]
    assert site.failure("vm_absent", uid="uid-1", keep_disks=["data"])["id"] == "CapiScvmm.HasCheckpoints"
    assert asked(site, "present", iops_maximum=9)["changed"]


def test_failed_change_of_a_disk_blocks_nothing(site: Site, vm: Object) -> None:
    """The next call dismisses it, says what it was, and does it."""
    site.vmm.add_fault({"cmdlet": "New-SCVirtualDiskDrive", "job_error": AWAY})
    asked(site, "present", size_mb=1024)
    assert site.vm(vm["ID"])["Status"] == "UpdateFailed"
    again = asked(site, "present", size_mb=1024)
    assert again["dismissed"]["job"]["error"]["message"] == "agent is away"
    assert "data.vhdx" in disks(site)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "'size_mb' is missing. Give it, or a vhd of the library."),
        ({"disk": "a/b"}, "a file name of letters"),
        ({"disk": " "}, "a text that is not empty"),
        ({"state": "gone"}, "one of present, absent"),
        ({"bus_type": "SATA"}, "one of SCSI, IDE"),
        ({"lun": 64}, "an integer from 0 to 63"),
        ({"size_mb": 1, "iops_maximum": 1, "storage_qos_policy": "gold"}, "exclude each other"),
    ],
)
def test_wrong_requests_name_the_field(site: Site, vm: Object, more: dict[str, Any], told: str) -> None:
    """Nothing was done."""
    error = site.failure("vm_disk", **{"uid": "uid-1", "state": "present", "disk": "data", **more})
    assert error["id"] == "CapiScvmm.BadRequest" and told in error["message"]


@pytest.mark.parametrize(
    ("field", "kind"), [("vhd", "virtual hard disk"), ("storage_qos_policy", "storage QoS policy")]
)
def test_wrong_names_are_named(site: Site, vm: Object, field: str, kind: str) -> None:
    """Kind and name are in the message."""
    error = site.failure("vm_disk", uid="uid-1", state="present", disk="data", size_mb=1, **{field: "never"})
    assert error["id"] == "CapiScvmm.NotFound" and f"no {kind} 'never'" in error["message"]


def test_removal_keeps_the_disks_that_are_named(site: Site, vm: Object) -> None:
    """First they are taken from the VM, then it is removed; their files stay, and a call at any time goes on."""
    for name in ("data", "logs", "scratch"):
        asked(site, "present", name, size_mb=1024)
    wish: dict[str, Any] = {"uid": "uid-1", "keep_disks": ["data", "LOGS.vhdx", "data"]}
    looked = site.answer("vm_absent", **wish, check=True)
    assert (looked["state"], looked["changed"], len(disks(site))) == ("detaching", True, 4)
    first = site.answer("vm_absent", **wish)
    assert (first["state"], first["changed"], first["job"]["status"]) == ("detaching", True, "Running")
    second = site.answer("vm_absent", **wish)
    assert (second["state"], second["changed"], second["job"]["id"]) == ("detaching", False, first["job"]["id"])
    site.clock.advance(2)
    assert sorted(disks(site)) == ["scratch.vhdx", "web-debian.vhdx"]
    # As if the caller had been killed here: whoever asks again knows nothing of the first call.
    (shown,) = site.answer("vm_info", uids=["uid-1"])["vms"]
    assert shown["description"] == "text\n[capi.scvmm kept=data.vhdx]\n[capi.scvmm kept=logs.vhdx]"
    assert site.answer("vm_absent", **wish)["state"] == "removing"
    site.clock.advance(4)
    assert site.answer("vm_absent", **wish)["state"] == "gone"
    assert site.vmm.kept_files() == ["C:\\VMs\\web\\data.vhdx", "C:\\VMs\\web\\logs.vhdx"]


def test_disk_to_keep_that_is_not_there_stops_the_removal(site: Site, vm: Object) -> None:
    """A slip of the pen must not cost the data: nothing at all is done."""
    asked(site, "present", size_mb=1024)
    error = site.failure("vm_absent", uid="uid-1", keep_disks=["data", "dta"])
    assert error["id"] == "CapiScvmm.NotFound"
    assert "has no disk 'dta'. It has: web-debian.vhdx, data.vhdx. Nothing was removed." in error["message"]
    assert len(disks(site)) == 2


def test_disks_of_a_vm_without_a_mark_are_kept_too(site: Site) -> None:
    """It is found by its id, and the note is all that its description gains."""
    vm = site.ready_vm("other", Description="mine")
    wish: dict[str, Any] = {"id": vm["ID"], "keep_disks": ["other-debian"]}
    site.answer("vm_absent", **wish)
    site.clock.advance(2)
    assert site.vm(vm["ID"])["Description"] == "mine\n[capi.scvmm kept=other-debian.vhdx]"
    assert site.answer("vm_absent", **wish)["state"] == "removing"


def test_detaching_that_failed_is_tried_again(site: Site, vm: Object) -> None:
    """Nothing was taken from the VM, nothing noted; the failure is dismissed, and the second try does both."""
    site.vmm.add_fault({"cmdlet": "Set-SCVirtualMachine", "job_error": AWAY})
    wish: dict[str, Any] = {"uid": "uid-1", "keep_disks": ["web-debian"]}
    site.answer("vm_absent", **wish)
    site.clock.advance(2)
    assert site.vm(vm["ID"])["Status"] == "UpdateFailed" and len(disks(site)) == 1
    again = site.answer("vm_absent", **wish)
    assert (again["state"], again["dismissed"]["status"]) == ("detaching", "UpdateFailed")
    site.clock.advance(2)
    assert site.answer("vm_absent", **wish)["state"] == "removing"


def test_running_vm_keeps_everything(site: Site, vm: Object) -> None:
    """It is refused before anything is detached."""
    site.run("Start-SCVirtualMachine", VM=vm)
    assert site.failure("vm_absent", uid="uid-1", keep_disks=["web-debian"])["number"] == 640
    assert len(disks(site)) == 1


def test_creation_that_failed_has_no_disks_to_keep(site: Site) -> None:
    """What it has left is removed as a whole."""
    site.vmm.add_fault({"cmdlet": "New-SCVirtualMachine", "job_error": AWAY})
    site.ready_vm(Description=MARK)
    assert site.answer("vm_absent", uid="uid-1", keep_disks=["data"])["state"] == "removing"
