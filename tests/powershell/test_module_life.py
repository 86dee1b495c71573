# SPDX-License-Identifier: Apache-2.0
"""The PowerShell module's main path, run by a real PowerShell against the simulator's cmdlets."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from scvmm_sim.cmdlets import Vmm

from .shell import Bridge, Shell
from .small_site import cidata, upload, wish, wish_from_profile

GUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")


def _one(shell: Shell, uid: str) -> dict[str, Any]:
    (vm,) = shell.result("vm_info", {"uids": [uid]})["vms"]
    found: dict[str, Any] = vm
    return found


def _wait(shell: Shell, job: dict[str, Any] | None) -> None:
    if job is not None:
        (ended,) = shell.result("job_info", {"ids": [job["id"]], "wait_seconds": 20})["jobs"]
        assert ended["status"] == "Completed", ended


def test_connect_tells_server_version_and_user(shell: Shell) -> None:
    """connect names the server, its version, the user and the module's version."""
    result = shell.result("connect", {"vmm_server": "vmm.example.com"})
    assert result["vmm_server"] == "vmm.example.com"
    assert result["version"] == "10.22.1287.0"
    assert result["module_version"] == "0.1.0"
    assert result["user"]


def test_vm_from_template_lives_and_dies(shell: Shell, vmm: Vmm, bridge: Bridge) -> None:
    """Create, look, attach, start, addresses, stop, eject, remove: each step does what it says."""
    bridge.calls.clear()
    made = shell.result("vm_present", wish("life", description="first line\nsecond"))
    assert made["changed"] and made["created"] and made["drift"] == []
    assert GUID.match(made["vm"]["id"]) and GUID.match(made["vm"]["vm_id"]) and GUID.match(made["vm"]["bios_guid"])
    assert TIME.match(made["job"]["started"])
    assert bridge.names().index("New-SCVMConfiguration") < bridge.names().index("New-SCVirtualMachine")
    _wait(shell, made["job"])

    vm = _one(shell, "life")
    assert (vm["owner"], vm["name"], vm["status"], vm["cloud"]) == ("ns/life", "vm-life", "PowerOff", "dev")
    assert (vm["cpu_count"], vm["memory_mb"], vm["generation"]) == (2, 2048, 2)
    assert vm["description"] == "first line\nsecond"
    assert [a["vm_network"] for a in vm["network_adapters"]] == ["lan"]
    assert vm["media"] == [] and TIME.match(vm["created"])

    seed = cidata("life-host")
    attached = shell.result("media_attached", {"id": vm["id"], **upload("life.iso", seed)})
    assert attached["changed"] and attached["media"] == {
        "file": "life.iso",
        "path": r"\\lib.example.com\media\ISOs\cloud-init\life.iso",
    }
    _wait(shell, attached["job"])
    assert _one(shell, "life")["media"] == [{"device": "dvd", "file": "life.iso"}]
    assert shell.uploads() == [], "the bytes exist on the exec host only while they are uploaded"
    again = shell.result("media_attached", {"id": vm["id"], **upload("life.iso", seed)})
    assert not again["changed"]

    started = shell.result("vm_power", {"id": vm["id"], "state": "running"})
    assert started["changed"]
    _wait(shell, started["job"])
    assert not shell.result("vm_power", {"id": vm["id"], "state": "running"})["changed"]
    seen = shell.result("vm_info", {"ids": [vm["id"]], "refresh_ids": [vm["id"]]})["vms"][0]
    assert seen["status"] == "Running"
    assert seen["computer_name"].startswith("life-host")
    assert len(seen["network_adapters"][0]["addresses"]) == 1

    refused = shell.error("vm_absent", {"uid": "life"})
    assert refused["number"] == 640 and refused["object"] == "VM life"
    stopped = shell.result("vm_power", {"id": vm["id"], "state": "off", "method": "shutdown"})
    assert stopped["changed"]
    _wait(shell, stopped["job"])
    assert not shell.result("vm_power", {"id": vm["id"], "state": "off"})["changed"]

    ejected = shell.result("media_ejected", {"id": vm["id"], "file": "life.iso"})
    assert ejected["changed"]
    _wait(shell, ejected["job"])
    assert _one(shell, "life")["media"] == []
    assert not shell.result("media_ejected", {"id": vm["id"], "file": "life.iso"})["changed"]

    removed = shell.result("vm_absent", {"id": vm["id"], "uid": "life"})
    assert removed["changed"] and removed["state"] == "removing"
    assert "Force" not in dict(bridge.calls)["Remove-SCVirtualMachine"]
    gone = shell.result("vm_absent", {"id": vm["id"], "uid": "life"})
    assert gone == {"changed": False, "state": "gone", "vm": None, "job": None}
    assert shell.result("media_absent", {"file": "life.iso"}) == {"changed": True}
    assert shell.result("media_absent", {"file": "life.iso"}) == {"changed": False}
    assert vmm.library_files() == [] and vmm.forgotten_vms() == []


