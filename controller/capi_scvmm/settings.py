# SPDX-License-Identifier: Apache-2.0
"""What the command line says, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from capi_scvmm.plan.retry import RetryPolicy


@dataclass(frozen=True)
class Settings:
    """All settings of a controller; times are seconds."""

    namespaces: tuple[str, ...] = ()
    watch_filter: str | None = None
    kubeconfig: Path | None = None
    max_runs: int = 4
    batch_size: int = 25
    resync: float = 60.0
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    health_port: int | None = None
