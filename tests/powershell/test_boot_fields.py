# SPDX-License-Identifier: Apache-2.0
"""The operation boot_fields in a real PowerShell: AddVMSpec as manifests of the Go provider have it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .shell import Bridge, Shell

SPEC = {"vmName": "web-1", "networking": {"devices": [{"deviceName": "eth0", "vmNetwork": "lan"}]}}
DEFINED = """
function AddVMSpec($spec, $metadata) {
    $in = ConvertFrom-Json $spec
    $name = (ConvertFrom-Json $metadata).name
    return '{"spec": {"hostname": "' + $name + '.example.com", "metadata": {"vm": "' + $in.vmName + '"}}}'
}
"""
BLOCK = """
param($spec, $metadata)
@{ spec = @{ networking = @{ devices = @(@{ deviceName = 'eth0'; ipAddresses = @('10.0.0.5/24') }) } } }
"""


def ask(shell: Shell, function: str) -> dict[str, Any]:
    """The envelope of one call."""
    request = {"function": function, "spec": json.dumps(SPEC), "metadata": json.dumps({"name": "web-1"})}
    return shell.ask("boot_fields", request)


@pytest.mark.parametrize(
    ("function", "fields"),
    [
        (DEFINED, {"spec": {"hostname": "web-1.example.com", "metadata": {"vm": "web-1"}}}),
        (BLOCK, {"spec": {"networking": {"devices": [{"deviceName": "eth0", "ipAddresses": ["10.0.0.5/24"]}]}}}),
        ("param($spec, $metadata)", None),
    ],
)
def test_function_is_called_and_its_answer_returned(shell: Shell, function: str, fields: Any) -> None:
    """Defined by its name or as a block with parameters; it returns JSON or an object."""
    assert ask(shell, function) == {"ok": True, "result": {"fields": fields}}


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("param($spec) throw 'no address left'", "AddVMSpec of extraFunctions failed: no address left"),
        ("'a text'", "defines no function AddVMSpec"),
        ("param($spec", "AddVMSpec of extraFunctions failed:"),
        ("param($spec, $metadata) 'words'", "a text that is no JSON"),
    ],
)
def test_what_fails_is_told(shell: Shell, function: str, words: str) -> None:
    """In its own words."""
    error = ask(shell, function)["error"]
    assert error["id"] == "CapiScvmm.FunctionFailed" and words in error["message"]


def test_an_installed_module_runs_no_function_of_a_provider(pwsh: Path, bridge: Bridge, tmp_path: Path) -> None:
    """As in the restricted session: nothing runs there but what is installed."""
    shell = Shell(pwsh, bridge, tmp_path, installed=True)
    try:
        error = ask(shell, BLOCK)["error"]
    finally:
        shell.close()
    assert error["id"] == "CapiScvmm.NotAllowed" and "Use a hook" in error["message"]
