# SPDX-License-Identifier: Apache-2.0
"""Batches: what is gathered into one run, and that nobody waits for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from capi_scvmm.connection import Connection
from capi_scvmm.outcomes import Done, Lost, Outcome
from capi_scvmm.runs.batch import Batcher
from capi_scvmm.runs.port import Host, Lane, Playbook, Report

LANE = Lane("prod/vmm", Playbook.CREATE)


def a_connection(password: str = "secret") -> Connection:
    """Any way to any server."""
    return Connection("vmm", 5985, "http", "wsman", "user", password, "ntlm", "auto", True, "localhost")


@dataclass
class FakeRunner:
    """A Runner that notes its runs; each waits for *gate* before it reports, hosts in *silent* get no word."""

    gate: asyncio.Event | None = None
    silent: frozenset[str] = frozenset()
    trouble: OSError | None = None
    runs: list[list[str]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    async def run(self, playbook: Playbook, connection: Connection, hosts: Sequence[Host], report: Report) -> None:
        """See Runner."""
        if self.trouble is not None:
            raise self.trouble
        self.runs.append([host.name for host in hosts])
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.gate is not None:
                await self.gate.wait()
            for host in hosts:
                if host.name not in self.silent:
                    report(host.name, Done())
                    report(host.name, Lost("a second word counts for nothing"))
        finally:
            self.at_once -= 1


def within(call: Callable[[], Awaitable[None]]) -> None:
    """Run a test's coroutine with a time limit."""
    asyncio.run(asyncio.wait_for(_awaited(call), 10))


async def _awaited(call: Callable[[], Awaitable[None]]) -> None:
    await call()


def orders(batcher: Batcher, *names: str, lane: Lane = LANE) -> list[asyncio.Task[Outcome]]:
    """Submit hosts, all at the same moment."""
    return [asyncio.create_task(batcher.submit(lane, a_connection(), Host(name, {}))) for name in names]


def test_machines_that_come_together_share_a_run() -> None:
    """A run costs most of a second, a host in it hardly anything."""

    async def call() -> None:
        runner = FakeRunner()
        batcher = Batcher(runner, gather_seconds=0.01)
        assert await asyncio.gather(*orders(batcher, "a", "b", "c")) == [Done()] * 3
        assert runner.runs == [["a", "b", "c"]]
        assert batcher.runs_started == 1

    within(call)


def test_large_sets_become_several_runs_side_by_side() -> None:
    """Results of a run come late when it is large."""

    async def call() -> None:
        runner = FakeRunner(gate=asyncio.Event())
        batcher = Batcher(runner, max_runs=3, batch_size=2, gather_seconds=0.01)
        tasks = orders(batcher, "a", "b", "c", "d", "e")
        await asyncio.sleep(0.05)
        assert runner.most_at_once == 3
        assert runner.gate is not None
        runner.gate.set()
        await asyncio.gather(*tasks)
        assert runner.runs == [["a", "b"], ["c", "d"], ["e"]]

    within(call)


def test_under_load_runs_become_larger_not_more() -> None:
    """What comes up while all slots are taken goes together later."""

    async def call() -> None:
        runner = FakeRunner(gate=asyncio.Event())
        batcher = Batcher(runner, max_runs=1, batch_size=25, gather_seconds=0.01)
        tasks = orders(batcher, "a")
        await asyncio.sleep(0.03)
        tasks += orders(batcher, "b")
        await asyncio.sleep(0.03)
        tasks += orders(batcher, "c")
        await asyncio.sleep(0.03)
        assert runner.gate is not None
        runner.gate.set()
        await asyncio.gather(*tasks)
        assert runner.runs == [["a"], ["b", "c"]]
        assert runner.most_at_once == 1

    within(call)


def test_another_playbook_or_server_is_another_run() -> None:
    """Lanes do not mix."""

    async def call() -> None:
        runner = FakeRunner()
        batcher = Batcher(runner, gather_seconds=0.01)
        others = orders(batcher, "b", lane=Lane("prod/vmm", Playbook.STOP))
        await asyncio.gather(*orders(batcher, "a"), *others)
        assert sorted(runner.runs) == [["a"], ["b"]]

    within(call)


def test_changed_credentials_are_another_run() -> None:
    """An inventory has one password."""

    async def call() -> None:
        runner = FakeRunner()
        batcher = Batcher(runner, gather_seconds=0.01)
        other = asyncio.create_task(batcher.submit(LANE, a_connection("new"), Host("b", {})))
        await asyncio.gather(*orders(batcher, "a"), other)
        assert sorted(runner.runs) == [["a"], ["b"]]

    within(call)


def test_one_machine_twice_is_two_runs() -> None:
    """A host is once in an inventory."""

    async def call() -> None:
        runner = FakeRunner()
        batcher = Batcher(runner, gather_seconds=0.01)
        assert await asyncio.gather(*orders(batcher, "a", "a")) == [Done()] * 2
        assert runner.runs == [["a"], ["a"]]

    within(call)


def test_a_host_without_a_word_is_lost() -> None:
    """Whoever waits for it goes on."""

    async def call() -> None:
        batcher = Batcher(FakeRunner(silent=frozenset({"b"})), gather_seconds=0.01)
        done, lost = await asyncio.gather(*orders(batcher, "a", "b"))
        assert done == Done()
        assert isinstance(lost, Lost)

    within(call)


def test_a_run_that_cannot_be_started_says_why() -> None:
    """No room for its folder, no program: the machine's status carries the reason."""

    async def call() -> None:
        batcher = Batcher(FakeRunner(trouble=OSError("No space left on device")), gather_seconds=0.01)
        (outcome,) = await asyncio.gather(*orders(batcher, "a"))
        assert isinstance(outcome, Lost)
        assert "No space left on device" in outcome.message

    within(call)


def test_at_the_end_nobody_waits_for_ever() -> None:
    """Neither in a run nor before one."""

    async def call() -> None:
        batcher = Batcher(FakeRunner(gate=asyncio.Event()), max_runs=1, gather_seconds=0.01)
        running = orders(batcher, "a")
        await asyncio.sleep(0.05)
        waiting = orders(batcher, "b")
        await asyncio.sleep(0.05)
        await batcher.stop()
        outcomes = await asyncio.gather(*running, *waiting)
        assert all(isinstance(outcome, Lost) for outcome in outcomes)

    within(call)


def test_a_password_is_in_no_text_about_a_connection() -> None:
    """Texts end in logs."""
    assert "secret" not in repr(a_connection())
    assert "secret" not in a_connection().fingerprint + a_connection().endpoint
    assert a_connection().fingerprint != a_connection("other").fingerprint
