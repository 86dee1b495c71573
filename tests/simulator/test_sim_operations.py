# SPDX-License-Identifier: Apache-2.0
"""Native operations: check → read back → do → read back → do again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from .site import Object, Site, build_iso, packed, seed, static

WISH: dict[str, Any] = {
    "owner": "ns/web",
    "uid": "uid-1",
    "name": "web",
    "cloud": "production",
    "template": "debian",
    "cpu_count": 4,
    "memory_mb": 4096,
    "network_adapters": [{"vm_network": "k8s"}],
    "description": "a web server",
}
BARE: dict[str, Any] = {
    "owner": "ns/bare",
    "uid": "uid-2",
    "name": "bare",
    "host_group": "All Hosts\\prod",
    "hardware_profile": "hw",
    "disks": [{"vhd": "debian.vhdx"}, {"size_mb": 1000}, {"size_mb": 2000, "dynamic": False}],
    "network_adapters": [{"vm_network": "k8s", "vm_subnet": "nodes"}, {"vm_network": "lab"}],
    "custom_properties": {"team": "blue"},
    "tag": "t",
}


def medium(name: str = "web.test", mac: str = "00:15:5d:00:00:01") -> dict[str, str]:
    """Request fields of a medium with a static address."""
    return packed(build_iso(seed(name, static(mac, "10.20.0.50/24"))))


def info(site: Site, uid: str = "uid-1") -> Object | None:
    """The VM with that uid as vm_info shows it."""
    found = site.answer("vm_info", uids=[uid])["vms"]
    return found[0] if found else None


def test_the_way_of_a_vm(site: Site) -> None:
    """Create, attach, start, address, stop, eject, remove: each step is started once and repeated without effect."""
    made = site.answer("vm_present", **WISH)
    assert made["changed"] and made["created"] and made["job"]["status"] == "Running"
    vm_id = made["vm"]["id"]
    again = site.answer("vm_present", **WISH)
    assert not again["changed"] and again["vm"]["id"] == vm_id and again["drift"] == []
    site.clock.advance(10)
    assert info(site)["status"] == "PowerOff"  # type: ignore[index]

    attached = site.answer("media_attached", uid="uid-1", file="web.iso", **medium())
    assert attached["changed"]
    assert attached["media"] == {"file": "web.iso", "path": "\\\\lib\\Share\\ISOs\\cloud-init\\web.iso"}
    assert not site.answer("media_attached", uid="uid-1", file="web.iso", **medium())["changed"]
    assert site.failure("vm_power", uid="uid-1", state="running")["number"] == 2606
    site.clock.advance(2)
    assert not site.answer("media_attached", uid="uid-1", file="web.iso", **medium())["changed"]
    assert info(site)["media"] == [{"device": "dvd", "file": "web.iso"}]  # type: ignore[index]

    assert site.answer("vm_power", uid="uid-1", state="running")["changed"]
    assert not site.answer("vm_power", uid="uid-1", state="running")["changed"]
    site.clock.advance(3 + 5)
    assert not site.answer("vm_power", uid="uid-1", state="running")["changed"]
    seen = site.answer("vm_info", uids=["uid-1"], refresh_ids=[vm_id])["vms"][0]
    assert seen["computer_name"] == "web.test"
    assert seen["network_adapters"][0]["addresses"] == ["10.20.0.50"]

    assert site.failure("vm_absent", uid="uid-1")["number"] == 640
    assert site.answer("vm_power", uid="uid-1", state="off")["changed"]
    assert not site.answer("vm_power", uid="uid-1", state="off")["changed"]
    site.clock.advance(8)
    assert site.answer("media_ejected", uid="uid-1", file="web.iso")["changed"]
    site.clock.advance(2)
    assert not site.answer("media_ejected", uid="uid-1", file="web.iso")["changed"]
    assert site.answer("vm_absent", uid="uid-1")["state"] == "removing"
    assert not site.answer("vm_absent", uid="uid-1")["changed"]
    site.clock.advance(4)
    assert site.answer("vm_absent", uid="uid-1") == {"changed": False, "state": "gone", "vm": None, "job": None}
    assert site.answer("media_absent", file="web.iso")["changed"]
    assert not site.answer("media_absent", file="web.iso")["changed"]
    assert site.vmm.library_files() == []
    assert site.vmm.forgotten_vms() == []


def test_check_changes_nothing_and_says_what_would_be(site: Site) -> None:
    """Every operation that changes knows check."""
    before = site.vmm.revision()
    assert site.answer("vm_present", **WISH, check=True)["changed"]
    assert site.answer("media_present", file="a.iso", check=True, **medium())["changed"]
    assert info(site) is None and site.vmm.library_files() == []
    assert site.vmm.revision() == before
    vm = site.ready_vm(Description="[capi.scvmm owner=ns/web uid=uid-1]")
    assert site.answer("vm_power", uid="uid-1", state="running", check=True)["changed"]
    assert site.answer("media_attached", uid="uid-1", file="a.iso", check=True, **medium())["changed"]
    assert site.answer("vm_absent", uid="uid-1", check=True)["state"] == "removing"
    assert site.vm(vm["ID"])["Status"] == "PowerOff"
    assert len(site.vmm.jobs()) == 1


def test_vm_without_template_leaves_no_template_behind(site: Site) -> None:
    """Disks beside the profile's DVD drive, adapters, custom properties; the temporary template goes again."""
    before = [template["Name"] for template in site.run("Get-SCVMTemplate").objects]
    vm_id = site.answer("vm_present", **BARE)["vm"]["id"]
    site.clock.advance(10)
    vm = site.vm(vm_id)
    assert [disk["LUN"] for disk in vm["VirtualDiskDrives"]] == [0, 2, 3]
    assert vm["VirtualDiskDrives"][0]["VolumeType"] == "BootAndSystem"
    assert [a["VMNetwork"]["Name"] for a in vm["VirtualNetworkAdapters"]] == ["k8s", "lab"]
    assert vm["CustomProperty"] == {"team": "blue"}
    assert vm["HostGroupPath"] == "All Hosts\\prod"
    assert [template["Name"] for template in site.run("Get-SCVMTemplate").objects] == before


