# SPDX-License-Identifier: Apache-2.0
"""A simulated VMM server to try and test against: WinRM on the wire, a fabric with jobs behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scvmm_sim.simulator import Simulator

__all__ = ["Simulator"]


def __getattr__(name: str) -> Any:
    """Import the server only where it is wanted: the command's control half starts without it."""
    if name == "Simulator":
        from scvmm_sim.simulator import Simulator

        return Simulator
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
