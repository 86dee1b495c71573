# SPDX-License-Identifier: Apache-2.0
"""A lease as all candidates see it, and what a candidate does next. Pure.

Times are seconds of the candidate's own clock, which goes on while its machine sleeps. What other clocks say is never
compared with it: a lease has run out when this candidate has seen it unchanged for as long as it lasts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Timing:
    """How long a lease lasts, when its holder gives up renewing it, and how often both sides try; in seconds."""

    duration: int = 10
    renew_deadline: float = 7.0
    retry: float = 1.5

    @property
    def guard_deadline(self) -> float:
        """When others end what its holder still does, if that has not noticed: before anybody can take it."""
        return (self.renew_deadline + self.duration) / 2


@dataclass(frozen=True)
class Lease:
    """What the API server has; *version* is its resource version. Without *holder* nobody has it."""

    holder: str = ""
    duration: float = 0.0
    acquired: str = ""
    renewed: str = ""
    transitions: int = 0
    version: str = ""

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> Lease:
        """Read a Lease of coordination.k8s.io/v1."""
        spec = body.get("spec") or {}
        return cls(
            str(spec.get("holderIdentity") or ""),
            float(spec.get("leaseDurationSeconds") or 0),
            str(spec.get("acquireTime") or ""),
            str(spec.get("renewTime") or ""),
            int(spec.get("leaseTransitions") or 0),
            str(body["metadata"].get("resourceVersion") or ""),
        )

    def spec(self) -> dict[str, Any]:
        """Give it as the API server takes it."""
        return {
            "holderIdentity": self.holder,
            "leaseDurationSeconds": max(int(self.duration), 1),
            "acquireTime": self.acquired or None,
            "renewTime": self.renewed or None,
            "leaseTransitions": self.transitions,
        }

    def same_state(self, other: Lease) -> bool:
        """Whether nobody took or renewed it in between; labels may have changed."""
        return replace(self, version="") == replace(other, version="")


@dataclass(frozen=True)
class Sight:
    """A lease, and since when it has been seen like that."""

    lease: Lease
    since: float

    @property
    def runs_out(self) -> float:
        """When it may be taken, if it stays as it is."""
        return self.since + self.lease.duration if self.lease.holder else self.since


@dataclass(frozen=True)
class Take:
    """Write *lease*, which is ours then: the first one, one that ran out or was given back, or our own, renewed."""

    lease: Lease


@dataclass(frozen=True)
class Stand:
    """Somebody else has it: look again at *again* at the latest."""

    again: float


def see(lease: Lease | None, before: Sight | None, now: float) -> Sight | None:
    """Take in what was read at *now*; a lease that nobody touched goes on ageing.

    One that somebody deleted may have been renewed just before: it counts as held for its time, and has no version.
    """
    if lease is None:
        if before is None or not before.lease.holder:
            return None
        return Sight(replace(before.lease, version=""), now) if before.lease.version else before
    if before is not None and lease.same_state(before.lease):
        return Sight(lease, before.since)
    return Sight(lease, now)


def next_step(me: str, sight: Sight | None, now: float, timing: Timing, wall: datetime) -> Take | Stand:
    """Choose what candidate *me* does; *sight* is None when there is no lease at all. *wall* is for readers only."""
    stamp = wall.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if sight is None:
        return Take(Lease(me, timing.duration, stamp, stamp, 0))
    lease = sight.lease
    if lease.holder == me:
        return Take(replace(lease, duration=timing.duration, renewed=stamp))
    if now < sight.runs_out:
        return Stand(sight.runs_out)
    return Take(Lease(me, timing.duration, stamp, stamp, lease.transitions + 1, lease.version))


def given_back(lease: Lease, wall: datetime) -> Lease:
    """Give the lease as its holder leaves it behind: whoever sees it may take it at once."""
    return replace(lease, holder="", duration=1, renewed=wall.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
