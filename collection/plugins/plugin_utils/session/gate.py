# SPDX-License-Identifier: GPL-3.0-or-later
"""The door to the exec host: keeps many workers from knocking at once when the answer is no.

Until one login was accepted, one worker tries and the others take over its answer. A refused login is remembered for
some seconds: repeating a wrong password locks accounts.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from .failures import LoginRefused, SessionFailure

REFUSAL_SECONDS = 15.0

T = TypeVar("T")


class Gate:
    """Shared by all workers of a broker."""

    def __init__(self, refusal_seconds: float = REFUSAL_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._refusal_seconds = refusal_seconds
        self._clock = clock
        self._knocking = threading.Lock()
        self._accepted = False
        self._failed_at = float("-inf")
        self._failure: SessionFailure | None = None

    def open(self, opening: Callable[[], T]) -> T:
        """The result of *opening*, or the failure that another worker has met since this call began."""
        began = self._clock()
        self._raise_remembered(began)
        if self._accepted:
            return self._try(opening)
        with self._knocking:
            if not self._accepted:
                self._raise_remembered(began)
            return self._try(opening)

    def _raise_remembered(self, began: float) -> None:
        if self._failure is None:
            return
        refused = isinstance(self._failure, LoginRefused) and self._clock() - self._failed_at < self._refusal_seconds
        if refused or self._failed_at > began:
            raise type(self._failure)(self._failure.message, self._failure.happened)

    def _try(self, opening: Callable[[], T]) -> T:
        try:
            opened = opening()
        except SessionFailure as failure:
            self._accepted, self._failure, self._failed_at = False, failure, self._clock()
            raise
        self._accepted, self._failure = True, None
        return opened
