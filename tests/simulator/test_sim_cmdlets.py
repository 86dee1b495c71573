# SPDX-License-Identifier: Apache-2.0
"""What VMM's cmdlets do beyond binding: names, placement, library, drives, removal."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from scvmm_sim.errors import CmdletError

from .site import Site, build_iso, seed

SHARE = "\\\\lib\\Share"


def refused(site: Site, number: int, cmdlet: str, **parameters: object) -> CmdletError:
    """The error of a call that VMM must refuse with *number*."""
    with pytest.raises(CmdletError) as caught:
        site.run(cmdlet, **parameters)
    assert caught.value.number == number, caught.value.message
    return caught.value


def test_names_are_wildcards(make_site: Callable[..., Site]) -> None:
    """A cloud whose name holds brackets is not found by -Name, as with a real VMM; without -Name it is there."""
    site = make_site(
        clouds=[{"name": "prod [eu]", "host_groups": ["prod"]}, {"name": "prod e", "host_groups": ["prod"]}]
    )
    assert [cloud["Name"] for cloud in site.run("Get-SCCloud", Name="prod [eu]").objects] == ["prod e"]
    assert [cloud["Name"] for cloud in site.run("Get-SCCloud", Name="PROD*").objects] == ["prod [eu]", "prod e"]
    assert [cloud["Name"] for cloud in site.run("Get-SCCloud", Name="prod `[eu`]").objects] == ["prod [eu]"]
    assert site.run("Get-SCCloud", Name="prod [eu").objects == []
    assert len(site.run("Get-SCCloud").objects) == 2


def test_host_groups_of_one_name_are_all_returned(make_site: Callable[..., Site]) -> None:
    """Get-SCVMHostGroup -Name does not look at the branch; the path tells them apart."""
    site = make_site(
        host_groups=[{"name": "a"}, {"name": "b"}, {"name": "k8s", "parent": "a"}, {"name": "k8s", "parent": "b"}],
        clouds=[],
    )
    found = site.run("Get-SCVMHostGroup", Name="k8s").objects
    assert [group["Path"] for group in found] == ["All Hosts\\a\\k8s", "All Hosts\\b\\k8s"]
    parent = site.one("Get-SCVMHostGroup", Name="b")
    assert site.one("Get-SCVMHostGroup", ParentHostGroup=parent)["Path"] == "All Hosts\\b\\k8s"


def test_two_vms_may_have_one_name(site: Site) -> None:
    """VMM does not keep names unique, so whoever creates twice has two VMs."""
    first, second = site.new_vm("twin"), site.new_vm("twin")
    assert first["ID"] != second["ID"]
    assert len(site.run("Get-SCVirtualMachine", Name="twin").objects) == 2


def test_object_that_is_gone_is_801(site: Site) -> None:
    """A reference outlives its object; an id that nothing has gives nothing."""
    vm = site.ready_vm()
    site.run("Remove-SCVirtualMachine", VM=vm)
    refused(site, 801, "Start-SCVirtualMachine", VM=vm)
    assert site.run("Get-SCVirtualMachine", ID=vm["ID"]).objects == []


def test_wrong_server_name_is_1602(site: Site) -> None:
    """The server answers to its own name only."""
    assert site.one("Get-SCVMMServer", ComputerName="VMM")["Name"] == "vmm.test"
    refused(site, 1602, "Get-SCVMMServer", ComputerName="other.test")


def test_tag_of_a_configuration_becomes_the_vms(site: Site) -> None:
    """Set-SCVMConfiguration says what the VM is going to be, its tag too: New-SCVirtualMachine has no -Tag."""
    cloud = site.one("Get-SCCloud", Name="production")
    template = site.one("Get-SCVMTemplate", Name="debian")
    plan = site.one("New-SCVMConfiguration", VMTemplate=template, Name="web", Cloud=cloud)
    site.run("Set-SCVMConfiguration", VMConfiguration=plan, Tag="blue", CostCenter="7", Description="from the plan")
    plan = site.one("Update-SCVMConfiguration", VMConfiguration=plan)
    assert plan["Tag"] == "blue"
    vm = site.one("New-SCVirtualMachine", Name="web", VMConfiguration=plan, RunAsynchronously=True)
    assert (vm["Tag"], vm["CostCenter"], vm["Description"]) == ("blue", "7", "from the plan")
    assert site.new_vm("other")["Tag"] == "(none)"


def place(site: Site, template: str, cloud: str) -> dict[str, object]:
    """The configuration of a VM after placement."""
    plan = site.one(
        "New-SCVMConfiguration",
        VMTemplate=site.one("Get-SCVMTemplate", Name=template),
        Name="x",
        Cloud=site.one("Get-SCCloud", Name=cloud),
    )
    return site.one("Update-SCVMConfiguration", VMConfiguration=plan)


def test_placement_says_why_no_host_fits(make_site: Callable[..., Site]) -> None:
    """Memory, processors and network each give a reason with numbers; there is no host then and no error."""
    site = make_site(
        templates=[
            {"name": "big", "cpu_count": 8, "memory_mb": 10000, "network_adapters": [{"vm_network": "k8s"}]},
            {"name": "fits", "cpu_count": 4, "memory_mb": 8000, "network_adapters": [{"vm_network": "lab"}]},
        ]
    )
    plan = place(site, "big", "small")
    assert plan["VMHost"] is None
    text = str(plan["RatingsExplanation"])
    assert "10000 MB are asked for and 8192 MB are free" in text
    assert "8 processors and the host hv2 has 4" in text
    assert "no connection to the VM network k8s" in text
    refused(site, 2911, "New-SCVirtualMachine", Name="x", VMConfiguration=plan)
    assert place(site, "fits", "small")["VMHost"] is not None


def test_capacity_is_used_up_and_comes_back(make_site: Callable[..., Site]) -> None:
    """A VM takes its memory from the moment it is known until it is removed."""
    site = make_site(templates=[{"name": "half", "memory_mb": 4096}])
    first = site.ready_vm("one", template="half", cloud="small")
    site.ready_vm("two", template="half", cloud="small")
    assert place(site, "half", "small")["VMHost"] is None
    site.run("Remove-SCVirtualMachine", VM=first)
    assert place(site, "half", "small")["VMHost"] is not None


def test_more_than_placement_looked_at_is_refused_at_creation(site: Site) -> None:
    """Placement rates the template's size; asking for more at the end is looked at again."""
    plan = place(site, "plain", "small")
    error = refused(site, 2911, "New-SCVirtualMachine", Name="x", VMConfiguration=plan, MemoryMB=9000)
    assert "9000 MB are asked for" in error.message
    assert site.run("Get-SCVirtualMachine").objects == []


