# SPDX-License-Identifier: Apache-2.0
"""A VMM server that is down, or refuses the login, costs one probe and not one of each machine."""

from __future__ import annotations

import asyncio
import tempfile

import pytest
from capi_scvmm.errors import ErrorClass, VmmError
from capi_scvmm.kube import PROVIDER
from capi_scvmm.observe.probing import ServerState, Trouble, probe_after
from capi_scvmm.outcomes import Outcome, Refused, Unreachable
from capi_scvmm.plan import Health
from capi_scvmm.runs.collection import collections_path
from capi_scvmm.session import NoAnswer, PipeSession, SaidNo
from scvmm_sim import Simulator

from .fleet import FakeSession, Fleet, NotingRunner, leap, until

COUNT = 200
HOUR = 3600.0
SERVER = {"scvmmHost": "vmm.example.com"}
REFUSED = VmmError("the exec host refuses user and password", id="CapiScvmm.LoginRefused", who="administrator")


def silent() -> Outcome:
    """What a run tells of a server that does not answer."""
    return Unreachable("the connection broke")


def refused() -> Outcome:
    """What a run tells of a server that refuses the login."""
    return Refused(REFUSED)


def test_probes_come_later_each_time_up_to_a_bound_and_never_in_step() -> None:
    """Jitter takes up to a quarter away."""
    down = Trouble("VMMUnreachable", "down")
    assert [probe_after(down, n, 1.0) for n in (1, 2, 3, 6, 1000)] == [1.0, 2.0, 4.0, 30.0, 30.0]
    assert [probe_after(down, n, 0.0) for n in (1, 6)] == [0.75, 22.5]


def test_a_refused_login_is_tried_again_after_a_quarter_of_an_hour_at_the_earliest() -> None:
    """Whatever the count: policies lock accounts after a few."""
    trouble = Trouble.said(REFUSED)
    assert [probe_after(trouble, n, 0.0) for n in (1, 9)] == [900.0, 900.0]
    assert Trouble.said(VmmError("no console", ErrorClass.INFRASTRUCTURE)).reason == "VMMRefuses"


def test_the_words_for_machines_change_only_with_the_kind_of_trouble() -> None:
    """An outage shows itself in many ways; two hundred machines need not follow each of them."""
    state = ServerState(Health.REACHABLE).troubled(Trouble("VMMUnreachable", "reset"))
    assert (state.message, state.latest) == ("reset", "reset")
    later = state.troubled(Trouble("VMMUnreachable", "no route"))
    assert (later.message, later.latest) == ("reset", "no route")
    assert later.troubled(Trouble("LoginRefused", "wrong password")).message == "wrong password"


def test_a_server_that_is_down_for_an_hour_costs_one_probe_after_another() -> None:
    """Two hundred machines: the probes of one; each says it once, one event each, and goes on when it is up again."""
    session = FakeSession(NoAnswer("nobody listens"))

    async def story() -> None:
        runner = NotingRunner(silent)
        async with Fleet(COUNT, lambda _: session, runner) as fleet:
            fleet.have(SERVER)
            await until("all told", lambda: fleet.all_say("VMMUnreachable"))
            await asyncio.sleep(HOUR)
            # Every 22.5 to 30 seconds, and some more in the first minute.
            assert len(session.calls) <= HOUR / 22.5 + 6
            assert runner.hosts == []
            assert sorted(fleet.said("VMMUnreachable")) == sorted(fleet.names)
            assert sorted(fleet.told("VMMUnreachable")) == sorted(fleet.names)
            assert fleet.told("VMMUnreachable", PROVIDER.kind) == ["vmm"]
            session.trouble = None
            await until("runs", lambda: len(runner.hosts) == 50, 60)
            assert "VMMReachable" in {b["reason"] for (k, _), b in fleet.kube.objects.items() if k == "Event"}

    leap(story)