@pytest.mark.parametrize(
    "cmdlet",
    [
        "New-SCVMTemplate",
        "New-SCVMConfiguration",
        "Update-SCVMConfiguration",
        "New-SCVirtualMachine",
        "Remove-SCVMTemplate",
    ],
)
def test_failure_in_the_middle_leaves_nothing_half_done(site: Site, cmdlet: str) -> None:
    """Whatever cmdlet fails, the next try makes exactly one VM and no template stays."""
    before = len(site.run("Get-SCVMTemplate").objects)
    site.vmm.add_fault({"cmdlet": cmdlet, "error": {"number": 2605, "message": "busy"}})
    first = site.operations.call("vm_present", dict(BARE))
    assert first["ok"] or first["error"]["number"] == 2605
    site.answer("vm_present", **BARE)
    assert len(site.answer("vm_info", uids=["uid-2"])["vms"]) == 1
    assert len(site.run("Get-SCVMTemplate").objects) == before


def test_no_placement_names_the_reasons(site: Site) -> None:
    """Our own error id, VMM's reasons in the message."""
    error = site.failure("vm_present", **{**WISH, "cloud": "small"})
    assert error["id"] == "CapiScvmm.NoPlacement"
    assert "no connection to the VM network k8s" in error["message"]
    assert error["object"] == "VM web"
    assert info(site) is None


