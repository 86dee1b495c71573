# SPDX-License-Identifier: Apache-2.0
"""Jobs: durations, locks, progress, failure, cancelling, repair; in virtual time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from scvmm_sim.errors import CmdletError, FabricError

from .site import Site


def refused(site: Site, number: int, cmdlet: str, **parameters: object) -> CmdletError:
    """The error of a call that VMM must refuse with *number*."""
    with pytest.raises(CmdletError) as caught:
        site.run(cmdlet, **parameters)
    assert caught.value.number == number
    return caught.value


def test_creation_returns_at_once_with_all_ids(site: Site) -> None:
    """A caller that crashes right after New-SCVirtualMachine can find the VM again by its description."""
    vm = site.new_vm(Description="text\n[capi.scvmm owner=a/b uid=c]")
    assert vm["Status"] == "UnderCreation"
    assert vm["VMId"] and vm["BiosGuid"] and vm["Description"].endswith("uid=c]")
    assert vm["VirtualNetworkAdapters"][0]["MACAddress"].startswith("00:15:5D:")
    assert site.vm(vm["ID"])["MostRecentTask"]["Status"] == "Running"


def test_job_ends_when_its_time_is_over(site: Site) -> None:
    """Progress grows with the clock; the end is the job's own time, not that of the next look."""
    vm = site.new_vm()
    site.clock.advance(4)
    job = site.vm(vm["ID"])["MostRecentTask"]
    assert (job["Status"], job["Progress"], job["EndTime"]) == ("Running", "40 %", "0001-01-01T00:00:00.000Z")
    site.clock.advance(100)
    job = site.vm(vm["ID"])["MostRecentTask"]
    assert (job["Status"], job["Progress"]) == ("Completed", "100 %")
    assert job["EndTime"] == "2026-11-23T10:00:10.000Z"
    assert site.vm(vm["ID"])["Status"] == "PowerOff"


def test_a_call_without_run_asynchronously_waits_for_its_job(site: Site) -> None:
    """Waiting is what makes virtual time pass."""
    vm = site.ready_vm()
    before = site.clock.now()
    assert site.one("Start-SCVirtualMachine", VM=vm)["Status"] == "Running"
    assert site.clock.now() - before == pytest.approx(3)


def test_job_of_no_duration_is_done_on_return(make_site: Callable[..., Site]) -> None:
    """Zero seconds means that nobody ever sees the job running."""
    site = make_site(job_seconds={})
    vm = site.new_vm()
    assert vm["Status"] == "PowerOff"
    assert vm["MostRecentTask"]["IsCompleted"]


def test_two_jobs_on_one_vm_do_not_run_at_once(site: Site) -> None:
    """VMM locks the object; the second caller gets 2606 and nothing changes."""
    vm = site.new_vm()
    error = refused(site, 2606, "Start-SCVirtualMachine", VM=vm)
    assert "Create virtual machine" in error.message
    assert error.id == "2606,Microsoft.SystemCenter.VirtualMachineManager.Cmdlets.StartSCVirtualMachineCmdlet"
    refused(site, 2606, "Remove-SCVirtualMachine", VM=vm)
    refused(site, 2606, "Set-SCVirtualMachine", VM=vm, MemoryMB=4096)
    site.clock.advance(11)
    assert site.one("Start-SCVirtualMachine", VM=vm)["Status"] == "Running"


def test_jobs_of_different_vms_run_side_by_side(site: Site) -> None:
    """Fifty creations take as long as one."""
    vms = [site.new_vm(f"vm-{number}") for number in range(20)]
    site.clock.advance(10)
    assert {site.vm(vm["ID"])["Status"] for vm in vms} == {"PowerOff"}


def test_cancelled_creation_leaves_a_failed_vm_that_can_be_removed(site: Site) -> None:
    """A deletion that meets a creation cancels it, then removes what is left."""
    vm = site.new_vm()
    job = site.vm(vm["ID"])["MostRecentTask"]
    site.run("Stop-SCJob", Job=job)
    assert site.one("Get-SCJob", ID=job["ID"])["Status"] == "Canceled"
    assert site.vm(vm["ID"])["Status"] == "CreationFailed"
    site.run("Remove-SCVirtualMachine", VM=vm)
    assert site.run("Get-SCVirtualMachine", ID=vm["ID"]).objects == []


