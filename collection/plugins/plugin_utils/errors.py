# SPDX-License-Identifier: GPL-3.0-or-later
"""What an error means for whoever asked: class, remedy and who can mend it, added to errors by the one table.

The table is error_table.py; docs/errors.md shows it. Nothing else decides by an error's number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .error_table import HRESULTS, IDS, NOBODY, NUMBERS, POWERSHELL_IDS, UNKNOWN, UNREACHABLE, WRAPPING, Meaning

__all__ = ["UNREACHABLE", "explain", "explain_jobs", "meaning", "sentence"]

_HRESULT = re.compile(r"0x8[0-9a-f]{7}")

_SHAPE: dict[str, Any] = {
    "number": None,
    "id": None,
    "category": None,
    "message": "",
    "recommended_action": None,
    "operation": None,
    "object": None,
}


def meaning(number: int | None, identity: str | None = None, message: str = "") -> Meaning:
    """The meaning of VMM's error *number*, or without one of our own id *identity*."""
    if number in WRAPPING:
        nested = [HRESULTS[code] for code in _HRESULT.findall(message.lower()) if code in HRESULTS]
        return nested[0] if nested else NUMBERS[number]
    if number is not None:
        return NUMBERS.get(number, UNKNOWN)
    known = IDS.get(identity or "") or POWERSHELL_IDS.get((identity or "").partition(",")[0])
    return known or UNKNOWN


def explain(error: Mapping[str, Any]) -> dict[str, Any]:
    """*error* as an operation, a job or a session gave it, in full shape, with what the table adds."""
    return {**_SHAPE, **error, **_added(error)}


def _added(error: Mapping[str, Any]) -> dict[str, Any]:
    found = meaning(error.get("number"), error.get("id"), str(error.get("message") or ""))
    who = found.who if found.who not in ("", NOBODY) else None
    return {"class": found.kind, "remedy": found.remedy, "who": who, "attempts": found.attempts}


def explain_jobs(result: Mapping[str, Any]) -> dict[str, Any]:
    """*result* with what the table adds in the error of every job that it holds."""
    return {name: _explained(value) for name, value in result.items()}


def _explained(value: Any) -> Any:
    if isinstance(value, list):
        return [_explained(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    held = {name: _explained(item) for name, item in value.items()}
    # A job is known by its shape, and so is what became of a medium_removal: nothing else has both of these.
    if ("is_completed" in held or "removed" in held) and isinstance(held.get("error"), dict):
        held["error"] = {**held["error"], **_added(held["error"])}
    return held


def sentence(error: Mapping[str, Any]) -> str:
    """An explained *error* for people: the object, the obstacle, the remedy."""
    head = " of ".join(str(error[name]) for name in ("operation", "object") if error.get(name))
    number = f" (VMM error {error['number']})" if error.get("number") is not None else ""
    parts = [str(error.get("message") or "no message").strip().rstrip(".") + number + "."]
    for name in ("recommended_action", "remedy"):
        text = str(error.get(name) or "").strip()
        if text and text not in parts:
            parts.append(text)
    return f"{head}: {' '.join(parts)}" if head else " ".join(parts)