def test_job_group_collects_disks_and_adapters(site: Site) -> None:
    """What was put aside under a job group goes into the VM that ends the group, once."""
    group = "11111111-1111-4111-8111-111111111111"
    network = site.one("Get-SCVMNetwork", Name="lab")
    site.run(
        "New-SCVirtualDiskDrive",
        JobGroup=group,
        SCSI=True,
        Bus=0,
        LUN=2,
        Dynamic=True,
        VirtualHardDiskSizeMB=1000,
        FileName="data.vhdx",
    )
    site.run("Set-SCVirtualNetworkAdapter", JobGroup=group, SlotID=0, VMNetwork=network)
    site.run("New-SCVirtualNetworkAdapter", JobGroup=group, VMNetwork=network, Synthetic=True)
    prop = site.one("Get-SCCustomProperty", Name="team")
    site.run("Set-SCCustomPropertyValue", JobGroup=group, CustomProperty=prop, Value="blue")
    vm = site.new_vm(JobGroup=group)
    assert [disk["LUN"] for disk in vm["VirtualDiskDrives"]] == [0, 2]
    assert [(a["SlotID"], a["VMNetwork"]["Name"]) for a in vm["VirtualNetworkAdapters"]] == [(0, "lab"), (1, "lab")]
    assert vm["CustomProperty"] == {"team": "blue"}
    assert len(site.new_vm("next", JobGroup=group)["VirtualDiskDrives"]) == 1


def test_disks_that_cannot_be_are_refused(site: Site) -> None:
    """IDE on generation 2 is 10632; a place that disk or DVD drive has is taken."""
    vm = site.ready_vm()
    empty = {"Dynamic": True, "VirtualHardDiskSizeMB": 10, "FileName": "d.vhdx", "VM": vm, "Bus": 0}
    refused(site, 10632, "New-SCVirtualDiskDrive", IDE=True, LUN=0, **empty)
    refused(site, 12416, "New-SCVirtualDiskDrive", SCSI=True, LUN=0, **empty)
    refused(site, 12416, "New-SCVirtualDiskDrive", SCSI=True, LUN=1, **empty)
    site.run("New-SCVirtualDiskDrive", SCSI=True, LUN=2, **empty)
    assert [disk["LUN"] for disk in site.vm(vm["ID"])["VirtualDiskDrives"]] == [0, 2]


