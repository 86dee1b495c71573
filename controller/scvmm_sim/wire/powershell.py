# SPDX-License-Identifier: Apache-2.0
"""Engine ``powershell``: shells live in real PowerShell processes, whose VMM cmdlets ask over a bridge."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from scvmm_sim.calls import CallLog
from scvmm_sim.wire.bridge import CmdletBridge
from scvmm_sim.wire.calls_seen import SeenCalls
from scvmm_sim.wire.faults import OperationFaults, WireFaults
from scvmm_sim.wire.pwsh import PwshProcesses
from scvmm_sim.wire.relay import RelayShell
from scvmm_sim.wire.restricted import VARIABLE
from scvmm_sim.wire.shell import Shell, ShellRequest
from scvmm_sim.wire.winrs import WinRsShell


class PowerShellEngine:
    """Makes shells of PowerShell processes."""

    def __init__(
        self,
        program: Path,
        module_folder: Path,
        bridge: CmdletBridge,
        calls: CallLog,
        wire_faults: WireFaults,
        operation_faults: OperationFaults,
        configurations: Mapping[str, Path] | None = None,
    ) -> None:
        """*module_folder* holds the stand-in VirtualMachineManager; *bridge* (closed with the engine) answers it.

        *configurations* are session configuration files (.pssc) by name in small letters; more may come in later.
        """
        self._configurations = configurations if configurations is not None else {}
        self._bridge = bridge
        self._wire_faults = wire_faults
        self._operation_faults = operation_faults
        self._calls = calls
        paths = [str(module_folder), os.environ.get("PSModulePath", "")]  # noqa: SIM112  # PowerShell's own spelling
        self._processes = PwshProcesses(
            program,
            {
                "PSModulePath": os.pathsep.join(path for path in paths if path),
                "SCVMM_SIM_BRIDGE_URL": bridge.url,
                "POWERSHELL_TELEMETRY_OPTOUT": "1",
                "POWERSHELL_UPDATECHECK": "Off",
            },
        )

    def open(self, request: ShellRequest) -> Shell:
        """Open a runspace pool in a process of its own, or a WinRS shell."""
        session = self._bridge.open_session()
        environment = {**request.environment, "SCVMM_SIM_BRIDGE_TOKEN": session.token}
        file = self._configurations.get(request.resource_uri.rpartition("/")[2].casefold())
        if file is not None:
            environment[VARIABLE] = str(file)
        request = replace(request, environment=environment)
        if request.creation is None:
            return WinRsShell(request, self._processes, self._wire_faults, session)
        seen = SeenCalls(self._calls, session)
        return RelayShell(request, self._processes, self._wire_faults, self._operation_faults, seen, session)

    def close(self) -> None:
        """End all processes."""
        self._processes.close()
        self._bridge.close()
