# SPDX-License-Identifier: Apache-2.0
"""Errors of the PowerShell module are data: never a PowerShell error, and a wrong field is named."""

from __future__ import annotations

import base64
import gzip
from pathlib import Path
from typing import Any

import pytest
from scvmm_sim.cmdlets import Vmm

from .shell import Bridge, Shell
from .small_site import upload, wish, wish_from_profile


@pytest.mark.parametrize(
    ("operation", "request_", "named"),
    [
        ("vm_info", {"ids": "x"}, "'ids'"),
        ("vm_info", {"ids": ["not-a-guid"]}, "'ids'"),
        ("vm_info", {"wait_seconds": "long"}, "'wait_seconds'"),
        ("vm_info", {"marked": 1}, "'marked'"),
        ("vm_present", {k: v for k, v in wish("b").items() if k != "owner"}, "'owner'"),
        ("vm_present", wish("b", owner="a b"), "'owner'"),
        ("vm_present", wish("b]", owner="ns/b"), "'uid'"),
        ("vm_present", wish("b", name=""), "'name'"),
        ("vm_present", wish("b", id="7"), "'id'"),
        ("vm_present", wish("b", cpu_count=0), "'cpu_count'"),
        ("vm_present", wish("b", cpu_count=1.5), "'cpu_count'"),
        ("vm_present", wish("b", memory_mb="2Gi"), "'memory_mb'"),
        ("vm_present", wish("b", generation=3), "'generation'"),
        ("vm_present", wish("b", start_action="Never"), "'start_action'"),
        ("vm_present", wish("b", dynamic_memory={"minimum_mb": "x"}), "'dynamic_memory.minimum_mb'"),
        ("vm_present", wish("b", disks=[{"size_mb": 1}, {"dynamic": True}]), "'disks[1].size_mb'"),
        ("vm_present", wish("b", disks={"size_mb": 1}), "'disks'"),
        ("vm_present", wish("b", network_adapters=[{"vm_subnet": "a"}]), "'network_adapters[0].vm_network'"),
        ("vm_present", wish("b", cloud=None), "'cloud'"),
        ("vm_present", wish("b", template=None), "'template'"),
        ("vm_present", wish("b", custom_properties={"team": 3}), "'custom_properties.team'"),
        ("vm_absent", {}, "'id'"),
        ("vm_power", {"uid": "b"}, "'state'"),
        ("vm_power", {"uid": "b", "state": "on"}, "'state'"),
        ("media_present", {"content": ""}, "'file'"),
        ("media_present", {"file": "../x.iso"}, "'file'"),
        ("media_present", {"file": "x.iso", "library_path": "a\\..\\b", "content": "", "sha256": ""}, "'sha256'"),
        ("media_absent", {"file": "x.iso", "library_path": "a\\..\\b"}, "'library_path'"),
        ("media_attached", {"uid": "b", "file": "x.iso", "device": "tape"}, "'device'"),
        ("job_info", {"ids": ["1"]}, "'ids'"),
    ],
)
def test_bad_requests_name_the_field(
    shell: Shell, bridge: Bridge, operation: str, request_: dict[str, Any], named: str
) -> None:
    """A field that is missing or wrong is refused by name, before VMM is asked to change anything."""
    bridge.calls.clear()
    error = shell.error(operation, request_)
    assert error["id"] == "CapiScvmm.BadRequest" and error["number"] is None
    assert named in error["message"] and error["operation"] == operation
    assert {name.split("-")[0] for name in bridge.names()} <= {"Get"}


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "3", '"a"', "{"])
def test_what_is_no_object_is_a_bad_request(shell: Shell, text: str) -> None:
    """Any text but a JSON object is refused, never a PowerShell error."""
    assert shell.error("vm_info", text)["id"] == "CapiScvmm.BadRequest"


def test_unknown_operation(shell: Shell) -> None:
    """An operation that does not exist is named."""
    error = shell.error("vm_dance", {})
    assert error["id"] == "CapiScvmm.UnknownOperation" and "vm_dance" in error["message"]


