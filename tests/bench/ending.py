# SPDX-License-Identifier: Apache-2.0
"""SIGTERM and SIGINT end the benchmarks with all that they have started."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Ended(BaseException):
    """A signal came; on its way up everything that was started is ended."""

    def __init__(self, number: int) -> None:
        """Carry the signal's *number*."""
        super().__init__(number)
        self.exit_code = 128 + number


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Raise Ended in the block when a signal comes; the sessions' brokers end with the block too."""
    before = {number: signal.signal(number, _end) for number in SIGNALS}
    try:
        # A broker whose folder is gone ends by itself within a second.
        with tempfile.TemporaryDirectory(prefix="capi-bench-") as folder:
            os.environ["CAPI_SCVMM_RUNTIME_DIR"] = folder
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, _frame: FrameType | None) -> None:
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)  # a second one must not interrupt the clearing up
    raise Ended(number)


@contextmanager
def signals_kept() -> Iterator[None]:
    """Put back what ansible-runner does to the signals: it would note them and go on for ever after."""
    kept: dict[signal.Signals, Any] = {number: signal.getsignal(number) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
