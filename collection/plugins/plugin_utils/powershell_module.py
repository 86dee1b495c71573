# SPDX-License-Identifier: GPL-3.0-or-later
"""The PowerShell module CapiScvmm as one text that can be sent over a session."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

MODULE_FOLDER = Path(__file__).parent / "powershell" / "CapiScvmm"
ENDPOINT_FOLDER = Path(__file__).parent / "powershell" / "CapiEndpoint"
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
    return f"{FIRST_LINE}\n# version {module_version()}\n" + _made("CapiScvmm", files, "Invoke-CapiScvmmOperation")


@lru_cache(maxsize=1)
def endpoint_text() -> str:
    """The script that makes the module which sets an exec host up; it is only ever sent, never installed."""
    shared = [MODULE_FOLDER / "functions" / name for name in ("errors.ps1", "request.ps1", "values.ps1")]
    files = [MODULE_FOLDER / "state.ps1", *shared, *sorted((ENDPOINT_FOLDER / "functions").glob("*.ps1"))]
    return _made("CapiEndpoint", files, "Invoke-CapiEndpointOperation")


def installed_files() -> dict[str, bytes]:
    """What the installed module CapiScvmm consists of: bytes by path within its folder, with forward slashes."""
    found = sorted(path for path in MODULE_FOLDER.rglob("*") if path.is_file())
    return {path.relative_to(MODULE_FOLDER).as_posix(): path.read_bytes() for path in found}


def _made(name: str, files: list[Path], exported: str) -> str:
    body = "\n".join(_code(file.read_text(encoding="utf-8")) for file in files)
    return (
        f"New-Module -Name {name} -ScriptBlock {{\n{body}\n"
        f"Export-ModuleMember -Function '{exported}'\n"
        "} | Import-Module -Global -Force\n"
    )


def _code(text: str) -> str:
    """Leave out help and comment lines of *text*: a session needs only the code."""
    without_help = re.sub(r"^ *<#.*?#>\n", "", text, flags=re.DOTALL | re.MULTILINE)
    return "\n".join(line for line in without_help.splitlines() if line.strip() and not line.lstrip().startswith("#"))
