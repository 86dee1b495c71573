# SPDX-License-Identifier: Apache-2.0
"""ScvmmNamePool: names for VMs, each given to one machine at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Annotated

from pydantic import Field

from capi_scvmm.kinds import odometer
from capi_scvmm.kinds.conditions import Condition
from capi_scvmm.kinds.metadata import ObjectMeta
from capi_scvmm.kinds.model import EMPTY_IS_ABSENT, Model, Time
from capi_scvmm.kinds.rules import ATOMIC, map_by, rule, rules

LONGEST_START = 63
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST_NAME = f"{_LABEL}([.]{_LABEL})*"
_MOST_COMPARED = 10_000
_ENDS = "has(self.end) && self.end != ''"
_POSTFIX = "(has(self.postfix) ? self.postfix : '')"


def _same_wheel() -> str:
    """The expression that at each place start and end have both a digit, a letter of one case, a dash, or a dot."""
    first, last = "self.start.substring(i, i + 1)", "self.end.substring(i, i + 1)"
    same = " && ".join(
        f"'{wheel}'.contains({first}) == '{wheel}'.contains({last})" for wheel in (*odometer.WHEELS, "-")
    )
    places = ", ".join(map(str, range(LONGEST_START)))
    return f"[{places}].all(i, i >= self.start.size() || ({same}))"


class VmNameRange(Model):
    """Names from start to end, both included, each followed by postfix."""

    model_config = {
        "json_schema_extra": rules(
            rule(
                f"(self.start + {_POSTFIX}).matches('^{_HOST_NAME}$')",
                "start and postfix together are the name of a VM and of its guest: write letters, digits and dashes, "
                "in parts of at most 63 characters with dots between them, as web-001",
                field=".start",
            ),
            rule(
                f"!({_ENDS}) || (self.start.size() == self.end.size() && {_same_wheel()})",
                "start and end have one form, digits and letters of either case at the same places, as web-a01 and "
                "web-c99: change end",
                field=".end",
            ),
            rule(
                f"!({_ENDS}) || self.start <= self.end",
                "end lies before start: exchange them",
                field=".end",
            ),
        )
    }

    start: str = Field(
        description="First name. It counts up to end as an odometer does: a digit stays a digit and a letter a letter "
        "of its case, so that web-a99 is followed by web-b00.",
        min_length=1,
        max_length=LONGEST_START,
    )
    end: Annotated[str | None, Field(max_length=LONGEST_START), EMPTY_IS_ABSENT] = Field(
        default=None, description="Last name, of the same form as start. Default: start, which is then the only name."
    )
    postfix: Annotated[str | None, Field(max_length=37), EMPTY_IS_ABSENT] = Field(
        default=None, description="What follows each name, as -prod or .example.com. Default: nothing."
    )

    @property
    def size(self) -> int:
        """How many names the range has; 0 when end cannot follow start, which the API server does not let in."""
        return odometer.count(self.start, self.end or self.start)

    def name(self, number: int) -> str:
        """The name that comes *number* places after the first."""
        return odometer.nth(self.start, number) + (self.postfix or "")

    def position(self, name: str) -> int | None:
        """The place of a name, counted from 0; None when the range does not have it."""
        if not name.endswith(self.postfix or ""):
            return None
        bare = name[: len(name) - len(self.postfix or "")]
        return odometer.position(self.start, self.end or self.start, bare)

    def common(self, other: VmNameRange) -> str | None:
        """A name that *other* has as well, whatever its case, for VMM does not tell cases apart; None without one."""
        one, two = sorted((self._small(), other._small()), key=lambda each: each.size)
        ends = [(one.name(0), two), (one.name(one.size - 1), two), (two.name(0), one), (two.name(two.size - 1), one)]
        shared = next((name for name, there in ends if there.position(name) is not None), None)
        if shared is not None or len(one.postfix or "") == len(two.postfix or "") or one.size > _MOST_COMPARED:
            return shared
        # What is the postfix of one counts in the other: their names are not in one row.
        return next((name for name in map(one.name, range(one.size)) if two.position(name) is not None), None)

    def _small(self) -> VmNameRange:
        lower = {"start": self.start.lower(), "end": (self.end or "").lower(), "postfix": (self.postfix or "").lower()}
        return VmNameRange.model_validate(lower)


class ScvmmNamePoolSpec(Model):
    """The names that there are."""

    vm_name_ranges: tuple[VmNameRange, ...] = Field(
        description="Ranges of names, used from the first on. A range can be added at any time; a name that a machine "
        "has stays its name when its range is taken away.",
        max_length=32,
        json_schema_extra=ATOMIC,
    )


class NameCounts(Model):
    """How many names there are, and what became of them."""

    total: int = Field(default=0, description="Names in all ranges; more than 2147483647 are not counted.")
    free: int = Field(default=0, description="Names that a machine can have.")
    used: int = Field(default=0, description="Names that machines have.")
    skipped: int = Field(default=0, description="Names that VMM uses for VMs of others.")


class SkippedName(Model):
    """A name that no machine gets for the time being."""

    since: Time = Field(description="When it was found in use.")
    reason: str = Field(default="", description="Who uses it, in VMM's words.", max_length=1024)


class ScvmmNamePoolStatus(Model):
    """Who has which name."""

    vm_name_owners: dict[str, str] | None = Field(
        default=None,
        description="The machine that has the name, as name/uid of its object. Absent until the pool is looked at; "
        "after clusterctl move it is made anew from what the machines themselves carry.",
    )
    skipped_names: dict[str, SkippedName] = Field(
        default_factory=dict,
        description="Names that were asked for and that VMM uses for VMs of others. When no other name is left, one is "
        "tried again after 10 minutes.",
    )
    counts: NameCounts | None = Field(default=None, description="How many names there are, and what became of them.")
    conditions: tuple[Condition, ...] = Field(
        default=(),
        description="Ready: whether a name is free. RangesDisjoint: whether each name is in one range only. "
        "NamesUnique: whether each name is that of one VM of ours.",
        max_length=32,
        json_schema_extra=map_by("type"),
    )


class ScvmmNamePool(Model):
    """Names for VMs: each machine that refers to the pool gets one, and no two the same."""

    metadata: ObjectMeta = Field(description="Standard object metadata.")
    spec: ScvmmNamePoolSpec = Field(description="The names that there are.")
    status: ScvmmNamePoolStatus = Field(
        default_factory=ScvmmNamePoolStatus, description="Who has which name. Written by the controller."
    )

    @property
    def usable_ranges(self) -> tuple[VmNameRange, ...]:
        """The ranges whose names can be used: a pool of the Go provider was never checked when it was stored."""
        good = re.compile(_HOST_NAME)
        return tuple(one for one in self.spec.vm_name_ranges if one.size and good.fullmatch(one.name(0)))

    def names(self) -> Iterator[str]:
        """All names in their order, made as they are asked for; one that is in two ranges comes twice."""
        return (one.name(number) for one in self.usable_ranges for number in range(one.size))

    def has(self, name: str) -> bool:
        """Whether a range has the name."""
        return any(one.position(name) is not None for one in self.usable_ranges)

    def overlap(self) -> tuple[int, int, str] | None:
        """Two places in spec.vmNameRanges, and a name that both ranges there have; None when there are no two."""
        usable = set(self.usable_ranges)
        ranges = [(place, one) for place, one in enumerate(self.spec.vm_name_ranges) if one in usable]
        pairs = ((a, b, one.common(two)) for (a, one), (b, two) in combinations(ranges, 2))
        return next(((a, b, name) for a, b, name in pairs if name is not None), None)
