# SPDX-License-Identifier: Apache-2.0
"""Fields of a request, read and checked; a wrong one is a bad request that names field, value and remedy."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

BAD_REQUEST = "CapiScvmm.BadRequest"


class OperationError(Exception):
    """A failure of our own; `id` is one of those in docs/operations.md."""

    def __init__(
        self,
        error_id: str,
        message: str,
        recommended_action: str = "",
        category: str = "InvalidOperation",
        number: int | None = None,
    ) -> None:
        super().__init__(message)
        self.id = error_id
        self.message = message
        self.recommended_action = recommended_action
        self.category = category
        self.number = number


class Fields:
    """One object of a request; `prefix` says where it lies ("disks[0].")."""

    def __init__(self, data: Any, prefix: str = "") -> None:
        if not isinstance(data, dict):
            raise OperationError(BAD_REQUEST, "The request is not a JSON object. Send one JSON object.")
        self._data = data
        self._prefix = prefix

    def text(self, name: str, default: str | None = None, allowed: Sequence[str] = ()) -> str | None:
        """A text, one of *allowed* when any are given."""
        value = self._data.get(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self._wrong(name, value, "a text")
        if allowed and value not in allowed:
            raise self._wrong(name, value, f"one of {', '.join(allowed)}")
        return value

    def need_text(self, name: str, allowed: Sequence[str] = ()) -> str:
        """A text that must be there and not be empty."""
        value = self.text(name, allowed=allowed)
        if value is None:
            raise OperationError(BAD_REQUEST, f"Field '{self._prefix}{name}' is missing. Give it as text.")
        if not value.strip():
            raise self._wrong(name, value, "a text that is not empty")
        return value

    def guid(self, name: str) -> str | None:
        """A GUID in lower case."""
        value = self._data.get(name)
        if value is None:
            return None
        try:
            uuid.UUID(value)
        except (ValueError, AttributeError, TypeError):
            raise self._wrong(name, value, "a GUID") from None
        return str(value).lower()

    def flag(self, name: str, default: bool | None = None) -> bool | None:
        """True or false."""
        value = self._data.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self._wrong(name, value, "true or false")
        return value

    def number(self, name: str, default: float, low: float = 0, high: float = 2147483647) -> float:
        """A number from *low* to *high*."""
        value = self._data.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            raise self._wrong(name, value, f"a number from {low:g} to {high:g}")
        return float(value)

    def integer(self, name: str, low: int = 0, high: int = 2147483647) -> int | None:
        """A whole number from *low* to *high*."""
        value = self._data.get(name)
        if value is None:
            return None
        whole = isinstance(value, (int, float)) and not isinstance(value, bool) and float(value).is_integer()
        if not whole or not low <= value <= high:
            raise self._wrong(name, value, f"an integer from {low} to {high}")
        return int(value)

    def texts(self, name: str) -> list[str]:
        """A list of texts, empty when it is not there."""
        value = self._data.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wrong(name, value, "a list of texts")
        return list(value)

    def guids(self, name: str) -> list[str]:
        """A list of GUIDs in lower case."""
        values = self.texts(name)
        for value in values:
            try:
                uuid.UUID(value)
            except ValueError:
                raise OperationError(BAD_REQUEST, f"Field '{name}' holds the value '{value}'. Give GUIDs.") from None
        return [value.lower() for value in values]

    def objects(self, name: str) -> list[Fields]:
        """A list of objects, empty when it is not there."""
        value = self._data.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self._wrong(name, value, "a list of objects")
        return [Fields(item, f"{self._prefix}{name}[{number}].") for number, item in enumerate(value)]

    def mapping(self, name: str) -> dict[str, Any] | None:
        """An object as it is."""
        value = self._data.get(name)
        if value is not None and not isinstance(value, dict):
            raise self._wrong(name, value, "an object")
        return value

    def inner(self, name: str) -> Fields | None:
        """An object, to be read field by field."""
        value = self.mapping(name)
        return None if value is None else Fields(value, f"{self._prefix}{name}.")

    def wrong(self, name: str, wish: str) -> OperationError:
        """The error that a field's value is not *wish*."""
        return self._wrong(name, self._data.get(name), wish)

    def _wrong(self, name: str, value: Any, wish: str) -> OperationError:
        shown = str(value)
        shown = shown if len(shown) <= 60 else shown[:60] + "..."
        return OperationError(BAD_REQUEST, f"Field '{self._prefix}{name}' has the value '{shown}'. Give {wish}.")
