# SPDX-License-Identifier: Apache-2.0
"""An exec host for tests: what only Windows has is stood in for, its state is a file, its programs a folder."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
WINDOWS = Path(__file__).parent / "windows"
LINK = ROOT / "build" / "ansible_collections" / "capi" / "scvmm"
if not LINK.exists():
    LINK.parent.mkdir(parents=True, exist_ok=True)
    LINK.symlink_to("../../..")
if str(ROOT / "build") not in sys.path:
    sys.path.insert(0, str(ROOT / "build"))

from ansible_collections.capi.scvmm.plugins.plugin_utils import powershell_module  # noqa: E402

ADMINISTRATOR = "EXAMPLE\\administrator"
PASSWORD = "planted-Adm1n-5d0c"  # searched for wherever it must not be

FRESH: dict[str, Any] = {
    "denied": False,
    "restart_works": True,
    "log": [],
    "configurations": [
        {"Name": "Microsoft.PowerShell", "ConfigFilePath": None, "Permission": "", "MaxShellsPerUser": "25"}
    ],
    "wsman": {
        "winrm/config": {"MaxTimeoutms": "60000", "MaxEnvelopeSizekb": "500"},
        "winrm/config/service": {"MaxConcurrentOperationsPerUser": "4294967295"},
        "winrm/config/winrs": {"MaxMemoryPerShellMB": "150", "MaxShellsPerUser": "30", "IdleTimeout": "7200000"},
    },
}
"""A host as Windows is installed, but for a quota that somebody has made small."""


class ExecHost:
    """Files and state of an exec host below *folder*."""

    def __init__(self, folder: Path) -> None:
        self.modules = folder / "Program Files" / "WindowsPowerShell" / "Modules"
        self._state = folder / "windows" / "state.json"
        self.reset()
        self.environment = {
            "ProgramFiles": str(folder / "Program Files"),
            "WINDOWS_STATE": str(self._state),
            "PSModulePath": os.pathsep.join([str(WINDOWS), str(self.modules)]),
        }

    def reset(self) -> None:
        """Make it a host where nothing of ours is."""
        for path in (self.modules, self._state.parent):
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir(parents=True)
        self.state = FRESH

    @property
    def state(self) -> dict[str, Any]:
        """What the stand-in remembers: registrations, quotas, and a log of what was changed."""
        found: dict[str, Any] = json.loads(self._state.read_text(encoding="utf-8"))
        return found

    @state.setter
    def state(self, state: Mapping[str, Any]) -> None:
        self._state.write_text(json.dumps(state), encoding="utf-8")

    def files(self) -> dict[str, str]:
        """SHA-256 of every file below the folder of modules."""
        paths = sorted(path for path in self.modules.rglob("*") if path.is_file())
        return {
            path.relative_to(self.modules).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
        }

    @property
    def registered(self) -> list[str]:
        """Names of the registered session configurations."""
        return [item["Name"] for item in self.state["configurations"]]


def sent(files: Mapping[str, bytes]) -> list[dict[str, str]]:
    """*files* as the operation endpoint_module takes them."""
    return [
        {"path": path, "sha256": hashlib.sha256(data).hexdigest(), "content": base64.b64encode(data).decode()}
        for path, data in files.items()
    ]


# Reads {"name", "request"} lines, writes an envelope for each.
_SERVE = """
while ($null -ne ($line = [System.Console]::In.ReadLine())) {
    $call = ConvertFrom-Json -InputObject $line
    [System.Console]::Out.WriteLine((Invoke-CapiEndpointOperation -Name $call.name -Request $call.request))
}
"""


class Shell:
    """A PowerShell on *host* with the module that sets it up."""

    def __init__(self, pwsh: Path, host: ExecHost, folder: Path) -> None:
        script = folder / "serve.ps1"
        script.write_text(powershell_module.endpoint_text() + _SERVE, encoding="utf-8")
        self._process = subprocess.Popen(
            [str(pwsh), "-NoProfile", "-File", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, **host.environment},
        )

    def call(self, name: str, /, **request: Any) -> dict[str, Any]:
        """The envelope of one operation."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"name": name, "request": json.dumps(request)}) + "\n")
        self._process.stdin.flush()
        envelope: dict[str, Any] = json.loads(self._process.stdout.readline())
        return envelope

    def result(self, name: str, /, **request: Any) -> dict[str, Any]:
        """The result of one operation, which there must be."""
        envelope = self.call(name, **request)
        assert envelope["ok"], envelope
        result: dict[str, Any] = envelope["result"]
        return result

    def refusal(self, name: str, /, **request: Any) -> dict[str, Any]:
        """The error of one operation, which there must be."""
        envelope = self.call(name, **request)
        assert not envelope["ok"], envelope
        error: dict[str, Any] = envelope["error"]
        return error

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
