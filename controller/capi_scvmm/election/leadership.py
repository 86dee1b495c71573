# SPDX-License-Identifier: Apache-2.0
"""A controller that acts only while it holds a lease, and ends when it has lost it."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from capi_scvmm.election.clock import boot_clock
from capi_scvmm.election.elector import Elector
from capi_scvmm.election.guard import Guard
from capi_scvmm.election.kube_leases import KubeLeases
from capi_scvmm.kube import LightKube
from capi_scvmm.settings import Election

logger = logging.getLogger(__name__)


class Leadership:
    """The lease that *election* names, on the API server of *kubeconfig*."""

    def __init__(self, election: Election, kubeconfig: Path | None) -> None:
        self._election = election
        self._kube = LightKube(kubeconfig)
        self._guard = Guard()
        self._task: asyncio.Task[None] | None = None
        leases = KubeLeases(self._kube, election.namespace, election.name)
        me = f"{socket.gethostname()}_{uuid.uuid4()}"
        self.elector = Elector(leases, me, election.timing, held=self._held)

    def start(self, begin: Callable[[], None]) -> None:
        """Stand for election in the background; *begin* is called once, when it is won."""
        self._task = asyncio.create_task(self._lead(begin), name="leadership")

    def ensure(self) -> None:
        """Go on only as the leader: to be called before anything that others could be doing by now."""
        if not self.elector.leads():
            self._end("it holds the lease no longer")

    @property
    def holder(self) -> str:
        """Who had the lease when it was last seen."""
        return self.elector.holder

    def role(self) -> str:
        """Say in one word what this controller is."""
        return "leader" if self.elector.leads() else "standby"

    def trouble(self) -> str:
        """Say why this controller could not lead now, if it had to; nothing when it could."""
        if boot_clock() - self.elector.heard > self._election.timing.duration:
            return f"Lease {self._election.namespace}/{self._election.name} cannot be read or written"
        return ""

    async def step_down(self) -> None:
        """Give the lease back. Everything that acts must have ended."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.elector.give_back()
        self._guard.dismiss()
        await self._kube.close()

    async def _lead(self, begin: Callable[[], None]) -> None:
        place = f"Lease {self._election.namespace}/{self._election.name}"
        logger.info("%s stands by for %s", self.elector.me, place)
        try:
            await self.elector.acquire()
            logger.info("%s leads: it holds %s", self.elector.me, place)
            begin()
            await self.elector.hold()
        except Exception:  # a defect here must not leave a controller that neither acts nor ends
            logger.exception("the election failed")
            self._end("the election failed")
        holder = self.elector.holder
        taken = holder and holder != self.elector.me
        self._end(f"{holder} has taken the lease" if taken else "the lease could not be renewed in time")

    def _held(self, until: float) -> None:
        timing = self._election.timing
        self._guard.extend(until + timing.guard_deadline - timing.renew_deadline)

    def _end(self, why: str) -> NoReturn:
        """End at once, without a last word to anybody: others may act already. The guard ends the runs."""
        logger.critical("%s leads no more: %s. It ends, to stand for election anew.", self.elector.me, why)
        sys.stderr.flush()
        os._exit(1)
