# SPDX-License-Identifier: Apache-2.0
"""The guest: it boots, reads the medium that is really attached as cloud-init would, and gets addresses."""

from __future__ import annotations

from scvmm_sim.guest.boot import refresh, start_booting, stop_running
from scvmm_sim.guest.medium import MediumContent, MediumProblem, read_medium

__all__ = ["MediumContent", "MediumProblem", "read_medium", "refresh", "start_booting", "stop_running"]
