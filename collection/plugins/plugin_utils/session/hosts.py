# SPDX-License-Identifier: GPL-3.0-or-later
"""The exec hosts of a session in order of health: which one to use, and which one to look at again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .options import Options

# A host that failed is looked at after so long, then after twice that, and so on to the longest.
FIRST_PROBE_SECONDS = 5.0
LONGEST_PROBE_SECONDS = 300.0


@dataclass
class _State:
    """What is known of one host; *message* is empty while it is taken to be well."""

    message: str = ""
    failures: int = 0
    probe_at: float = 0.0


class Hosts:
    """Knows which of the exec hosts answer; used by all workers of a broker."""

    def __init__(self, options: Options, clock: Callable[[], float] = time.monotonic) -> None:
        self._targets = options.targets
        self._clock = clock
        self._lock = threading.Lock()
        self._states = {target: _State() for target in self._targets}

    @property
    def several(self) -> bool:
        """Whether there is anything to choose."""
        return len(self._targets) > 1

    def in_order(self) -> list[Options]:
        """All hosts: those that are well as the options name them, then the others as a last resort."""
        with self._lock:
            return sorted(self._targets, key=lambda target: bool(self._states[target].message))

    def is_second_best(self, target: Options) -> bool:
        """Whether a host that is well comes before *target*."""
        return self.several and self.in_order()[0] != target

    def works(self, target: Options) -> None:
        """A session stands on *target*."""
        with self._lock:
            self._states[target] = _State()

    def failed(self, target: Options, message: str) -> None:
        """No session could be opened on *target*."""
        with self._lock:
            self._fail(self._states[target], message)

    def due(self) -> list[Options]:
        """The hosts that failed long enough ago to look whether they answer again."""
        now = self._clock()
        with self._lock:
            return [target for target, state in self._states.items() if state.message and state.probe_at <= now]

    def probed(self, target: Options, message: str) -> None:
        """*target* was looked at: it answers (no message), or it still does not.

        How often it has failed is forgotten only when a session stands: a host that answers and then refuses is asked
        less and less often.
        """
        with self._lock:
            if message:
                self._fail(self._states[target], message)
            else:
                self._states[target].message = ""

    def health(self) -> list[dict[str, Any]]:
        """Each host with its port, and why it is not used."""
        with self._lock:
            states = [(target, self._states[target].message) for target in self._targets]
        return [{"host": target.host, "port": target.port, "message": message} for target, message in states]

    def _fail(self, state: _State, message: str) -> None:
        state.message = message
        state.failures += 1
        wait = min(LONGEST_PROBE_SECONDS, FIRST_PROBE_SECONDS * 2.0 ** min(state.failures - 1, 10))
        state.probe_at = self._clock() + wait
