# SPDX-License-Identifier: Apache-2.0
"""What the PowerShell files may contain, checked with PowerShell's own parser."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from scvmm_sim.standin import generate

from .shell import ROOT, powershell_module

FOLDER = powershell_module.MODULE_FOLDER
FILES = [
    FOLDER / "CapiScvmm.psm1",
    FOLDER / "CapiScvmm.psd1",
    FOLDER / "state.ps1",
    *sorted((FOLDER / "functions").glob("*.ps1")),
]
STANDIN = sorted(generate.MODULE_FOLDER.glob("*.ps*1"))
CMDLETS: dict[str, Any] = json.loads(generate.DATA_FILE.read_text(encoding="utf-8"))

# Every command of PowerShell itself that we use, with the parameters that Windows PowerShell 5.1 has for it.
BUILT_IN = {
    "ConvertFrom-Json": {"InputObject"},
    "ConvertTo-Json": {"InputObject", "Depth", "Compress"},
    "Export-ModuleMember": {"Function"},
    "Get-ChildItem": {"Path", "Filter"},
    "Get-Command": {"Name"},
    "Get-Module": {"Name"},
    "Import-Module": {"Name", "ErrorAction"},
    "Join-Path": {"Path", "ChildPath"},
    "New-Object": {"TypeName", "ArgumentList"},
    "Select-Object": {"Unique"},
    "Set-StrictMode": {"Version"},
    "Sort-Object": {"Property"},
    "Start-Sleep": {"Milliseconds"},
    "Where-Object": set(),
    "Write-Verbose": {"Message"},
}
SEVEN_ONLY_NODES = {"TernaryExpressionAst", "PipelineChainAst"}


@pytest.fixture(scope="module")
def parsed(pwsh: Path) -> dict[Path, dict[str, Any]]:
    """What PowerShell's parser says of each file."""
    inspect = Path(__file__).parent / "inspect.ps1"
    files = FILES + STANDIN
    run = subprocess.run(
        [str(pwsh), "-NoProfile", "-File", str(inspect), *map(str, files)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return dict(zip(files, map(json.loads, run.stdout.splitlines()), strict=True))


def test_every_file_parses(parsed: dict[Path, dict[str, Any]]) -> None:
    """PowerShell's parser has nothing against any file of ours."""
    assert {path.name: facts["errors"] for path, facts in parsed.items() if facts["errors"]} == {}


@pytest.mark.parametrize("code", ["$a ? 1 : 2", "$a ?? 2", "f && g", "f || g", "${a}?.b", "$a ??= 3"])
def test_the_check_sees_newer_syntax(pwsh: Path, tmp_path: Path, code: str) -> None:
    """Syntax that Windows PowerShell 5.1 lacks is found by the check below: it can fail."""
    file = tmp_path / "newer.ps1"
    file.write_text(code, encoding="utf-8")
    run = subprocess.run(
        [str(pwsh), "-NoProfile", "-File", str(Path(__file__).parent / "inspect.ps1"), str(file)],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    facts = json.loads(run.stdout)
    assert facts["newer"] or SEVEN_ONLY_NODES & set(facts["nodes"])


def test_module_has_only_5_1_syntax(parsed: dict[Path, dict[str, Any]]) -> None:
    """No ternary, ??, ?., && or ||: a VMM server runs Windows PowerShell 5.1."""
    for path in FILES:
        assert parsed[path]["newer"] == [], path.name
        assert not SEVEN_ONLY_NODES & set(parsed[path]["nodes"]), path.name


def _commands(parsed: dict[Path, dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    return [(path.name, command) for path in FILES for command in parsed[path]["commands"]]


def _own_functions(parsed: dict[Path, dict[str, Any]]) -> set[str]:
    return {function["name"] for path in FILES for function in parsed[path]["functions"]}


def test_module_calls_only_what_a_server_has(parsed: dict[Path, dict[str, Any]]) -> None:
    """Each command is VMM's, one of ours, or one of PowerShell 5.1 by its full name with parameters 5.1 has."""
    own = _own_functions(parsed)
    for file, command in _commands(parsed):
        name, where = command["name"], f"{file}:{command['line']} {command['name']}"
        if command["operator"] == "Dot":
            assert file == "CapiScvmm.psm1", where
            continue
        assert command["operator"] == "Unknown", f"{where}: no call operator"
        assert name in own or name in CMDLETS or name in BUILT_IN, where
        if name in BUILT_IN:
            assert set(command["parameters"]) <= BUILT_IN[name], where


def test_vmm_cmdlets_get_known_parameters_and_stop_on_errors(parsed: dict[Path, dict[str, Any]]) -> None:
    """VMM writes most errors without stopping: each call says -ErrorAction Stop, and names only parameters VMM has."""
    seen = set()
    for file, command in _commands(parsed):
        if command["name"] not in CMDLETS:
            continue
        seen.add(command["name"])
        known = {p["name"] for parameters in CMDLETS[command["name"]]["parameterSets"].values() for p in parameters}
        unknown = set(command["parameters"]) - known - {"ErrorAction"}
        assert unknown == set(), f"{file}:{command['line']} {command['name']}"
        assert "ErrorAction" in command["parameters"], f"{file}:{command['line']} {command['name']}"
    assert {"New-SCVirtualMachine", "Remove-SCVirtualMachine", "Set-SCVirtualDVDDrive"} <= seen


def test_no_vm_is_removed_by_force(parsed: dict[Path, dict[str, Any]]) -> None:
    """Remove-SCVirtualMachine -Force forgets the VM and leaves it running: never."""
    removals = [command for _, command in _commands(parsed) if command["name"].startswith("Remove-SC")]
    assert removals
    assert all("Force" not in command["parameters"] for command in removals)


def test_json_is_written_with_a_depth(parsed: dict[Path, dict[str, Any]]) -> None:
    """5.1 cuts JSON at depth 2 unless told otherwise."""
    calls = [command for _, command in _commands(parsed) if command["name"] == "ConvertTo-Json"]
    assert calls
    assert all("Depth" in command["parameters"] for command in calls)


def test_no_text_becomes_code() -> None:
    """Nothing evaluates a text: no Invoke-Expression, no script block made from a string, no Add-Type."""
    forbidden = re.compile(
        r"Invoke-Expression|\biex\b|scriptblock\]|InvokeScript|NewScriptBlock|ExpandString|Add-Type|Write-Host|-AsHashtable",
        re.I,
    )
    for path in FILES:
        assert forbidden.search(path.read_text(encoding="utf-8")) is None, path.name


def test_functions_are_named_and_described(parsed: dict[Path, dict[str, Any]]) -> None:
    """Approved verbs, our prefix, a synopsis, no more than sixty lines."""
    approved = {
        "Add",
        "Assert",
        "Clear",
        "Compare",
        "Connect",
        "ConvertFrom",
        "ConvertTo",
        "Dismount",
        "Enter",
        "Exit",
        "Expand",
        "Find",
        "Get",
        "Install",
        "Invoke",
        "Join",
        "Mount",
        "New",
        "Publish",
        "Read",
        "Resolve",
        "Select",
        "Set",
        "Split",
        "Start",
        "Stop",
        "Sync",
        "Test",
        "Uninstall",
        "Update",
    }
    for path in FILES:
        for function in parsed[path]["functions"]:
            verb, _, noun = function["name"].partition("-")
            assert verb in approved and noun.startswith("Capi"), function["name"]
            assert function["help"].strip(), f"{function['name']} has no synopsis"
            assert function["lines"] <= 60, function["name"]


def test_text_to_send_holds_every_function_and_begins_as_agreed(parsed: dict[Path, dict[str, Any]]) -> None:
    """The text sent over a session is the installed module: same functions, known first line, same version."""
    text = powershell_module.module_text()
    assert text.splitlines()[0] == "# capi.scvmm PowerShell module CapiScvmm"
    assert set(re.findall(r"^function ([\w-]+)", text, re.M)) == _own_functions(parsed)
    assert f"$script:CapiVersion = '{powershell_module.module_version()}'" in text
    assert powershell_module.module_version() in (ROOT / "galaxy.yml").read_text(encoding="utf-8")
    assert text.isascii()


def test_standin_is_current() -> None:
    """The stand-in module is what the generator makes of the cmdlet data."""
    assert generate.stale_files() == []


def test_generator_says_what_is_stale(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``--check`` answers 0 as long as nothing is stale, and changes nothing."""
    before = {path: path.read_text(encoding="utf-8") for path in STANDIN}
    assert generate.main(["--check"]) == 0
    assert capsys.readouterr().out == ""
    assert before == {path: path.read_text(encoding="utf-8") for path in STANDIN}
