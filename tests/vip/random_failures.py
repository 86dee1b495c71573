# SPDX-License-Identifier: Apache-2.0
"""One random failure of the address's holder after another, and how long clients were without an API server."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vip.control_plane import ControlPlane
from vip.failures import FAILURES


@dataclass(frozen=True)
class Felt:
    """One failure as a client felt it; times in seconds.

    *moved*: from the failure until the client reached an API server again. *outage*: how much of it nobody answered.
    *overlap*: for how long two hosts advertised the address. *moved_again*: it moved once more when the host came back.
    """

    kind: str
    moved: float
    outage: float
    overlap: float
    moved_again: bool


def fail_at_random(plane: ControlPlane, count: int, seed: int) -> Iterator[Felt]:
    """Let the holder fail *count* times, each time when all hosts are well."""
    chance = random.Random(seed)
    plane.watch()
    for _ in range(count):
        failure = FAILURES[chance.choice(sorted(FAILURES))]
        victim = plane.until_settled()
        since = time.monotonic()
        failure.happen(victim)
        outage = plane.outage(since, victim)
        failure.mend(victim)
        plane.until_settled()
        overlap = plane.overlap(since, time.monotonic())
        yield Felt(
            failure.name, outage.end - since, outage.seconds, overlap, plane.served_by(outage.end) != {outage.by}
        )


def table(felt: Sequence[Felt]) -> str:
    """The distribution, by kind of failure and of all."""
    lines = [
        f"{'failure':12} {'times':>5} {'median':>7} {'95 %':>7} {'longest':>7}   seconds until a client is served again"
    ]
    for kind in [*sorted({one.kind for one in felt}), "all"]:
        times = sorted(one.moved for one in felt if kind in (one.kind, "all"))
        worst = times[min(len(times) - 1, round(0.95 * len(times)))]
        lines.append(f"{kind:12} {len(times):5} {statistics.median(times):7.2f} {worst:7.2f} {times[-1]:7.2f}")
    lines.append(f"longest time with two hosts that advertise the address: {max(one.overlap for one in felt):.3f} s")
    lines.append(f"moves when a host came back: {sum(one.moved_again for one in felt)}")
    return "\n".join(lines)
