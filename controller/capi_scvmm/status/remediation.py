# SPDX-License-Identifier: Apache-2.0
"""Status of a ScvmmRemediation, and what the owner of its Machine is told. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from capi_scvmm.conditions import Condition, format_time, merge, parse_conditions
from capi_scvmm.kinds import ScvmmRemediation
from capi_scvmm.plan.remediation import Await, Cycle, Next, OnHold
from capi_scvmm.status.patch import changed

OWNER_REMEDIATED = "OwnerRemediated"
"""Condition of Cluster API's Machine: False asks its owner to replace it."""


def remediation_status(
    remediation: ScvmmRemediation, recorded: Mapping[str, Any], chosen: Next, now: datetime
) -> dict[str, Any]:
    """Derive the patch; empty: nothing to write."""
    limit = remediation.spec.strategy.retry_limit
    facts: dict[str, Any] = {}
    match chosen:
        case OnHold(reason=reason, message=message):
            condition = Condition("Remediating", "False", reason, message)
        case Cycle(attempt=attempt):
            facts = {"phase": "PowerCycling", "retryCount": attempt, "lastRemediated": format_time(now)}
            condition = Condition("Remediating", "True", "PowerCycling", f"Power cycle {attempt} of {limit}.")
        case Await(cycling=True):
            number = remediation.status.retry_count
            facts = {"phase": "PowerCycling"}
            condition = Condition("Remediating", "True", "PowerCycling", f"Power cycle {number} of {limit}.")
        case Await(until=until):
            facts = {"phase": "Waiting"}
            words = f"The VM was power-cycled; its Node has until {format_time(until)} to be healthy."
            condition = Condition("Remediating", "True", "WaitingForNode", words)
        case _:
            facts = {"phase": "HandedOver"}
            condition = Condition("Remediating", "False", "HandedOver", chosen.message)
    dated = merge(parse_conditions(recorded), [condition], remediation.metadata.generation, now)
    return changed(recorded, {**facts, "conditions": [one.dump() for one in dated]})


def asked_to_replace(conditions: Sequence[Mapping[str, Any]], message: str, now: datetime) -> list[dict[str, Any]]:
    """Give the conditions of a Machine with the one that asks its owner to replace it; as they are when it is there."""
    kept = [dict(one) for one in conditions]
    known = next((one for one in kept if one["type"] == OWNER_REMEDIATED), None)
    if known is not None and known["status"] == "False":
        return kept
    wanted = {
        "type": OWNER_REMEDIATED,
        "status": "False",
        "reason": "WaitingForRemediation",
        "message": message,
        "lastTransitionTime": format_time(now),
    }
    return sorted([*(one for one in kept if one is not known), wanted], key=lambda one: str(one["type"]))
