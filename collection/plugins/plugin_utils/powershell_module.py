# SPDX-License-Identifier: GPL-3.0-or-later
"""The PowerShell module CapiScvmm as one text that can be sent over a session."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

MODULE_FOLDER = Path(__file__).parent / "powershell" / "CapiScvmm"
FIRST_LINE = "# capi.scvmm PowerShell module CapiScvmm"


@lru_cache(maxsize=1)
def module_version() -> str:
    """The module's version, as its manifest says."""
    manifest = (MODULE_FOLDER / "CapiScvmm.psd1").read_text(encoding="utf-8")
    found = re.search(r"ModuleVersion = '([^']+)'", manifest)
    if found is None:
        raise ValueError("CapiScvmm.psd1 names no ModuleVersion")
    return found.group(1)


@lru_cache(maxsize=1)
def module_text() -> str:
    """The script that makes the module in a session; what it defines is the same as the installed module's.

    The functions stand in a literal script block: nothing is composed from strings on the other side.
    """
    files = [MODULE_FOLDER / "state.ps1", *sorted((MODULE_FOLDER / "functions").glob("*.ps1"))]
    body = "\n".join(_code(file.read_text(encoding="utf-8")) for file in files)
    return (
        f"{FIRST_LINE}\n# version {module_version()}\n"
        f"New-Module -Name CapiScvmm -ScriptBlock {{\n{body}\n"
        "Export-ModuleMember -Function 'Invoke-CapiScvmmOperation'\n"
        "} | Import-Module -Global -Force\n"
    )


def _code(text: str) -> str:
    """Leave out help and comment lines of *text*: a session needs only the code."""
    without_help = re.sub(r"^ *<#.*?#>\n", "", text, flags=re.DOTALL | re.MULTILINE)
    return "\n".join(line for line in without_help.splitlines() if line.strip() and not line.lstrip().startswith("#"))
