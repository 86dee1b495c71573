# SPDX-License-Identifier: Apache-2.0
"""The error for a value in a manifest that cannot be used."""

from __future__ import annotations


class InvalidField(ValueError):
    """A field holds a value that cannot be used; says which one, what it holds and what to write instead."""

    def __init__(self, field: str, value: object, remedy: str) -> None:
        self.field = field
        self.value = value
        self.remedy = remedy
        super().__init__(f"{field}: {value!r} cannot be used. {remedy}")
