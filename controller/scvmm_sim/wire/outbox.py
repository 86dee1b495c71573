# SPDX-License-Identifier: Apache-2.0
"""Output that waits for a client's Receive, and is lost to no Receive that was given up."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from scvmm_sim.wire.faults import ConnectionReset, WsmanFault, timed_out

MAX_DELIVERY_BYTES = 262_144
"""How much one Receive takes: base64 of it stays within the 500 kB envelope that Windows sends at most."""


@dataclass(frozen=True)
class Chunk:
    """Some output of one stream (stdout, stderr, pr)."""

    stream: str
    data: bytes


@dataclass(frozen=True)
class Delivery:
    """What one Receive brings: chunks, and whether the command ended (with an exit code, for WinRS)."""

    chunks: tuple[Chunk, ...]
    done: bool
    exit_code: int | None


class Outbox:
    """The output of one command, or of the shell itself.

    Only the newest Receive is served. What a Receive took but could not hand over goes back to the front, and a Receive
    that is sent again under its old message id gets the same answer again, as with Windows.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._chunks: deque[Chunk] = deque()
        self._done = False
        self._exit_code: int | None = None
        self._broken: WsmanFault | None = None
        self._newest = 0
        self._last: tuple[str, Delivery] | None = None
        self._resets = 0

    def put(self, data: bytes, stream: str = "stdout") -> None:
        """Add output."""
        with self._changed:
            self._chunks.append(Chunk(stream, data))
            self._changed.notify_all()

    def finish(self, exit_code: int | None = None) -> None:
        """No more output will come."""
        with self._changed:
            self._done = True
            self._exit_code = exit_code
            self._changed.notify_all()

    def break_off(self, fault: WsmanFault) -> None:
        """Answer *fault* to everybody who waits and to all who come."""
        with self._changed:
            self._broken = fault
            self._changed.notify_all()

    def reset_next(self) -> None:
        """End the connection of the next Receive with a TCP reset (a fault rule); the output stays."""
        with self._changed:
            self._resets += 1
            self._changed.notify_all()

    def take(self, message_id: str, seconds: float, connected: Callable[[], bool]) -> Delivery:
        """Wait up to *seconds* for output, as the newest Receive.

        Raises WsmanFault (timed out, also when a newer Receive came or this one's client has gone; or what broke
        the shell) and ConnectionReset (a fault rule).
        """
        deadline = time.monotonic() + seconds
        with self._changed:
            if self._last is not None and self._last[0] == message_id:
                return self._last[1]
            self._newest += 1
            mine = self._newest
            self._changed.notify_all()
            while not self._ready():
                remaining = deadline - time.monotonic()
                if remaining <= 0 or self._newest != mine:
                    raise timed_out()
                self._changed.wait(remaining)
            if self._newest != mine or not connected():
                raise timed_out()
            return self._take(message_id)

    def _ready(self) -> bool:
        return bool(self._chunks or self._done or self._broken or self._resets)

    def _take(self, message_id: str) -> Delivery:
        if self._resets:
            self._resets -= 1
            raise ConnectionReset("a fault rule resets the connection")
        if self._broken is not None:
            raise self._broken
        taken: list[Chunk] = []
        size = 0
        while self._chunks and (not taken or size + len(self._chunks[0].data) <= MAX_DELIVERY_BYTES):
            taken.append(self._chunks.popleft())
            size += len(taken[-1].data)
        delivery = Delivery(tuple(taken), self._done and not self._chunks, self._exit_code)
        self._last = (message_id, delivery)
        return delivery

    def give_back(self, delivery: Delivery) -> None:
        """Put back what could not be handed over: its client was gone."""
        with self._changed:
            if self._last is not None and self._last[1] is delivery:
                self._last = None
            self._chunks.extendleft(reversed(delivery.chunks))
            self._changed.notify_all()
