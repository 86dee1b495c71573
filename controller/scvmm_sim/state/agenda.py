# SPDX-License-Identifier: Apache-2.0
"""What is going to happen and when: ends of jobs and steps of guests, carried out when somebody looks (no threads)."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable


class Agenda:
    """Due times and what to do then, in order; the caller holds the world's lock."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Callable[[float], None]]] = []
        self._order = itertools.count()
        self.at: float | None = None
        """The due time of what is being carried out now: that is when it happens, however late somebody looked."""

    def plan(self, due: float, act: Callable[[float], None]) -> None:
        """Have *act* called with its due time once that time has come."""
        heapq.heappush(self._heap, (due, next(self._order), act))

    def settle(self, now: float) -> None:
        """Carry out all that is due, in order of time; what is planned meanwhile and due is carried out too."""
        while self._heap and self._heap[0][0] <= now:
            due, _order, act = heapq.heappop(self._heap)
            self.at = due
            try:
                act(due)
            finally:
                self.at = None

    def next_due(self) -> float | None:
        """When the next thing happens; None when nothing is planned."""
        return self._heap[0][0] if self._heap else None
