# SPDX-License-Identifier: Apache-2.0
"""Many workers do not knock at a door that has just been shut."""

from __future__ import annotations

import threading

import pytest

from . import surroundings  # noqa: F401  # puts the collection on the path

from ansible_collections.capi.scvmm.plugins.plugin_utils.session.failures import (  # isort: skip
    LoginRefused,
    SessionFailure,
    Unreachable,
)
from ansible_collections.capi.scvmm.plugins.plugin_utils.session.gate import Gate  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.session.options import Options  # isort: skip


class Door:
    """What is behind the gate: counts who knocks, and answers with *failure* while there is one."""

    def __init__(self, failure: SessionFailure | None) -> None:
        self.failure = failure
        self.knocks = 0

    def open(self) -> str:
        self.knocks += 1
        if self.failure is not None:
            raise self.failure
        return "open"


HERE = Options.of({"host": "exec1", "username": "u", "password": "p"})
THERE = Options.of({"host": "exec2", "username": "u", "password": "p"})


def test_a_refused_login_is_not_repeated_for_minutes() -> None:
    """Each further wrong password could lock the account, on whatever host: five in half an hour is a common limit."""
    now = [100.0]
    gate, door = Gate(clock=lambda: now[0]), Door(LoginRefused("no"))
    tried: list[float] = []
    while now[0] < 100 + 7200:
        before = door.knocks
        with pytest.raises(LoginRefused, match="no"):
            gate.login(HERE if int(now[0]) % 2 else THERE, door.open)
        tried += [now[0]] * (door.knocks - before)
        now[0] += 15
    assert max(sum(1 for other in tried if start <= other < start + 1800) for start in tried) <= 3


def test_a_remembered_refusal_says_when_it_is_tried_again() -> None:
    """Who has mended the account need not guess why it is still refused."""
    now = [100.0]
    gate, door = Gate(clock=lambda: now[0]), Door(LoginRefused("no"))
    with pytest.raises(LoginRefused, match=r"^no$"):
        gate.login(HERE, door.open)
    with pytest.raises(LoginRefused, match=r"not tried for another 300 seconds .reset the connection"):
        gate.check()
    now[0] += 301
    gate.check()
    door.failure = None
    assert gate.login(HERE, door.open) == "open"


def test_an_unreachable_server_is_tried_at_each_call() -> None:
    """A server comes back at any moment: only those who were waiting take over the failure."""
    now = [100.0]
    gate, door = Gate(clock=lambda: now[0]), Door(Unreachable("down"))
    for _ in range(3):
        now[0] += 1
        with pytest.raises(Unreachable):
            gate.login(HERE, door.open)
    assert door.knocks == 3
    door.failure = None
    now[0] += 1
    assert gate.login(HERE, door.open) == "open"


def test_those_who_wait_take_over_the_first_ones_failure() -> None:
    """With a black hole for a server ten callers wait one time-out, not ten; another host is tried all the same."""
    gate, knocks, let_go = Gate(), [], threading.Event()
    inside = threading.Event()

    def knock() -> None:
        knocks.append(1)
        inside.set()
        let_go.wait(10)
        raise Unreachable("down")

    failures: list[SessionFailure] = []

    def try_it() -> None:
        try:
            gate.login(HERE, knock)
        except SessionFailure as failure:
            failures.append(failure)

    threads = [threading.Thread(target=try_it) for _ in range(5)]
    threads[0].start()
    assert inside.wait(10)
    for thread in threads[1:]:
        thread.start()
    threading.Event().wait(0.2)  # time for all of them to stand at the gate
    let_go.set()
    for thread in threads:
        thread.join(10)
    assert (len(knocks), len(failures)) == (1, 5)
    assert gate.login(THERE, Door(None).open) == "open"


def test_of_many_wrong_logins_at_once_one_is_made() -> None:
    """Logins go through one by one, so that the others hear of the refusal before they have tried."""
    gate, door = Gate(), Door(LoginRefused("no"))
    refused: list[int] = []

    def knock() -> None:
        with pytest.raises(LoginRefused):
            gate.login(HERE, door.open)
        refused.append(1)

    threads = [threading.Thread(target=knock) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert (door.knocks, len(refused)) == (1, 8)
