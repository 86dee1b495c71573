# SPDX-License-Identifier: Apache-2.0
"""Starts real guests: systemd-nspawn containers and QEMU machines, on bridges in a network namespace of their own.

It knows nothing of VMM: what a guest boots from and has is in GuestPlan.
"""

from __future__ import annotations

from scvmm_sim.hypervisor.errors import HypervisorError
from scvmm_sim.hypervisor.network import Network
from scvmm_sim.hypervisor.nspawn import Container
from scvmm_sim.hypervisor.plan import GuestAdapter, GuestPlan, RunningGuest
from scvmm_sim.hypervisor.programs import Programs
from scvmm_sim.hypervisor.qemu import Emulated, QemuMachine

__all__ = [
    "Container",
    "Emulated",
    "GuestAdapter",
    "GuestPlan",
    "HypervisorError",
    "Network",
    "Programs",
    "QemuMachine",
    "RunningGuest",
]
