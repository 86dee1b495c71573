# SPDX-License-Identifier: Apache-2.0
"""The simulator's one port to time: the system's clock, or a virtual one in which waiting costs nothing."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the simulator asks of time; all calls may come from several threads."""

    def now(self) -> float:
        """Seconds since an arbitrary start, never going back."""
        ...

    def moment(self, seconds: float) -> datetime:
        """The UTC date and time at which `now()` was or will be *seconds*."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let *seconds* pass."""
        ...

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        """Let up to *seconds* pass, fewer when *condition* (held by the caller) is notified."""
        ...


class SystemClock:
    """Real time."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def now(self) -> float:
        """Seconds of the monotonic clock."""
        return time.monotonic()

    def moment(self, seconds: float) -> datetime:
        """*seconds* of the monotonic clock as UTC date and time."""
        return datetime.fromtimestamp(seconds + self._offset, tz=UTC)

    def sleep(self, seconds: float) -> None:
        """Sleep, without any lock."""
        if seconds > 0:
            time.sleep(seconds)

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        """Wait for a notification, at most *seconds*."""
        condition.wait(max(seconds, 0.0))


class VirtualClock:
    """Time that passes only when somebody waits for it or calls `advance`: a test of an hour takes no time."""

    START = datetime(2026, 11, 23, 10, 0, 0, tzinfo=UTC)

    def __init__(self) -> None:
        self._now = 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        """Seconds waited for so far."""
        return self._now

    def moment(self, seconds: float) -> datetime:
        """`START` plus *seconds*."""
        return self.START + timedelta(seconds=seconds)

    def advance(self, seconds: float) -> None:
        """Let *seconds* pass at once."""
        with self._lock:
            self._now += max(seconds, 0.0)

    def sleep(self, seconds: float) -> None:
        """Waiting is what makes virtual time pass."""
        self.advance(seconds)

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        """Waiting is what makes virtual time pass; the condition is not needed for it."""
        del condition
        self.advance(seconds)
