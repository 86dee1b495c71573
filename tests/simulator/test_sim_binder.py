# SPDX-License-Identifier: Apache-2.0
"""The simulator refuses calls that PowerShell's binder would refuse for a real VMM cmdlet."""

from __future__ import annotations

from typing import Any

import pytest
from scvmm_sim.binder import bind, known_cmdlets
from scvmm_sim.cmdlets.registry import FUNCTIONS
from scvmm_sim.errors import CmdletError

from .site import Site

VM = {"_type": "VM", "ID": "0A000000-0000-4000-8000-000000000001"}
CLOUD = {"_type": "Cloud", "ID": "0a000000-0000-4000-8000-000000000002"}
GROUP = "0a000000-0000-4000-8000-000000000003"

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("Get-SCNothing", {}, "CommandNotFoundException"),
    ("Start-SCVirtualMachine", {"VM": VM, "Fast": True}, "NamedParameterNotFound"),
    ("Stop-SCVirtualMachine", {"ID": VM["ID"]}, "NamedParameterNotFound"),
    ("Get-SCHardwareProfile", {"Name": "hw"}, "NamedParameterNotFound"),
    ("New-SCVirtualNetworkAdapter", {"JobGroup": GROUP, "SlotID": 1}, "NamedParameterNotFound"),
    ("Start-SCVirtualMachine", {}, "MissingMandatoryParameter"),
    ("Find-SCJob", {"Recent": True}, "MissingMandatoryParameter"),
    ("Stop-SCVirtualMachine", {"VM": VM, "Force": True, "Shutdown": True}, "AmbiguousParameterSet"),
    ("New-SCVMConfiguration", {"VMTemplate": {**VM, "_type": "Template"}, "Cloud": CLOUD}, "MissingMandatoryParameter"),
    ("Start-SCVirtualMachine", {"VM": CLOUD}, "CannotConvertArgument"),
    ("Start-SCVirtualMachine", {"VM": "web-1"}, "CannotConvertArgument"),
    ("Start-SCVirtualMachine", {"VM": None}, "NullNotAllowed"),
    ("Get-SCVirtualMachine", {"ID": "no-guid"}, "CannotConvertArgument"),
    ("Set-SCVirtualMachine", {"VM": VM, "StartAction": "Never"}, "ParameterArgumentValidationError"),
    ("Set-SCVirtualMachine", {"VM": VM, "CPUCount": 300}, "CannotConvertArgument"),
    ("Set-SCVirtualMachine", {"VM": VM, "MemoryMB": "much"}, "CannotConvertArgument"),
    ("Set-SCVirtualMachine", {"VM": VM, "DynamicMemoryEnabled": "true"}, "CannotConvertArgument"),
    ("Start-SCVirtualMachine", {"VM": VM, "RunAsynchronously": "yes"}, "CannotConvertArgument"),
    ("Get-SCCloud", {"Name": CLOUD}, "CannotConvertArgument"),
]


@pytest.mark.parametrize(("cmdlet", "parameters", "error_id"), REFUSED)
def test_call_that_powershell_refuses_is_refused(cmdlet: str, parameters: dict[str, Any], error_id: str) -> None:
    """Unknown names, missing values, sets that do not go together, wrong types and enums end in the binder's error."""
    with pytest.raises(CmdletError) as caught:
        bind(cmdlet, parameters)
    assert caught.value.number is None
    assert error_id in caught.value.id
    assert caught.value.category == "InvalidArgument"


def test_names_are_case_insensitive_and_aliases_count() -> None:
    """PowerShell takes -processorcount for -CPUCount."""
    bound = bind("set-scvirtualmachine", {"vm": VM, "processorcount": "4", "STARTACTION": "neverautoturnonvm"})
    assert bound.cmdlet == "Set-SCVirtualMachine"
    assert bound.integer("CPUCount") == 4
    assert bound.text("StartAction") == "NeverAutoTurnOnVM"
    assert bound.reference("VM") is not None


def test_a_parameter_given_twice_is_refused() -> None:
    """Name and alias at once are two bindings of one parameter."""
    with pytest.raises(CmdletError, match="more than once"):
        bind("Set-SCVirtualMachine", {"VM": VM, "CPUCount": 1, "ProcessorCount": 2})


DISK = {"_type": "StandaloneVirtualHardDisk", "ID": VM["ID"]}
ATTACHED = {"_type": "VirtualHardDisk", "ID": VM["ID"]}


def test_a_parameter_takes_its_class_and_what_inherits_from_it() -> None:
    """A disk of the library is a virtual hard disk; a VM's own virtual hard disk is no disk of the library."""
    plan = {"VMConfiguration": {**VM, "_type": "VMConfiguration"}}
    assert bind("Update-SCVMConfiguration", plan).reference("VMConfiguration") is not None
    bound = bind("Get-SCCustomPropertyValue", {"InputObject": VM, "CustomProperty": {**VM, "_type": "CustomProperty"}})
    assert bound.reference("InputObject") is not None
    place = {"Bus": 0, "LUN": 0, "SCSI": True, "JobGroup": GROUP}
    assert bind("New-SCVirtualDiskDrive", {"VirtualHardDisk": DISK, **place}).reference("VirtualHardDisk") is not None
    with pytest.raises(CmdletError, match="VirtualHardDisk"):
        bind("New-SCVirtualDiskDrive", {"VirtualHardDisk": ATTACHED, **place})


def test_a_null_object_that_may_be_left_out_is_12416() -> None:
    """PowerShell lets null through where nothing is mandatory, and VMM says that the parameter is bad."""
    plan = {"VMConfiguration": {**VM, "_type": "VMConfiguration"}, "Name": "web"}
    with pytest.raises(CmdletError) as caught:
        bind("New-SCVirtualMachine", {**plan, "OperatingSystem": None})
    assert caught.value.number == 12416
    with pytest.raises(CmdletError, match="is null") as caught:
        bind("New-SCVirtualMachine", {**plan, "Cloud": None})  # mandatory in another set
    assert caught.value.number is None


def test_a_cmdlet_that_is_not_simulated_says_so() -> None:
    """VMM has it, so it is not called unknown: the simulator says that it is the one who does not know it yet."""
    with pytest.raises(CmdletError, match="knows that VMM has Move-SCVirtualMachine") as caught:
        bind("move-scvirtualmachine", {"VM": VM})
    assert caught.value.error_id == "ScvmmSim.CmdletNotKnown"


def test_a_parameter_that_is_not_simulated_says_so(site: Site) -> None:
    """A wish that VMM would fulfil and the simulator would drop in silence is refused, loudly."""
    with pytest.raises(CmdletError, match="does not know -Member of Get-SCCustomProperty yet"):
        site.run("Get-SCCustomProperty", Member="VM")


def test_every_function_stands_for_a_known_cmdlet() -> None:
    """Nothing is simulated that VMM does not have."""
    assert set(FUNCTIONS) <= set(known_cmdlets())


def test_every_known_cmdlet_has_a_function_or_says_that_there_is_none() -> None:
    """The kept interface and the functions cover each other, except for what is only declared."""
    assert set(known_cmdlets()) - set(FUNCTIONS) == set()
