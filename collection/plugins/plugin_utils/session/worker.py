# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker: one thread that owns at most one remote session and runs one call at a time on it."""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from .call import Call
from .failures import NEVER, UNKNOWN, LoginRefused, SessionFailure, TimedOut, Unreachable
from .fates import Fates
from .gate import Gate
from .hosts import Hosts
from .operations import REPEATABLE
from .options import Options

if TYPE_CHECKING:
    from .remote import Remote

log = logging.getLogger("capi_scvmm.session")

_ATTEMPTS = 2
_CONNECT_SECONDS = 120.0
# What VMM says of an account that it does not know, or that has no role.
_VMM_LOGIN_REFUSED = frozenset({406, 421, 1604})


@dataclass(frozen=True)
class Shared:
    """What all workers of a broker have in common."""

    options: Options
    gate: Gate
    hosts: Hosts
    fates: Fates

    @classmethod
    def of(cls, options: Options) -> Shared:
        """Begin with nothing known."""
        return cls(options, Gate(), Hosts(options), Fates())


class RefusedByVmm(Exception):
    """The connect operation answered with an error: that answer is the answer of the call."""


class Worker:
    """Runs calls one after another; *finished* is told after each."""

    def __init__(self, shared: Shared, finished: Callable[[Worker], None], name: str) -> None:
        self._shared, self._finished = shared, finished
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
                remote = self._opened(call)
                self._check_time(call)
                self._shared.fates.begin(call, remote.options)
                call.sent = True
                self._invoke(remote, call)
                return
            except RefusedByVmm as refusal:
                self._succeed(call, str(refusal))
                return
            except TimedOut as failure:
                self._fail(call, failure)
                return
            except SessionFailure as failure:
                if not self._may_repeat(call, failure, attempt):
                    self._fail(call, self._told(call, failure))
                    return
                call.repeated = UNKNOWN if UNKNOWN in (call.repeated, failure.happened) else failure.happened

    def _invoke(self, remote: Remote, call: Call) -> None:
        """Run *call*; a login that is refused on the way, on a connection dropped just now, is remembered by all."""
        try:
            remote.invoke(call.operation, call.request, call.deadline, call.wanted, partial(self._succeed, call))
        except LoginRefused as refusal:
            self._shared.gate.note(remote.options, refusal)
            raise

    def _may_repeat(self, call: Call, failure: SessionFailure, attempt: int) -> bool:
        """Throw the broken session away and say whether *call* gets another one."""
        remote = self._remote
        self._discard()
        if call.left_worker:
            return False  # the answer was there already, only the pipeline's end was not
        log.warning(
            "operation %s, attempt %d: %s (happened: %s)", call.operation, attempt, failure.message, failure.happened
        )
        if failure.happened == NEVER and call.repeated != UNKNOWN:
            self._shared.fates.ended(call)
        safe = failure.happened == NEVER or call.operation in REPEATABLE
        # A session that was open before may have gone stale; one that cannot even be opened is answered at once.
        return attempt < _ATTEMPTS and remote is not None and safe and isinstance(failure, (Unreachable, LoginRefused))

    @staticmethod
    def _told(call: Call, failure: SessionFailure) -> SessionFailure:
        """*failure*, saying also what is known of the attempts before."""
        return type(failure)(failure.message, UNKNOWN) if call.repeated == UNKNOWN else failure

    def _check_time(self, call: Call) -> None:
        if call.abandoned or time.monotonic() >= call.deadline:
            happened = call.repeated or NEVER
            raise TimedOut(
                f"{self._shared.options.endpoint}: the time of the call was over before it could be sent", happened
            )

    def _succeed(self, call: Call, answer: str) -> None:
        # Free before the caller knows: its next call then comes to this session instead of opening another one, and
        # waits in the queue for the moment that closing the pipeline takes.
        self._shared.fates.ended(call)
        self._free(call)
        call.succeed(answer)

    def _fail(self, call: Call, failure: SessionFailure) -> None:
        self._free(call)
        call.fail(failure)

    def _free(self, call: Call) -> None:
        if not call.left_worker:
            call.left_worker = True
            self._finished(self)

    def _opened(self, call: Call) -> Remote:
        """The session, on the best host there is; where its connection is gone it has logged in again."""
        gate, hosts = self._shared.gate, self._shared.hosts
        if self._remote is not None and (self._remote.broken or hosts.is_second_best(self._remote.options)):
            self._leave()
        gate.check()
        if self._remote is None:
            self._remote = self._open_on_best(call)
        elif self._remote.needs_login:
            gate.login(self._remote.options, self._remote.login)
        return self._remote

    def _open_on_best(self, call: Call) -> Remote:
        """A session on the first host that gives one; raises the failure, or all of them as one."""
        met: list[SessionFailure] = []
        refusal: RefusedByVmm | None = None
        for target in self._shared.hosts.in_order():
            try:
                remote = self._open(target)
            except LoginRefused:
                raise  # the other hosts know the same account
            except SessionFailure as failure:
                self._shared.hosts.failed(target, failure.message)
                log.warning("no session on %s: %s", target.endpoint, failure.message)
                met.append(failure)
            except RefusedByVmm as refused:
                self._shared.hosts.failed(target, "VMM refuses the connection from there")
                refusal = refusal or refused
            else:
                self._shared.hosts.works(target)
                return remote
            self._check_time(call)
        if refusal is not None:
            raise refusal
        raise met[0] if len(met) == 1 else Unreachable("; ".join(failure.message for failure in met), NEVER)

    def _open(self, target: Options) -> Remote:
        """A new session with VMM connected; raises RefusedByVmm with VMM's own answer."""
        from .remote import Remote  # pypsrp takes a fifth of a second to import: not before it is needed

        began = time.monotonic()
        remote = Remote(target)
        answers: list[str] = []
        request = json.dumps({"vmm_server": target.vmm_server})
        try:
            self._shared.gate.login(target, remote.login)
            remote.open()
            remote.invoke("connect", request, time.monotonic() + _CONNECT_SECONDS, lambda: True, answers.append)
        except SessionFailure as failure:
            if isinstance(failure, LoginRefused):
                self._shared.gate.note(target, failure)
            remote.drop()
            raise
        envelope = json.loads(answers[0])
        if not envelope.get("ok"):
            remote.close()
            self._refused(target, envelope["error"])
            raise RefusedByVmm(answers[0])
        log.info("session opened to %s in %.2f s", target.endpoint, time.monotonic() - began)
        return remote

    def _refused(self, target: Options, error: dict[str, Any]) -> None:
        """Raise LoginRefused when VMM does not take its password: like any password it must not be tried on and on."""
        if target.vmm_username and error.get("number") in _VMM_LOGIN_REFUSED:
            refusal = LoginRefused(
                f"VMM server {target.vmm_server} refuses user '{target.vmm_username}': {error.get('message')}"
            )
            self._shared.gate.note(target, refusal)
            raise refusal

    def _leave(self) -> None:
        """Give up a session: one that works is closed, for a better host is there."""
        remote, self._remote = self._remote, None
        if remote is not None:
            remote.drop() if remote.broken else remote.close()

    def _discard(self) -> None:
        if self._remote is not None:
            self._remote.drop()
            self._remote = None
