# SPDX-License-Identifier: Apache-2.0
"""Makes the stand-in VirtualMachineManager module from ``cmdlet_data.json``.

Cmdlets that VMM has and the data does not are there too, and fail with a message that says so.

``python -m scvmm_sim.standin.generate`` writes ``VirtualMachineManager.psm1`` and ``.psd1`` anew, ``--check`` only says
whether they are current. ``--take FILE`` first takes the kept cmdlets out of a full VMM interface file into
``cmdlet_data.json``, and the names of all into ``cmdlet_names.txt``.
"""

import argparse
import json
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

from scvmm_sim.object_types import BASES, ROOT

DATA_FILE = Path(__file__).parent.parent / "cmdlet_data.json"
NAMES_FILE = Path(__file__).parent.parent / "cmdlet_names.txt"
MODULE_FOLDER = Path(__file__).parent / "VirtualMachineManager"

KEPT = """
Expand-SCVirtualDiskDrive Find-SCJob Get-SCAvailabilitySetName Get-SCCloud Get-SCCustomProperty
Get-SCCustomPropertyValue Get-SCHardwareProfile Get-SCIPAddress Get-SCISO Get-SCJob Get-SCLibraryServer
Get-SCLibraryShare Get-SCOperatingSystem Get-SCStaticIPAddressPool Get-SCStorageFabricClassification
Get-SCStorageQoSPolicy Get-SCUserRole Get-SCVMCheckpoint Get-SCVMHost Get-SCVMHostFibreChannelVirtualSAN
Get-SCVMHostGroup Get-SCVMMServer Get-SCVMNetwork Get-SCVMSubnet Get-SCVMTemplate Get-SCVirtualDVDDrive
Get-SCVirtualDiskDrive Get-SCVirtualFibreChannelAdapter Get-SCVirtualFloppyDisk Get-SCVirtualFloppyDrive
Get-SCVirtualHardDisk Get-SCVirtualMachine
Get-SCVirtualNetworkAdapter Grant-SCIPAddress Import-SCLibraryPhysicalResource New-SCUserRole New-SCVMCheckpoint
New-SCVMConfiguration New-SCVMTemplate New-SCVirtualDVDDrive New-SCVirtualDiskDrive
New-SCVirtualFibreChannelAdapter New-SCVirtualMachine New-SCVirtualNetworkAdapter Read-SCLibraryShare
Read-SCVirtualMachine Remove-SCISO Remove-SCUserRole Remove-SCVMCheckpoint Remove-SCVMConfiguration
Remove-SCVMTemplate Remove-SCVirtualDVDDrive Remove-SCVirtualDiskDrive Remove-SCVirtualFloppyDisk
Remove-SCVirtualHardDisk Remove-SCVirtualMachine
Repair-SCVirtualMachine Revoke-SCIPAddress Restore-SCVMCheckpoint Resume-SCVirtualMachine Set-SCCustomPropertyValue
Set-SCUserRole Set-SCVMCheckpoint Set-SCVMConfiguration Set-SCVirtualDVDDrive Set-SCVirtualDiskDrive
Set-SCVirtualFloppyDrive Set-SCVirtualMachine Set-SCVirtualNetworkAdapter Start-SCVirtualMachine Stop-SCJob
Stop-SCVirtualMachine Suspend-SCVirtualMachine Update-SCVMConfiguration
""".split()  # noqa: SIM905  # so many quoted names would be harder to read

_NESTED = {"name": "EnableNestedVirtualization", "type": "Boolean"}
# What VMM has learned since the interface file was written, here with VMM 2019.
LATER = {"New-SCVirtualMachine": (_NESTED,), "Set-SCVirtualMachine": (_NESTED,)}

NET_TYPES = {
    "Boolean": "bool", "Byte": "byte", "DateTime": "datetime", "Decimal": "decimal", "Guid": "guid", "Int16": "int16",
    "Int32": "int", "Int64": "long", "SecureString": "securestring", "String": "string", "String[]": "string[]",
    "SwitchParameter": "switch", "UInt16": "uint16", "UInt32": "uint32", "UInt64": "uint64", "Guid[]": "guid[]",
    "PSCredential": "pscredential", "Hashtable": "hashtable",
    "System.Collections.Generic.List`1[System.String]": "System.Collections.Generic.List[string]",
    "System.Collections.Generic.Dictionary`2[System.String,System.String]":
        "System.Collections.Generic.Dictionary[string,string]",
}  # fmt: skip

