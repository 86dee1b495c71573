# SPDX-License-Identifier: Apache-2.0
"""Fabrics for the benchmarks: hosts with room for everybody, jobs as long as asked for."""

from __future__ import annotations

from typing import Any

from fabrics import site

USERNAME = "EXAMPLE\\capi"
PASSWORD = "bench-only"
HOSTS = [{"name": f"hv{number}.example.com", "cpus": 512, "memory_mb": 4_194_304} for number in range(4)]


def fabric(*, cmdlet_delay: float = 0, **seconds: float) -> dict[str, Any]:
    """A fabric whose jobs take the given *seconds*; *cmdlet_delay* is added to each cmdlet."""
    return site(PASSWORD, {"prod": HOSTS}, seconds) | {"cmdlet_delay_seconds": cmdlet_delay}
