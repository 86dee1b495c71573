# SPDX-License-Identifier: Apache-2.0
"""Errors as values: what VMM said and what kind of refusal that is.

ControllerError            a sentence for the user; the command ends with it
  BadFlag
VmmError                   (a value) VMM's number, words and recommended action, our remedy and class
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ControllerError(Exception):
    """What a user is told in one line instead of a traceback."""


class BadFlag(ControllerError):
    """A command line that cannot be meant."""


class ErrorClass(StrEnum):
    """How soon trying again makes sense; the collection's one table decides it."""

    RETRY = "retry"
    INFRASTRUCTURE = "infrastructure"
    FINAL = "final"


@dataclass(frozen=True)
class VmmError:
    """One failure: *message* is VMM's, *remedy* says who can mend it."""

    message: str
    error_class: ErrorClass = ErrorClass.INFRASTRUCTURE
    number: int | None = None
    id: str | None = None
    recommended_action: str | None = None
    remedy: str | None = None

    @property
    def text(self) -> str:
        """The sentence for conditions and events: obstacle first, then the remedy."""
        parts = [_sentence(self.message)]
        if self.number is not None and str(self.number) not in self.message:
            parts[0] = f"{parts[0][:-1]} (VMM error {self.number})."
        advice = self.remedy or self.recommended_action
        if advice and advice.strip().rstrip(".") not in self.message:
            parts.append(_sentence(advice))
        return " ".join(parts)

    @classmethod
    def parse(cls, data: Mapping[str, Any], default_class: ErrorClass = ErrorClass.INFRASTRUCTURE) -> VmmError:
        """Read the error of an envelope, a job or a module; an unknown class is taken for *default_class*."""
        named = str(data.get("class") or "")
        number = data.get("number")
        return cls(
            message=str(data.get("message") or "no reason was given"),
            error_class=ErrorClass(named) if named in set(ErrorClass) else default_class,
            number=int(number) if number is not None else None,
            id=data.get("id"),
            recommended_action=data.get("recommended_action") or None,
            remedy=data.get("remedy") or None,
        )


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?")) else f"{text}."
