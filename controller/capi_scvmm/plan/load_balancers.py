# SPDX-License-Identifier: Apache-2.0
"""The load-balancer machines of a cluster: which are made, and which one is replaced next. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Balancer:
    """A load-balancer machine that is there.

    *digest* tells what it was made from. *lost*: somebody deleted its VM, so it serves nobody and never will.
    """

    name: str
    digest: str
    ready: bool = False
    lost: bool = False
    deleting: bool = False
    waits_for: str = ""


@dataclass(frozen=True)
class Make:
    """Make a machine of this name."""

    name: str


@dataclass(frozen=True)
class Remove:
    """Delete the machine of this name; *why* says it in words."""

    name: str
    why: str


Move = Make | Remove


def names_of(cluster: str, replicas: int) -> tuple[str, ...]:
    """Name the machines of a ScvmmCluster; one that is replaced has the name of the one before."""
    return tuple(f"{cluster}-lb-{number}" for number in range(replicas))


def plan_load_balancers(wanted: Sequence[str], digest: str, there: Sequence[Balancer]) -> tuple[Move, ...]:
    """Choose what is done next: all that are missing are made, and at most one is removed at a time.

    One that serves nobody goes at once. One that still serves goes only while all others do.
    """
    known = {balancer.name for balancer in there}
    made = tuple(Make(name) for name in wanted if name not in known)
    if any(balancer.deleting for balancer in there):
        return made
    lost = next((balancer for balancer in there if balancer.lost), None)
    if lost is not None:
        return (*made, Remove(lost.name, "its VM was deleted in VMM"))
    if made or not all(balancer.ready for balancer in there if balancer.name in wanted):
        return (*made, *_unready(wanted, digest, there))
    surplus = [balancer for balancer in there if balancer.name not in wanted]
    outdated = [balancer for balancer in there if balancer.name in wanted and balancer.digest != digest]
    # The last one first: with fewer replicas wanted it would go anyway.
    for balancer, why in (*((b, "fewer are wanted") for b in surplus), *((b, CHANGED) for b in reversed(outdated))):
        return (Remove(balancer.name, why),)
    return ()


CHANGED = "it was made from another template, or for other backends"


def _unready(wanted: Sequence[str], digest: str, there: Sequence[Balancer]) -> tuple[Move, ...]:
    """A machine that is not ready and would be replaced anyway need not become ready first."""
    for balancer in there:
        if balancer.name in wanted and not balancer.ready and balancer.digest != digest:
            return (Remove(balancer.name, CHANGED),)
    return ()