def _templates(vmm: Vmm) -> list[str]:
    return [t["Name"] for t in vmm.call("Get-SCVMTemplate", {}).objects]


def test_vm_from_hardware_profile_leaves_no_template(shell: Shell, vmm: Vmm, bridge: Bridge) -> None:
    """Without a template one is made for the moment, with the disks; it is gone when the call returns."""
    before = _templates(vmm)
    bridge.calls.clear()
    made = shell.result(
        "vm_present",
        wish_from_profile("prof", host_group="prod", network_adapters=[{"vm_network": "back", "vm_subnet": "b"}]),
    )
    names = bridge.names()
    assert (
        names.index("New-SCVirtualDiskDrive")
        < names.index("New-SCVMTemplate")
        < names.index("New-SCVirtualNetworkAdapter")
    )
    assert names.index("New-SCVirtualMachine") < names.index("Remove-SCVMTemplate")
    groups = {parameters["JobGroup"] for _, parameters in bridge.calls if "JobGroup" in parameters}
    assert len(groups) == 1, "everything belongs to one job"
    system = dict(bridge.calls)["New-SCVMTemplate"]["OperatingSystem"]
    assert system["ID"] == next(
        o["ID"] for o in vmm.call("Get-SCOperatingSystem", {}).objects if o["Name"].startswith("Ubuntu")
    )
    assert _templates(vmm) == before
    _wait(shell, made["job"])
    (vm,) = [vm for vm in vmm.vms() if vm["Name"] == "vm-prof"]
    disks = [
        (d["BusType"], d["LUN"], d["VolumeType"], d["VirtualHardDisk"]["VHDType"]) for d in vm["VirtualDiskDrives"]
    ]
    assert disks == [("SCSI", 0, "BootAndSystem", "DynamicallyExpanding"), ("SCSI", 2, "None", "FixedSize")]


def test_template_is_removed_after_a_failure_too(shell: Shell, vmm: Vmm) -> None:
    """A creation that VMM refuses leaves neither the temporary template nor a configuration behind."""
    before = _templates(vmm)
    vmm.add_fault({"cmdlet": "New-SCVirtualMachine", "error": {"number": 2606, "message": "locked by another job"}})
    error = shell.error("vm_present", wish_from_profile("fails"))
    assert (error["number"], error["message"]) == (2606, "locked by another job")
    assert _templates(vmm) == before
    assert shell.result("vm_info", {"uids": ["fails"]})["vms"] == []


@pytest.mark.parametrize(("generation", "profile"), [(2, "linux2"), (1, "linux1 dvd")])
def test_disks_keep_off_the_place_of_the_dvd_drive(shell: Shell, vmm: Vmm, generation: int, profile: str) -> None:
    """A hardware profile with a DVD drive and five disks: no two of them have one place, and a medium goes in."""
    uid = f"places{generation}"
    disks = [{"vhd": "ubuntu.vhdx"}, *({"size_mb": 100} for _ in range(4))]
    made = shell.result(
        "vm_present", wish_from_profile(uid, hardware_profile=profile, generation=generation, disks=disks)
    )
    _wait(shell, made["job"])
    (vm,) = [vm for vm in vmm.vms() if vm["Name"] == f"vm-{uid}"]
    bus_of_drives = "SCSI" if generation == 2 else "IDE"
    (drive,) = [(bus_of_drives, d["Bus"], d["LUN"]) for d in vm["VirtualDVDDrives"]]
    places = [(d["BusType"], d["Bus"], d["LUN"]) for d in vm["VirtualDiskDrives"]]
    assert len(places) == 5 and len({drive, *places}) == 6, (drive, places)
    _wait(shell, shell.result("media_attached", {"uid": uid, **upload(f"{uid}.iso", cidata(uid))})["job"])
    assert _one(shell, uid)["media"] == [{"device": "dvd", "file": f"{uid}.iso"}]


