# SPDX-License-Identifier: GPL-3.0-or-later
"""What the session must know of the operations; docs/operations.md describes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

READS = frozenset(
    {"connect", "vm_info", "hardware_info", "boot_fields", "vm_checkpoint_info", "vm_refresh", "job_info"}
)
# Each of these looks first and does what is still missing, so a call whose fate is unknown may be made again.
IDEMPOTENT = frozenset(
    {
        "vm_present",
        "vm_absent",
        "vm_power",
        "vm_checkpoint",
        "vm_disk",
        "vm_mark",
        "vm_repair",
        "vip",
        "media_present",
        "media_attached",
        "media_ejected",
        "media_absent",
    }
)
REPEATABLE = READS | IDEMPOTENT
# Starting a job or bringing a medium to the library can take minutes on a busy server.
DEFAULT_TIMEOUT = 120.0


def is_long(request: Mapping[str, Any]) -> bool:
    """Whether the operation waits on purpose, so that it must not hold up others."""
    return _seconds(request) > 0


def time_allowed(request: Mapping[str, Any], timeout: float | None) -> float:
    """Seconds until the call is given up: *timeout*, or what such a request may take."""
    return timeout if timeout is not None else DEFAULT_TIMEOUT + _seconds(request)


def subject_of(request: Mapping[str, Any]) -> str:
    """What the request is about, so that two changes of one thing can be told from changes of two."""
    found = next((request[name] for name in ("uid", "id", "file", "name") if request.get(name)), "")
    return found if isinstance(found, str) else ""


def _seconds(request: Mapping[str, Any]) -> float:
    value = request.get("wait_seconds")
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0
