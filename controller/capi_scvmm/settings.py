# SPDX-License-Identifier: Apache-2.0
"""What the command line says, as one value."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from capi_scvmm.election.lease import Timing
from capi_scvmm.plan.retry import RetryPolicy


def default_max_runs() -> int:
    """One Ansible run a core: they are bound by CPU, and while all are under way the next ones grow instead."""
    return max(2, min(8, os.cpu_count() or 2))


@dataclass(frozen=True)
class Election:
    """The Lease that several controllers of the same objects want; one of them acts."""

    namespace: str
    name: str
    timing: Timing = field(default_factory=Timing)


@dataclass(frozen=True)
class Settings:
    """All settings of a controller; times are seconds."""

    namespaces: tuple[str, ...] = ()
    watch_filter: str | None = None
    kubeconfig: Path | None = None
    max_runs: int = field(default_factory=default_max_runs)
    batch_size: int = 25
    resync: float = 60.0
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    health_port: int | None = None
    election: Election | None = None