def test_a_unique_name_is_refused_while_any_vm_has_it(site: Site) -> None:
    """Whoever's VM it is, and in whatever case; the VM of the very uid is none of another."""
    site.answer("vm_present", **{**WISH, "name": "Web-1"})
    again = {**WISH, "name": "Web-1", "unique_name": True}
    assert not site.answer("vm_present", **again)["created"]
    other = {**WISH, "uid": "uid-9", "name": "WEB-1", "unique_name": True}
    for check in (True, False):
        error = site.failure("vm_present", **other, check=check)
        assert error["id"] == "CapiScvmm.NameInUse" and "the name is in use in VMM (id " in error["message"]
    assert site.answer("vm_present", **{**other, "name": "web-2"})["created"]
    assert site.answer("vm_present", **{**WISH, "uid": "uid-10", "name": "web-1"})["created"], "any name will do for it"


NOT_FOUND = [
    ({"cloud": "x"}, "There is no cloud 'x'"),
    ({"cloud": None, "host_group": "x"}, "There is no host group 'x'"),
    ({"template": "x"}, "There is no template 'x'"),
    ({"template": None, "hardware_profile": "x"}, "There is no hardware profile 'x'"),
    ({"operating_system": "x"}, "There is no operating system 'x'"),
    ({"disks": [{"vhd": "x"}]}, "There is no virtual hard disk 'x'"),
    ({"network_adapters": [{"vm_network": "x"}]}, "There is no VM network 'x'"),
    ({"network_adapters": [{"vm_network": "k8s", "vm_subnet": "x"}]}, "There is no subnet of VM network k8s 'x'"),
    ({"custom_properties": {"x": "y"}}, "There is no custom property 'x'"),
]


@pytest.mark.parametrize(("change", "message"), NOT_FOUND)
def test_name_that_is_not_there_is_told_before_anything_is_made(
    site: Site, change: dict[str, Any], message: str
) -> None:
    """Kind and name in the message; nothing is put aside or made."""
    error = site.failure("vm_present", **{**WISH, **change})
    assert error["id"] == "CapiScvmm.NotFound"
    assert message in error["message"]
    assert site.vmm.jobs() == []


BAD = [
    ("vm_present", {"uid": "u", "name": "n"}, "'owner' is missing"),
    ("vm_present", {**WISH, "uid": "a b"}, "without ] and white space"),
    ("vm_present", {**WISH, "cloud": None}, "'cloud' and 'host_group' are missing"),
    ("vm_present", {**WISH, "template": None}, "'template' and 'hardware_profile' are missing"),
    ("vm_present", {**WISH, "cpu_count": "4"}, "'cpu_count' has the value '4'"),
    ("vm_present", {**WISH, "memory_mb": 4096.5}, "'memory_mb'"),
    ("vm_present", {**WISH, "generation": 3}, "an integer from 1 to 2"),
    ("vm_present", {**WISH, "disks": [{}]}, "'disks[0].size_mb' is missing"),
    ("vm_present", {**WISH, "disks": {}}, "a list of objects"),
    ("vm_present", {**WISH, "network_adapters": [{}]}, "'network_adapters[0].vm_network' is missing"),
    ("vm_present", {**WISH, "start_action": "Never"}, "one of NeverAutoTurnOnVM"),
    ("vm_present", {**WISH, "check": "yes"}, "true or false"),
    ("vm_power", {"uid": "u"}, "'state' is missing"),
    ("vm_power", {"uid": "u", "state": "on"}, "one of running, off"),
    ("vm_power", {"state": "off"}, "'id' and 'uid' are missing"),
    ("vm_power", {"id": "x", "state": "off"}, "a GUID"),
    ("vm_info", {"ids": "x"}, "a list of texts"),
    ("vm_info", {"ids": ["x"]}, "Give GUIDs"),
    ("vm_info", {"wait_seconds": -1}, "a number from 0"),
    ("media_attached", {"uid": "u", "file": "../x.iso"}, "a file name of letters"),
    ("media_present", {"file": "a.iso", "content": "%", "sha256": "0"}, "base64 of gzip"),
    ("media_present", {"file": "a.iso", "library_path": "a\\..\\b"}, "a folder below a share"),
    ("job_info", {"ids": ["x"]}, "Give GUIDs"),
    ("connect", {}, "'vmm_server' is missing"),
]


