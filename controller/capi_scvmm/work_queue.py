# SPDX-License-Identifier: Apache-2.0
"""A queue of keys that want a look: each key once, one worker at a time per key, now or at a later moment."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from capi_scvmm.store import Key

logger = logging.getLogger(__name__)

ERROR_DELAY_SECONDS = 1.0
LONGEST_ERROR_DELAY_SECONDS = 60.0
# A look that takes longer waits for somebody, such as a VMM server that hangs: it must not keep the others waiting.
SLOW_SECONDS = 5.0


class WorkQueue:
    """Calls *look* for each key that was added; a failed look is repeated, ever more slowly.

    There are *workers* looks at once, not counting those that have become slow.
    """

    def __init__(self, look: Callable[[Key], Awaitable[None]], workers: int = 16) -> None:
        self._look = look
        self._count = workers
        self._ready: asyncio.Queue[Key] = asyncio.Queue()
        self._waiting: set[Key] = set()
        self._working: set[Key] = set()
        self._again: set[Key] = set()
        self._timers: dict[Key, asyncio.TimerHandle] = {}
        self._failures: dict[Key, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to work, in the running loop."""
        for _ in range(self._count):
            self._hire()

    async def stop(self) -> None:
        """End all workers and timers."""
        for timer in self._timers.values():
            timer.cancel()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def add(self, key: Key) -> None:
        """Have a look at *key* as soon as a worker is free; a look that is under way is followed by another."""
        if key in self._working:
            self._again.add(key)
        elif key not in self._waiting:
            self._waiting.add(key)
            self._ready.put_nowait(key)

    def add_after(self, key: Key, seconds: float) -> None:
        """Have a look at *key* after *seconds*, or earlier when a look is asked for that is due earlier."""
        due = asyncio.get_running_loop().time() + max(seconds, 0.0)
        timer = self._timers.get(key)
        if timer is not None:
            if timer.when() <= due and not timer.cancelled():
                return
            timer.cancel()
        self._timers[key] = asyncio.get_running_loop().call_at(due, self._due, key)

    def _due(self, key: Key) -> None:
        self._timers.pop(key, None)
        self.add(key)

    def _hire(self) -> bool:
        task = asyncio.create_task(self._work(), name="worker")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _work(self) -> None:
        """Look at one after the other; who was slow at one has got a successor, and goes."""
        while await self._look_at(await self._ready.get()):
            pass

    async def _look_at(self, key: Key) -> bool:
        """Look at *key*; tell whether that was quick."""
        successor: list[bool] = []
        slow = asyncio.get_running_loop().call_later(SLOW_SECONDS, lambda: successor.append(self._hire()))
        try:
            await self._once(key)
        finally:
            slow.cancel()
        return not successor

    async def _once(self, key: Key) -> None:
        self._waiting.discard(key)
        self._working.add(key)
        try:
            await self._look(key)
            self._failures.pop(key, None)
        except asyncio.CancelledError:
            raise
        except Exception:  # a defect in the look at one object must not end the controller; it is logged and repeated
            self._failed(key)
        finally:
            self._working.discard(key)
            if key in self._again:
                self._again.discard(key)
                self.add(key)

    def _failed(self, key: Key) -> None:
        failures = self._failures[key] = self._failures.get(key, 0) + 1
        delay = min(ERROR_DELAY_SECONDS * 2 ** (failures - 1), LONGEST_ERROR_DELAY_SECONDS)
        logger.exception("%s: the look at it failed; it is repeated in %.0f s", key, delay)
        self.add_after(key, delay)
