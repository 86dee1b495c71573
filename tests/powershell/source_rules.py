# SPDX-License-Identifier: Apache-2.0
"""The rules for all our PowerShell, held against what PowerShell's own parser tells of a file (inspect.ps1)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

Facts = dict[str, Any]
Cmdlets = dict[str, dict[str, Any]]

COMMON = {"ErrorAction", "ErrorVariable", "WarningAction", "Verbose", "WhatIf", "Confirm", "OutVariable"}
"""Parameters that PowerShell adds to every advanced command."""
MAKES_CODE = {"NewScriptBlock", "InvokeScript", "AddScript", "ExpandString", "GetScriptBlock"}
"""Methods that turn a text into code; and Create of ScriptBlock."""
FORBIDDEN_COMMANDS = {"Invoke-Expression", "Add-Type", "Write-Host", "Set-Alias", "New-Alias"}


@dataclass(frozen=True)
class Sources:
    """All files with what the parser tells of them, by name, and the verbs that 5.1 approves of."""

    files: dict[str, Facts]
    verbs: frozenset[str]
    functions: dict[str, Facts] = field(default_factory=dict)
    """Our own functions by name."""


@dataclass(frozen=True)
class Breach:
    """A place where a rule is broken."""

    rule: str
    place: str
    what: str


def inspect(pwsh: Path, files: Iterable[Path]) -> Sources:
    """Let PowerShell parse *files*."""
    paths = list(files)
    script = Path(__file__).parent / "inspect.ps1"
    run = subprocess.run(
        [str(pwsh), "-NoProfile", "-File", str(script), *map(str, paths)],
        capture_output=True,
        text=True,
        timeout=150,
        check=True,
    )
    verbs, *facts = map(json.loads, run.stdout.splitlines())
    by_name = {str(path): told for path, told in zip(paths, facts, strict=True)}
    functions = {one["name"]: one for told in by_name.values() for one in told["functions"]}
    return Sources(by_name, frozenset(verbs["verbs"]), functions)


def breaches(sources: Sources, cmdlets: Cmdlets) -> list[Breach]:
    """Every place in *sources* that breaks a rule; *cmdlets* is VMM's interface."""
    return [breach for name, facts in sources.files.items() for breach in _of_file(name, facts, sources, cmdlets)]


def _of_file(name: str, facts: Facts, sources: Sources, cmdlets: Cmdlets) -> Iterator[Breach]:
    for error in facts["errors"]:
        yield Breach("parses", name, error)
    for newer in facts["newer"]:
        yield Breach("5.1 syntax", name, newer)
    for function in facts["functions"]:
        verb, dash, _ = function["name"].partition("-")
        if not dash or verb not in sources.verbs:
            yield Breach("approved verb", f"{name}:{function['line']}", function["name"])
    for member in facts["members"]:
        creates = member["name"] == "Create" and "scriptblock" in member["on"].casefold()
        if member["name"] in MAKES_CODE or creates:
            yield Breach("text is no code", f"{name}:{member['line']}", f"{member['on']}.{member['name']}")
    for command in facts["commands"]:
        place = f"{name}:{command['line']} {command['name']}"
        for rule, what in _of_command(command, facts, sources, cmdlets):
            yield Breach(rule, place, what)


def _of_command(command: Facts, facts: Facts, sources: Sources, cmdlets: Cmdlets) -> Iterator[tuple[str, str]]:
    name = command["name"]
    given = {element["name"] for element in command["elements"] if element["kind"] == "parameter"}
    if name and command["operator"] == "Unknown" and "-" not in name and name not in sources.functions:
        yield "no alias", name
    if name in FORBIDDEN_COMMANDS:
        yield "text is no code", name
    if name == "ConvertTo-Json" and "Depth" not in given:
        yield "JSON has a depth", name
    if "AsHashtable" in given:
        yield "no -AsHashtable", name
    if "Parallel" in given or "ThrottleLimit" in given:
        yield "5.1 syntax", f"{name} -Parallel"
    if "-SC" in name and name not in sources.functions:
        yield from _of_vmm_call(command, facts, sources, cmdlets)