TYPE_PREFIX = "Microsoft.SystemCenter.VirtualMachineManager."

Cmdlets = dict[str, dict[str, Any]]


def take(source: Path) -> None:
    """Take the kept cmdlets out of the full interface file *source*."""
    full: Cmdlets = json.loads(source.read_text(encoding="utf-8"))
    kept = {name: full[name] for name in KEPT}
    for name, facts in kept.items():
        for parameter in LATER.get(name, ()):
            for members in facts["parameterSets"].values():
                members.append(parameter)
    DATA_FILE.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    NAMES_FILE.write_text("\n".join(sorted(full)) + "\n", encoding="utf-8")


def default_set(sets: dict[str, list[dict[str, Any]]]) -> str:
    """Choose the set that a call without telling parameters means: the one that asks for least."""
    asked = {name: sum(bool(p.get("mandatory")) for p in parameters) for name, parameters in sets.items()}
    least = [name for name, count in asked.items() if count == min(asked.values())]
    for name in ("All", "AllJobs", "Name"):
        if name in least:
            return name
    return least[0]


def type_text(type_name: str, values: list[str] | None) -> str:
    """Write the PowerShell type constraint of a parameter of VMM's type *type_name*."""
    if values:
        allowed = ", ".join(f"'{value}'" for value in values)
        array = "[]" if type_name.endswith("[]") else ""
        return f"[ValidateSet({allowed})] [string{array}]"
    if type_name in NET_TYPES:
        return f"[{NET_TYPES[type_name]}]"
    # A list of VMM's objects is given as an array; PowerShell checks the class of each item.
    listed = re.fullmatch(r"System\.Collections\.Generic\.List`1\[(?:\w+\.)*(\w+)\]|(\w+)\[\]", type_name)
    bare = (listed.group(1) or listed.group(2)) if listed else type_name
    return f"[PSTypeName('{TYPE_PREFIX}{bare}')] [psobject{'[]' if listed else ''}]"


def parameter_text(name: str, cmdlet: dict[str, Any]) -> str:
    """Write one parameter with an attribute for each parameter set it belongs to."""
    facts = cmdlet["parameters"].get(name) or {}
    attributes = []
    type_name = "String"
    for set_name, parameters in cmdlet["parameterSets"].items():
        for parameter in parameters:
            if parameter["name"] != name:
                continue
            type_name = parameter["type"]
            options = [] if set_name == "__AllParameterSets" else [f"ParameterSetName = '{set_name}'"]
            if parameter.get("mandatory"):
                options.append("Mandatory = $true")
            if "position" in parameter:
                options.append(f"Position = {parameter['position']}")
            pipeline = str(facts.get("pipeline", ""))
            if "ByValue" in pipeline:
                options.append("ValueFromPipeline = $true")
            if "ByPropertyName" in pipeline:
                options.append("ValueFromPipelineByPropertyName = $true")
            attributes.append(f"[Parameter({', '.join(options)})]")
    aliases = facts.get("aliases")
    alias = f" [Alias({', '.join(repr(a) for a in aliases)})]" if aliases else ""
    return f"        {' '.join(attributes)}{alias} {type_text(type_name, facts.get('values'))} ${name}"


def function_text(name: str, cmdlet: dict[str, Any]) -> str:
    """Write the function that stands for the cmdlet *name*."""
    sets = cmdlet["parameterSets"]
    # -WhatIf and -Confirm are PowerShell's own: declaring them again is refused.
    should_process = any(p["name"] == "WhatIf" for parameters in sets.values() for p in parameters)
    names: list[str] = []
    for parameters in sets.values():
        for parameter in parameters:
            if parameter["name"] not in (*names, "WhatIf", "Confirm"):
                names.append(parameter["name"])
    binding = [f"DefaultParameterSetName = '{default_set(sets)}'", "PositionalBinding = $false"]
    parameters_text = ",\n".join(parameter_text(parameter, cmdlet) for parameter in names)
    call = f"Invoke-BridgeCall -Cmdlet '{name}' -Bound $PSBoundParameters -Caller $PSCmdlet"
    if should_process:
        binding.append("SupportsShouldProcess = $true")
        call = f"if ($PSCmdlet.ShouldProcess('{name}')) {{ {call} }}"
    return (
        f"function {name} {{\n    [CmdletBinding({', '.join(binding)})]\n    param(\n{parameters_text}\n    )\n"
        f"    process {{ {call} }}\n}}\n"
    )


