# SPDX-License-Identifier: Apache-2.0
"""What all our PowerShell may contain, checked with PowerShell's own parser; and each check is proven to refuse."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml
from scvmm_sim.standin import generate

from .shell import ROOT, powershell_module
from .source_rules import Breach, Facts, Sources, breaches, inspect, keys_of

FOLDER = powershell_module.MODULE_FOLDER
STANDIN = sorted(generate.MODULE_FOLDER.glob("*.ps*1"))
CMDLETS: dict[str, Any] = json.loads(generate.DATA_FILE.read_text(encoding="utf-8"))
ENDINGS = (".ps1", ".psm1", ".psd1", ".psrc", ".pssc")

ALLOWED = {
    ("text is no code", "controller/scvmm_sim/wire/restrict.ps1"): "the engine's own text of its restricted commands",
    (
        "text is no code",
        "collection/plugins/plugin_utils/powershell/CapiScvmm/functions/boot_fields.ps1",
    ): "a provider's own function, in sessions that run scripts anyway",
    ("text is no code", "the cold way"): "the module's text, ours, is longer than a command line",
}
"""Breaches that are meant, with the reason."""

# Every command of PowerShell itself that the module CapiScvmm uses, with the parameters that 5.1 has for it.
BUILT_IN = {
    "ConvertFrom-Json": {"InputObject"},
    "ConvertTo-Json": {"InputObject", "Depth", "Compress"},
    "Export-ModuleMember": {"Function"},
    "Get-ChildItem": {"Path", "Filter"},
    "Get-Command": {"Name"},
    "Get-Item": {"Path"},
    "Get-Module": {"Name"},
    "Import-Module": {"Name", "ErrorAction"},
    "Join-Path": {"Path", "ChildPath"},
    "New-Object": {"TypeName", "ArgumentList"},
    "Select-Object": {"Unique"},
    "Set-StrictMode": {"Version"},
    "Sort-Object": {"Property"},
    "Start-Sleep": {"Milliseconds"},
    "Test-Path": {"Path"},
    "Where-Object": set(),
    "Write-Verbose": {"Message"},
}


def our_files() -> list[Path]:
    """Every PowerShell file of the repository, tracked or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return [ROOT / name for name in listed.stdout.splitlines() if name.endswith(ENDINGS) and (ROOT / name).is_file()]


def rendered(folder: Path) -> list[Path]:
    """The PowerShell files that our roles render, with their defaults and some users."""
    made = []
    for template in sorted(ROOT.glob("roles/*/templates/*.j2")):
        if not template.stem.endswith(ENDINGS):
            continue
        defaults = yaml.safe_load((template.parents[1] / "defaults" / "main.yml").read_text(encoding="utf-8")) or {}
        environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
        environment.filters["to_uuid"] = lambda text: "00000000-0000-4000-8000-000000000000"
        variables = {**defaults, "vmm_endpoint_users": ["EXAMPLE\\capi", "it's $me `x"]}
        path = folder / template.stem
        path.write_text(
            environment.from_string(template.read_text(encoding="utf-8")).render(variables), encoding="utf-8"
        )
        made.append(path)
    return made


def sent_scripts(folder: Path) -> list[Path]:
    """The scripts that the collection sends: they stand in its Python."""
    text = (ROOT / "collection" / "plugins" / "plugin_utils" / "cold.py").read_text(encoding="utf-8")
    parts = re.findall(r'r"""(.*?)"""', text, re.DOTALL)
    assert len(parts) >= 3
    path = folder / "the cold way.ps1"
    path.write_text("\n".join(parts), encoding="utf-8")
    return [path]


