# SPDX-License-Identifier: GPL-3.0-or-later
"""The cold way: one operation over a connection that only runs commands (Ansible's psrp, winrm).

The command is a short fixed script, far below what Windows takes as a command line. All that varies goes in on standard
input, one line each: the operation's name, the request of `connect`, the operation's request, the module's text in
base64. Nothing of it becomes part of a script but the module's own text, which is ours.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from .powershell_module import endpoint_text, module_text
from .session.failures import UNKNOWN, EndpointUnfit

LONGEST_COMMAND = 8191
"""Characters that cmd.exe takes as one command line; WinRS hands commands to it. CreateProcess takes 32767."""

# A console may break a long line, and what its code page does to a text is anybody's guess: base64 between two marks.
_ANSWER = re.compile(r"capi\.scvmm answer: ([A-Za-z0-9+/=\s]*)capi\.scvmm end")

# Not every host of PowerShell gives a command its standard input as $input.
_BEGIN = r"""
$lines = @($input | Where-Object { $_ })
if ($lines.Count -eq 0) { $lines = @([Console]::In.ReadToEnd() -split '\s*\n' | Where-Object { $_ }) }
$utf8 = [System.Text.Encoding]::UTF8
$module = $utf8.GetString([System.Convert]::FromBase64String($lines[3]))
. ([System.Management.Automation.ScriptBlock]::Create($module)) | Out-Null
"""
_END = r"""
'capi.scvmm answer: ' + [System.Convert]::ToBase64String($utf8.GetBytes($answer)) + ' capi.scvmm end'
"""

SCRIPT = (
    _BEGIN
    + r"""
$answer = Invoke-CapiScvmmOperation -Name connect -Request $lines[1]
if ($answer.StartsWith('{"ok":true')) { $answer = Invoke-CapiScvmmOperation -Name $lines[0] -Request $lines[2] }
"""
    + _END
)
"""Runs an operation on VMM."""

ENDPOINT_SCRIPT = _BEGIN + "\n$answer = Invoke-CapiEndpointOperation -Name $lines[0] -Request $lines[2]\n" + _END
"""Runs an operation on the exec host itself: its set-up, for which VMM need not be there yet."""


def standard_input(operation: str, request: Mapping[str, Any], vmm_server: str) -> bytes:
    """The lines for SCRIPT."""
    return _lines(operation, {"vmm_server": vmm_server}, request, module_text())


def endpoint_input(operation: str, request: Mapping[str, Any]) -> bytes:
    """The lines for ENDPOINT_SCRIPT."""
    return _lines(operation, {}, request, endpoint_text())


def _lines(operation: str, connect: Mapping[str, Any], request: Mapping[str, Any], module: str) -> bytes:
    """ASCII only, so that no code page can change them."""
    lines = [operation, json.dumps(connect), json.dumps(request, ensure_ascii=True)]
    lines.append(base64.b64encode(module.encode()).decode())
    return "".join(line + "\n" for line in lines).encode("ascii")


def envelope_of(code: int, output: bytes, errors: bytes) -> dict[str, Any]:
    """The envelope in the command's *output*; raises EndpointUnfit when there is none."""
    found = _ANSWER.search(output.decode("utf-8", "replace"))
    if found is not None:
        envelope: dict[str, Any] = json.loads(base64.b64decode("".join(found.group(1).split())))
        return envelope
    said = " ".join((errors or output).decode("utf-8", "replace").split())[:500]
    raise EndpointUnfit(f"PowerShell gave no answer (exit code {code}): {said or 'it said nothing'}", UNKNOWN)
