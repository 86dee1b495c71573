# SPDX-License-Identifier: Apache-2.0
"""Conditions: what a status says about one aspect of an object."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from capi_scvmm.kinds.model import Model, Time

ConditionStatus = Literal["True", "False", "Unknown"]


class Condition(Model):
    """One aspect of the object's state, with reason and message."""

    type: str = Field(description="Aspect that the condition is about, in CamelCase, as Ready.", max_length=316)
    status: ConditionStatus = Field(description="Whether it holds: True, False or Unknown.")
    reason: str = Field(
        default="", description="One CamelCase word for programs that says why it holds or not.", max_length=1024
    )
    message: str = Field(
        default="",
        description="Sentence for people: what is waited for or went wrong, and what to do about it.",
        max_length=32768,
    )
    last_transition_time: Time = Field(description="When status last changed from one value to another.")
    observed_generation: int | None = Field(
        default=None, description="metadata.generation of the object that the condition was derived from.", ge=0
    )


def find_condition(conditions: tuple[Condition, ...], kind: str) -> Condition | None:
    """The condition of type *kind*, or None."""
    return next((condition for condition in conditions if condition.type == kind), None)
