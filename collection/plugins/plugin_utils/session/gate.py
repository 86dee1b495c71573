# SPDX-License-Identifier: GPL-3.0-or-later
"""The door to the exec hosts: logins go through it one by one, so that a wrong password is tried once, not by all.

A refused login is remembered: repeating a wrong password locks accounts. It is tried again after minutes only, in case
that it was the account and not the password that was mended. Other failures are taken over by those who stood waiting.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from .failures import NEVER, LoginRefused, SessionFailure
from .options import Options

# Common policies lock an account after five wrong passwords in half an hour: these make three at most.
REFUSAL_SECONDS = (300.0, 900.0)

T = TypeVar("T")


class Gate:
    """Shared by all workers of a broker."""

    def __init__(
        self, refusal_seconds: tuple[float, ...] = REFUSAL_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._refusal_seconds = refusal_seconds
        self._clock = clock
        self._knocking = threading.Lock()
        self._refusal: LoginRefused | None = None
        self._refusals = 0
        self._again_at = float("-inf")
        self._failures: dict[Options, tuple[float, SessionFailure]] = {}

    def check(self) -> None:
        """Raise LoginRefused while a refusal is remembered."""
        left = self._again_at - self._clock()
        if self._refusal is not None and left > 0:
            raise LoginRefused(
                f"{self._refusal.message}. So as not to lock the account, this password is not tried for another "
                f"{left:.0f} seconds (reset the connection to try at once)",
                NEVER,
            )

    def login(self, target: Options, knock: Callable[[], T]) -> T:
        """The result of *knock*, or the failure that somebody else has met at *target* since this call began."""
        began = self._clock()
        with self._knocking:
            self.check()
            failed_at, failure = self._failures.get(target, (float("-inf"), None))
            if failure is not None and failed_at > began:
                raise type(failure)(failure.message, failure.happened)
            try:
                opened = knock()
            except SessionFailure as met:
                self.note(target, met)
                raise
            self._refusal, self._refusals = None, 0
            self._failures.pop(target, None)
            return opened

    def note(self, target: Options, failure: SessionFailure) -> None:
        """Remember *failure*, which was met at *target*."""
        now = self._clock()
        if isinstance(failure, LoginRefused):
            self._refusal = failure
            self._again_at = now + self._refusal_seconds[min(self._refusals, len(self._refusal_seconds) - 1)]
            self._refusals += 1
        else:
            self._failures[target] = (now, failure)
