# SPDX-License-Identifier: Apache-2.0
"""Machines that want the same at the same time go into one run; several runs go side by side."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from capi_scvmm.connection import Connection
from capi_scvmm.outcomes import Lost, Outcome, Unreachable
from capi_scvmm.runs.port import Host, Lane, Runner
from capi_scvmm.runs.slots import Slots

logger = logging.getLogger(__name__)

GATHER_SECONDS = 0.05
# While a run of the lane is under way, more machines follow closely: waiting longer makes one run of them, not several.
BUSY_FACTOR = 10


@dataclass(frozen=True)
class _Order:
    host: Host
    connection: Connection
    answer: asyncio.Future[Outcome]
    obstacle: Callable[[], str | None]


class Batcher:
    """Gathers orders of a lane for a moment and hands them to the runner, *batch_size* at most in a run.

    While *max_runs* runs are under way orders gather on, so that load makes runs larger, not more; but a provider
    without any gets one.
    *ensure* is called before each run, and does not return if none may begin.
    """

    def __init__(
        self,
        runner: Runner,
        max_runs: int = 4,
        batch_size: int = 25,
        gather_seconds: float = GATHER_SECONDS,
        ensure: Callable[[], None] = lambda: None,
    ) -> None:
        self._runner = runner
        self._batch_size = batch_size
        self._gather_seconds = gather_seconds
        self._ensure = ensure
        self._slots = Slots(max_runs)
        self._waiting: dict[Lane, list[_Order]] = defaultdict(list)
        self._gathering: dict[Lane, asyncio.Task[None]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._under_way: Counter[Lane] = Counter()
        self.runs_started = 0

    async def submit(
        self, lane: Lane, connection: Connection, host: Host, obstacle: Callable[[], str | None] = lambda: None
    ) -> Outcome:
        """Put *host* into a run of *lane* and wait for its outcome.

        *obstacle* is asked when its turn has come: the words why the server need not be asked, or None.
        """
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting[lane].append(_Order(host, connection, answer, obstacle))
        if lane not in self._gathering:
            self._gathering[lane] = asyncio.create_task(self._gather(lane))
        return await answer

    async def stop(self) -> None:
        """Cancel everything; who waits for an outcome learns that the run was lost."""
        tasks = [*self._gathering.values(), *self._running]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for order in [order for orders in self._waiting.values() for order in orders]:
            _answer(order, Lost("The controller ends."))
        self._waiting.clear()

    async def _gather(self, lane: Lane) -> None:
        try:
            await asyncio.sleep(self._gather_seconds * (BUSY_FACTOR if self._under_way[lane] else 1))
            while self._waiting[lane]:
                await self._slots.take(lane.provider)
                batch = self._take(lane)
                if not batch:
                    self._slots.give_back(lane.provider)
                    continue
                task = asyncio.create_task(self._run(lane, batch))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
        finally:
            self._gathering.pop(lane, None)

    def _take(self, lane: Lane) -> list[_Order]:
        """Take what fits into one run; credentials that were changed in between make another run."""
        waiting = self._waiting[lane] = [order for order in self._waiting[lane] if not _given_up(order)]
        if not waiting:
            return []
        same = [order for order in waiting if order.connection == waiting[0].connection]
        # One host twice in a run is one host: the second order waits for the next run.
        batch = list({order.host.name: order for order in reversed(same)}.values())[::-1][: self._batch_size]
        self._waiting[lane] = [order for order in waiting if order not in batch]
        return batch

    async def _run(self, lane: Lane, batch: Sequence[_Order]) -> None:
        orders = {order.host.name: order for order in batch}
        self.runs_started += 1
        self._under_way[lane] += 1
        logger.info("run started: %s at %s, %d machines", lane.playbook.name.lower(), lane.provider, len(batch))

        def report(host: str, outcome: Outcome) -> None:
            _answer(orders[host], outcome)

        word = "The run ended without a word about this machine."
        self._ensure()
        try:
            await self._runner.run(lane.playbook, batch[0].connection, [order.host for order in batch], report)
        except OSError as error:
            word = f"The run could not be started: {error}."
            logger.error("%s", word)
        finally:
            self._slots.give_back(lane.provider)
            self._under_way[lane] -= 1
            for order in batch:
                _answer(order, Lost(word))


def _given_up(order: _Order) -> bool:
    """Answer an order whose server has fallen silent while it waited: nobody knocks for it."""
    obstacle = order.obstacle()
    if obstacle is not None:
        _answer(order, Unreachable(obstacle))
    return obstacle is not None


def _answer(order: _Order, outcome: Outcome) -> None:
    if not order.answer.done():
        order.answer.set_result(outcome)
