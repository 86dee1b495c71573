# SPDX-License-Identifier: Apache-2.0
"""Sizes as Kubernetes writes them (Quantity), read without rounding errors."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from capi_scvmm.kinds.invalid import InvalidField
from capi_scvmm.kinds.rules import rule, rules

# Nothing below one byte (m, u, n) and nothing negative: 512m would be half a byte, and 512Mi is meant.
PATTERN = r"^\+?([0-9]+\.?[0-9]*|\.[0-9]+)([KMGTPE]i|[kMGTPE]|[eE][+-]?[0-9]{1,3})?$"
MEBIBYTE = 1024**2

_QUANTITY = re.compile(PATTERN)
_FACTORS = {"": 1, "k": 1000} | {
    letter + binary: (1024 if binary else 1000) ** power
    for power, letter in enumerate("KMGTPE", start=1)
    for binary in ("i", "")
}
_REMEDY = "Write a whole number of bytes or a number with a unit, as 512Mi, 4Gi or 40G."


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Quantity = Annotated[
    str,
    BeforeValidator(_as_text),
    WithJsonSchema(
        {"anyOf": [{"type": "integer"}, {"type": "string"}], "pattern": PATTERN, "x-kubernetes-int-or-string": True}
    ),
]

# The same, checked by a rule, whose message says what to write. In lists the API server takes such a rule for too
# expensive: there it is the pattern.
Memory = Annotated[
    str,
    BeforeValidator(_as_text),
    WithJsonSchema(
        {"anyOf": [{"type": "integer"}, {"type": "string"}], "x-kubernetes-int-or-string": True}
        | rules(
            rule(
                "isQuantity(string(self)) && quantity(string(self)).compareTo(quantity('1Mi')) >= 0",
                "memory is a size of at least 1Mi: write a number with a unit, as 512Mi or 4Gi",
            )
        )
    ),
]


def whole(value: str | int, field: str) -> int:
    """The quantity as a whole number (of bytes, for a size), rounded down; InvalidField names *field*."""
    # fullmatch, since $ also matches before a line break here, and does not on the API server.
    match = _QUANTITY.fullmatch(str(value))
    if match is None:
        raise InvalidField(field, value, _REMEDY)
    number, suffix = match[1], match[2] or ""
    factor = _FACTORS.get(suffix)
    return int(Decimal(number) * factor) if factor else int(Decimal(number + suffix))


def mebibytes(value: str | int, field: str) -> int:
    """The quantity in MiB, rounded down; InvalidField when that is less than one."""
    amount = whole(value, field) // MEBIBYTE
    if amount < 1:
        raise InvalidField(field, value, f"That is less than 1 MiB. {_REMEDY}")
    return amount
