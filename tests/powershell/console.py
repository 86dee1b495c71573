# SPDX-License-Identifier: Apache-2.0
"""A PowerShell process at whose prompt tests type: the stand-in module is loaded, and nothing of ours."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scvmm_sim.standin import MODULE_PATH

from .shell import Bridge

# Reads one script a line (JSON text), writes one line of JSON with what it wrote and which errors it ended in or left.
_SERVE = """
Import-Module -Name VirtualMachineManager
function Convert-Record($Record) {
    @{
        id = $Record.FullyQualifiedErrorId; category = [string]$Record.CategoryInfo.Category
        reason = $Record.CategoryInfo.Reason; activity = $Record.CategoryInfo.Activity
        message = [string]$Record; action = [string]$Record.ErrorDetails.RecommendedAction
    }
}
while ($null -ne ($line = [System.Console]::In.ReadLine())) {
    $script = [scriptblock]::Create((ConvertFrom-Json -InputObject $line))
    $errors = New-Object System.Collections.ArrayList
    $out = New-Object System.Collections.ArrayList
    try {
        foreach ($item in @(& $script 2>&1)) {
            if ($item -is [System.Management.Automation.ErrorRecord]) { $null = $errors.Add((Convert-Record $item)) }
            else { $null = $out.Add($item) }
        }
    }
    catch { $null = $errors.Add((Convert-Record $_)) }
    # What PowerShell itself says to people (-WhatIf) goes to the same stream.
    $answer = @{ out = $out; errors = $errors }
    [System.Console]::Out.WriteLine('ANSWER ' + (ConvertTo-Json -InputObject $answer -Compress -Depth 6))
}
"""


_ANSWER = b"ANSWER "


@dataclass(frozen=True)
class Said:
    """What a script wrote to its output, and its error records as data."""

    out: list[Any] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)

    @property
    def error(self) -> dict[str, Any]:
        """The one error that there must be."""
        assert len(self.errors) == 1, self
        return self.errors[0]


class Console:
    """One process; scripts run one after the other, each in a scope of its own."""

    def __init__(self, pwsh: Path, bridge: Bridge, folder: Path) -> None:
        script = folder / "console.ps1"
        script.write_text(_SERVE, encoding="utf-8")
        self._errors = (folder / "stderr").open("wb")
        self._process = subprocess.Popen(
            [str(pwsh), "-NoProfile", "-NonInteractive", "-File", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={
                **os.environ,
                "PSModulePath": str(MODULE_PATH),
                "SCVMM_SIM_BRIDGE_URL": bridge.url,
                "SCVMM_SIM_BRIDGE_TOKEN": bridge.token(),
            },
        )

    def run(self, script: str) -> Said:
        """Run *script* to its end."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(script).encode() + b"\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith(_ANSWER):
                return Said(**json.loads(line.removeprefix(_ANSWER)))
        raise AssertionError("PowerShell ended: " + Path(self._errors.name).read_text(encoding="utf-8"))

    def out(self, script: str) -> list[Any]:
        """Run *script*, which must end without an error."""
        said = self.run(script)
        assert said.errors == []
        return said.out

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin and self._process.stdout
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._errors.close()
