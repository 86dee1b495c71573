# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker: one thread that owns at most one remote session and runs one call at a time on it."""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from .call import Call
from .failures import NEVER, UNKNOWN, LoginRefused, SessionFailure, TimedOut, Unreachable
from .gate import Gate
from .operations import REPEATABLE
from .options import Options

if TYPE_CHECKING:
    from .remote import Remote

log = logging.getLogger("capi_scvmm.session")

_ATTEMPTS = 2
_CONNECT_SECONDS = 120.0


class RefusedByVmm(Exception):
    """The connect operation answered with an error: that answer is the answer of the call."""


class Worker:
    """Runs calls one after another; *finished* is told after each."""

    def __init__(self, options: Options, gate: Gate, finished: Callable[[Worker], None], name: str) -> None:
        self._options, self._gate, self._finished = options, gate, finished
        self._calls: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        self._remote: Remote | None = None
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    def take(self, call: Call) -> None:
        """Run *call*; only for a worker that has none."""
        self._calls.put(call)

    def end(self, timeout: float) -> None:
        """Close the session and end the thread, waiting at most *timeout* seconds."""
        self._calls.put(None)
        self._thread.join(timeout)

    def _serve(self) -> None:
        while (call := self._calls.get()) is not None:
            try:
                self._run(call)
            except (
                Exception
            ) as error:  # a defect of ours must not cost the broker a worker: the caller gets it as a failure
                log.exception("operation %s met a defect", call.operation)
                self._discard()
                told = f"defect in the session broker: {type(error).__name__}; its log tells more"
                self._fail(call, SessionFailure(told, UNKNOWN))
        if self._remote is not None:
            self._remote.close()

    def _run(self, call: Call) -> None:
        """Run *call*, once more after a break.

        The second attempt comes only after a new session stands. All our operations are safe to repeat (they look
        first), so a call that may have happened is repeated as well; *call.repeated* says that it was, and what was
        known.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                remote = self._opened()
                self._check_time(call)
                call.sent = True
                remote.invoke(call.operation, call.request, call.deadline, call.wanted, partial(self._succeed, call))
                return
            except RefusedByVmm as refusal:
                self._succeed(call, str(refusal))
                return
            except TimedOut as failure:
                self._fail(call, failure)
                return
            except SessionFailure as failure:
                if not self._may_repeat(call, failure, attempt):
                    self._fail(call, failure)
                    return
                call.repeated = failure.happened

    def _may_repeat(self, call: Call, failure: SessionFailure, attempt: int) -> bool:
        """Throw the broken session away and say whether *call* gets another one."""
        had_session = self._remote is not None
        self._discard()
        if call.left_worker:
            return False  # the answer was there already, only the pipeline's end was not
        log.warning(
            "operation %s, attempt %d: %s (happened: %s)", call.operation, attempt, failure.message, failure.happened
        )
        safe = failure.happened == NEVER or call.operation in REPEATABLE
        # A session that was open before may have gone stale; one that cannot even be opened is answered at once.
        return attempt < _ATTEMPTS and had_session and safe and isinstance(failure, (Unreachable, LoginRefused))

    def _check_time(self, call: Call) -> None:
        if call.abandoned or time.monotonic() >= call.deadline:
            happened = call.repeated or NEVER
            raise TimedOut(f"{self._options.endpoint}: the time of the call was over before it could be sent", happened)

    def _succeed(self, call: Call, answer: str) -> None:
        # Free before the caller knows: its next call then comes to this session instead of opening another one, and
        # waits in the queue for the moment that closing the pipeline takes.
        self._free(call)
        call.succeed(answer)

    def _fail(self, call: Call, failure: SessionFailure) -> None:
        self._free(call)
        call.fail(failure)

    def _free(self, call: Call) -> None:
        if not call.left_worker:
            call.left_worker = True
            self._finished(self)

    def _opened(self) -> Remote:
        if self._remote is not None and self._remote.broken:
            self._discard()
        if self._remote is None:
            self._remote = self._gate.open(self._open)
        return self._remote

    def _open(self) -> Remote:
        """A new session with VMM connected; raises RefusedByVmm with VMM's own answer."""
        from .remote import Remote  # pypsrp takes a fifth of a second to import: not before it is needed

        began = time.monotonic()
        remote = Remote(self._options)
        answers: list[str] = []
        request = json.dumps({"vmm_server": self._options.vmm_server})
        try:
            remote.invoke("connect", request, time.monotonic() + _CONNECT_SECONDS, lambda: True, answers.append)
        except SessionFailure:
            remote.drop()
            raise
        if not json.loads(answers[0]).get("ok"):
            remote.close()
            raise RefusedByVmm(answers[0])
        log.info("session opened to %s in %.2f s", self._options.endpoint, time.monotonic() - began)
        return remote

    def _discard(self) -> None:
        if self._remote is not None:
            self._remote.drop()
            self._remote = None