def test_a_server_that_falls_silent_is_not_knocked_at_by_those_who_wait_their_turn() -> None:
    """Only the runs that were under way meet it: the others are told without a run."""
    session = FakeSession()

    async def story() -> None:
        runner = NotingRunner(silent)
        async with Fleet(COUNT, lambda _: session, runner) as fleet:
            fleet.have(SERVER)
            await until("two runs", lambda: len(runner.hosts) == 50)
            before = len(session.calls)
            session.trouble = NoAnswer("nobody listens")
            runner.gate.set()
            await until("all told", lambda: fleet.all_say("VMMUnreachable"))
            await asyncio.sleep(60)
            assert len(runner.hosts) == 50
            assert len(session.calls) - before <= 10
            assert sorted(fleet.said("VMMUnreachable")) == sorted(fleet.names)
            assert sorted(fleet.told("VMMUnreachable")) == sorted(fleet.names)

    leap(story)


def test_one_broken_connection_is_no_outage() -> None:
    """It is asked again at once, and nobody hears of it."""
    session = FakeSession()

    async def story() -> None:
        async with Fleet(COUNT, lambda _: session, NotingRunner(silent)) as fleet:
            fleet.have(SERVER)
            await until("all begun", lambda: fleet.all_say("Creating"))
            session.once.append(NoAnswer("reset by peer"))
            await asyncio.sleep(60)
            assert session.calls.count("connect") == 2
            assert (fleet.said("VMMUnreachable"), fleet.told("VMMUnreachable", PROVIDER.kind)) == ([], [])

    leap(story)


def test_a_login_that_is_refused_is_tried_once() -> None:
    """And four times in the hour that follows, at most, so that no account is locked. Another one is tried at once."""
    sessions: list[FakeSession] = []

    def open_session(_: object) -> FakeSession:
        sessions.append(FakeSession(SaidNo(REFUSED) if len(sessions) == 0 else None))
        return sessions[-1]

    async def story() -> None:
        runner = NotingRunner(refused)
        async with Fleet(COUNT, open_session, runner) as fleet:
            fleet.have(SERVER)
            await until("all told", lambda: fleet.all_say("LoginRefused"))
            await asyncio.sleep(600)
            assert sessions[0].calls == ["connect"]
            await asyncio.sleep(HOUR)
            assert len(sessions[0].calls) <= 5
            assert sorted(fleet.said("LoginRefused")) == sorted(fleet.names)
            assert fleet.told("LoginRefused", PROVIDER.kind) == ["vmm"]
            fleet.secret("another")
            await until("runs", lambda: len(runner.hosts) == 50, 5)
            assert len(sessions) == 2

    leap(story)


def test_a_login_refused_to_a_run_keeps_all_others_from_trying() -> None:
    """The password was changed in the domain: the open session still works, new ones are refused."""
    session = FakeSession()

    async def story() -> None:
        runner = NotingRunner(refused)
        async with Fleet(COUNT, lambda _: session, runner) as fleet:
            fleet.have(SERVER)
            await until("two runs", lambda: len(runner.hosts) == 50)
            runner.gate.set()
            await until("all told", lambda: fleet.all_say("LoginRefused"))
            await asyncio.sleep(600)
            assert len(runner.hosts) == 50

    leap(story)


def test_a_simulator_that_is_down_counts_few_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the wire: two hundred machines, six seconds, a handful of attempts."""

    async def story(sim: Simulator) -> None:
        runner = NotingRunner(silent)
        way = {"port": sim.port, "scheme": "http", "authentication": "ntlm"}
        spec = {"scvmmHost": sim.host, "connection": way}
        async with Fleet(COUNT, lambda way: PipeSession(way, collections_path()), runner) as fleet:
            fleet.have(spec, sim.username, sim.password)
            await until("all told", lambda: fleet.all_say("VMMUnreachable"))
            await asyncio.sleep(6)
            assert 2 <= sim.faults()[0]["struck"] <= 8
            assert 2 <= sum(sim.stats()["logins"].values()) <= 8
            assert runner.hosts == []
            assert sorted(fleet.told("VMMUnreachable")) == sorted(fleet.names)
            sim.clear_faults()
            await until("runs", lambda: bool(runner.hosts))

    with tempfile.TemporaryDirectory(prefix="silent-") as folder, Simulator() as sim:
        monkeypatch.setenv("CAPI_SCVMM_RUNTIME_DIR", folder)
        sim.add_fault({"operation": None, "times": None, "wire": "down"})
        asyncio.run(asyncio.wait_for(story(sim), 60))
