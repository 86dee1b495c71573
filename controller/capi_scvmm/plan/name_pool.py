# SPDX-License-Identifier: Apache-2.0
"""Who gets which name of a pool: decided for all machines that ask at once, from the pool's books alone.

The books are the status of the pool, and change only under the resource version that they were read with: so of two
controllers that decide from the same books one is refused and decides anew. What the books lost (clusterctl move drops
status) is made up from what the machines carry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from capi_scvmm.kinds import ScvmmNamePool, SkippedName

SKIPPED_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class NameClaim:
    """A machine that wants a name.

    *record*: the name that it carries, or that its VM has; *built*: it has a VM of that name, and can have no other.
    *refused*: the name that VMM uses for somebody else's VM, and *why* in VMM's words. *since* is its age in the queue.
    """

    machine: str
    uid: str
    record: str | None = None
    built: bool = False
    refused: str | None = None
    why: str = ""
    since: str = ""

    @property
    def owner(self) -> str:
        """How the books name it."""
        return f"{self.machine}/{self.uid}"

    def is_owner(self, entry: str) -> bool:
        """Whether an entry of the books means this machine."""
        # The Go provider wrote the name of the machine alone.
        return entry in (self.owner, self.machine)

    def was_owner(self, entry: str) -> bool:
        """Whether an entry means an object of that name which is no more: there is only one of a name at a time."""
        return entry.partition("/")[0] == self.machine


@dataclass(frozen=True)
class Books:
    """What a pool's status says: owners and skipped names by name. *given*: what each claim got, by uid."""

    owners: Mapping[str, str] = field(default_factory=dict)
    skipped: Mapping[str, SkippedName] = field(default_factory=dict)
    given: Mapping[str, str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, pool: ScvmmNamePool) -> Books:
        """Read the books of a pool."""
        return cls(dict(pool.status.vm_name_owners or {}), dict(pool.status.skipped_names))

    def name_of(self, claim: NameClaim) -> str | None:
        """The name that a machine has in the books."""
        mine = [name for name, entry in self.owners.items() if claim.is_owner(entry)]
        return claim.record if claim.record in mine else min(mine, default=None)


def settle(pool: ScvmmNamePool, claims: Iterable[NameClaim], returned: Mapping[str, str], now: datetime) -> Books:
    """Write the books anew: take back *returned* (owner entries by name), then serve *claims*, the oldest first.

    Who carries a name already comes first. A claim for which no name is left gets None, and so does one whose VM has a
    name that is not of this pool, or another's.
    """
    books = Books.of(pool)
    desk = _Desk(pool, dict(books.owners), dict(books.skipped), now)
    for name, entry in returned.items():
        if desk.owners.get(name) == entry:
            del desk.owners[name]
    queue = sorted(claims, key=lambda claim: (not claim.built, claim.since, claim.machine))
    given = {claim.uid: desk.known(claim) for claim in queue}
    for claim in queue:
        if given[claim.uid] is None and not claim.built:
            given[claim.uid] = desk.take(claim)
    return Books(desk.owners, desk.skipped, given)


def disputed(pool: ScvmmNamePool, books: Books, claims: Iterable[NameClaim]) -> list[tuple[str, str, str]]:
    """Tell of VMs whose name the books give to another machine: name, who has the VM, who has the name."""
    entries = ((claim, books.owners.get(claim.record or "")) for claim in claims if claim.built)
    return sorted(
        (claim.record or "", claim.machine, entry.partition("/")[0])
        for claim, entry in entries
        if entry is not None and not claim.is_owner(entry)
    )


def obtainable(pool: ScvmmNamePool, claim: NameClaim, now: datetime) -> str | None:
    """The name that a claim would get at present."""
    return settle(pool, [claim], {}, now).given[claim.uid]


@dataclass
class _Desk:
    """The books while they are written."""

    pool: ScvmmNamePool
    owners: dict[str, str]
    skipped: dict[str, SkippedName]
    now: datetime

    def __post_init__(self) -> None:
        self._free = self._unused()

    def known(self, claim: NameClaim) -> str | None:
        """The name that a machine has: by the books, or because it carries it and nobody else has it."""
        self._skip(claim)
        has = Books(self.owners).name_of(claim)
        if has is not None and (has == claim.record or not claim.built):
            self.owners[has] = claim.owner
            return has
        record = claim.record
        if record is None or record == claim.refused or not self.pool.has(record) or not self._open(record, claim):
            return has
        if has is not None:
            del self.owners[has]
        self.owners[record] = claim.owner
        self.skipped.pop(record, None)
        return record

    def take(self, claim: NameClaim) -> str | None:
        """A name that nobody has; one that was skipped only when there is no other."""
        name = next(self._free, None) or self._skipped_before()
        if name is not None:
            self.owners[name] = claim.owner
            self.skipped.pop(name, None)
        return name

    def _skip(self, claim: NameClaim) -> None:
        name = claim.refused
        if name is not None and claim.is_owner(self.owners.get(name, claim.owner)):
            self.owners.pop(name, None)
            self.skipped[name] = SkippedName(since=self.now, reason=claim.why[:1024])

    def _open(self, name: str, claim: NameClaim) -> bool:
        """Whether nobody has the name, or only who had the machine's own name before it."""
        if name in self.skipped and not claim.built:
            return False
        entry = self.owners.get(name)
        if entry is not None:
            return claim.was_owner(entry)
        return name.casefold() not in {other.casefold() for other in self.owners}

    def _unused(self) -> Iterator[str]:
        # VMM does not tell cases apart.
        taken = {name.casefold() for name in (*self.owners, *self.skipped)}
        for name in self.pool.names():
            if name.casefold() not in taken:
                taken.add(name.casefold())
                yield name

    def _skipped_before(self) -> str | None:
        """The name that was skipped the longest time ago, if that is long enough."""
        due = [(one.since, name) for name, one in self.skipped.items() if self.now - one.since >= SKIPPED_FOR]
        return min((each for each in due if self.pool.has(each[1])), default=(None, None))[1]
