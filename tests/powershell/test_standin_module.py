# SPDX-License-Identifier: Apache-2.0
"""The stand-in VirtualMachineManager module in a real PowerShell: it refuses what VMM's own module would refuse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from scvmm_sim.binder import NAMES_FILE
from scvmm_sim.cmdlets import Vmm

from .console import Console
from .shell import Bridge

CLASS = "Microsoft.SystemCenter.VirtualMachineManager"
PLAN = """
$cloud = Get-SCCloud -Name 'dev'
$template = Get-SCVMTemplate -Name 'ubuntu'
$plan = New-SCVMConfiguration -VMTemplate $template -Name 'web' -Cloud $cloud
$plan = Update-SCVMConfiguration -VMConfiguration $plan
"""
MADE = PLAN + "$vm = New-SCVirtualMachine -Name 'web' -VMConfiguration $plan -Cloud $cloud\n"


@pytest.fixture(scope="module")
def console(pwsh: Path, bridge: Bridge, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A PowerShell with the stand-in, connected."""
    console = Console(pwsh, bridge, tmp_path_factory.mktemp("console"))
    console.out("$null = Get-SCVMMServer -ComputerName vmm.example.com")
    yield console
    console.close()


@pytest.fixture(autouse=True)
def _nothing_left(vmm: Vmm) -> Iterator[None]:
    yield
    for vm in vmm.vms():
        vmm.vm_delete(vm["ID"])


