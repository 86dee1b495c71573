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


def test_a_refused_login_is_not_repeated_for_some_seconds() -> None:
    """Each further wrong password could lock the account: the answer is remembered, then tried once more."""
    now = [100.0]
    gate, door = Gate(refusal_seconds=10, clock=lambda: now[0]), Door(LoginRefused("no"))
    for _ in range(5):
        with pytest.raises(LoginRefused, match="no"):
            gate.open(door.open)
    assert door.knocks == 1
    now[0] += 11
    with pytest.raises(LoginRefused):
        gate.open(door.open)
    assert door.knocks == 2


def test_an_unreachable_server_is_tried_at_each_call() -> None:
    """A server comes back at any moment: only those who were waiting take over the failure."""
    now = [100.0]
    gate, door = Gate(clock=lambda: now[0]), Door(Unreachable("down"))
    for _ in range(3):
        now[0] += 1
        with pytest.raises(Unreachable):
            gate.open(door.open)
    assert door.knocks == 3
    door.failure = None
    now[0] += 1
    assert gate.open(door.open) == "open"


def test_those_who_wait_take_over_the_first_ones_failure() -> None:
    """With a black hole for a server ten callers wait one time-out, not ten."""
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
            gate.open(knock)
        except SessionFailure as failure:
            failures.append(failure)

    threads = [threading.Thread(target=try_it) for _ in range(5)]
    threads[0].start()
    assert inside.wait(10)
    for thread in threads[1:]:
        thread.start()
    while sum(thread.is_alive() for thread in threads) < 5:
        pass
    threading.Event().wait(0.2)  # time for all of them to stand at the gate
    let_go.set()
    for thread in threads:
        thread.join(10)
    assert (len(knocks), len(failures)) == (1, 5)


def test_an_accepted_login_opens_the_gate_for_all() -> None:
    """After one success several sessions open side by side."""
    gate = Gate()
    assert gate.open(Door(None).open) == "open"
    together = threading.Barrier(2, timeout=10)
    threads = [threading.Thread(target=gate.open, args=(together.wait,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert not together.broken
