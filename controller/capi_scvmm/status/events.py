# SPDX-License-Identifier: Apache-2.0
"""Which Kubernetes events a change of status is worth: one for each real step, none for what was said already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from capi_scvmm.conditions import Condition, parse_conditions
from capi_scvmm.status.sentences import lasting


@dataclass(frozen=True)
class Event:
    """One event; *kind* is Normal or Warning."""

    reason: str
    message: str
    kind: str = "Normal"


# A condition becomes True: the step is done.
REACHED = {
    "VMCreated": ("Created", "The VM was created"),
    "BootstrapMediumAttached": ("MediumAttached", "The medium with the bootstrap data is in the VM's drive"),
    "VMRunning": ("Started", "The VM runs"),
    "AddressesReported": ("Addressed", "The guest reported its addresses"),
}
# A condition takes a reason: a step that may take minutes begins, or one went wrong.
BEGUN = {
    "Adopting": "Adopting",
    "Creating": "Creating",
    "PowerCycling": "PowerCycling",
    "HandedOver": "HandedOver",
    "Ejecting": "EjectingMedium",
    "Ejected": "MediumEjected",
    "ShuttingDown": "ShuttingDown",
    "TurningOff": "TurningOff",
    "CancellingCreation": "CancellingCreation",
    "Removing": "Removing",
    "RemovingMedium": "RemovingMedium",
    "Removed": "Removed",
}
WARNINGS = frozenset(
    {
        "AdoptionFailed",
        "VMOwnedByAnother",
        "PowerCycleFailed",
        "CreationFailed",
        "CreationRefused",
        "RetryingCreation",
        "AttachFailed",
        "EjectFailed",
        "LeftInLibrary",
        "StartFailed",
        "Repairing",
        "RepairFailed",
        "TurnOffFailed",
        "RemovalFailed",
        "MediumRemovalFailed",
        "VMDeleted",
        "VMPoweredOff",
        "VMNotRunning",
        "VMMUnreachable",
        "VMMRefuses",
        "LoginRefused",
        "ProviderNotFound",
        "ProviderNotAllowed",
        "ProviderInvalid",
        "CredentialsMissing",
        "UnknownFailureDomain",
        "InvalidSpec",
        "BootstrapDataInvalid",
        "NamePoolEmpty",
    }
)
# Ready repeats others, and what waits or is fine needs no event.
SILENT = frozenset({"Ready", "Paused", "AllFieldsHonored"})


def events(before: Mapping[str, Any], patch: Mapping[str, Any]) -> list[Event]:
    """Compare the status that was with the patch: the same status gives the same events, also after a restart."""
    if "conditions" not in patch:
        return []
    old, new = parse_conditions(before), parse_conditions(patch)
    found = [event for kind in new if kind not in SILENT for event in _step(old.get(kind), new[kind])]
    was = bool((before.get("initialization") or {}).get("provisioned"))
    if (patch.get("initialization") or {}).get("provisioned") and not was:
        found = [event for event in found if event.reason != "Addressed"]
        found.append(Event("Provisioned", "The machine is provisioned: its guest reported its addresses."))
    return found


def server_events(before: Mapping[str, Any], patch: Mapping[str, Any]) -> list[Event]:
    """Tell of a provider or a cluster what became of the way to the VMM server, and what is missing for it.

    Only another reason is another event: the words of an outage may change from probe to probe.
    """
    if "conditions" not in patch:
        return []
    old, new = parse_conditions(before), parse_conditions(patch)
    found: list[Event] = []
    for kind in ("CredentialsAvailable", "VMMReachable", "Ready"):
        then, now = old.get(kind), new.get(kind)
        if now is None or (then is not None and (then.status, then.reason) == (now.status, now.reason)):
            continue
        if now.reason in WARNINGS and not any(event.reason == now.reason for event in found):
            found.append(Event(now.reason, now.message, "Warning"))
        elif kind == "VMMReachable" and now.status == "True":
            again = " again" if then is not None and then.status == "False" else ""
            found.append(Event("VMMReachable", f"The VMM server answers{again}."))
    was = bool((before.get("initialization") or {}).get("provisioned"))
    if (patch.get("initialization") or {}).get("provisioned") and not was:
        found.append(Event("Provisioned", "The infrastructure of the cluster is ready."))
    return found


def _step(old: Condition | None, new: Condition) -> list[Event]:
    done = old is not None and old.status == "True"
    if new.status == "True" and new.type in REACHED and not (done and new.reason in (*BEGUN, *WARNINGS)):
        reason, message = REACHED[new.type]
        silent = done or new.reason in ("NotWanted", "Ejected")
        return [] if silent else [Event(reason, f"{message}.")]
    message = lasting(new.message)
    if old is not None and old.reason == new.reason and (new.reason not in WARNINGS or lasting(old.message) == message):
        return []
    if new.reason in WARNINGS:
        # The creation that is tried again carries the words of its failure: they were told then.
        return [Event(new.reason, message, "Warning")]
    return [Event(BEGUN[new.reason], message)] if new.reason in BEGUN else []
