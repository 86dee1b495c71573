# SPDX-License-Identifier: Apache-2.0
"""Status of a ScvmmNamePool: its books, and what they come to. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from capi_scvmm.conditions import Condition, merge, parse_conditions
from capi_scvmm.kinds import NameCounts, ScvmmNamePool
from capi_scvmm.plan.name_pool import Books
from capi_scvmm.status.patch import changed

MOST_COUNTED = 2**31 - 1
TOLD = 5


def name_pool_status(
    pool: ScvmmNamePool,
    recorded: Mapping[str, Any],
    books: Books,
    disputes: Sequence[tuple[str, str, str]],
    now: datetime,
) -> dict[str, Any]:
    """Derive the patch from the *books* as they shall be; empty: nothing to write.

    *disputes* are names with the machine whose VM has the name, and the one that has it by the books.
    """
    counts = count(pool, books)
    conditions = [_ready(pool, counts, books), _disjoint(pool), _unique(disputes)]
    dated = merge(parse_conditions(recorded), conditions, pool.metadata.generation, now)
    skipped = {name: one.to_dict() for name, one in books.skipped.items()}
    patch = changed(
        recorded,
        {
            "counts": counts.to_dict(),
            "conditions": [each.dump() for each in sorted(dated, key=lambda each: each.type)],
        },
    )
    for key, wanted in (("vmNameOwners", dict(books.owners)), ("skippedNames", skipped)):
        entries = _entries(recorded.get(key) or {}, wanted)
        # That there are books at all says that the machines were asked what they carry.
        if entries or (key == "vmNameOwners" and key not in recorded):
            patch[key] = entries
    return patch


def count(pool: ScvmmNamePool, books: Books) -> NameCounts:
    """Count the names of a pool; owners of names that its ranges do not have (any more) count as used."""
    total = min(sum(one.size for one in pool.usable_ranges), MOST_COUNTED)
    skipped = [name for name in books.skipped if pool.has(name)]
    inside = sum(1 for name in books.owners if pool.has(name))
    free = max(total - inside - len(skipped), 0)
    return NameCounts(total=total, free=free, used=len(books.owners), skipped=len(skipped))


def lack(pool: ScvmmNamePool, books: Books) -> str:
    """Say that there is no name to be had, how it comes, and who can mend it."""
    counts = count(pool, books)
    name = f"ScvmmNamePool {pool.metadata.name}"
    if not pool.spec.vm_name_ranges:
        return f"{name} has no names: its owner can add a range to spec.vmNameRanges there."
    if not counts.total:
        return f"{name} has no names: no VM can be called as its ranges say. Its owner can write them anew."
    skipped = f", {counts.skipped} are in use in VMM for other VMs" if counts.skipped else ""
    return (
        f"{name} has no free name: of {counts.total} names machines have {counts.used}{skipped}. Its owner can add a "
        "range to spec.vmNameRanges there; or delete a machine that has one."
    )


def _entries(there: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Only what changes of a map that may be long; None takes an entry out."""
    gone = {name: None for name in there if name not in wanted}
    return gone | {name: value for name, value in wanted.items() if there.get(name) != value}


def _ready(pool: ScvmmNamePool, counts: NameCounts, books: Books) -> Condition:
    if counts.free:
        return Condition("Ready", "True", "NamesAvailable")
    return Condition("Ready", "False", "NamePoolEmpty", lack(pool, books))


def _disjoint(pool: ScvmmNamePool) -> Condition:
    found = pool.overlap()
    if found is None:
        return Condition("RangesDisjoint", "True", "Disjoint")
    one, two, name = found
    return Condition(
        "RangesDisjoint",
        "False",
        "RangesOverlap",
        f"spec.vmNameRanges[{one}] and spec.vmNameRanges[{two}] both have {name}. No name is given twice, but such "
        "names are counted twice: change one of the ranges.",
    )


def _unique(disputes: Sequence[tuple[str, str, str]]) -> Condition:
    if not disputes:
        return Condition("NamesUnique", "True", "Unique")
    told = "; ".join(
        f"the VM of ScvmmMachine {vm} is called {name}, and so is that of {owner}"
        for name, vm, owner in islice(disputes, TOLD)
    )
    more = f"; and {len(disputes) - TOLD} more" if len(disputes) > TOLD else ""
    return Condition(
        "NamesUnique",
        "False",
        "NameTwice",
        f"Names were given in two places before these machines came together: {told}{more}. Replace one of each two.",
    )