def test_generation_1_boots_from_ide(shell: Shell, vmm: Vmm) -> None:
    """Generation 1 has its boot disk on IDE 0:0; further ones are on SCSI."""
    request = wish_from_profile(
        "gen1", hardware_profile="linux1", generation=1, disks=[{"vhd": "ubuntu.vhdx"}, {"size_mb": 100}]
    )
    _wait(shell, shell.result("vm_present", request)["job"])
    (vm,) = [vm for vm in vmm.vms() if vm["Name"] == "vm-gen1"]
    assert vm["Generation"] == 1
    assert [(d["BusType"], d["Bus"], d["LUN"]) for d in vm["VirtualDiskDrives"]] == [("IDE", 0, 0), ("SCSI", 0, 0)]


def test_settings_reach_vmm(shell: Shell, bridge: Bridge) -> None:
    """Each field of vm_present ends in the parameter of VMM that means it."""
    bridge.calls.clear()
    shell.result(
        "vm_present",
        wish(
            "set",
            dynamic_memory={"minimum_mb": 1024, "maximum_mb": 4096, "buffer_percent": 30},
            start_action="NeverAutoTurnOnVM",
            stop_action="ShutdownGuestOS",
            checkpoint_type="Production",
            cpu_limit_for_migration=True,
            cpu_limit_functionality=False,
            operating_system="Other Linux (64 bit)",
            availability_set="spread",
            tag="blue",
            custom_properties={"team": "infra"},
            disks=[{"size_mb": 1024}],
        ),
    )
    given = dict(bridge.calls)["New-SCVirtualMachine"]
    wanted = {
        "DynamicMemoryEnabled": True,
        "DynamicMemoryMinimumMB": 1024,
        "DynamicMemoryMaximumMB": 4096,
        "DynamicMemoryBufferPercentage": 30,
        "StartAction": "NeverAutoTurnOnVM",
        "StopAction": "ShutdownGuestOS",
        "CheckpointType": "Production",
        "CPULimitForMigration": True,
        "CPULimitFunctionality": False,
        "CPUCount": 2,
        "MemoryMB": 2048,
        "RunAsynchronously": True,
        "Description": "[capi.scvmm owner=ns/set uid=set]",
    }
    assert {key: given[key] for key in wanted} == wanted
    assert dict(bridge.calls)["New-SCVMConfiguration"]["AvailabilitySetNames"] == ["spread"]
    assert dict(bridge.calls)["Set-SCVMConfiguration"]["Tag"] == "blue"
    assert dict(bridge.calls)["Set-SCCustomPropertyValue"]["Value"] == "infra"
    disk = dict(bridge.calls)["New-SCVirtualDiskDrive"]
    assert disk["LUN"] > 0, "LUN 0 is the template's"


def test_present_is_idempotent_and_reports_drift(shell: Shell, bridge: Bridge) -> None:
    """A VM with the uid is found whatever its name; what differs is told, nothing is changed."""
    first = shell.result("vm_present", wish("idem"))
    _wait(shell, first["job"])
    bridge.calls.clear()
    again = shell.result("vm_present", wish("idem"))
    assert not again["changed"] and not again["created"] and again["job"] is None and again["drift"] == []
    other = shell.result("vm_present", wish("idem", id=first["vm"]["id"], name="renamed", cpu_count=4))
    assert not other["changed"] and other["vm"]["id"] == first["vm"]["id"]
    assert other["drift"] == [
        {"field": "name", "before": "vm-idem", "after": "renamed", "mend": "now"},
        {"field": "cpu_count", "before": 2, "after": 4, "mend": "off"},
    ]
    assert set(bridge.names()) == {"Get-SCVirtualMachine"}


