# SPDX-License-Identifier: Apache-2.0
"""How many runs there may be at once: a number for all, of which no VMM server that hangs can keep the others out."""

from __future__ import annotations

import asyncio
from collections import Counter, deque


class Slots:
    """*most* runs at once. A provider of which none is under way gets its first one beyond that, too.

    Runs wait for their VMM server: one that hangs would hold all slots for minutes, and a run that waits costs nothing.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: Counter[str] = Counter()
        self._waiting: deque[tuple[str, asyncio.Future[None]]] = deque()

    async def take(self, provider: str) -> None:
        """Wait for a slot; who came first goes first, among those that may."""
        if self._may(provider):
            self._taken[provider] += 1
            return
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((provider, mine))
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self.give_back(provider)  # It was given just now, and nobody is there to use it.
            raise

    def give_back(self, provider: str) -> None:
        """End the use of a slot, and hand out what may be by now."""
        self._taken[provider] -= 1
        if not self._taken[provider]:
            del self._taken[provider]
        waiting, self._waiting = self._waiting, deque()
        for other, future in waiting:
            if future.done():
                continue
            if self._may(other):
                self._taken[other] += 1
                future.set_result(None)
            else:
                self._waiting.append((other, future))

    def _may(self, provider: str) -> bool:
        return self._taken.total() < self._most or not self._taken[provider]
