# SPDX-License-Identifier: Apache-2.0
"""The log of operations: which, when, how long, about what; never their content."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

KEPT_CALLS = 20_000
"""How many calls are remembered; the oldest go first."""


@dataclass
class Call:
    """One operation; `ok` and `seconds` are None while it runs. `keys` are the request's keys without their values."""

    name: str
    object: str | None
    keys: list[str]
    started: str
    began: float = field(repr=False)
    seconds: float | None = None
    ok: bool | None = None


class CallLog:
    """All operations so far, from every session; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[Call] = deque(maxlen=KEPT_CALLS)

    def begin(self, name: str, request: dict[str, Any]) -> Call:
        """Note that an operation starts."""
        now = datetime.now(tz=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        call = Call(name, _object_of(request), sorted(request), now, time.monotonic())
        with self._lock:
            self._calls.append(call)
        return call

    def end(self, call: Call, ok: bool) -> None:
        """Note that it ended."""
        call.seconds = round(time.monotonic() - call.began, 6)
        call.ok = ok

    def drop(self, call: Call) -> None:
        """Take back a call that never arrived."""
        with self._lock:
            if call in self._calls:
                self._calls.remove(call)

    def listed(self) -> list[dict[str, Any]]:
        """Return all calls, oldest first, as data."""
        with self._lock:
            calls = list(self._calls)
        return [{key: value for key, value in asdict(call).items() if key != "began"} for call in calls]


def _object_of(request: dict[str, Any]) -> str | None:
    """What a request is about, by the names that docs/operations.md gives its fields."""
    for key in ("name", "id", "uid", "file", "vmm_server"):
        value = request.get(key)
        if isinstance(value, str) and value:
            return value
    return None