def test_adapter_change_for_a_slot_that_is_not_there_is_refused(site: Site) -> None:
    """A further adapter is a new one."""
    group = "11111111-1111-4111-8111-111111111112"
    network = site.one("Get-SCVMNetwork", Name="lab")
    site.run("Set-SCVirtualNetworkAdapter", JobGroup=group, SlotID=1, VMNetwork=network)
    with pytest.raises(CmdletError, match="no network adapter in slot 1"):
        site.new_vm(JobGroup=group)


def test_subnet_of_another_network_is_refused(site: Site) -> None:
    """Network and subnet go together."""
    subnet = site.one("Get-SCVMSubnet", Name="nodes")
    lab = site.one("Get-SCVMNetwork", Name="lab")
    group = "11111111-1111-4111-8111-111111111113"
    refused(site, 12416, "New-SCVirtualNetworkAdapter", JobGroup=group, VMNetwork=lab, VMSubnet=subnet, Synthetic=True)


def import_iso(site: Site, tmp_path: Path, name: str = "a.iso", share: str = SHARE) -> None:
    """Bring an ISO to the share, without a refresh."""
    source = tmp_path / name
    source.write_bytes(build_iso(seed()))
    site.run("Import-SCLibraryPhysicalResource", SourcePath=str(source), SharePath=f"{share}\\ISOs\\x")


def library_share(site: Site) -> dict[str, object]:
    """The share that takes files."""
    return next(share for share in site.run("Get-SCLibraryShare").objects if not share["IsViewOnly"])


def test_import_becomes_known_by_a_refresh_of_its_folder(site: Site, tmp_path: Path) -> None:
    """The file is on disk at once; Get-SCISO shows it after Read-SCLibraryShare."""
    import_iso(site, tmp_path)
    assert [file["path"] for file in site.vmm.library_files()] == [f"{SHARE}\\ISOs\\x\\a.iso"]
    assert site.run("Get-SCISO").objects == []
    share = library_share(site)
    site.run("Read-SCLibraryShare", LibraryShare=share, Path=f"{SHARE}\\ISOs\\other")
    assert site.run("Get-SCISO").objects == []
    site.run("Read-SCLibraryShare", LibraryShare=share, Path=f"{SHARE}\\isos\\..\\ISOs\\x")
    assert site.one("Get-SCISO", Name="a.iso")["SharePath"] == f"{SHARE}\\ISOs\\x\\a.iso"


