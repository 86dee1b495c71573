# SPDX-License-Identifier: Apache-2.0
"""Slots for runs: how many there are at once, and that a VMM server that hangs keeps nobody else out."""

from __future__ import annotations

import asyncio

from capi_scvmm.runs.slots import Slots

from .test_runs_batch import within


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_one_provider_has_all_slots_and_no_more() -> None:
    """They are bound by CPU: more at once are not faster."""

    async def call() -> None:
        slots = Slots(2)
        await slots.take("a")
        await slots.take("a")
        third = asyncio.create_task(slots.take("a"))
        await _settle()
        assert not third.done()
        slots.give_back("a")
        await third

    within(call)


def test_a_provider_without_a_run_gets_one_whatever_others_hold() -> None:
    """And a second one only when a slot is free."""

    async def call() -> None:
        slots = Slots(2)
        for _ in range(2):
            await slots.take("hung")
        await slots.take("b")
        second = asyncio.create_task(slots.take("b"))
        await slots.take("c")
        await _settle()
        assert not second.done()
        slots.give_back("b")
        await second
        slots.give_back("c")
        await slots.take("c")

    within(call)


def test_who_waits_longest_goes_first() -> None:
    """Among those that may go."""

    async def call() -> None:
        slots = Slots(1)
        await slots.take("a")
        order: list[str] = []

        async def take(name: str) -> None:
            await slots.take("a")
            order.append(name)

        tasks = [asyncio.create_task(take(name)) for name in ("first", "second")]
        await _settle()
        for _ in tasks:
            slots.give_back("a")
            await _settle()
        assert order == ["first", "second"]

    within(call)


def test_a_slot_for_somebody_who_has_gone_is_not_lost() -> None:
    """Cancelled while waiting, and cancelled in the moment in which it was given."""

    async def call() -> None:
        slots = Slots(1)
        await slots.take("a")
        gone, late, patient = (asyncio.create_task(slots.take("a")) for _ in range(3))
        await _settle()
        gone.cancel()
        await _settle()
        slots.give_back("a")
        late.cancel()
        await asyncio.gather(gone, late, return_exceptions=True)
        await asyncio.wait_for(patient, 1)

    within(call)
