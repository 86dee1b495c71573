# SPDX-License-Identifier: Apache-2.0
"""No event is lost when the controller dies between its two writes, and none is told twice for that."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from capi_scvmm.kube import MACHINE, Body, Kind
from capi_scvmm.objects import Objects
from capi_scvmm.status import Event
from capi_scvmm.store import Store

from .fleet import MemoryKube, leap

NO_ROOM = Event("CreationRefused", "No room.", "Warning")


@dataclass
class DyingKube(MemoryKube):
    """An API server whose client dies before it writes a status, while *dying*."""

    dying: bool = False

    async def patch_status(self, kind: Kind, namespace: str, name: str, status: Mapping[str, Any]) -> Body | None:
        """See Kube."""
        if self.dying:
            raise asyncio.CancelledError
        return await super().patch_status(kind, namespace, name, status)


def counts(kube: MemoryKube) -> list[int]:
    """How often each event was told."""
    return [body["count"] for (kind, _), body in kube.objects.items() if kind == "Event"]


async def look(kube: MemoryKube, event: Event) -> None:
    """What a look does: tell, then write down what it told of."""
    objects = Objects(kube, Store(), lambda _: None)
    body = kube.objects[MACHINE.kind, "node"]
    await objects.post(MACHINE, body, [event])
    await objects.patch_status(MACHINE, body, {"told": event.message})


def test_an_event_outlives_a_controller_that_dies_before_it_writes_the_status() -> None:
    """The next controller starts from the same state, tells the same, and that counts once."""
    kube = DyingKube(dying=True)
    kube.put(MACHINE, "node", {})

    async def story() -> None:
        try:
            await look(kube, NO_ROOM)
        except asyncio.CancelledError:
            kube.dying = False
        assert counts(kube) == [1]
        await look(kube, NO_ROOM)
        assert counts(kube) == [1]

    asyncio.run(story())


def test_what_happens_again_is_counted() -> None:
    """The object has changed since: it is news."""
    kube = MemoryKube()
    kube.put(MACHINE, "node", {})

    async def story() -> None:
        for _ in range(3):
            await look(kube, NO_ROOM)

    asyncio.run(story())
    assert counts(kube) == [3]


def test_trouble_with_events_holds_up_nothing() -> None:
    """An API server that never answers for them costs some seconds, and the status is written."""

    @dataclass
    class SlowKube(MemoryKube):
        async def create(self, kind: Kind, namespace: str, body: Body) -> bool:
            """See Kube."""
            await asyncio.sleep(3600)
            return True

    kube = SlowKube()
    kube.put(MACHINE, "node", {})
    leap(lambda: look(kube, NO_ROOM))
    assert [(name, status) for _, name, status in kube.patches] == [("node", {"told": "No room."})]
