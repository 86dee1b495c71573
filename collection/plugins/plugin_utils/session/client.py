# SPDX-License-Identifier: GPL-3.0-or-later
"""The client's half: finds or starts the broker and makes calls; safe to use from several threads."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .failures import NEVER, UNKNOWN, EndpointUnfit, TimedOut, Unreachable, failure_from
from .framing import receive_frame, send_frame
from .key import session_key
from .operations import REPEATABLE, is_long, subject_of, time_allowed
from .options import Options
from .runtime_dir import runtime_dir
from .start import connect_or_start

_ATTEMPTS = 3
# The broker answers at the deadline at the latest; one that does not has stopped working.
_GRACE_SECONDS = 15.0


@dataclass(frozen=True)
class Answer:
    """The operation's answer as JSON text; *repeated* tells what was known when the call was made a second time."""

    text: str
    repeated: str | None = None

    def envelope(self) -> dict[str, Any]:
        """The answer as docs/operations.md describes it; raises EndpointUnfit when it is something else."""
        try:
            envelope = json.loads(self.text)
        except ValueError as error:
            raise EndpointUnfit(f"the answer is no JSON: {error}", UNKNOWN) from error
        if not isinstance(envelope, dict) or ("result" if envelope.get("ok") else "error") not in envelope:
            raise EndpointUnfit(
                "the answer is not made as docs/operations.md says; are both halves of one version?", UNKNOWN
            )
        return envelope


class Client:
    """Calls operations through the broker of *options*."""

    def __init__(self, options: Options, folder: Path | None = None) -> None:
        self.options = options
        self._folder = folder or runtime_dir()
        self._key = session_key(options, self._folder)
        self._lock = threading.Lock()
        self._idle: list[socket.socket] = []

    def call(self, operation: str, request: Mapping[str, Any], timeout: float | None = None) -> Answer:
        """The answer to one operation within *timeout* seconds; raises SessionFailure.

        When the broker dies in between, a new one is started, and the call is made again if that is safe.
        """
        if operation == "connect" and "vmm_server" not in request:
            request = {**request, "vmm_server": self.options.vmm_server}
        seconds = time_allowed(request, timeout)
        head = {
            "operation": operation,
            "timeout": seconds,
            "long": is_long(request),
            "subject": subject_of(request),
        }
        # ASCII only: what PSRP cannot carry (U+FFFE, lone surrogates) goes as an escape.
        text = json.dumps(request, ensure_ascii=True, separators=(",", ":"))
        repeated: str | None = None
        for _attempt in range(_ATTEMPTS):
            sock = self._connection()
            lost = self._exchange(sock, head, text, seconds)
            if isinstance(lost, Answer):
                return lost if lost.repeated or not repeated else Answer(lost.text, repeated)
            repeated = UNKNOWN if UNKNOWN in (lost, repeated) else lost
            if lost == UNKNOWN and operation not in REPEATABLE:
                break
        raise Unreachable(f"the session broker for {self.options.endpoint} ended while it ran {operation}", repeated)

    def ask(self, question: str) -> dict[str, Any]:
        """The broker's answer to "status" or "end"."""
        with self._connection() as sock:
            send_frame(sock, {"ask": question})
            frame = receive_frame(sock)
        return frame[0] if frame else {}

    def close(self) -> None:
        """Drop the connections; the broker stays for others."""
        with self._lock:
            idle, self._idle = self._idle, []
        for sock in idle:
            sock.close()

    def _connection(self) -> socket.socket:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return connect_or_start(self.options, self._folder, self._key)

    def _exchange(self, sock: socket.socket, head: dict[str, Any], text: str, seconds: float) -> Answer | str:
        """The answer, or what is known (NEVER, UNKNOWN) when the broker is gone."""
        sock.settimeout(seconds + _GRACE_SECONDS)
        try:
            send_frame(sock, head, text)
        except TimeoutError:
            sock.close()
            raise TimedOut("the session broker takes no requests; end it", NEVER) from None
        except OSError:
            sock.close()
            return NEVER  # a request that is not whole is not run
        try:
            frame = receive_frame(sock)
        except TimeoutError:
            sock.close()
            raise TimedOut("the session broker does not answer; end it") from None
        except OSError:
            frame = None
        if frame is None:
            sock.close()
            return UNKNOWN
        with self._lock:
            self._idle.append(sock)
        answer_head, body = frame
        if not answer_head.get("ok"):
            raise failure_from(answer_head.get("failure", {}))
        return Answer(body, answer_head.get("repeated"))