REFUSED = {
    "a cmdlet that VMM does not have": ("Get-SCNothing", "CommandNotFoundException"),
    "a parameter that VMM does not have": ("Stop-SCVirtualMachine -ID 1", "NamedParameterNotFound"),
    "a name where there is none to give": ("Get-SCHardwareProfile -Name x", "NamedParameterNotFound"),
    "a mandatory parameter that is missing": ("Find-SCJob -Recent", "MissingMandatoryParameter"),
    "parameters of two sets": (MADE + "Stop-SCVirtualMachine -VM $vm -Force -Shutdown", "AmbiguousParameterSet"),
    "two media at once": (
        MADE + "Set-SCVirtualDVDDrive -VirtualDVDDrive $vm.VirtualDVDDrives[0] -ISO $vm -NoMedia",
        "MismatchedPSTypeName",
    ),
    "a cloud for a VM": ("Start-SCVirtualMachine -VM (Get-SCCloud -Name dev)", "MismatchedPSTypeName"),
    "a text for a VM": ("Start-SCVirtualMachine -VM web", "MismatchedPSTypeName"),
    "a made-up object for a VM": ("Start-SCVirtualMachine -VM ([pscustomobject]@{ ID = 1 })", "MismatchedPSTypeName"),
    "a VM's own disk for a library's": (
        "$vhd = (Get-SCVMTemplate -Name ubuntu).VirtualDiskDrives[0].VirtualHardDisk\n"
        "New-SCVirtualDiskDrive -SCSI -Bus 0 -LUN 1 -VirtualHardDisk $vhd -JobGroup ([guid]::NewGuid())",
        "MismatchedPSTypeName",
    ),
    "an item of a list that is of the wrong class": (
        PLAN + "Update-SCVMConfiguration -VMConfigurationList $plan, $cloud",
        "MismatchedPSTypeName",
    ),
    "a value that an enum does not have": (MADE + "Set-SCVirtualMachine -VM $vm -StartAction Never", "Validation"),
    "a number that is too large": (MADE + "Set-SCVirtualMachine -VM $vm -CPUCount 300", "TransformationError"),
    "a text for a number": (MADE + "Set-SCVirtualMachine -VM $vm -MemoryMB much", "TransformationError"),
    "a text for an id": ("Get-SCVirtualMachine -ID no-guid", "TransformationError"),
    "a value at no place": ("Get-SCVirtualMachine web 2", "PositionalParameterNotFound"),
    "null for what is mandatory": ("Start-SCVirtualMachine -VM $null", "NullNotAllowed"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_binder_refuses(console: Console, bridge: Bridge, what: str) -> None:
    """PowerShell's own binder refuses, and the simulator is not even asked."""
    script, error_id = REFUSED[what]
    *preparation, call = script.strip().splitlines()
    before = len(bridge.calls)
    console.out("\n".join([*preparation, "$null"]))
    prepared = len(bridge.calls) - before
    error = console.run(script).error
    assert error_id in error["id"], error
    inner = 1 if "(Get-SC" in call else 0
    assert len(bridge.calls) - before == 2 * prepared + inner, "the refused call has reached the simulator"


def test_every_cmdlet_of_vmm_is_there(console: Console) -> None:
    """All names of VMM's module, no other one."""
    (found,) = console.out("(Get-Command -Module VirtualMachineManager | ForEach-Object { $_.Name }) -join ' '")
    assert sorted(found.split()) == sorted(NAMES_FILE.read_text(encoding="utf-8").split())


def test_cmdlet_that_is_not_simulated_fails_loudly(console: Console) -> None:
    """It ends the script, whatever -ErrorAction says, and names itself."""
    said = console.run("Move-SCVirtualMachine -VM x -Anything y -ErrorAction SilentlyContinue\n'went on'")
    assert said.out == []
    assert said.error["message"].startswith("The stand-in does not know Move-SCVirtualMachine yet")
    assert said.error["id"].startswith("ScvmmSim.CmdletNotKnown")


def test_parameter_that_is_not_simulated_fails_loudly(console: Console) -> None:
    """A wish that would be dropped in silence is an error instead."""
    error = console.run("Get-SCCustomProperty -Member VM").error
    assert "does not know -Member of Get-SCCustomProperty yet" in error["message"]


def test_places_aliases_and_parameter_sets_are_vmms(console: Console) -> None:
    """A name may stand first, -ProcessorCount is -CPUCount, and names of parameters may be cut short."""
    assert console.out("(Get-SCCloud 'dev').Name") == ["dev"]
    assert console.out(MADE + "(Set-SCVirtualMachine -VM $vm -ProcessorCount 3).CPUCount") == [3]
    assert console.out("(Get-SCVirtualMachine -Na web).Name") == ["web"]
    assert console.out("(Get-Command New-SCVirtualMachine).ParameterSets.Name -contains 'NewVmFromVmConfig'") == [True]


def test_objects_come_through_the_pipeline(console: Console, vmm: Vmm) -> None:
    """By value: each VM to -VM, the server to -VMMServer; what is of the wrong class does not bind."""
    script = MADE + MADE + "@(Get-SCVirtualMachine -Name web | Start-SCVirtualMachine | ForEach-Object { $_.Status })"
    assert console.out(script) == ["Running", "Running"]
    assert console.out("@(Get-SCVMMServer -ComputerName localhost | Get-SCCloud -Name dev).Count") == [1]
    assert "InputObjectNotBound" in console.run("Get-SCCloud -Name dev | Start-SCVirtualMachine").error["id"]


@pytest.mark.parametrize(
    ("script", "names"),
    [
        (MADE + "$vm", ["VM", "ClientObject"]),
        ("(Get-SCVMTemplate -Name ubuntu)", ["Template", "ClientObject"]),
        (PLAN + "$plan", ["VMConfiguration", "BaseVMConfiguration", "ClientObject"]),
        ("Get-SCVirtualHardDisk", ["StandaloneVirtualHardDisk", "VirtualHardDisk", "ClientObject"]),
        ("Get-SCVMHostGroup -Name prod", ["HostGroup", "ClientObject"]),
        (MADE + "$vm.MostRecentTask", ["Task", "ClientObject"]),
    ],
)
def test_objects_have_vmms_classes(console: Console, script: str, names: list[str]) -> None:
    """The class first, then what it inherits from."""
    lines = script.strip().splitlines()
    lines[-1] = f"@({lines[-1]})[0].PSObject.TypeNames"
    found = console.out("\n".join(lines))
    assert found[: len(names)] == [f"{CLASS}.{name}" for name in names]


def test_times_are_dates(console: Console) -> None:
    """What VMM has as a date is a date, also one that is not set."""
    assert console.out(MADE + "$vm.CreationTime -is [datetime]; $vm.MostRecentTask.EndTime.Kind.ToString()") == [
        True,
        "Utc",
    ]


def test_names_are_wildcards(console: Console) -> None:
    """A name with brackets does not find its own object."""
    assert console.out("@(Get-SCCloud -Name 'dev [1]*').Count; @(Get-SCCloud -Name 'dev `[1`]`*').Count") == [0, 1]


def test_null_for_what_may_be_left_out_is_12416(console: Console) -> None:
    """A system that was looked up and not found is null: VMM says so, with its own number."""
    error = console.run(PLAN + "New-SCVirtualMachine -Name 'web' -VMConfiguration $plan -OperatingSystem $null").error
    assert error["id"] == f"12416,{CLASS}.Cmdlets.NewSCVirtualMachineCmdlet"


def test_errors_are_vmms_records(console: Console, vmm: Vmm) -> None:
    """Number and class of the cmdlet as id, ReadError, CarmineException, the action to take; nothing is thrown."""
    vmm.set_durations({"start": 60})
    script = (
        MADE + "$null = Start-SCVirtualMachine -VM $vm -RunAsynchronously\nStop-SCVirtualMachine -VM $vm\n'went on'"
    )
    said = console.run(script)
    assert said.out == ["went on"]
    assert said.error == {
        "id": f"2606,{CLASS}.Cmdlets.StopSCVirtualMachineCmdlet",
        "category": "ReadError",
        "reason": "CarmineException",
        "activity": "Stop-SCVirtualMachine",
        "message": "Unable to perform the job because web is locked by another job (Start virtual machine).",
        "action": "Wait until that job has ended, then try again.",
    }
    assert console.run(script.replace("-VM $vm\n'", "-VM $vm -ErrorAction Stop\n'")).out == []


def test_a_failed_job_is_an_error_of_the_cmdlet_that_waited(console: Console, vmm: Vmm) -> None:
    """Without -RunAsynchronously a cmdlet waits for its job and ends with the job's error."""
    vmm.add_fault({"cmdlet": "Start-SCVirtualMachine", "job_error": {"number": 2912, "message": "agent is away"}})
    error = console.run(MADE + "Start-SCVirtualMachine -VM $vm").error
    assert error["id"] == f"2912,{CLASS}.Cmdlets.StartSCVirtualMachineCmdlet"
    assert console.out("(Get-SCVirtualMachine -Name web).MostRecentTask.ErrorInfo.Code") == [2912]


def test_asynchronous_job_is_in_the_variable_and_on_the_vm(console: Console, vmm: Vmm) -> None:
    """-RunAsynchronously returns the object at once; -JobVariable and MostRecentTask are its job."""
    vmm.set_durations({"create": 60})
    script = PLAN + (
        "$vm = New-SCVirtualMachine -Name web -VMConfiguration $plan -RunAsynchronously -JobVariable made\n"
        "$vm.Status; $made.Status; $made.ID -eq $vm.MostRecentTask.ID; (Get-SCJob -ID $made.ID).IsCompleted\n"
        "@(Find-SCJob -ObjectID $vm.ID -Recent -MaxCount 5).Count\n"
        "@(Get-SCJob -Running | Where-Object { $_.ID -eq $made.ID }).Count"
    )
    assert console.out(script) == ["UnderCreation", "Running", True, False, 1, 1]


def test_job_group_is_held_back_until_its_last_cmdlet(console: Console, vmm: Vmm) -> None:
    """Disk and adapter exist nowhere before New-SCVirtualMachine runs the group, and are the VM's then."""
    script = PLAN + (
        "$group = [guid]::NewGuid()\n"
        "$disk = @{ Bus = 0; LUN = 5; VirtualHardDiskSizeMB = 1024; FileName = 'x.vhdx'; JobGroup = $group }\n"
        "$null = New-SCVirtualDiskDrive -SCSI -Dynamic @disk\n"
        "$null = New-SCVirtualNetworkAdapter -Synthetic -VMNetwork (Get-SCVMNetwork -Name lan) -JobGroup $group\n"
        "@(Get-SCVirtualMachine).Count\n"
        "$vm = New-SCVirtualMachine -Name web -VMConfiguration $plan -Cloud $cloud -JobGroup $group\n"
        "@($vm.VirtualDiskDrives | Where-Object { $_.LUN -eq 5 }).Count; @($vm.VirtualNetworkAdapters).Count\n"
    )
    assert console.out(script) == [0, 1, 2]
    assert console.out(MADE + "@($vm.VirtualNetworkAdapters).Count") == [1]


def test_job_group_fails_as_one(console: Console, vmm: Vmm) -> None:
    """What is wrong in a held-back cmdlet is the error of the last one, and nothing is made."""
    script = PLAN + (
        "$group = [guid]::NewGuid()\n"
        "$disk = @{ Bus = 0; LUN = 1; VirtualHardDiskSizeMB = 9; FileName = 'x.vhdx'; JobGroup = $group }\n"
        "$null = New-SCVirtualDiskDrive -IDE -Dynamic @disk\n"
        "New-SCVirtualMachine -Name web -VMConfiguration $plan -Cloud $cloud -JobGroup $group"
    )
    assert console.run(script).error["id"] == f"10632,{CLASS}.Cmdlets.NewSCVirtualMachineCmdlet"
    assert vmm.vms() == []


def test_what_if_does_nothing(console: Console, vmm: Vmm) -> None:
    """-WhatIf is PowerShell's own and must not reach VMM."""
    console.out(MADE + "Remove-SCVirtualMachine -VM $vm -WhatIf")
    assert len(vmm.vms()) == 1
