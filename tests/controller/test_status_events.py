# SPDX-License-Identifier: Apache-2.0
"""Kubernetes events: one for each real step."""

from __future__ import annotations

from typing import Any

from capi_scvmm.conditions import Condition
from capi_scvmm.status import events


def body(*texts: str, message: str = "", **more: Any) -> dict[str, Any]:
    """A status with conditions as `Type=Reason`, or `Type+Reason` for one that is True."""
    conditions = []
    for text in texts:
        kind, true, reason = text.partition("+") if "+" in text else text.partition("=")
        conditions.append(Condition(kind, "True" if true == "+" else "False", reason, message).dump())
    return {"conditions": conditions, **more}


def reasons(before: dict[str, Any], patch: dict[str, Any]) -> list[str]:
    """What is posted, warnings with a mark."""
    return [("!" if event.kind == "Warning" else "") + event.reason for event in events(before, patch)]


def test_a_step_that_is_done_is_told_once() -> None:
    """A condition that becomes True."""
    assert reasons(body("VMCreated=Creating"), body("VMCreated+Created")) == ["Created"]
    assert reasons(body("VMCreated+Created"), body("VMCreated+Created")) == []
    assert reasons({}, body("VMRunning+Running")) == ["Started"]


def test_a_step_that_begins_is_told() -> None:
    """Creating, shutting down, removing."""
    assert reasons({}, body("VMCreated=Creating")) == ["Creating"]
    assert reasons(body("Deleting+ShuttingDown"), body("Deleting+Removing")) == ["Removing"]
    assert reasons(body("Deleting+Removing"), body("Deleting+Removing")) == []


def test_an_error_is_a_warning_in_its_own_words() -> None:
    """Another error of the same kind is another warning."""
    (event,) = events({}, body("VMCreated=CreationRefused", message="No room."))
    assert (event.kind, event.reason, event.message) == ("Warning", "CreationRefused", "No room.")
    known = body("VMCreated=CreationRefused", message="No room.")
    assert reasons(known, body("VMCreated=CreationRefused", message="No room.")) == []
    assert reasons(known, body("VMCreated=CreationRefused", message="No right.")) == ["!CreationRefused"]


def test_another_attempt_is_no_event_of_its_own() -> None:
    """How often and when next is in the condition; the event has the words that last."""
    told = [f"No room. Attempt {n}; next try at 2026-11-23T12:0{n}:00Z." for n in (1, 2)]
    first = body("VMCreated=CreationRefused", message=told[0])
    (event,) = events({}, first)
    assert event.message == "No room."
    assert events(first, body("VMCreated=CreationRefused", message=told[1])) == []


def test_a_medium_that_goes_or_stays_is_told_although_the_condition_stays_true() -> None:
    """Its file holds secrets: that it is gone is worth an event, and that it cannot be got rid of a warning."""
    kind = "BootstrapMediumAttached"
    assert reasons(body(f"{kind}+Attached"), body(f"{kind}+Ejecting")) == ["EjectingMedium"]
    assert reasons(body(f"{kind}+Ejecting"), body(f"{kind}+Ejected")) == ["MediumEjected"]
    assert reasons(body(f"{kind}+Ejected"), body(f"{kind}+Ejected")) == []
    assert reasons(body(f"{kind}+Attached"), body(f"{kind}+EjectFailed", message="No.")) == ["!EjectFailed"]
    assert reasons(body(f"{kind}+EjectFailed"), body(f"{kind}+Attached")) == []
    assert reasons({}, body(f"{kind}+Ejected")) == []


def test_waits_and_sums_are_not_worth_an_event() -> None:
    """Ready repeats others; a medium that nobody wanted was not attached."""
    patch = body("Ready=VMDeleted", "DependenciesReady=WaitingForMachine", "BootstrapMediumAttached+NotWanted")
    assert reasons({}, patch) == []


def test_addresses_that_make_a_machine_provisioned_are_no_event_of_their_own() -> None:
    """One event tells both; addresses that come back later are told."""
    patch = body("AddressesReported+Reported", initialization={"provisioned": True})
    assert reasons(body("AddressesReported=WaitingForGuest"), patch) == ["Provisioned"]
    assert reasons(body("AddressesReported=WaitingForGuest", initialization={"provisioned": True}), patch) == [
        "Addressed"
    ]


def test_provisioned_is_told_once() -> None:
    """It never goes back."""
    patch = body("VMRunning+Running", initialization={"provisioned": True})
    assert reasons(body("VMRunning+Running"), patch) == ["Provisioned"]
    assert reasons(patch, patch) == []


def test_a_patch_without_conditions_tells_nothing() -> None:
    """Only a time or an id has changed."""
    assert reasons({}, {"modifiedTime": "x"}) == []