def test_two_processes_that_create_one_uid_make_one_vm(shell: Shell, second_shell: Shell, vmm: Vmm) -> None:
    """The lock on the exec host is held from the look for the mark until the VM is there."""
    vmm.add_fault({"cmdlet": "Update-SCVMConfiguration", "delay": 0.5, "times": 2})
    for one in (shell, second_shell):
        one.send("vm_present", wish("twice"))
    answers = [one.receive() for one in (shell, second_shell)]
    assert all(answer["ok"] for answer in answers)
    assert sorted(answer["result"]["created"] for answer in answers) == [False, True]
    assert len({answer["result"]["vm"]["id"] for answer in answers}) == 1
    assert len([vm for vm in vmm.vms() if vm["Name"] == "vm-twice"]) == 1


def test_lock_of_a_killed_process_is_taken_over(
    shell: Shell, vmm: Vmm, pwsh: Path, bridge: Bridge, tmp_path: Path
) -> None:
    """A session that dies while it holds the lock does not keep the next one from creating the VM."""
    dying = Shell(pwsh, bridge, tmp_path)
    dying.result("connect", {"vmm_server": "vmm.example.com"})
    vmm.add_fault({"cmdlet": "Get-SCVMTemplate", "delay": 3})
    bridge.calls.clear()
    dying.send("vm_present", wish("orphan"))
    while "Get-SCVMTemplate" not in bridge.names():
        time.sleep(0.02)
    dying.process.kill()
    dying.close()
    assert shell.result("vm_present", wish("orphan"))["created"]
    assert len([vm for vm in vmm.vms() if vm["Name"] == "vm-orphan"]) == 1


def test_check_mode_changes_nothing(shell: Shell, bridge: Bridge) -> None:
    """check: true tells what would be, and calls only cmdlets that look."""
    vm = shell.result("vm_present", wish("chk"))["vm"]
    data = upload("chk.iso", cidata("chk"))
    shell.result("media_present", data)
    other = upload("other.iso", b"other")
    bridge.calls.clear()
    created = shell.result("vm_present", wish("chk-new", check=True))
    assert created["changed"] and created["created"] and created["vm"] is None and created["job"] is None
    assert {"field": "cpu_count", "before": None, "after": 2} in created["diff"]
    assert shell.result("vm_power", {"id": vm["id"], "state": "running", "check": True})["changed"]
    assert not shell.result("vm_power", {"id": vm["id"], "state": "off", "check": True})["changed"]
    assert shell.result("media_present", {**other, "check": True})["changed"]
    assert shell.result("media_attached", {"id": vm["id"], **other, "check": True})["changed"]
    assert not shell.result("media_ejected", {"id": vm["id"], "file": "chk.iso", "check": True})["changed"]
    assert shell.result("media_absent", {"file": "chk.iso", "check": True}) == {"changed": True}
    assert shell.result("vm_absent", {"id": vm["id"], "check": True})["changed"]
    assert {name.split("-")[0] for name in bridge.names()} <= {"Get", "Read"}


def test_creation_under_way_is_cancelled_on_removal(shell: Shell, vmm: Vmm) -> None:
    """vm_absent on a VM that is being created cancels the job first; asked again it removes what is left."""
    vmm.set_durations({"create": 60})
    shell.result("vm_present", wish("cancel"))
    cancelling = shell.result("vm_absent", {"uid": "cancel"})
    assert cancelling["changed"] and cancelling["state"] == "cancelling"
    for _ in range(50):
        state = shell.result("vm_absent", {"uid": "cancel"})["state"]
        if state == "gone":
            break
        time.sleep(0.1)
    assert state == "gone"
    assert [vm for vm in vmm.vms() if vm["Name"] == "vm-cancel"] == []


def test_turn_off_overtakes_a_shutdown_that_hangs(shell: Shell, vmm: Vmm) -> None:
    """A guest that ignores its shutdown is turned off by force: the hanging job is cancelled first."""
    vm = shell.result("vm_present", wish("hang"))["vm"]
    shell.result("vm_power", {"id": vm["id"], "state": "running"})
    vmm.add_fault({"object": "vm-hang", "ignore_shutdown": True})
    asked = shell.result("vm_power", {"id": vm["id"], "state": "off", "method": "shutdown"})
    assert asked["changed"] and asked["job"]["status"] == "Running"
    again = shell.result("vm_power", {"id": vm["id"], "state": "off", "method": "shutdown"})
    assert not again["changed"] and again["job"]["id"] == asked["job"]["id"]
    off = shell.result("vm_power", {"id": vm["id"], "state": "off", "method": "turn_off"})
    assert off["changed"]
    _wait(shell, off["job"])
    assert _one(shell, "hang")["status"] == "PowerOff"