@pytest.fixture(scope="module")
def sources(pwsh: Path, tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """What PowerShell's parser says of each file of ours."""
    folder = tmp_path_factory.mktemp("rendered")
    found = inspect(pwsh, [*our_files(), *rendered(folder), *sent_scripts(folder)])
    names = {path: path.removeprefix(f"{ROOT}/").removeprefix(f"{folder}/") for path in found.files}
    return Sources({names[path]: facts for path, facts in found.files.items()}, found.verbs, found.functions)


def module_files(sources: Sources) -> dict[str, Facts]:
    """The files of the module CapiScvmm."""
    below = f"{FOLDER.relative_to(ROOT)}/"
    return {name: facts for name, facts in sources.files.items() if name.startswith(below)}


def test_all_kinds_of_files_are_looked_at(sources: Sources) -> None:
    """Module, set-up, stand-in, what roles render, what is sent, and the scripts of tests."""
    names = " ".join(sources.files)
    for part in (
        "CapiScvmm.psd1",
        "CapiScvmm/functions/create.ps1",
        "Bridge.ps1",
        "CapiScvmm.pssc",
        "cold way",
        "inspect.ps1",
    ):
        assert part in names


def test_no_rule_is_broken(sources: Sources) -> None:
    """In all our PowerShell; what is meant to be an exception is named above, and is really there."""
    found = breaches(sources, CMDLETS)

    def exception(breach: Breach) -> tuple[str, str] | None:
        keys = [key for key in ALLOWED if key[0] == breach.rule and breach.place.startswith(key[1])]
        return keys[0] if keys else None

    assert [breach for breach in found if exception(breach) is None] == []
    assert {exception(breach) for breach in found} == set(ALLOWED)


VM = "-VM $vm -ErrorAction Stop"
BROKEN = {
    "ternary": ("$a ? 1 : 2", "5.1 syntax"),
    "null coalescing": ("$a ?? 2", "5.1 syntax"),
    "null assignment": ("$a ??= 3", "5.1 syntax"),
    "null conditional": ("${a}?.b", "5.1 syntax"),
    "null index": ("${a}?[0]", "5.1 syntax"),
    "and chain": ("Get-A && Get-B", "5.1 syntax"),
    "or chain": ("Get-A || Get-B", "5.1 syntax"),
    "parallel": ("$a | ForEach-Object -Parallel { $_ }", "5.1 syntax"),
    "clean block": ("function Get-A { begin { 1 } clean { 2 } }", "5.1 syntax"),
    "background": ("Get-A &", "5.1 syntax"),
    "leading pipe": ("Get-A\n    | Get-B", "5.1 syntax"),
    "number suffix": ("$a = 1uy", "5.1 syntax"),
    "binary number": ("$a = 0b101", "5.1 syntax"),
    "unicode escape": ('$a = "`u{1F600}"', "5.1 syntax"),
    "character range": ("'a'..'z'", "5.1 syntax"),
    "newer variable": ("if ($IsWindows) { 1 }", "5.1 syntax"),
    "does not parse": ("if (", "parses"),
    "alias": ("$a | select Name", "no alias"),
    "alias of a sign": ("$a | % { 1 }", "no alias"),
    "alias of another system": ("ls", "no alias"),
    "unapproved verb": ("function Make-Thing { 1 }", "approved verb"),
    "newer verb": ("function Build-Thing { 1 }", "approved verb"),
    "no verb": ("function thing { 1 }", "approved verb"),
    "expression": ("Invoke-Expression -Command $a", "text is no code"),
    "script block of a text": ("[scriptblock]::Create($a)", "text is no code"),
    "script block by its full name": ("[System.Management.Automation.ScriptBlock]::Create($a)", "text is no code"),
    "new script block": ("$ExecutionContext.InvokeCommand.NewScriptBlock($a)", "text is no code"),
    "invoke script": ("$ExecutionContext.InvokeCommand.InvokeScript($a)", "text is no code"),
    "add script": ("[powershell]::Create().AddScript($a)", "text is no code"),
    "expanded text": ("$ExecutionContext.InvokeCommand.ExpandString($a)", "text is no code"),
    "compiled text": ("Add-Type -TypeDefinition $a", "text is no code"),
    "made alias": ("Set-Alias -Name a -Value b", "text is no code"),
    "removal by force": (f"Remove-SCVirtualMachine {VM} -Force", "no VM is removed by force"),
    "removal by splatted force": (
        "$p = @{ VM = $vm; ErrorAction = 'Stop' }\n$p.Force = $true\nRemove-SCVirtualMachine @p",
        "no VM is removed by force",
    ),
    "value without a name": ("Get-SCCloud dev -ErrorAction Stop", "no positional parameter"),
    "value after a switch": (f"Start-SCVirtualMachine {VM} -RunAsynchronously $x", "no positional parameter"),
    "unknown parameter": (f"Stop-SCVirtualMachine {VM} -Fast", "known VMM parameter"),
    "alias of a parameter": (f"Set-SCVirtualMachine {VM} -ProcessorCount 2", "known VMM parameter"),
    "parameter cut short": (f"Stop-SCVirtualMachine {VM} -Shut", "known VMM parameter"),
    "unknown key in a splat": (
        "$p = @{ VM = $vm; Wish = 1 }\nSet-SCVirtualMachine @p -ErrorAction Stop",
        "known VMM parameter",
    ),
    "unknown key added to a splat": (
        "$p = @{ VM = $vm }\n$p['Wish'] = 1\nSet-SCVirtualMachine @p -ErrorAction Stop",
        "known VMM parameter",
    ),
    "unknown key that came through a loop": (
        "$s = @{ Wish = 1 }\n$p = @{ VM = $vm }\nforeach ($n in $s.Keys) { $p[$n] = $s[$n] }\n"
        "Set-SCVirtualMachine @p -ErrorAction Stop",
        "known VMM parameter",
    ),
    "unknown key that a caller passes on": (
        "function Set-A { param($Table) Set-SCVirtualMachine @Table -ErrorAction Stop }\n"
        "function Set-B { $t = @{ Wish = 1 }\nSet-A -Table $t }",
        "known VMM parameter",
    ),
    "unknown key that a function gives": (
        "function Get-A { $t = @{ VM = 1 }\n$t.Wish = 1\n$t }\n$p = Get-A\nSet-SCVirtualMachine @p -ErrorAction Stop",
        "known VMM parameter",
    ),
    "unknown key in a table of a table": (
        "$w = @{ inner = @{ VM = 1; Wish = 1 } }\n$p = $w.inner\nSet-SCVirtualMachine @p -ErrorAction Stop",
        "known VMM parameter",
    ),
    "unknown key put into a table of a table": (
        "$w = @{ inner = @{} }\n$w.inner.Wish = 1\n$p = $w.inner\nSet-SCVirtualMachine @p -ErrorAction Stop",
        "known VMM parameter",
    ),
    "unknown key from a table of names": (
        "$names = @{ wish = 'Wish' }\n$p = @{ VM = 1 }\nforeach ($n in $names.Keys) { $p[$names[$n]] = 1 }\n"
        "Set-SCVirtualMachine @p -ErrorAction Stop",
        "known VMM parameter",
    ),
    "unknown cmdlet": ("Get-SCNothing -ErrorAction Stop", "known VMM cmdlet"),
    "error that does not stop": ("Get-SCCloud", "VMM's errors stop"),
    "JSON without a depth": ("ConvertTo-Json -InputObject $a -Compress", "JSON has a depth"),
    "hashtable of JSON": ("ConvertFrom-Json -InputObject $a -AsHashtable", "no -AsHashtable"),
}


@pytest.fixture(scope="module")
def refused(pwsh: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The rules that each bad snippet breaks, by its name."""
    folder = tmp_path_factory.mktemp("broken")
    found = {}
    files = {folder / f"{number}.ps1": name for number, name in enumerate(BROKEN)}
    for path, name in files.items():
        path.write_text(BROKEN[name][0] + "\n", encoding="utf-8")
    told = inspect(pwsh, files)
    for path, name in files.items():
        facts = told.files[str(path)]
        alone = Sources({name: facts}, told.verbs, {one["name"]: one for one in facts["functions"]})
        found[name] = {breach.rule for breach in breaches(alone, CMDLETS)}
    return found


@pytest.mark.parametrize("name", BROKEN)
def test_each_rule_refuses(refused: dict[str, set[str]], name: str) -> None:
    """Every rule can fail: it refuses a snippet that breaks it, and no other rule has anything against that."""
    assert refused[name] == {BROKEN[name][1]}


def test_module_calls_only_what_a_server_has(sources: Sources) -> None:
    """Each command is VMM's, one of ours, or one of PowerShell 5.1 by its full name with parameters 5.1 has."""
    for file, facts in module_files(sources).items():
        for command in facts["commands"]:
            name, where = command["name"], f"{file}:{command['line']} {command['name']}"
            if command["operator"] == "Dot":
                assert file.endswith(("CapiScvmm.psm1", "boot_fields.ps1")), where
                continue
            if command["operator"] == "Ampersand":
                assert file.endswith("boot_fields.ps1"), f"{where}: only a provider's own function is called so"
                continue
            assert command["operator"] == "Unknown", f"{where}: no call operator"
            assert name in sources.functions or name in CMDLETS or name in BUILT_IN, where
            if name in BUILT_IN:
                given = {element["name"] for element in command["elements"] if element["kind"] == "parameter"}
                assert given <= BUILT_IN[name], where


def test_the_look_at_vmm_calls_is_no_idle_one(sources: Sources) -> None:
    """The rules about VMM's cmdlets have seen those that matter, and could follow each table splatted to one."""
    seen = set()
    for file, facts in module_files(sources).items():
        for command in facts["commands"]:
            if "-SC" not in command["name"]:
                continue
            seen.add(command["name"])
            for element in command["elements"]:
                if element["kind"] == "splat":
                    keys = keys_of(element["name"], command["scope"], facts, sources)
                    assert keys, f"{file}:{command['line']} {command['name']} @{element['name']}"
    assert {"New-SCVirtualMachine", "Remove-SCVirtualMachine", "Set-SCVirtualDVDDrive"} <= seen


def test_functions_are_named_and_described(sources: Sources) -> None:
    """Our prefix, a synopsis, no more than sixty lines."""
    functions = [one for facts in module_files(sources).values() for one in facts["functions"]]
    assert functions
    for function in functions:
        assert function["name"].partition("-")[2].startswith("Capi"), function["name"]
        assert function["help"].strip(), f"{function['name']} has no synopsis"
        assert function["lines"] <= 60, function["name"]


def test_text_to_send_holds_every_function_and_begins_as_agreed(sources: Sources) -> None:
    """The text sent over a session is the installed module: same functions, known first line, same version."""
    text = powershell_module.module_text()
    assert text.splitlines()[0] == "# capi.scvmm PowerShell module CapiScvmm"
    own = {one["name"] for facts in module_files(sources).values() for one in facts["functions"]}
    assert set(re.findall(r"^function ([\w-]+)", text, re.M)) == own
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