@pytest.mark.parametrize(
    ("request_", "kind", "name"),
    [
        (wish("n", cloud="nowhere"), "cloud", "nowhere"),
        (wish("n", cloud="de*"), "cloud", "de*"),
        (wish("n", host_group="nowhere"), "host group", "nowhere"),
        (wish("n", template="none"), "template", "none"),
        (wish_from_profile("n", operating_system="BeOS"), "operating system", "BeOS"),
        (wish("n", network_adapters=[{"vm_network": "wan"}]), "VM network", "wan"),
        (wish("n", network_adapters=[{"vm_network": "lan", "vm_subnet": "x"}]), "subnet", "x"),
        (wish("n", disks=[{"vhd": "gone.vhdx"}]), "virtual hard disk", "gone.vhdx"),
        (wish("n", custom_properties={"colour": "red"}), "custom property", "colour"),
    ],
)
def test_missing_objects_are_named_with_their_kind(
    shell: Shell, vmm: Vmm, request_: dict[str, Any], kind: str, name: str
) -> None:
    """What a request names and VMM does not have is told by kind and name; nothing is made."""
    error = shell.error("vm_present", request_)
    assert error["id"] == "CapiScvmm.NotFound"
    assert kind in error["message"] and f"'{name}'" in error["message"]
    assert [vm for vm in vmm.vms() if vm["Name"] == "vm-n"] == []


def test_names_with_wildcards_are_names(shell: Shell) -> None:
    """A cloud called "dev [1]*" is found by that name: VMM's own -Name would take it as a pattern."""
    assert shell.result("vm_present", wish("wild", cloud="dev [1]*"))["vm"]["cloud"] == "dev [1]*"


def test_host_groups_of_one_name_are_told_apart_by_path(shell: Shell) -> None:
    """A name that means several host groups is refused with their paths; a path is taken."""
    error = shell.error("vm_present", wish("two", cloud=None, host_group="edge"))
    assert error["id"] == "CapiScvmm.Ambiguous"
    assert r"All Hosts\prod\edge" in error["message"] and r"All Hosts\east\edge" in error["message"]
    assert shell.result("vm_present", wish("two", cloud=None, host_group=r"All Hosts\prod", check=True))["changed"]


def test_no_host_fits(shell: Shell, vmm: Vmm, bridge: Bridge) -> None:
    """Placement without a host says VMM's reasons, and nothing stays behind."""
    bridge.calls.clear()
    error = shell.error("vm_present", wish_from_profile("big", cloud="small", disks=[{"size_mb": 10}]))
    assert error["id"] == "CapiScvmm.NoPlacement" and "vm-big" in error["message"] and len(error["message"]) > 30
    assert [t["Name"] for t in vmm.call("Get-SCVMTemplate", {}).objects] == ["ubuntu", "no-dvd", "gen1"]
    assert "New-SCVirtualMachine" not in bridge.names() and "Remove-SCVMConfiguration" in bridge.names()


def test_a_vm_of_somebody_else_is_left_alone(shell: Shell) -> None:
    """An id whose VM carries another uid is refused, for every operation."""
    vm = shell.result("vm_present", wish("theirs"))["vm"]
    for operation, more in (
        ("vm_absent", {}),
        ("vm_power", {"state": "running"}),
        ("vm_present", wish("mine")),
        ("media_ejected", {}),
    ):
        error = shell.error(operation, {**more, "id": vm["id"], "uid": "mine"})
        assert error["id"] == "CapiScvmm.NotOurs" and "theirs" in error["message"]


def test_two_vms_with_one_uid_are_reported(shell: Shell, vmm: Vmm) -> None:
    """Should two VMs ever carry one uid, nobody guesses: both are named."""
    vm = shell.result("vm_present", wish("dup"))["vm"]
    other = shell.result("vm_present", wish("dup-other"))["vm"]
    vmm.call(
        "Set-SCVirtualMachine",
        {"VM": {"_type": "VM", "ID": other["id"]}, "Description": "[capi.scvmm owner=ns/dup uid=dup]"},
    )
    error = shell.error("vm_absent", {"uid": "dup"})
    assert error["id"] == "CapiScvmm.Ambiguous" and vm["id"] in error["message"] and other["id"] in error["message"]


