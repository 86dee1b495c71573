# SPDX-License-Identifier: GPL-3.0-or-later
"""One call on its way through the broker."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from .failures import SessionFailure


@dataclass(eq=False)
class Call:
    """An operation that somebody waits for; exactly one of answer and failure is set before done."""

    operation: str
    request: str = field(repr=False)
    timeout: float
    long: bool = False
    # What it is about: uid, id, file or name; empty when it is about nothing in particular.
    subject: str = ""
    deadline: float = 0.0
    answer: str | None = field(default=None, repr=False)
    failure: SessionFailure | None = None
    repeated: str | None = None
    done: threading.Event = field(default_factory=threading.Event, repr=False)
    abandoned: bool = False
    sent: bool = False
    left_worker: bool = False

    def __post_init__(self) -> None:
        self.deadline = time.monotonic() + self.timeout

    def wanted(self) -> bool:
        """Whether somebody still waits for the answer."""
        return not self.abandoned

    def succeed(self, answer: str) -> None:
        """Hand over the operation's JSON answer."""
        if not self.done.is_set():
            self.answer = answer
            self.done.set()

    def fail(self, failure: SessionFailure) -> None:
        """Say why there is no answer."""
        if not self.done.is_set():
            self.failure = failure
            self.done.set()
