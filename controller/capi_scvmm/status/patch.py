# SPDX-License-Identifier: Apache-2.0
"""The smallest merge patch from one status to another. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def changed(recorded: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Keep of *wanted* what *recorded* does not say already; None in *wanted* asks for absence."""
    return {key: value for key, value in wanted.items() if not same(recorded.get(key), value)}


def same(there: Any, wanted: Any) -> bool:
    """Whether writing *wanted* over *there* would change nothing; the order of conditions means nothing."""
    if isinstance(wanted, list) and all(isinstance(item, Mapping) and "type" in item for item in wanted):
        return isinstance(there, list) and _by_type(there) == _by_type(wanted)
    if isinstance(wanted, Mapping) and isinstance(there, Mapping):
        return all(same(there.get(key), value) for key, value in wanted.items())
    return bool(there == wanted)


def _by_type(items: list[Any]) -> list[Any]:
    return sorted(items, key=lambda item: (str(item.get("type")), str(item.get("address"))))
