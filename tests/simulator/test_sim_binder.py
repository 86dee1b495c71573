# SPDX-License-Identifier: Apache-2.0
"""The simulator refuses calls that PowerShell's binder would refuse for a real VMM cmdlet."""

from __future__ import annotations

from typing import Any

import pytest
from scvmm_sim.binder import bind, known_cmdlets
from scvmm_sim.cmdlets.registry import FUNCTIONS
from scvmm_sim.errors import CmdletError

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


def test_every_function_stands_for_a_known_cmdlet() -> None:
    """Nothing is simulated that VMM does not have."""
    assert set(FUNCTIONS) <= set(known_cmdlets())


def test_every_known_cmdlet_has_a_function_or_says_that_there_is_none() -> None:
    """The kept interface and the functions cover each other, except for what is only declared."""
    assert set(known_cmdlets()) - set(FUNCTIONS) == set()
