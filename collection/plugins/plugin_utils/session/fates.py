# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes that may still be under way on an exec host that broke off, and must not be made on another one meanwhile.

On one exec host a lock keeps two changes of one VM apart. Two exec hosts share no lock, so a change of unknown fate is
not made elsewhere before its time is surely over.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from .call import Call
from .failures import UNKNOWN, Unreachable
from .operations import READS
from .options import Options

# What VMM may need to take a change that began just before the call's time was over.
SETTLING_SECONDS = 60.0


class Fates:
    """The changes that may be under way, and where; used by all workers of a broker."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[Call, tuple[Options, float]] = {}

    def begin(self, call: Call, target: Options) -> None:
        """*call* is about to be sent to *target*; raise Unreachable when it could meet itself on another host."""
        if not call.subject or call.operation in READS:
            return
        now = self._clock()
        with self._lock:
            self._open = {other: fate for other, fate in self._open.items() if fate[1] > now}
            for other, (place, until) in self._open.items():
                if other.subject == call.subject and place != target:
                    raise Unreachable(
                        f"a change of {call.subject} that was sent to {place.endpoint} may still be under way there: "
                        f"on {target.endpoint} {call.operation} is not tried in the next {until - now:.0f} seconds",
                        UNKNOWN,
                    )
            self._open[call] = (target, call.deadline + SETTLING_SECONDS)

    def ended(self, call: Call) -> None:
        """*call* is over, or never began: of it nothing is under way any more."""
        with self._lock:
            self._open.pop(call, None)
