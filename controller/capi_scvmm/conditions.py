# SPDX-License-Identifier: Apache-2.0
"""Conditions as values: read from a body, merged so that times move only with what they date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

# Its reason is the step of the deletion, and a time-out counts from the moment the step began.
TIMED_BY_REASON = frozenset({"Deleting"})


@dataclass(frozen=True)
class Condition:
    """One condition of Kubernetes; *since* is lastTransitionTime."""

    type: str
    status: str
    reason: str
    message: str = ""
    since: datetime | None = None
    generation: int | None = None

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Condition:
        """Read a condition from a status."""
        since = data.get("lastTransitionTime")
        return cls(
            type=str(data.get("type")),
            status=str(data.get("status")),
            reason=str(data.get("reason") or ""),
            message=str(data.get("message") or ""),
            since=parse_time(since) if since else None,
            generation=data.get("observedGeneration"),
        )

    def dump(self) -> dict[str, Any]:
        """Write it the way status carries it."""
        data: dict[str, Any] = {
            "type": self.type,
            "status": self.status,
            "reason": self.reason,
            "message": self.message,
        }
        if self.since:
            data["lastTransitionTime"] = format_time(self.since)
        if self.generation is not None:
            data["observedGeneration"] = self.generation
        return data


def parse_conditions(status: Mapping[str, Any] | None) -> dict[str, Condition]:
    """Read the conditions of a status by type."""
    return {c["type"]: Condition.parse(c) for c in (status or {}).get("conditions") or ()}


def merge(known: Mapping[str, Condition], new: Iterable[Condition], generation: int, now: datetime) -> list[Condition]:
    """Date *new* conditions: the time of a known one holds while its status does."""
    return [_dated(known.get(condition.type), condition, generation, now) for condition in new]


def _dated(old: Condition | None, new: Condition, generation: int, now: datetime) -> Condition:
    same = old is not None and old.status == new.status
    if same and new.type in TIMED_BY_REASON:
        same = old is not None and old.reason == new.reason
    since = old.since if same and old is not None and old.since else now
    return replace(new, since=since, generation=generation)


def parse_time(text: str | datetime) -> datetime:
    """Read a time of Kubernetes or VMM."""
    return text if isinstance(text, datetime) else datetime.fromisoformat(text.replace("Z", "+00:00"))


def format_time(moment: datetime) -> str:
    """Write a time as Kubernetes does: UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
