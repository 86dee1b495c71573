# SPDX-License-Identifier: Apache-2.0
"""Rules in CEL that the API server checks: how they are written into a schema."""

from __future__ import annotations

from typing import Any

# What pydantic takes as json_schema_extra.
Extra = dict[str, Any]


def rule(expression: str, message: str, *, field: str | None = None, forbidden: bool = False) -> dict[str, str]:
    """One rule: *expression* must be true, else *message* tells field and remedy.

    *field* is the JSON path, relative to the rule's place, that the API server reports. *forbidden* says that the
    value as such is right, but may not be set (any more).
    """
    built = {"rule": expression, "message": message}
    if field is not None:
        built["fieldPath"] = field
    if forbidden:
        built["reason"] = "FieldValueForbidden"
    return built


def rules(*built: dict[str, str]) -> Extra:
    """Rules as an addition to the schema of a field or a model."""
    return {"x-kubernetes-validations": list(built)}


def same(field: str) -> str:
    """The expression that *field* (a path below self) is what it was, also when that is nothing."""
    # self.?field == oldSelf.?field would be shorter, but the API server takes it for far too expensive.
    now, before = f"self.{field}", f"oldSelf.{field}"
    return f"(has({now}) == has({before}) && (!has({now}) || {now} == {before}))"


def map_by(*keys: str) -> Extra:
    """The list is a map by *keys*: each of its entries can be owned by another manager."""
    return {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": list(keys)}


SET: Extra = {"x-kubernetes-list-type": "set"}
ATOMIC: Extra = {"x-kubernetes-list-type": "atomic"}
# The server fills in the object, and with it the defaults of its fields.
EMPTY_OBJECT: Extra = {"default": {}}
