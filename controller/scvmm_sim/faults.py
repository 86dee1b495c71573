# SPDX-License-Identifier: Apache-2.0
"""Fault rules: what goes wrong, when, and how often. They may change while the simulator runs."""

from __future__ import annotations

import fnmatch
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from scvmm_sim.fabric.load import fault_rule
from scvmm_sim.fabric.model import FaultRule, RuleError, WireFaultName


@dataclass(frozen=True)
class CallEffect:
    """What befalls one operation or cmdlet call: wait, then fail when there is an error."""

    delay: float = 0.0
    error: RuleError | None = None


@dataclass(frozen=True)
class JobEffect:
    """What befalls one job: it takes longer, fails at its end, or never ends because the guest ignores the shutdown."""

    delay: float = 0.0
    error: RuleError | None = None
    ignore_shutdown: bool = False


@dataclass(frozen=True)
class WireEffect:
    """What befalls one request on the wire, after `delay` seconds."""

    kind: WireFaultName
    delay: float = 0.0


@dataclass
class _Counted:
    """A rule and how often it matched and struck."""

    id: str
    rule: FaultRule
    matched: int = 0
    struck: int = 0


@dataclass(frozen=True)
class _Event:
    """What a rule is held against."""

    operation: str | None = None
    cmdlet: str | None = None
    objects: tuple[str, ...] = field(default_factory=tuple)


class FaultBook:
    """All fault rules of one simulator, in the order in which they were given; thread-safe."""

    def __init__(self, rules: list[FaultRule], seed: int = 0) -> None:
        self._lock = threading.Lock()
        # Not for secrets: a fault that strikes by chance strikes at the same places again with the same seed.
        self._random = random.Random(seed)  # noqa: S311
        self._rules: list[_Counted] = []
        self._next = 1
        for rule in rules:
            self.add(rule)

    def add(self, data: object) -> str:
        """Add a rule (mapping or FaultRule) and answer its id; raises FabricError when it is wrong."""
        rule = fault_rule(data)
        with self._lock:
            counted = _Counted(str(self._next), rule)
            self._next += 1
            self._rules.append(counted)
        return counted.id

    def remove(self, rule_id: str) -> bool:
        """Remove one rule; False when there is none with that id."""
        with self._lock:
            left = [counted for counted in self._rules if counted.id != rule_id]
            found = len(left) < len(self._rules)
            self._rules = left
        return found

    def clear(self) -> None:
        """Remove all rules."""
        with self._lock:
            self._rules = []

    def listed(self) -> list[dict[str, Any]]:
        """The rules as data, with how often each matched and struck."""
        with self._lock:
            return [{"id": c.id, **c.rule.model_dump(), "matched": c.matched, "struck": c.struck} for c in self._rules]

    @property
    def names_objects(self) -> bool:
        """Whether any rule chooses by object: only then it is worth finding out what a call is about."""
        return any(counted.rule.object is not None for counted in self._rules)

    def at_operation(self, operation: str, *objects: str) -> CallEffect:
        """Effect on an operation as a whole: rules that name no cmdlet."""
        event = _Event(operation=operation, objects=objects)
        return self._call_effect(event, lambda rule: rule.cmdlet is None and _is_call_rule(rule))

    def at_cmdlet(self, cmdlet: str, operation: str | None, *objects: str) -> CallEffect:
        """Effect on one cmdlet call: rules that name a cmdlet."""
        event = _Event(operation, cmdlet, objects)
        return self._call_effect(event, lambda rule: rule.cmdlet is not None and _is_call_rule(rule))

    def at_job(self, cmdlet: str, operation: str | None, *objects: str, shutdown: bool = False) -> JobEffect:
        """Effect on a job that *cmdlet* starts; *shutdown* says whether it asks the guest to shut down."""
        event = _Event(operation, cmdlet, objects)
        wanted = _is_job_rule if not shutdown else (lambda rule: rule.ignore_shutdown or _is_job_rule(rule))
        for rule in self._striking(event, wanted, first=True):
            return JobEffect(rule.delay, rule.job_error, rule.ignore_shutdown)
        return JobEffect()

    def at_wire(self, operation: str | None, *objects: str) -> WireEffect | None:
        """Effect on a request on the wire; *operation* is None for a request that carries none."""
        event = _Event(operation=operation, objects=objects)
        for rule in self._striking(event, lambda rule: rule.wire is not None, first=True):
            if rule.wire is not None:
                return WireEffect(rule.wire, rule.delay)
        return None

    def _call_effect(self, event: _Event, wanted: Callable[[FaultRule], bool]) -> CallEffect:
        delay = 0.0
        for rule in self._striking(event, wanted, first=False):
            delay += rule.delay
            if rule.error is not None:
                return CallEffect(delay, rule.error)
        return CallEffect(delay)

    def _striking(self, event: _Event, wanted: Callable[[FaultRule], bool], *, first: bool) -> list[FaultRule]:
        """The rules that strike now, up to and including the first one with an error (or just the first one)."""
        struck: list[FaultRule] = []
        with self._lock:
            for counted in self._rules:
                if wanted(counted.rule) and _matches(counted.rule, event) and self._strikes(counted):
                    struck.append(counted.rule)
                    if first or counted.rule.error is not None:
                        break
        return struck

    def _strikes(self, counted: _Counted) -> bool:
        rule = counted.rule
        counted.matched += 1
        if counted.matched <= rule.skip or (rule.times is not None and counted.struck >= rule.times):
            return False
        if rule.chance < 1 and self._random.random() >= rule.chance:
            return False
        counted.struck += 1
        return True


def _is_call_rule(rule: FaultRule) -> bool:
    return rule.wire is None and rule.job_error is None and not rule.ignore_shutdown


def _is_job_rule(rule: FaultRule) -> bool:
    return rule.job_error is not None


def _matches(rule: FaultRule, event: _Event) -> bool:
    if rule.operation is not None and rule.operation != event.operation:
        return False
    if rule.cmdlet is not None and (event.cmdlet is None or rule.cmdlet.casefold() != event.cmdlet.casefold()):
        return False
    if rule.object is None:
        return True
    return any(fnmatch.fnmatchcase(name.casefold(), rule.object.casefold()) for name in event.objects)
