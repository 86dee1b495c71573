# SPDX-License-Identifier: Apache-2.0
"""A PowerShell process that answers operations line by line, and the simulator's cmdlets behind it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from scvmm_sim.cmdlets import Vmm
from scvmm_sim.standin import MODULE_PATH
from scvmm_sim.wire.bridge import CmdletBridge

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "collection" / "plugins" / "plugin_utils"))

import powershell_module  # noqa: E402  # the collection's file needs no Ansible, and no package around it

# Reads {"name", "request"} or {"script"} lines, writes one line of JSON for each.
SERVE = """
$ErrorActionPreference = 'Stop'
while ($null -ne ($line = [System.Console]::In.ReadLine())) {
    $call = ConvertFrom-Json -InputObject $line -AsHashtable
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $out = @(Invoke-CapiScvmmOperation -Name $call.name -Request $call.request)
    $answer = @{ count = $out.Count; text = [string]$out[0]; milliseconds = $clock.Elapsed.TotalMilliseconds }
    [System.Console]::Out.WriteLine((ConvertTo-Json -InputObject $answer -Compress -Depth 3))
}
"""


class Bridge:
    """The simulator's own bridge over *vmm*, which keeps what was asked."""

    def __init__(self, vmm: Vmm) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._vmm = vmm
        self._bridge = CmdletBridge(self._call)
        self.url = self._bridge.url

    def _call(
        self, cmdlet: str, parameters: dict[str, Any], operation: str | None
    ) -> tuple[list[Any], dict[str, Any] | None]:
        self.calls.append((cmdlet, parameters))
        result = self._vmm.call(cmdlet, parameters, operation)
        return result.objects, result.job

    def serve(self, vmm: Vmm) -> None:
        """From now on let cmdlets reach *vmm*."""
        self._vmm = vmm
        self.calls.clear()

    def token(self) -> str:
        """What one more PowerShell process needs to be heard."""
        return self._bridge.open_session().token

    def names(self) -> list[str]:
        """Cmdlets called so far, in order."""
        return [name for name, _ in self.calls]

    def wait_for(self, cmdlet: str) -> None:
        """Wait until *cmdlet* has been called, at most ten seconds."""
        end = time.monotonic() + 10
        while cmdlet not in self.names():
            assert time.monotonic() < end, f"{cmdlet} was not called: {self.names()}"
            time.sleep(0.02)

    def close(self) -> None:
        """Stop serving."""
        self._bridge.close()


class Shell:
    """One PowerShell process with the stand-in on its module path and our module loaded."""

    def __init__(
        self, pwsh: Path, bridge: Bridge, folder: Path, *, installed: bool = False, modules: Path = MODULE_PATH
    ) -> None:
        script = folder / "serve.ps1"
        if installed:
            load = f"Import-Module -Name '{powershell_module.MODULE_FOLDER / 'CapiScvmm.psd1'}'\n"
        else:
            load = powershell_module.module_text()
        script.write_text(load + SERVE, encoding="utf-8")
        (folder / "temp").mkdir(exist_ok=True)
        self.temp = folder / "temp"
        environment = {
            **os.environ,
            "PSModulePath": str(modules),
            "SCVMM_SIM_BRIDGE_URL": bridge.url,
            "SCVMM_SIM_BRIDGE_TOKEN": bridge.token(),
            "TMPDIR": str(self.temp),
        }
        self.errors = (folder / "stderr").open("wb")
        self.process = subprocess.Popen(
            [str(pwsh), "-NoProfile", "-File", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env=environment,
        )
        self.milliseconds = 0.0

    def send(self, name: str, request: dict[str, Any] | str) -> None:
        """Ask for an operation without waiting for its answer."""
        text = request if isinstance(request, str) else json.dumps(request)
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"name": name, "request": text}).encode() + b"\n")
        self.process.stdin.flush()

    def receive(self) -> dict[str, Any]:
        """The next answer's envelope; exactly one string must have come."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "PowerShell ended: " + Path(self.errors.name).read_text(encoding="utf-8")
        answer = json.loads(line)
        assert answer["count"] == 1
        self.milliseconds = answer["milliseconds"]
        envelope: dict[str, Any] = json.loads(answer["text"])
        return envelope

    def ask(self, name: str, request: dict[str, Any] | str) -> dict[str, Any]:
        """One operation: its envelope."""
        self.send(name, request)
        return self.receive()

    def result(self, name: str, request: dict[str, Any]) -> dict[str, Any]:
        """One operation that must succeed: its result."""
        envelope = self.ask(name, request)
        assert envelope["ok"], envelope
        result: dict[str, Any] = envelope["result"]
        return result

    def error(self, name: str, request: dict[str, Any] | str) -> dict[str, Any]:
        """One operation that must fail: its error."""
        envelope = self.ask(name, request)
        assert not envelope["ok"], envelope
        error: dict[str, Any] = envelope["error"]
        return error

    def uploads(self) -> list[Path]:
        """Folders in which bytes of media lie on the exec host now."""
        return list(self.temp.glob("capi-scvmm-*"))

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin and self.process.stdout
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.errors.close()
