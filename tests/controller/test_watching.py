# SPDX-License-Identifier: Apache-2.0
"""What the probes say of watches: waited for, working, hanging; and that an absent API server is no reason to die."""

from __future__ import annotations

import pytest
from capi_scvmm.health import Verdict
from capi_scvmm.watching import LIMIT_SECONDS, WATCH_SECONDS, Watches, WatchLog

PATHS = ("/apis/a/v1/machines", "/api/v1/secrets")


class Clock:
    """Time as the test sets it."""

    now = 1000.0

    def __call__(self) -> float:
        """Tell it."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock that stands."""
    return Clock()


def test_nothing_is_ready_before_the_api_server_took_each_watch(clock: Clock) -> None:
    """Asked for is not enough: what there is has been listed only when the watch begins."""
    log = WatchLog(clock)
    log.expect(PATHS)
    assert log.waiting() == sorted(PATHS)
    for path in PATHS:
        log.tried(path)
    assert log.waiting() == sorted(PATHS)
    log.taken(PATHS[0])
    assert log.waiting() == [PATHS[1]]
    log.taken(PATHS[1])
    assert log.waiting() == []


def test_a_watch_that_nobody_begins_again_hangs(clock: Clock) -> None:
    """Each lasts a while and is begun anew; without that it has stopped, whatever the rest of the process does."""
    log = WatchLog(clock)
    log.expect(PATHS)
    for path in PATHS:
        log.tried(path)
        log.taken(path)
    clock.now += LIMIT_SECONDS - 1
    log.tried(PATHS[0])
    log.taken(PATHS[0])
    clock.now += 2
    log.expect(PATHS)
    assert log.hung() == [PATHS[1]]
    assert log.waiting() == [PATHS[1]]


def test_an_api_server_that_is_away_makes_unready_and_kills_nobody(clock: Clock) -> None:
    """The watches are tried: a new process could do no more."""
    log = WatchLog(clock)
    log.expect(PATHS)
    for path in PATHS:
        log.taken(path)
    for _ in range(10):
        clock.now += LIMIT_SECONDS / 5
        for path in PATHS:
            log.tried(path)
    assert log.hung() == []
    assert log.waiting() == sorted(PATHS)


def test_a_watch_is_judged_from_when_it_was_expected(clock: Clock) -> None:
    """A kind that is installed later, or a namespace that goes, is no reason to die."""
    log = WatchLog(clock)
    log.expect(PATHS[:1])
    log.tried(PATHS[0])
    clock.now += LIMIT_SECONDS * 2
    log.tried(PATHS[0])
    log.expect(PATHS)
    assert log.hung() == []
    clock.now += LIMIT_SECONDS + 1
    assert log.hung() == sorted(PATHS)
    log.expect(())
    assert log.hung() == []


def test_what_is_needed_and_not_found_is_waited_for() -> None:
    """Our kinds are not installed, or nothing was found out yet."""
    assert Watches(["scvmmmachines"]).waiting() == ["scvmmmachines"]


def test_the_limit_leaves_time_for_some_rounds() -> None:
    """One late watch must not end a process."""
    assert LIMIT_SECONDS > 2 * WATCH_SECONDS


def test_a_trouble_is_an_error_of_http() -> None:
    """Probes only look at the status."""
    assert Verdict().status == 200
    assert Verdict(("the watch of secrets hangs",)).status == 503
