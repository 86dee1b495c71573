# SPDX-License-Identifier: Apache-2.0
"""Candidates for one lease in virtual time: processes that stand still, clocks that differ, a server that fails."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

from capi_scvmm.election.elector import Elector, Trouble
from capi_scvmm.election.lease import Lease, Timing


@dataclass
class Server:
    """The lease as the API server keeps it: a write must name the latest version."""

    lease: Lease | None = None
    holders: list[str] = field(default_factory=list)
    _versions: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def write(self, lease: Lease) -> Lease | None:
        """Take a write, or refuse it."""
        if lease.version != (self.lease.version if self.lease is not None else ""):
            return None
        self.lease = replace(lease, version=str(next(self._versions)))
        if lease.holder and lease.holder not in self.holders[-1:]:
            self.holders.append(lease.holder)
        return self.lease


@dataclass(frozen=True)
class Call:
    """What becomes of one call: seconds to the server and back; lost on the way there, or only its answer.

    *stop*: for so many seconds the process stands still from the moment at which it has sent it.
    """

    there: float = 0.01
    back: float = 0.01
    lost: bool = False
    answer_lost: bool = False
    stop: float = 0.0


class Candidate:
    """A process with an elector, whose clock runs at *rate*; *calls* says what becomes of each of its calls."""

    def __init__(self, name: str, time: Time, server: Server, calls: Callable[[], Call], rate: float = 1.0) -> None:
        self.name = name
        self.rate = rate
        self.stopped_until = 0.0
        self._time = time
        self._server = server
        self._calls = calls
        self.told: list[float] = []
        clock = lambda: time.now * rate  # noqa: E731
        self.elector = Elector(self, name, Timing(), self.told.append, clock, self._sleep)

    async def life(self) -> None:
        """Stand for election until the lease is lost; a controller ends then, and its next process stands anew."""
        await self.elector.acquire()
        await self.elector.hold()

    async def read(self, seconds: float) -> Lease | None:
        """See Leases."""
        return await self._called(lambda: self._server.lease, seconds)

    async def write(self, lease: Lease, seconds: float) -> Lease | None:
        """See Leases."""
        return await self._called(lambda: self._server.write(lease), seconds)

    async def _called(self, act: Callable[[], Lease | None], seconds: float) -> Lease | None:
        call, limit = self._calls(), seconds / self.rate
        if call.lost:
            await self._sleep(limit * self.rate)
            raise Trouble("no answer")
        # The way there needs no process of ours: a stopped candidate's request arrives all the same.
        told: list[Lease | None] = []
        self._time.at(self._time.now + call.there, lambda: told.append(act()))
        self.stopped_until = max(self.stopped_until, self._time.now + call.stop)
        there_and_back = call.there + call.back
        await self._sleep(min(there_and_back, limit) * self.rate)
        if call.answer_lost or there_and_back > limit:
            raise Trouble("no answer in time")
        return told[0]

    async def _sleep(self, seconds: float) -> None:
        await self._time.sleep(seconds / self.rate, self)


class Time:
    """Virtual time in seconds: `run` goes from one moment at which something happens to the next."""

    def __init__(self) -> None:
        self.now = 0.0
        self._agenda: list[tuple[float, int, Candidate | None, Callable[[], Any]]] = []
        self._order = itertools.count()

    def at(self, moment: float, act: Callable[[], Any], who: Candidate | None = None) -> None:
        """Do something at a moment."""
        heapq.heappush(self._agenda, (moment, next(self._order), who, act))

    async def sleep(self, seconds: float, who: Candidate) -> None:
        """Wait; a process that is stopped then goes on later."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.at(self.now + seconds, lambda: woken.done() or woken.set_result(None), who)
        await woken

    async def run(self, until: float, look: Callable[[], None] = lambda: None) -> None:
        """Let time pass; *look* is called at every moment at which something happened."""
        await _settle()
        while self._agenda and self._agenda[0][0] <= until:
            moment, _, who, act = heapq.heappop(self._agenda)
            if who is not None and moment < who.stopped_until:
                self.at(who.stopped_until, act, who)
                continue
            self.now = max(self.now, moment)
            look()
            act()
            await _settle()
            look()
        self.now = until


async def _settle() -> None:
    for _ in range(12):
        await asyncio.sleep(0)


def played(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a scene, with a limit of real time."""
    asyncio.run(asyncio.wait_for(scene(), 60))