def test_dvd_drive_is_made_when_missing(shell: Shell) -> None:
    """A VM of a template without a DVD drive gets one with the medium in it."""
    vm = shell.result("vm_present", wish("nodvd", template="no-dvd"))["vm"]
    attached = shell.result("media_attached", {"id": vm["id"], **upload("nodvd.iso", cidata("nodvd"))})
    _wait(shell, attached["job"])
    assert _one(shell, "nodvd")["media"] == [{"device": "dvd", "file": "nodvd.iso"}]


def test_long_poll_answers_when_something_changed(shell: Shell, second_shell: Shell, vmm: Vmm) -> None:
    """With a token the answer waits for a change, or for the end of its time; a job's progress is no change."""
    vmm.set_durations({"create": 1.5})
    shell.result("vm_present", wish("poll"))
    first = shell.result("vm_info", {"uids": ["poll"]})
    assert first["changed"] and first["jobs"][0]["status"] == "Running"
    shell.send("vm_info", {"uids": ["poll"], "since": first["token"], "wait_seconds": 30, "interval_seconds": 0.1})
    later = shell.receive()["result"]
    assert later["changed"] and later["token"] != first["token"]
    assert later["vms"][0]["status"] == "PowerOff" and later["jobs"] == []
    idle = shell.result(
        "vm_info", {"uids": ["poll"], "since": later["token"], "wait_seconds": 0.5, "interval_seconds": 0.1}
    )
    assert not idle["changed"] and idle["token"] == later["token"]
    assert shell.milliseconds >= 500


def test_refreshes_end_the_poll_when_the_guest_reports(shell: Shell, vmm: Vmm) -> None:
    """refresh_ids: a running VM is refreshed while the poll lasts, so its address is seen without another call."""
    vm = shell.result("vm_present", wish("addr"))["vm"]
    vmm.add_fault({"cmdlet": "Read-SCVirtualMachine", "error": {"number": 2912, "message": "agent"}, "times": 1})
    shell.result("vm_power", {"id": vm["id"], "state": "running"})
    before = shell.result("vm_info", {"ids": [vm["id"]]})
    assert before["vms"][0]["network_adapters"][0]["addresses"] == []
    after = shell.result(
        "vm_info",
        {
            "ids": [vm["id"]],
            "refresh_ids": [vm["id"]],
            "since": before["token"],
            "wait_seconds": 20,
            "interval_seconds": 0.1,
        },
    )
    assert after["changed"] and len(after["vms"][0]["network_adapters"][0]["addresses"]) == 1


def test_info_finds_by_mark_name_and_id_each_once(shell: Shell, vmm: Vmm) -> None:
    """Marked VMs, named ones, ids and uids come in one list, none twice; unknown job ids are left out."""
    made = [shell.result("vm_present", wish(f"each{n}"))["vm"] for n in range(2)]
    unmarked = vmm.call("Get-SCVirtualMachine", {"ID": made[1]["id"]}).objects[0]
    vmm.call("Set-SCVirtualMachine", {"VM": {"_type": "VM", "ID": unmarked["ID"]}, "Description": "no longer ours"})
    marked = shell.result("vm_info", {"marked": True})["vms"]
    assert made[0]["id"] in [vm["id"] for vm in marked] and made[1]["id"] not in [vm["id"] for vm in marked]
    every = [vm["id"] for vm in shell.result("vm_info", {"all": True, "ids": [made[0]["id"]]})["vms"]]
    assert {vm["id"] for vm in made} <= set(every) and len(every) == len(set(every))
    request = {
        "marked": True,
        "ids": [made[0]["id"], made[1]["id"]],
        "uids": ["each0"],
        "names": ["vm-each1", "*"],
        "job_ids": [made[0]["vm_id"]],
    }
    both = shell.result("vm_info", request)
    ids = [vm["id"] for vm in both["vms"]]
    assert set(ids) >= {vm["id"] for vm in made} and len(ids) == len(set(ids)) and both["jobs"] == []