def test_cancelling_may_take_time(make_site: Callable[..., Site]) -> None:
    """Meanwhile the job runs on and says that it was asked to stop."""
    site = make_site(job_seconds={"create": 10, "cancel": 3})
    vm = site.new_vm()
    job = site.vm(vm["ID"])["MostRecentTask"]
    site.run("Stop-SCJob", Job=job)
    now = site.one("Get-SCJob", ID=job["ID"])
    assert (now["Status"], now["WasNotifiedOfCancel"]) == ("Running", True)
    site.clock.advance(3)
    assert site.one("Get-SCJob", ID=job["ID"])["Status"] == "Canceled"
    site.clock.advance(30)
    assert site.vm(vm["ID"])["Status"] == "CreationFailed"


def test_failed_creation_blocks_until_it_is_dismissed_or_removed(site: Site) -> None:
    """A job that a rule lets fail ends with the rule's error, and Repair-SCVirtualMachine clears the state."""
    site.vmm.add_fault({"cmdlet": "New-SCVirtualMachine", "job_error": {"number": 2912, "message": "agent is away"}})
    vm = site.new_vm()
    assert site.vm(vm["ID"])["MostRecentTask"]["ErrorInfo"]["Code"] == 0
    site.clock.advance(10)
    failed = site.vm(vm["ID"])
    assert failed["Status"] == "CreationFailed"
    assert failed["MostRecentTask"]["ErrorInfo"]["Problem"] == "agent is away"
    refused(site, 1730, "Start-SCVirtualMachine", VM=vm)
    site.run("Repair-SCVirtualMachine", VM=vm, Dismiss=True)
    assert site.vm(vm["ID"])["Status"] == "Missing"


def test_retry_runs_the_failed_job_again(site: Site) -> None:
    """The rule struck once, so the second try succeeds."""
    site.vmm.add_fault({"cmdlet": "New-SCVirtualMachine", "job_error": {"number": 2912, "message": "agent is away"}})
    vm = site.ready_vm()
    site.run("Repair-SCVirtualMachine", VM=vm, Retry=True)
    assert site.vm(vm["ID"])["Status"] == "PowerOff"


def test_jobs_of_an_object_are_found(site: Site) -> None:
    """Find-SCJob is how a caller that crashed finds what it had started."""
    vm = site.ready_vm()
    site.run("Start-SCVirtualMachine", VM=vm, RunAsynchronously=True)
    found = site.run("Find-SCJob", ObjectID=vm["ID"], Recent=True, MaxCount=5).objects
    assert [job["CmdletName"] for job in found] == ["Start-SCVirtualMachine", "New-SCVirtualMachine"]
    running = site.run("Get-SCJob", Running=True).objects
    assert [job["Name"] for job in running] == ["Start virtual machine"]
    assert site.run("Get-SCJob", ID="00000000-0000-4000-8000-00000000abcd").objects == []


def test_refresh_does_not_hide_the_last_wanted_job(site: Site) -> None:
    """A long poll that refreshes VMs must still see what became of a start."""
    vm = site.ready_vm()
    site.run("Start-SCVirtualMachine", VM=vm)
    site.run("Read-SCVirtualMachine", VM=vm)
    assert site.vm(vm["ID"])["MostRecentTask"]["Name"] == "Start virtual machine"


def test_durations_change_while_it_runs(site: Site) -> None:
    """Kinds that are not named stay; a wrong one is refused with a clear message."""
    site.vmm.set_durations({"create": 100})
    vm = site.new_vm()
    site.clock.advance(50)
    assert site.vm(vm["ID"])["Status"] == "UnderCreation"
    with pytest.raises(FabricError, match="crate"):
        site.vmm.set_durations({"crate": 1})
    assert site.vmm.world.durations.start == 3


def test_ten_thousand_vms_need_no_threads(make_site: Callable[..., Site]) -> None:
    """Ends of jobs are computed from the clock when somebody looks."""
    site = make_site(
        host_groups=[{"name": "prod", "hosts": [{"name": "hv1", "cpus": 64, "memory_mb": 40_000_000}]}],
        clouds=[{"name": "production", "host_groups": ["prod"]}],
    )
    for number in range(10_000):
        site.new_vm(f"vm-{number}", template="plain")
    site.clock.advance(10)
    vms = site.run("Get-SCVirtualMachine").objects
    assert len(vms) == 10_000
    assert {vm["Status"] for vm in vms} == {"PowerOff"}
