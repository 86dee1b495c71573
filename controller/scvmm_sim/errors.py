# SPDX-License-Identifier: Apache-2.0
"""What can go wrong in the simulator.

SimulatorError
├── FabricError    a fabric file, fault rule or duration is wrong (bad input of the simulator's user)
└── CmdletError    a VMM cmdlet refused, as VMM or PowerShell's parameter binder would
"""

from __future__ import annotations


class SimulatorError(Exception):
    """Base of all errors that the simulator raises on purpose."""


class FabricError(SimulatorError):
    """A setting is wrong; the message names where, which value, and the remedy, one line per mistake."""


class CmdletError(SimulatorError):
    """An error record of a cmdlet.

    `number` is VMM's error number, None for an error of PowerShell itself (`error_id` is its FullyQualifiedErrorId).
    """

    def __init__(
        self,
        number: int | None,
        message: str,
        recommended_action: str = "",
        category: str = "ReadError",
        cmdlet: str = "",
        error_id: str = "",
    ) -> None:
        super().__init__(message)
        self.number = number
        self.message = message
        self.recommended_action = recommended_action
        self.category = category
        self.cmdlet = cmdlet
        self.error_id = error_id

    @property
    def id(self) -> str:
        """FullyQualifiedErrorId: `2606,Microsoft.…Cmdlets.StartSCVirtualMachineCmdlet`."""
        if self.number is None:
            return f"{self.error_id or 'CapiScvmm.Simulator'},{self.cmdlet}"
        name = self.cmdlet.replace("-", "")
        return f"{self.number},Microsoft.SystemCenter.VirtualMachineManager.Cmdlets.{name}Cmdlet"
