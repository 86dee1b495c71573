# SPDX-License-Identifier: Apache-2.0
"""One cmdlet call on its way through its function, and what comes out of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from scvmm_sim.binder import Bound
from scvmm_sim.errors import CmdletError
from scvmm_sim.faults import FaultBook
from scvmm_sim.state import Job, Work, World
from scvmm_sim.state.records import Record
from scvmm_sim.state.vm import VirtualMachine

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Outcome:
    """Records (or ready data) that a cmdlet writes once its job, if any, has ended or was started asynchronously."""

    records: Sequence[Record | dict[str, Any] | str] = ()
    job: Job | None = None


@dataclass(frozen=True)
class Call:
    """A bound call, the world that it acts on, and the operation that it belongs to."""

    world: World
    faults: FaultBook
    bound: Bound
    operation: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def cmdlet(self) -> str:
        """Name of the cmdlet."""
        return self.bound.cmdlet

    def error(self, number: int, message: str, action: str = "") -> CmdletError:
        """An error of VMM."""
        return CmdletError(number, message, action, cmdlet=self.cmdlet)

    def given(self, kind: type[R], parameter: str) -> R:
        """The object that a mandatory parameter refers to."""
        reference = self.bound.reference(parameter)
        return self.world.need(kind, reference.id if reference else None, self.cmdlet)

    def given_or_none(self, kind: type[R], parameter: str) -> R | None:
        """The object that an optional parameter refers to."""
        reference = self.bound.reference(parameter)
        return None if reference is None else self.world.need(kind, reference.id, self.cmdlet)

    def start(self, work: Work) -> Job:
        """Start a job, with what fault rules hold ready for it."""
        names = (work.target.name,) if isinstance(work.target, VirtualMachine) else ()
        effect = self.faults.at_job(self.cmdlet, self.operation, *names, shutdown=work.shutdown)
        return self.world.jobs.start(work, self.cmdlet, effect)

    def wrong_state(self, vm: VirtualMachine) -> CmdletError:
        """VMM's refusal of an action that does not fit the VM's state."""
        return self.error(
            1730,
            f"The selected action cannot be done: virtual machine {vm.name} is in the state {vm.status}.",
            "Bring the virtual machine into a state in which the action is valid, then try again.",
        )

    def picked(self, kind: type[R], name_parameter: str | None = "Name") -> list[R]:
        """What a Get cmdlet with -ID, -Name (with wildcards) or neither means. An unknown id gives nothing."""
        wanted_id = self.bound.text("ID")
        if wanted_id is not None:
            found = self.world.get(kind, wanted_id)
            return [found] if found is not None else []
        name = self.bound.text(name_parameter) if name_parameter else None
        return self.world.all(kind) if name is None else named(self.world.all(kind), name)


Function = Callable[[Call], Outcome]


def named(records: Iterable[R], pattern: str) -> list[R]:
    """Records whose name matches as PowerShell's wildcards do: `[` and `]` are not plain characters."""
    matches = wildcard(pattern)
    return [record for record in records if matches.fullmatch(record.name)]


@lru_cache(maxsize=1024)
def wildcard(pattern: str) -> re.Pattern[str]:
    """PowerShell's wildcard as a regular expression, case-insensitive; a set that is not closed matches nothing."""
    text = ""
    place = 0
    while place < len(pattern):
        character = pattern[place]
        if character == "`" and place + 1 < len(pattern):
            place += 1
            text += re.escape(pattern[place])
        elif character == "*":
            text += ".*"
        elif character == "?":
            text += "."
        elif character == "[":
            end = pattern.find("]", place + 1)
            if end < 0:
                return re.compile(r"(?!)")
            text += (
                "[" + re.sub(r"([\\^\]\[])", r"\\\1", pattern[place + 1 : end]) + "]" if end > place + 1 else r"(?!)"
            )
            place = end
        else:
            text += re.escape(character)
        place += 1
    return re.compile(text, re.IGNORECASE | re.DOTALL)
