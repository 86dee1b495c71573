# SPDX-License-Identifier: Apache-2.0
"""What the simulated VMM server knows: records, jobs with their locks, and the agenda of what happens when."""

from __future__ import annotations

from scvmm_sim.state.agenda import Agenda
from scvmm_sim.state.jobs import Job, JobBook, Work
from scvmm_sim.state.world import World

__all__ = ["Agenda", "Job", "JobBook", "Work", "World"]