def _of_vmm_call(command: Facts, facts: Facts, sources: Sources, cmdlets: Cmdlets) -> Iterator[tuple[str, str]]:
    if command["name"] not in cmdlets:
        yield "known VMM cmdlet", command["name"]
        return
    types = {
        parameter["name"]: parameter["type"]
        for members in cmdlets[command["name"]]["parameterSets"].values()
        for parameter in members
    }
    for element in _positional(command, types):
        yield "no positional parameter", element["name"] or "a value"
    given = {element["name"] for element in command["elements"] if element["kind"] == "parameter"}
    for element in command["elements"]:
        if element["kind"] == "splat":
            given |= keys_of(element["name"], command["scope"], facts, sources)
    for unknown in sorted(given - types.keys() - COMMON):
        yield "known VMM parameter", unknown
    if command["name"] == "Remove-SCVirtualMachine" and "Force" in given:
        yield "no VM is removed by force", "-Force"
    if "ErrorAction" not in given:
        yield "VMM's errors stop", "no -ErrorAction Stop"


def _positional(command: Facts, types: dict[str, str]) -> Iterator[Facts]:
    takes_value = False
    for element in command["elements"]:
        if element["kind"] == "parameter":
            takes_value = not element["value"] and types.get(element["name"]) != "SwitchParameter"
        elif element["kind"] == "value":
            if not takes_value:
                yield element
            takes_value = False


def keys_of(variable: str, scope: str, facts: Facts, sources: Sources, seen: frozenset[str] = frozenset()) -> set[str]:
    """Keys that a hashtable may have, as far as they can be followed: in its function, and in those that pass it on."""
    here = f"{scope}/{variable}".casefold()
    if here in seen:
        return set()
    seen |= {here}
    keys: set[str] = set()
    for table in _same(facts["tables"], variable, scope):
        keys |= set(table["keys"])
        if table["from"]:
            keys |= keys_of(table["from"], scope, facts, sources, seen)
        for source in _same(facts["tables"], table["valuesOf"], scope) if table["valuesOf"] else ():
            keys |= set(source["values"])
        if table["member"]:
            keys |= _inside(table["member"], facts, sources, seen)
        if table["call"] in sources.functions:
            keys |= _written(table["call"], sources, seen)
        if table["each"]:
            for loop in _same(facts["loops"], table["each"], scope):
                keys |= set(loop["keys"])
                keys |= keys_of(loop["keysOf"], scope, facts, sources, seen) if loop["keysOf"] else set()
    function = sources.functions.get(scope)
    if function and variable.casefold() in (name.casefold() for name in function["parameters"]):
        for caller, passed in _passed(scope, variable, sources):
            keys |= keys_of(passed["name"], passed["scope"], caller, sources, seen)
    return keys


def _written(function: str, sources: Sources, seen: frozenset[str]) -> set[str]:
    """Keys of the hashtables that one of our functions gives to its caller."""
    keys: set[str] = set()
    for written in sources.functions[function]["writes"]:
        keys |= set(written["keys"])
        if written["variable"]:
            home = next(facts for facts in sources.files.values() if sources.functions[function] in facts["functions"])
            keys |= keys_of(written["variable"], function, home, sources, seen)
    return keys


def _inside(member: str, facts: Facts, sources: Sources, seen: frozenset[str]) -> set[str]:
    """Keys of the hashtables that this file puts under *member* into other ones."""
    keys: set[str] = set()
    for inner in facts["inner"]:
        if inner["key"].casefold() == member.casefold():
            keys |= set(inner["keys"])
            keys |= keys_of(inner["variable"], inner["scope"], facts, sources, seen) if inner["variable"] else set()
    return keys


def _same(items: list[Facts], variable: str, scope: str) -> Iterator[Facts]:
    for item in items:
        if item["variable"].casefold() == variable.casefold() and item["scope"] == scope:
            yield item


def _passed(function: str, parameter: str, sources: Sources) -> Iterator[tuple[Facts, Facts]]:
    """The variables that callers of *function* give for *parameter*, with the file that each is in."""
    for facts in sources.files.values():
        for command in facts["commands"]:
            if command["name"] != function:
                continue
            elements = command["elements"]
            for element, following in pairwise(elements):
                named = element["kind"] == "parameter" and element["name"].casefold() == parameter.casefold()
                if named and following["kind"] == "value" and following["name"]:
                    yield facts, {"name": following["name"], "scope": command["scope"]}
