# SPDX-License-Identifier: Apache-2.0
"""Who leads: one at a time, whatever fails and stands still; somebody soon, when the leader is gone."""

from __future__ import annotations

import asyncio
import random

import pytest
from capi_scvmm.election.lease import Lease, Sight, Timing, see
from hypothesis import given, settings
from hypothesis import strategies as st

from .election import Call, Candidate, Server, Time, played

TIMING = Timing()


def steady() -> Call:
    """A call to an API server in good health."""
    return Call()


def leaders(candidates: list[Candidate]) -> list[str]:
    """Who would act at this moment if it went on."""
    return [candidate.name for candidate in candidates if candidate.elector.leads()]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_never_do_two_lead(seed: int) -> None:
    """Calls are late or lost, answers are lost, processes stop for any time, clocks differ."""
    chance = random.Random(seed)

    def call() -> Call:
        slow = chance.random() < 0.3
        there, back = (chance.uniform(0, 6) if slow else 0.01 for _ in range(2))
        lost, answer_lost = (chance.random() < 0.1 for _ in range(2))
        return Call(there, back, lost, answer_lost, stop=chance.uniform(0, 14) if chance.random() < 0.1 else 0)

    async def scene() -> None:
        time, server = Time(), Server()
        candidates: list[Candidate] = []

        def enter(number: int) -> None:
            made = Candidate(f"c{number}", time, server, call, chance.uniform(0.95, 1.05))
            candidates.append(made)
            task = asyncio.create_task(made.life())
            task.add_done_callback(lambda _: time.at(time.now + 1, lambda: enter(len(candidates))))
            tasks.append(task)

        def stop(moment: float) -> None:
            who = chance.choice(candidates)
            who.stopped_until = moment + chance.choice((1.0, 5.0, 9.0, 12.0, 40.0))

        def one_at_most() -> None:
            assert len(leaders(candidates)) <= 1, (time.now, leaders(candidates), server)

        tasks: list[asyncio.Task[None]] = []
        for number in range(3):
            enter(number)
        for _ in range(6):
            moment = chance.uniform(0, 150)
            time.at(moment, lambda moment=moment: stop(moment))
        await time.run(150, one_at_most)
        assert server.holders
        for task in tasks:
            task.cancel()

    played(scene)


def test_another_leads_within_15_seconds_of_a_death() -> None:
    """With the default durations, whenever in the rhythm of renewals the leader dies."""

    async def scene(death: float) -> None:
        time, server = Time(), Server()
        first, second = (Candidate(name, time, server, steady) for name in ("first", "second"))
        tasks = [asyncio.create_task(one.life()) for one in (first, second)]
        await time.run(death)
        (name,) = leaders([first, second])
        other = second if name == "first" else first
        tasks[0 if name == "first" else 1].cancel()
        await time.run(death + 12)
        assert leaders([other]) == [other.name]
        tasks[1 if name == "first" else 0].cancel()

    for tenth in range(16):
        played(lambda tenth=tenth: scene(20 + tenth / 10))


def test_a_leader_that_cannot_renew_ends_before_anybody_can_follow() -> None:
    """It is told by nobody: the API server does not answer it any more, and answers others."""

    async def scene() -> None:
        time, server = Time(), Server()
        broken = False
        first = Candidate("first", time, server, lambda: Call(lost=broken))
        life = asyncio.create_task(first.life())
        await time.run(20)
        second = Candidate("second", time, server, steady)
        other = asyncio.create_task(second.life())
        await time.run(30)
        broken, since = True, time.now
        while not life.done():
            await time.run(time.now + 0.1)
            assert leaders([second]) == []
        assert time.now - since <= TIMING.renew_deadline + 0.2
        await time.run(since + 12)
        assert leaders([first, second]) == ["second"]
        other.cancel()

    played(scene)


def test_a_lease_that_is_given_back_is_taken_with_the_next_look() -> None:
    """A controller that ends in peace makes nobody wait."""

    async def scene() -> None:
        time, server = Time(), Server()
        first = Candidate("first", time, server, steady)
        life = asyncio.create_task(first.life())
        await time.run(5)
        second = Candidate("second", time, server, steady)
        other = asyncio.create_task(second.life())
        await time.run(10)
        life.cancel()
        back = asyncio.create_task(first.elector.give_back())
        await time.run(10 + TIMING.retry + 0.1)
        assert back.done()
        assert leaders([first, second]) == ["second"]
        other.cancel()

    played(scene)


def test_a_renewal_whose_answer_was_lost_is_no_loss() -> None:
    """The version on the server is newer than what the leader knows: it looks, finds itself, and goes on."""

    async def scene() -> None:
        time, server = Time(), Server()
        calls = iter([Call(), Call(), Call(answer_lost=True)])
        only = Candidate("only", time, server, lambda: next(calls, Call()))
        life = asyncio.create_task(only.life())
        await time.run(30)
        assert leaders([only]) == ["only"]
        assert server.holders == ["only"]
        life.cancel()

    played(scene)


def test_whoever_has_lost_the_lease_to_another_knows_with_its_next_try() -> None:
    """Somebody edited the Lease: it may be another controller that acts by now."""

    async def scene() -> None:
        time, server = Time(), Server()
        only = Candidate("only", time, server, steady)
        life = asyncio.create_task(only.life())
        await time.run(5)
        assert server.lease is not None
        server.write(Lease("somebody", 10, version=server.lease.version))
        await time.run(5 + TIMING.retry + 0.1)
        assert life.done()
        assert only.elector.holder == "somebody"
        assert not only.elector.leads()

    played(scene)


def test_a_lease_that_somebody_deletes_counts_as_held_for_its_time() -> None:
    """Its holder may have renewed it just before, and makes it anew; if it stands still, it is given its time."""

    async def scene() -> None:
        time, server = Time(), Server()
        first = Candidate("first", time, server, steady)
        lives = [asyncio.create_task(first.life())]
        await time.run(5)
        second = Candidate("second", time, server, steady)
        lives.append(asyncio.create_task(second.life()))

        def one_at_most() -> None:
            assert len(leaders([first, second])) <= 1

        await time.run(10)
        server.lease = None
        await time.run(20, one_at_most)
        assert server.holders == ["first"]
        first.stopped_until, server.lease = 60, None
        await time.run(35, one_at_most)
        assert leaders([first, second]) == ["second"]
        for life in lives:
            life.cancel()

    played(scene)


def test_a_lease_ages_by_the_clock_of_who_looks() -> None:
    """Its own stamps are for readers: clocks of machines differ. A changed label makes it no younger."""
    lease = Lease("first", 10, renewed="2001-01-01T00:00:00.000000Z", version="7")
    seen = see(lease, None, 100.0)
    assert seen == Sight(lease, 100.0)
    relabelled = Lease("first", 10, renewed="2001-01-01T00:00:00.000000Z", version="8")
    later = see(relabelled, seen, 105.0)
    assert later is not None
    assert later.runs_out == pytest.approx(110.0)


def test_a_lease_has_the_form_of_the_api_server() -> None:
    """Written and read again it is the same."""
    lease = Lease("me", 10, "2026-01-01T00:00:00.000001Z", "2026-01-01T00:00:01.000001Z", 3, "17")
    body = {"metadata": {"resourceVersion": "17"}, "spec": lease.spec()}
    assert Lease.parse(body) == lease
    assert Lease.parse({"metadata": {}}).holder == ""


def test_the_guard_comes_between_the_deadline_and_the_end_of_the_lease() -> None:
    """The leader ends by itself first; who stands still is ended before anybody follows."""
    assert TIMING.renew_deadline < TIMING.guard_deadline < TIMING.duration