@pytest.mark.parametrize(("operation", "request_", "message"), BAD, ids=[str(n) for n in range(len(BAD))])
def test_wrong_field_is_a_bad_request(site: Site, operation: str, request_: dict[str, Any], message: str) -> None:
    """The message names field, value and what is wanted; nothing was done."""
    error = site.failure(operation, **request_)
    assert error["id"] == "CapiScvmm.BadRequest"
    assert message in error["message"]
    assert site.vmm.jobs() == []


def test_unknown_operation_and_request_of_another_kind(site: Site) -> None:
    """Both are answers, not exceptions."""
    assert site.failure("vm_explode")["id"] == "CapiScvmm.UnknownOperation"
    envelope = site.operations.call("vm_info", ["x"])  # type: ignore[arg-type]
    assert envelope["error"]["id"] == "CapiScvmm.BadRequest"


def test_wrong_hash_writes_nothing(site: Site) -> None:
    """The bytes are checked before they touch the library; the content is not in the message."""
    request = {**medium(), "sha256": "0" * 64}
    error = site.failure("media_present", file="a.iso", **request)
    assert "'sha256'" in error["message"] and request["content"][:20] not in json.dumps(error)
    assert site.vmm.library_files() == []


def test_upload_that_broke_off_is_replaced(site: Site) -> None:
    """A file of the name with another size is no medium."""
    site.answer("media_present", file="a.iso", **packed(b"short"))
    assert site.answer("media_present", file="a.iso", **medium())["changed"]
    assert not site.answer("media_present", file="a.iso", **medium())["changed"]


def test_medium_goes_where_library_path_says(site: Site) -> None:
    """Absolute paths need a share that takes files."""
    path = "\\\\LIB\\share\\Other"
    assert (
        site.answer("media_present", file="a.iso", library_path=path, **medium())["media"]["path"] == f"{path}\\a.iso"
    )
    error = site.failure("media_present", file="a.iso", library_path="\\\\lib\\AAA\\x", **medium())
    assert error["id"] == "CapiScvmm.NotFound"


def test_medium_that_was_never_indexed_is_removed_too(site: Site) -> None:
    """A caller that died between import and refresh left a file with secrets."""
    site.vmm.add_fault({"cmdlet": "Read-SCLibraryShare", "error": {"number": 2912, "message": "x"}})
    site.failure("media_present", file="a.iso", **medium())
    assert len(site.vmm.library_files()) == 1
    assert site.answer("media_absent", file="a.iso")["changed"]
    assert site.vmm.library_files() == []


def test_drive_is_added_to_a_vm_without_one(site: Site) -> None:
    """On the first free place beside the disks."""
    vm = site.ready_vm(template="plain")
    assert site.answer("media_attached", id=vm["ID"], file="a.iso", **medium())["changed"]
    site.clock.advance(2)
    (drive,) = site.vm(vm["ID"])["VirtualDVDDrives"]
    assert (drive["LUN"], drive["ISO"]["Name"]) == (1, "a.iso")


def test_vm_of_another_owner_is_never_touched(site: Site) -> None:
    """The id leads to a VM with another mark: NotOurs, whatever is asked."""
    vm = site.ready_vm(Description="[capi.scvmm owner=a/b uid=theirs]")
    for operation, more in (("vm_power", {"state": "running"}), ("vm_absent", {}), ("media_ejected", {})):
        assert site.failure(operation, id=vm["ID"], uid="mine", **more)["id"] == "CapiScvmm.NotOurs"
    assert site.vm(vm["ID"])["Status"] == "PowerOff"


