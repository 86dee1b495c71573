# SPDX-License-Identifier: GPL-3.0-or-later
"""The cold way: one operation over a connection that only runs commands (Ansible's psrp, winrm).

The command is a short fixed script. All that varies goes in on standard input, one line each: the operation's name, the
request of `connect`, the operation's request, the module's text in base64. Nothing of it becomes part of a script but
the module's own text, which is ours.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from .powershell_module import module_text
from .session.failures import UNKNOWN, EndpointUnfit

_ANSWER = "capi.scvmm answer: "

# Not every host of PowerShell gives a command its standard input as $input.
# The answer goes back in base64: what the console's code page would do to it is anybody's guess.
SCRIPT = r"""
$lines = @($input | Where-Object { $_ })
if ($lines.Count -eq 0) { $lines = @([Console]::In.ReadToEnd() -split '\s*\n' | Where-Object { $_ }) }
$utf8 = [System.Text.Encoding]::UTF8
$module = $utf8.GetString([System.Convert]::FromBase64String($lines[3]))
. ([System.Management.Automation.ScriptBlock]::Create($module)) | Out-Null
$answer = Invoke-CapiScvmmOperation -Name connect -Request $lines[1]
if ($answer.StartsWith('{"ok":true')) { $answer = Invoke-CapiScvmmOperation -Name $lines[0] -Request $lines[2] }
'capi.scvmm answer: ' + [System.Convert]::ToBase64String($utf8.GetBytes($answer))
"""


def standard_input(operation: str, request: Mapping[str, Any], vmm_server: str) -> bytes:
    """The lines for the script; ASCII only, so that no code page can change them."""
    module = base64.b64encode(module_text().encode()).decode()
    lines = [operation, json.dumps({"vmm_server": vmm_server}), json.dumps(request, ensure_ascii=True), module]
    return "".join(line + "\n" for line in lines).encode("ascii")


def envelope_of(code: int, output: bytes, errors: bytes) -> dict[str, Any]:
    """The envelope in the command's *output*; raises EndpointUnfit when there is none."""
    for line in output.decode("utf-8", "replace").splitlines():
        if line.startswith(_ANSWER):
            envelope = json.loads(base64.b64decode(line[len(_ANSWER) :]))
            assert isinstance(envelope, dict)
            return envelope
    said = " ".join((errors or output).decode("utf-8", "replace").split())[:500]
    raise EndpointUnfit(f"PowerShell gave no answer (exit code {code}): {said or 'it said nothing'}", UNKNOWN)