def test_a_mark_in_the_middle_is_no_mark(shell: Shell) -> None:
    """Only the last line counts: a description that quotes somebody's mark does not make the VM theirs."""
    text = "see [capi.scvmm owner=a uid=quoted]"
    vm = shell.result("vm_present", wish("middle", description=text))["vm"]
    assert (vm["uid"], vm["description"]) == ("middle", text)
    assert shell.result("vm_info", {"uids": ["quoted"]})["vms"] == []


def test_missing_vm_is_not_found_where_one_is_needed(shell: Shell) -> None:
    """To power or attach, the VM must be there."""
    for operation, more in (
        ("vm_power", {"state": "off"}),
        ("media_attached", {"file": "a.iso"}),
        ("media_ejected", {}),
    ):
        assert shell.error(operation, {"uid": "nobody", **more})["id"] == "CapiScvmm.NotFound"


def test_vmm_errors_keep_number_message_and_action(shell: Shell, vmm: Vmm) -> None:
    """What VMM says arrives whole: number, id, category, message, recommended action."""
    vm = shell.result("vm_present", wish("err"))["vm"]
    rule = {"number": 2606, "message": 'VM is locked: \u00fc "quoted"', "recommended_action": "Wait, then try again."}
    vmm.add_fault({"cmdlet": "Start-SCVirtualMachine", "error": rule})
    error = shell.error("vm_power", {"id": vm["id"], "state": "running"})
    assert {key: error[key] for key in rule} == rule
    assert error["id"].startswith(
        "2606,Microsoft.SystemCenter.VirtualMachineManager.Cmdlets.StartSCVirtualMachineCmdlet"
    )
    assert error["category"] == "ReadError" and error["operation"] == "vm_power"


def test_failed_jobs_carry_their_error(shell: Shell, vmm: Vmm) -> None:
    """A job that fails at its end shows number, message and action in the job's shape."""
    vm = shell.result("vm_present", wish("job"))["vm"]
    vmm.add_fault(
        {
            "cmdlet": "Start-SCVirtualMachine",
            "job_error": {"number": 12700, "message": "no", "recommended_action": "Look."},
        }
    )
    job = shell.result("vm_power", {"id": vm["id"], "state": "running"})["job"]
    (ended,) = shell.result("job_info", {"ids": [job["id"]], "wait_seconds": 10})["jobs"]
    assert (ended["status"], ended["is_completed"]) == ("Failed", True)
    assert ended["error"] == {"number": 12700, "message": "no", "recommended_action": "Look."}


def test_lists_stay_lists(shell: Shell) -> None:
    """None, one or many: a list is a list, where PowerShell would unroll it."""
    empty = shell.result("vm_info", {})
    assert empty["vms"] == [] and empty["jobs"] == []
    vm = shell.result("vm_present", wish("lists"))["vm"]
    one = shell.result("vm_info", {"uids": ["lists"], "job_ids": []})
    assert isinstance(one["vms"], list) and len(one["vms"]) == 1
    assert isinstance(one["vms"][0]["network_adapters"], list) and one["vms"][0]["media"] == []
    assert shell.result("job_info", {"ids": []}) == {"jobs": []}
    jobs = shell.result("job_info", {"ids": [vm["job"]["id"]]})["jobs"]
    assert isinstance(jobs, list) and len(jobs) == 1


def test_texts_come_through_unharmed(shell: Shell) -> None:
    """Quotes, dollars, newlines, dates and other scripts are data all the way."""
    text = '\'; $(Remove-Item x) `n "$env:PATH" 2026-11-23T10:00:00Z \u4e2d\u6587 \U0001f600\nline'
    assert shell.result("vm_present", wish("text", description=text))["vm"]["description"] == text
    assert (
        shell.result("vm_present", wish("date", description="2026-11-23T10:00:00Z"))["vm"]["description"]
        == "2026-11-23T10:00:00Z"
    )