def test_vm_is_found_by_mark_when_the_id_is_stale(site: Site) -> None:
    """By id first, then by uid, never by name."""
    site.answer("vm_present", **WISH)
    stale = "0a000000-0000-4000-8000-000000000009"
    assert not site.answer("vm_present", **WISH, id=stale)["changed"]
    assert site.answer("vm_present", **{**WISH, "uid": "uid-9"})["created"]


def test_two_vms_with_one_uid_are_ambiguous(site: Site) -> None:
    """Somebody copied a description; both are listed."""
    for _number in range(2):
        site.ready_vm(Description="[capi.scvmm owner=a/b uid=twice]")
    error = site.failure("vm_power", uid="twice", state="running")
    assert error["id"] == "CapiScvmm.Ambiguous" and error["message"].count("web (") == 2


def test_drift_is_reported_and_left_alone(site: Site) -> None:
    """A VM that exists is compared, not changed."""
    site.answer("vm_present", **WISH)
    site.clock.advance(10)
    result = site.answer("vm_present", **{**WISH, "memory_mb": 8192, "description": "new"})
    assert not result["changed"]
    assert {tuple(d.values()) for d in result["drift"]} == {
        ("memory_mb", 4096, 8192, "off"),
        ("description", "a web server", "new", "now"),
    }


def test_absent_meets_a_creation_under_way(make_site: Callable[..., Site]) -> None:
    """The creation is cancelled once, then what is left is removed."""
    site = make_site(job_seconds={"create": 10, "cancel": 2, "remove": 1})
    site.answer("vm_present", **WISH)
    first = site.answer("vm_absent", uid="uid-1")
    assert (first["state"], first["changed"]) == ("cancelling", True)
    second = site.answer("vm_absent", uid="uid-1")
    assert (second["state"], second["changed"]) == ("cancelling", False)
    site.clock.advance(2)
    assert site.answer("vm_absent", uid="uid-1")["state"] == "removing"
    site.clock.advance(1)
    assert site.answer("vm_absent", uid="uid-1")["state"] == "gone"


def test_job_info_waits_for_all_and_leaves_out_the_forgotten(site: Site) -> None:
    """Answers when none of them runs any more."""
    job = site.answer("vm_present", **WISH)["job"]["id"]
    unknown = "0a000000-0000-4000-8000-000000000009"
    assert site.answer("job_info", ids=[job, unknown])["jobs"][0]["status"] == "Running"
    (ended,) = site.answer("job_info", ids=[job, unknown], wait_seconds=60)["jobs"]
    assert ended["status"] == "Completed" and site.clock.now() == pytest.approx(10)
    assert ended["ended"] == "2026-11-23T10:00:10.000Z"


def test_connect_names_server_version_and_user(site: Site) -> None:
    """A wrong server is VMM's error 1602."""
    assert site.answer("connect", vmm_server="vmm.test") == {
        "vmm_server": "vmm.test",
        "version": "10.22.1287.0",
        "user": "TEST\\capi",
        "module_version": "0.1.0",
    }
    assert site.failure("connect", vmm_server="x")["number"] == 1602


def test_answers_are_json(site: Site) -> None:
    """What goes over the wire can be written as JSON and has the shape's keys."""
    made = site.answer("vm_present", **WISH)
    assert json.loads(json.dumps(made)) == made
    assert list(made["vm"]) == [
        "id", "vm_id", "bios_guid", "name", "owner", "uid", "status", "cloud", "host_group", "host", "host_cluster",
        "generation", "cpu_count", "memory_mb", "dynamic_memory", "operating_system", "start_action", "stop_action",
        "checkpoint_type", "cpu_limit_for_migration", "cpu_limit_functionality", "enable_nested_virtualization",
        "availability_sets", "tag", "custom_properties", "disks", "fibre_channel", "description",
        "created", "modified", "computer_name", "network_adapters", "media",
        "job",
    ]  # fmt: skip
    assert list(made["job"]) == [
        "id", "name", "status", "progress", "is_completed", "object_id", "started", "ended", "error",
    ]  # fmt: skip
