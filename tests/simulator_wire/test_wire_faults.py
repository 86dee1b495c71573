# SPDX-License-Identifier: Apache-2.0
"""What fault rules do to the connection, and what a client can do then."""

from __future__ import annotations

import pytest
import requests
from pypsrp.exceptions import WinRMTransportError, WSManFaultError
from pypsrp.powershell import RunspacePool
from scvmm_sim.wire.faults import NO_SUCH_SHELL

from .clients import Wire, begin, call, finish


def test_reset_leaves_the_operation_running(wire: Wire) -> None:
    """A TCP reset in mid-receive breaks the connection, not the operation: its output is there afterwards."""
    with wire.session() as pool:
        wire.faults.planned["echo"] = "reset"
        pipeline = begin(pool, "echo", {"content": "x"})
        with pytest.raises(requests.ConnectionError):
            pipeline.end_invoke()
        assert '"length":1' in finish(pipeline).output[0]
        assert [name for name, _ in wire.operations.seen] == ["echo"]


def test_unavailable_means_that_nothing_ran(wire: Wire) -> None:
    """503 is answered before the operation starts; afterwards the session goes on."""
    with wire.session() as pool:
        wire.faults.planned["echo"] = "503"
        with pytest.raises(WinRMTransportError) as caught:
            begin(pool, "echo")
        assert caught.value.code == 503
        assert wire.operations.seen == []
        assert call(pool, "echo")["ok"] is True


def test_down_means_that_nothing_ran(wire: Wire) -> None:
    """An endpoint that is down closes the connection without an answer, and the operation never starts."""
    with wire.session() as pool:
        wire.faults.planned["echo"] = "down"
        with pytest.raises(requests.ConnectionError):
            begin(pool, "echo")
        assert wire.operations.seen == []
        assert call(pool, "echo")["ok"] is True


def test_killed_shell_lets_the_client_guess(wire: Wire) -> None:
    """The shell dies with the operation under way: it did run, but its client only learns that the shell is gone."""
    with pytest.raises(WSManFaultError), wire.session() as pool:
        wire.faults.planned["wait"] = "kill_shell"
        pipeline = begin(pool, "wait")
        with pytest.raises(WSManFaultError) as caught:
            pipeline.end_invoke()
        assert caught.value.code == NO_SUCH_SHELL
        assert wire.operations.entered.acquire(timeout=10)
        with pytest.raises(WSManFaultError):
            begin(pool, "echo")


@pytest.mark.parametrize(
    ("fault", "error"),
    [("503", WinRMTransportError), ("down", requests.ConnectionError), ("reset", requests.ConnectionError)],
)
def test_rule_without_operation_strikes_any_request(wire: Wire, fault: str, error: type[Exception]) -> None:
    """A rule that names no operation strikes the opening of a session too; the next try succeeds."""
    wire.faults.planned[None] = fault  # type: ignore[assignment]
    with pytest.raises(error):
        RunspacePool(wire.wsman()).open()
    with wire.session() as pool:
        assert call(pool, "echo")["ok"] is True
