# SPDX-License-Identifier: Apache-2.0
"""No output is lost to a Receive that was given up, and none comes twice."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from pypsrp.powershell import PowerShell
from scvmm_sim.wire.faults import NO_SUCH_SHELL, TIMED_OUT, ConnectionReset, WsmanFault, no_such_shell
from scvmm_sim.wire.outbox import MAX_DELIVERY_BYTES, Chunk, Outbox

from .clients import Wire, begin, finish


def _here() -> bool:
    return True


def test_receive_brings_what_waits_and_the_end_with_the_last() -> None:
    """Output comes in order; Done comes only with the last of it."""
    outbox = Outbox()
    for text in (b"a" * MAX_DELIVERY_BYTES, b"b", b"c"):
        outbox.put(text)
    outbox.finish(7)
    first = outbox.take("1", 1, _here)
    assert [len(chunk.data) for chunk in first.chunks] == [MAX_DELIVERY_BYTES]
    assert first.done is False
    second = outbox.take("2", 1, _here)
    assert [chunk.data for chunk in second.chunks] == [b"b", b"c"]
    assert (second.done, second.exit_code) == (True, 7)


def test_empty_outbox_times_out() -> None:
    """Nothing within the time is the fault that clients expect."""
    with pytest.raises(WsmanFault) as caught:
        Outbox().take("1", 0.05, _here)
    assert caught.value.code == TIMED_OUT


def test_newest_receive_is_served() -> None:
    """A Receive that was superseded times out at once and takes nothing."""
    outbox = Outbox()
    with ThreadPoolExecutor(2) as threads:
        old = threads.submit(outbox.take, "1", 20, _here)
        while outbox._newest < 1:
            time.sleep(0.01)
        new = threads.submit(outbox.take, "2", 20, _here)
        assert isinstance(old.exception(timeout=10), WsmanFault)
        outbox.put(b"x")
        assert new.result(timeout=10).chunks == (Chunk("stdout", b"x"),)


def test_receive_of_a_client_that_has_gone_takes_nothing() -> None:
    """Output stays for the client's next Receive when its connection is seen to be closed."""
    outbox = Outbox()
    outbox.put(b"x")
    with pytest.raises(WsmanFault):
        outbox.take("1", 1, lambda: False)
    assert outbox.take("2", 1, _here).chunks == (Chunk("stdout", b"x"),)


def test_undelivered_output_goes_back_to_the_front() -> None:
    """What could not be written to the client comes again, before what is newer."""
    outbox = Outbox()
    outbox.put(b"1")
    outbox.put(b"2")
    lost = outbox.take("1", 1, _here)
    outbox.put(b"3")
    outbox.give_back(lost)
    assert [chunk.data for chunk in outbox.take("2", 1, _here).chunks] == [b"1", b"2", b"3"]


def test_repeated_receive_gets_the_same_answer() -> None:
    """A client that sends the same Receive again (same message id) gets the same output, not the next."""
    outbox = Outbox()
    outbox.put(b"1")
    first = outbox.take("same", 1, _here)
    outbox.put(b"2")
    assert outbox.take("same", 1, _here) == first
    assert outbox.take("other", 1, _here).chunks == (Chunk("stdout", b"2"),)


def test_broken_outbox_answers_its_fault_and_reset_comes_first() -> None:
    """Who waits when a shell dies is told so; a planned reset takes nothing away."""
    outbox = Outbox()
    outbox.put(b"1")
    outbox.reset_next()
    with pytest.raises(ConnectionReset):
        outbox.take("1", 1, _here)
    assert outbox.take("2", 1, _here).chunks == (Chunk("stdout", b"1"),)
    outbox.break_off(no_such_shell("X"))
    with pytest.raises(WsmanFault) as caught:
        outbox.take("3", 1, _here)
    assert caught.value.code == NO_SUCH_SHELL


def _abandon_receive(wire: Wire, pipeline: PowerShell) -> None:
    """Send the pipeline's Receive on a connection of its own, and close that before the answer."""
    kept: list[requests.PreparedRequest] = []
    wsman = wire.wsman()
    wsman.transport.session = wsman.transport._build_session()

    def keep(request: requests.PreparedRequest, **_: object) -> requests.Response:
        kept.append(request)
        raise requests.ConnectionError

    wsman.transport.session.send = keep  # type: ignore[method-assign]  # a client's own door, not our code
    original = pipeline.runspace_pool.shell.wsman
    pipeline.runspace_pool.shell.wsman = wsman
    try:
        pipeline.poll_invoke()
    except requests.ConnectionError:
        pass
    finally:
        pipeline.runspace_pool.shell.wsman = original
    request = kept[0]
    lines = [f"POST /wsman HTTP/1.1\r\nHost: x\r\nContent-Length: {len(request.body or b'')}"]
    lines += [f"{key}: {request.headers[key]}" for key in ("Authorization", "Content-Type")]
    with socket.create_connection(("127.0.0.1", wire.server.port)) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + (request.body or b""))  # type: ignore[operator]
        time.sleep(0.3)


def test_abandoned_receive_loses_nothing(wire: Wire) -> None:
    """A client that closed the connection in the middle of a Receive gets all the output by its next one."""
    with wire.session() as pool:
        pipeline = begin(pool, "wait", {"content": "x" * 1000})
        assert wire.operations.entered.acquire(timeout=10)
        _abandon_receive(wire, pipeline)
        threading.Timer(0.3, wire.operations.release.set).start()
        time.sleep(1)
        ran = finish(pipeline)
    assert '"length":1000' in ran.output[0]
