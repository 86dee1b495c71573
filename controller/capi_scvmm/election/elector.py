# SPDX-License-Identifier: Apache-2.0
"""A candidate for a lease: takes it when it may, keeps it, and knows until when it may act. The algorithm of client-go.

Its one promise: `leads()` is false on this candidate before it can be true on another one, however long requests take
and however long this process stands still. It counts from the moment *before* a renewal was sent, up to the renewal
deadline, and others count from a moment after it arrived, up to the longer duration of the lease.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from capi_scvmm.election.clock import boot_clock
from capi_scvmm.election.lease import Lease, Sight, Stand, Take, Timing, given_back, next_step, see

logger = logging.getLogger(__name__)


class Trouble(Exception):
    """The API server gave no answer, or refused; the words say what."""


class Leases(Protocol):
    """The one lease that all candidates want. Both calls raise Trouble, after *seconds* at the latest."""

    async def read(self, seconds: float) -> Lease | None:
        """Read it; None when there is none."""
        ...

    async def write(self, lease: Lease, seconds: float) -> Lease | None:
        """Write it if its version is the latest (create it, without one); None when somebody else was faster."""
        ...


class Elector:
    """The candidate *me*; *held* is told each time until when the lease is held, in seconds of *clock*."""

    def __init__(
        self,
        leases: Leases,
        me: str,
        timing: Timing,
        held: Callable[[float], None] = lambda until: None,
        clock: Callable[[], float] = boot_clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._leases = leases
        self.me = me
        self._timing = timing
        self._held = held
        self._clock = clock
        self._sleep = sleep
        self._sight: Sight | None = None
        self._sent = float("-inf")
        self._trouble = ""
        self.heard = float("-inf")
        """When the API server last answered."""

    def leads(self) -> bool:
        """Whether this candidate may act at this moment."""
        return self._clock() < self.leads_until

    @property
    def leads_until(self) -> float:
        """When it must have renewed the lease, or act no more."""
        return self._sent + self._timing.renew_deadline

    @property
    def holder(self) -> str:
        """Who had the lease when it was last seen."""
        return self._sight.lease.holder if self._sight is not None else ""

    async def acquire(self) -> None:
        """Wait until the lease is ours."""
        while not self.leads():
            again = await self._try()
            if not self.leads():
                await self._sleep(max(min(self._timing.retry, again - self._clock()), 0.01))

    async def hold(self) -> None:
        """Renew the lease; return when it is not ours any more."""
        while self.leads():
            await self._sleep(min(self._timing.retry, max(self.leads_until - self._clock(), 0.01)))
            if self.leads():
                await self._try()

    async def give_back(self) -> None:
        """Leave the lease to others at once; afterwards nothing may be done."""
        if not self.leads() or self._sight is None:
            return
        lease, self._sent = self._sight.lease, float("-inf")
        try:
            await self._leases.write(given_back(lease, datetime.now(UTC)), self._timing.retry)
        except Trouble as trouble:
            logger.warning("the lease could not be given back, others take it when it has run out: %s", trouble)

    async def _try(self) -> float:
        """Take or renew the lease if that may be; tell when another try may have another result."""
        begun = self._clock()
        try:
            # What we wrote last is the latest, as long as nobody else writes: renew without a look.
            if not self.leads():
                await self._look()
            step = next_step(self.me, self._sight, self._clock(), self._timing, datetime.now(UTC))
            match step:
                case Stand(again=again):
                    return again
                case Take(lease=lease):
                    await self._take(lease)
        except Trouble as trouble:
            self._say(str(trouble))
        return begun + self._timing.retry

    async def _look(self) -> None:
        lease = await self._leases.read(self._seconds())
        self._answered()
        self._sight = see(lease, self._sight, self._clock())

    async def _take(self, lease: Lease) -> None:
        sent = self._clock()
        written = await self._leases.write(lease, self._seconds())
        self._answered()
        if written is None:
            # Somebody was faster, or an earlier write of ours had arrived though its answer had not.
            await self._look()
            seen = self._sight
            sent = self._clock()
            if seen is not None and seen.lease.holder == self.me:
                written = await self._leases.write(replace(seen.lease, renewed=lease.renewed), self._seconds())
        if written is None:
            self._sent = float("-inf")
            return
        self._sight = Sight(written, self._clock())
        self._sent = sent
        if self.leads():
            self._held(self.leads_until)

    def _seconds(self) -> float:
        """How long one call may take: half the deadline, and never beyond it."""
        left = self.leads_until - self._clock()
        return max(min(self._timing.renew_deadline / 2, left if left > 0 else float("inf")), 0.01)

    def _answered(self) -> None:
        self.heard = self._clock()
        self._trouble = ""

    def _say(self, words: str) -> None:
        """Log trouble once, not with each try."""
        if words != self._trouble:
            logger.warning("the lease could not be read or renewed: %s", words)
        self._trouble = words
