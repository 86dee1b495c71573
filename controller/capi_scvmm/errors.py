# SPDX-License-Identifier: Apache-2.0
"""Errors as values: what VMM said and what kind of refusal that is.

ControllerError            a sentence for the user; the command ends with it
  BadFlag
VmmError                   (a value) VMM's number, words and recommended action; our class and remedy, who can mend it
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
    """One failure: *message* is VMM's, *remedy* says what helps and *who* can do that.

    *attempts*: how often a failure of class retry is worth trying again soon; None: for as long as it lasts.
    """

    message: str
    error_class: ErrorClass = ErrorClass.INFRASTRUCTURE
    number: int | None = None
    id: str | None = None
    recommended_action: str | None = None
    remedy: str | None = None
    who: str | None = None
    attempts: int | None = None

    @property
    def key(self) -> object:
        """Tell the same failure again from another one."""
        return self.number if self.number is not None else self.id or self.message

    def class_after(self, times: int) -> ErrorClass:
        """Give the class after the failure came *times* times in a row: what does not pass somebody must mend."""
        spent = self.error_class is ErrorClass.RETRY and self.attempts is not None and times > self.attempts
        return ErrorClass.INFRASTRUCTURE if spent else self.error_class

    @property
    def text(self) -> str:
        """The sentence for conditions and events: obstacle first, then the remedy and who can apply it."""
        parts = [_sentence(self.message)]
        if self.number is not None and str(self.number) not in self.message:
            parts[0] = f"{parts[0][:-1]} (VMM error {self.number})."
        advice = self.remedy or self.recommended_action
        if advice and advice.strip().rstrip(".") not in self.message:
            parts.append(_sentence(advice))
        if self.who:
            parts.append(f"Who can mend it: {self.who}.")
        return " ".join(parts)

    @classmethod
    def parse(cls, data: Mapping[str, Any], default_class: ErrorClass = ErrorClass.INFRASTRUCTURE) -> VmmError:
        """Read the error of an envelope, a job or a module; an unknown class is taken for *default_class*."""
        named = str(data.get("class") or "")
        number, attempts = data.get("number"), data.get("attempts")
        return cls(
            message=str(data.get("message") or "no reason was given"),
            error_class=ErrorClass(named) if named in set(ErrorClass) else default_class,
            number=int(number) if number is not None else None,
            id=data.get("id"),
            recommended_action=data.get("recommended_action") or None,
            remedy=data.get("remedy") or None,
            who=data.get("who") or None,
            attempts=int(attempts) if attempts is not None else None,
        )


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?")) else f"{text}."