def test_file_on_the_share_is_for_its_owner_alone(site: Site, tmp_path: Path) -> None:
    """A medium holds the cluster's join token."""
    import_iso(site, tmp_path)
    file = Path(site.vmm.library_files()[0]["file"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_import_refuses_what_vmm_refuses(site: Site, tmp_path: Path) -> None:
    """A missing file, an unknown share, a view-only share, a file that is there already."""
    refused(site, 2906, "Import-SCLibraryPhysicalResource", SourcePath=str(tmp_path / "no"), SharePath=SHARE)
    with pytest.raises(CmdletError) as caught:
        import_iso(site, tmp_path, share="\\\\lib\\Other")
    assert caught.value.number == 2409
    with pytest.raises(CmdletError) as caught:
        import_iso(site, tmp_path, share="\\\\lib\\AAA")
    assert caught.value.number == 2917
    import_iso(site, tmp_path)
    with pytest.raises(CmdletError) as caught:
        import_iso(site, tmp_path)
    assert caught.value.number == 2910
    assert len(site.vmm.library_files()) == 1


def test_removed_file_is_forgotten_by_a_refresh(site: Site, tmp_path: Path) -> None:
    """Somebody deleted the file on the share."""
    import_iso(site, tmp_path)
    site.run("Read-SCLibraryShare", LibraryShare=library_share(site))
    Path(site.vmm.library_files()[0]["file"]).unlink()
    assert len(site.run("Get-SCISO").objects) == 1
    site.run("Read-SCLibraryShare", LibraryShare=library_share(site))
    assert site.run("Get-SCISO").objects == []


def test_drive_is_filled_emptied_added_and_removed(site: Site, tmp_path: Path) -> None:
    """An ISO that a drive holds by link cannot be removed; a copy may."""
    import_iso(site, tmp_path)
    site.run("Read-SCLibraryShare", LibraryShare=library_share(site))
    iso = site.one("Get-SCISO")
    vm = site.ready_vm(template="plain")
    assert vm["VirtualDVDDrives"] == []
    refused(site, 12416, "New-SCVirtualDVDDrive", VM=vm, Bus=0, LUN=0, ISO=iso)
    site.run("New-SCVirtualDVDDrive", VM=vm, Bus=0, LUN=1, ISO=iso, Link=True)
    drive = site.one("Get-SCVirtualDVDDrive", VM=vm)
    assert (drive["Connection"], drive["ISOLinked"], drive["ISO"]["Name"]) == ("ISOImage", True, "a.iso")
    refused(site, 802, "Remove-SCISO", ISO=iso)
    site.run("Set-SCVirtualDVDDrive", VirtualDVDDrive=drive, ISO=iso)
    site.run("Remove-SCISO", ISO=iso)
    site.run("Set-SCVirtualDVDDrive", VirtualDVDDrive=drive, NoMedia=True)
    assert site.one("Get-SCVirtualDVDDrive", VM=vm)["ISO"] is None
    site.run("Remove-SCVirtualDVDDrive", VirtualDVDDrive=drive)
    assert site.run("Get-SCVirtualDVDDrive", VM=vm).objects == []


def test_failed_attach_leaves_update_failed_until_dismissed(site: Site, tmp_path: Path) -> None:
    """A failed job must not block the VM for ever, but it does until somebody repairs it."""
    import_iso(site, tmp_path)
    site.run("Read-SCLibraryShare", LibraryShare=library_share(site))
    vm = site.ready_vm()
    site.vmm.add_fault({"cmdlet": "Set-SCVirtualDVDDrive", "job_error": {"number": 12700, "message": "no"}})
    drive = vm["VirtualDVDDrives"][0]
    refused(site, 12700, "Set-SCVirtualDVDDrive", VirtualDVDDrive=drive, ISO=site.one("Get-SCISO"))
    assert site.vm(vm["ID"])["Status"] == "UpdateFailed"
    refused(site, 1730, "Start-SCVirtualMachine", VM=vm)
    site.run("Repair-SCVirtualMachine", VM=vm, Dismiss=True)
    assert site.one("Start-SCVirtualMachine", VM=vm)["Status"] == "Running"


def test_running_vm_cannot_be_removed_and_force_only_forgets_it(site: Site) -> None:
    """640 without -Force; with it the record goes and the VM runs on, which tests can see."""
    vm = site.ready_vm()
    site.run("Start-SCVirtualMachine", VM=vm)
    refused(site, 640, "Remove-SCVirtualMachine", VM=vm)
    assert site.vmm.forgotten_vms() == []
    site.run("Remove-SCVirtualMachine", VM=vm, Force=True)
    assert site.run("Get-SCVirtualMachine").objects == []
    assert site.vmm.forgotten_vms() == ["web"]


def test_removal_takes_the_vms_files_with_it(site: Site, tmp_path: Path) -> None:
    """The VM's own copy of the medium holds secrets."""
    import_iso(site, tmp_path)
    site.run("Read-SCLibraryShare", LibraryShare=library_share(site))
    vm = site.ready_vm()
    site.run("Set-SCVirtualDVDDrive", VirtualDVDDrive=vm["VirtualDVDDrives"][0], ISO=site.one("Get-SCISO"))
    copies = site.vmm.world.private / "vms"
    assert len(list(copies.rglob("*.iso"))) == 1
    assert stat.S_IMODE(site.vmm.world.private.stat().st_mode) == 0o700
    site.run("Remove-SCVirtualMachine", VM=vm)
    assert list(copies.rglob("*")) == []


def test_power_cmdlets_follow_the_state(site: Site) -> None:
    """A shutdown takes the guest's time; what does not fit the state is 1730."""
    vm = site.ready_vm()
    refused(site, 1730, "Stop-SCVirtualMachine", VM=vm, Force=True)
    site.run("Start-SCVirtualMachine", VM=vm)
    refused(site, 1730, "Start-SCVirtualMachine", VM=vm)
    refused(site, 1730, "Set-SCVirtualMachine", VM=vm, MemoryMB=4096)
    before = site.clock.now()
    assert site.one("Stop-SCVirtualMachine", VM=vm, Shutdown=True)["Status"] == "PowerOff"
    assert site.clock.now() - before == pytest.approx(8)
    site.run("Set-SCVirtualMachine", VM=vm, MemoryMB=4096, CPUCount=3, Tag="x")
    changed = site.vm(vm["ID"])
    assert (changed["Memory"], changed["CPUCount"], changed["Tag"]) == (4096, 3, "x")


def test_somebody_turns_off_starts_and_deletes(site: Site) -> None:
    """What administrators do behind the controller's back."""
    vm = site.ready_vm()
    site.vmm.vm_start(vm["ID"])
    site.clock.advance(3)
    site.vmm.vm_power_off(vm["ID"])
    assert site.vm(vm["ID"])["Status"] == "PowerOff"
    site.vmm.vm_delete(vm["ID"])
    assert site.run("Get-SCVirtualMachine").objects == []
    with pytest.raises(CmdletError):
        site.vmm.vm_delete(vm["ID"])