def test_content_is_checked_before_anything_is_written(shell: Shell, vmm: Vmm, bridge: Bridge) -> None:
    """A wrong hash, wrong base64 or wrong gzip is refused; the content is in no message; nothing is uploaded."""
    bridge.calls.clear()
    wrong = [
        {**upload("bad.iso", b"secret"), "sha256": "0" * 64},
        {**upload("bad.iso", b"secret"), "content": "%%%"},
        {**upload("bad.iso", b"secret"), "content": base64.b64encode(b"secret").decode()},
        {**upload("bad.iso", b"secret"), "content": base64.b64encode(gzip.compress(b"secret" * 999)[:-9]).decode()},
    ]
    for request in wrong:
        error = shell.error("media_present", request)
        assert error["id"] == "CapiScvmm.BadRequest" and request["content"] not in error["message"]
    assert "Import-SCLibraryPhysicalResource" not in bridge.names() and shell.uploads() == []


def test_temporary_file_is_gone_after_a_failed_upload(shell: Shell, vmm: Vmm) -> None:
    """The upload fails, the bytes on the exec host go all the same."""
    vmm.add_fault({"cmdlet": "Import-SCLibraryPhysicalResource", "error": {"number": 2917, "message": "share full"}})
    assert shell.error("media_present", upload("full.iso", b"x"))["number"] == 2917
    assert shell.uploads() == []


def test_temporary_folder_is_private(shell: Shell, vmm: Vmm) -> None:
    """While it is uploaded, only the user can read the folder that the file is in."""
    vmm.add_fault({"cmdlet": "Import-SCLibraryPhysicalResource", "delay": 0.7})
    shell.send("media_present", upload("private.iso", b"x"))
    seen: list[Path] = []
    while not seen:
        seen = shell.uploads()
    assert seen[0].stat().st_mode & 0o077 == 0
    assert shell.receive()["ok"]


def test_media_are_uploaded_once_and_mended(shell: Shell, vmm: Vmm, bridge: Bridge) -> None:
    """A medium that is there is not sent again, one that broke off is replaced; view-only shares are no target."""
    data = upload("seed.iso", b"seed" * 100)
    assert shell.result("media_present", data)["changed"]
    (file,) = [f for f in vmm.library_files() if f["path"].endswith("seed.iso")]
    assert file["path"] == r"\\lib.example.com\media\ISOs\cloud-init\seed.iso"
    assert not shell.result("media_present", data)["changed"]
    assert not shell.result("media_present", {"file": "seed.iso"})["changed"]
    assert shell.result("media_present", upload("seed.iso", b"other length"))["changed"]
    missing = shell.error("media_present", {"file": "absent.iso"})
    assert missing["id"] == "CapiScvmm.NotFound" and "absent.iso" in missing["message"]
    archive = shell.error("media_present", {**data, "library_path": r"\\lib.example.com\archive\x"})
    assert archive["id"] == "CapiScvmm.NotFound" and "archive" in archive["message"]
    absolute = shell.result(
        "media_present", {**upload("abs.iso", b"a"), "library_path": r"\\LIB.example.com\media\deep\er"}
    )
    assert absolute["media"]["path"] == r"\\LIB.example.com\media\deep\er\abs.iso"
    assert shell.result("media_absent", {"file": "abs.iso", "library_path": r"\\lib.example.com\media\deep\er"})[
        "changed"
    ]


def test_media_that_were_never_indexed_are_removed(shell: Shell, vmm: Vmm) -> None:
    """An upload that died before the library was read left a file with secrets: media_absent finds it."""
    shell.result("media_present", upload("known.iso", b"x"))
    (known,) = [f for f in vmm.library_files() if f["path"].endswith("known.iso")]
    Path(known["file"]).with_name("lost.iso").write_bytes(b"secret")
    assert shell.result("media_absent", {"file": "lost.iso"})["changed"]
    assert [f for f in vmm.library_files() if f["path"].endswith("lost.iso")] == []