def bases_text() -> str:
    """Write the table of VMM's classes that do not inherit from the root alone."""
    lines = "".join(f"    {name} = '{base}'\n" for name, base in sorted(BASES.items()))
    return f"$script:RootType = '{ROOT}'\n$script:BaseTypes = @{{\n{lines}}}\n"


def listed_text(names: list[str], indent: int) -> str:
    """Write names as PowerShell texts, as many to a line as it takes."""
    space = " " * indent
    text = ", ".join(f"'{name}'" for name in names)
    return textwrap.fill(text, 118, initial_indent=space, subsequent_indent=space, break_on_hyphens=False)


def module_files(cmdlets: Cmdlets, all_names: list[str]) -> dict[str, str]:
    """Write the module's files: name to text. *all_names* are those of all cmdlets that VMM has."""
    head = (
        "# SPDX-License-Identifier: Apache-2.0\n"
        "# Made by scvmm_sim.standin.generate from cmdlet_data.json. Do not edit.\n"
    )
    functions = "\n".join(function_text(name, cmdlets[name]) for name in sorted(cmdlets))
    names = sorted({*cmdlets, *all_names})
    unknown = [name for name in names if name not in cmdlets]
    body = (
        f'{head}\n. "$PSScriptRoot/Bridge.ps1"\n\n{bases_text()}\n{functions}\n'
        "# What VMM has besides: there, and of no use yet.\n"
        f"foreach ($name in @(\n{listed_text(unknown, 8)}\n    )) {{\n"
        '    $null = $ExecutionContext.InvokeProvider.Item.Set("function:script:$name", $script:NotKnown)\n}\n\n'
        "Export-ModuleMember -Function *-SC*\n"
    )
    manifest = (
        f"{head}@{{\n    RootModule = 'VirtualMachineManager.psm1'\n    ModuleVersion = '4.0.2413.0'\n"
        "    GUID = '7c1f6a4e-6a55-4e3d-9d5b-6a5f2c1f0b11'\n    Author = 'capi.scvmm'\n"
        "    Description = 'A stand-in for the VMM cmdlets, answered by scvmm-sim'\n"
        f"    FunctionsToExport = @(\n{listed_text(names, 8)}\n    )\n"
        "    CmdletsToExport = @()\n    VariablesToExport = @()\n    AliasesToExport = @()\n}\n"
    )
    return {"VirtualMachineManager.psm1": body, "VirtualMachineManager.psd1": manifest}


def made_files() -> dict[str, str]:
    """Write the module's files from the kept data."""
    data = json.loads(DATA_FILE.read_text(encoding="utf-8"))
    return module_files(data, NAMES_FILE.read_text(encoding="utf-8").split())


def stale_files() -> list[str]:
    """Name the module's files that are not what the data says."""
    made = made_files()
    return [
        name
        for name, text in made.items()
        if not (MODULE_FOLDER / name).is_file() or (MODULE_FOLDER / name).read_text(encoding="utf-8") != text
    ]


def main(arguments: list[str] | None = None) -> int:
    """Write the module, or with ``--check`` say what is stale and answer 1."""
    parser = argparse.ArgumentParser(prog="python -m scvmm_sim.standin.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when the files are not current")
    parser.add_argument("--take", type=Path, metavar="FILE", help="full VMM interface (JSON) to take cmdlets from")
    options = parser.parse_args(arguments)
    if options.take:
        take(options.take)
    if options.check:
        stale = stale_files()
        for name in stale:
            print(f"{name} is not current: run python -m scvmm_sim.standin.generate")
        return 1 if stale else 0
    for name, text in made_files().items():
        (MODULE_FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
