# SPDX-License-Identifier: Apache-2.0
"""Status of a ScvmmProvider: whether its VMM server answers, and why not. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from capi_scvmm.conditions import Condition, merge, parse_conditions
from capi_scvmm.kinds import ScvmmProvider
from capi_scvmm.plan import Health
from capi_scvmm.status.patch import changed


def provider_status(
    provider: ScvmmProvider,
    recorded: Mapping[str, Any],
    problem: tuple[str, str] | None,
    server: tuple[Health, str, str | None, str | None, str],
    later: Sequence[str],
    users: int,
    now: datetime,
    hosts: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Derive the patch; empty: nothing to write.

    *server* is health, message, version and user of the VMM server, and the reason when it is of no use. *hosts* are
    host and message of each exec host where several are known.
    """
    health, message, version, user, reason = server
    # A probe asks whether more than one connection broke: until it is answered nothing is different.
    health = Health.REACHABLE if health is Health.DOUBTED else health
    conditions = {
        "CredentialsAvailable": _credentials(problem),
        "VMMReachable": _reachable(provider, problem, health, (reason, message)),
        "AllFieldsHonored": fields_condition(later),
    }
    if provider.metadata.deletion_timestamp is not None:
        conditions["Deleting"] = Condition(
            "Deleting", "True", "InUse", f"{users} machines use it: it goes when they are gone."
        )
    obstacle = next(
        (c for name in ("CredentialsAvailable", "VMMReachable") if (c := conditions[name]).status != "True"), None
    )
    conditions["Ready"] = (
        Condition("Ready", obstacle.status, obstacle.reason, obstacle.message)
        if obstacle
        else Condition("Ready", "True", "Ready")
    )
    dated = merge(parse_conditions(recorded), conditions.values(), provider.metadata.generation, now)
    wanted: dict[str, Any] = {"conditions": [c.dump() for c in sorted(dated, key=lambda c: c.type)]}
    if health is not Health.UNKNOWN or problem is not None:
        ready = health is Health.REACHABLE and problem is None
        trouble = "" if ready else (problem[1] if problem else message)
        wanted["execHosts"] = _exec_hosts(provider, trouble, hosts)
    if version or user:
        wanted["vmmServer"] = {"version": version, "user": user}
    return changed(recorded, wanted)


def _exec_hosts(provider: ScvmmProvider, trouble: str, known: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    messages = {str(host.get("host")): str(host.get("message") or "") for host in known}
    told = {host: messages.get(host, "") or trouble for host in provider.spec.effective_exec_hosts}
    return [{"host": host, "status": "Failed" if why else "OK", "message": why} for host, why in told.items()]


def fields_condition(later: Sequence[str]) -> Condition:
    """Name the fields that are set and do nothing yet."""
    if not later:
        return Condition("AllFieldsHonored", "True", "AllHonored")
    text = f"Set, but without effect in this release: {', '.join(later)}."
    return Condition("AllFieldsHonored", "False", "FieldsNotSupportedYet", text)


def _credentials(problem: tuple[str, str] | None) -> Condition:
    return Condition("CredentialsAvailable", "False", *problem) if problem else _true("CredentialsAvailable", "Found")


def _reachable(
    provider: ScvmmProvider, problem: tuple[str, str] | None, health: Health, trouble: tuple[str, str]
) -> Condition:
    kind = "VMMReachable"
    if problem is not None:
        return Condition(kind, "Unknown", "NotTried", "Without credentials the VMM server is not asked.")
    if health is Health.REACHABLE:
        return _true(kind, "Answers")
    if health is Health.UNREACHABLE:
        reason, message = trouble
        return Condition(kind, "False", reason, f"{provider.spec.scvmm_host} {_WORDS.get(reason, _SILENT)}: {message}")
    return Condition(kind, "Unknown", "Connecting", f"Connecting to {' or '.join(provider.spec.effective_exec_hosts)}.")


_SILENT = "does not answer"
_WORDS = {
    "LoginRefused": (
        "refuses the login, which is not tried again before the Secret or the provider change, or 15 minutes are over"
    ),
    "VMMRefuses": "answers, and refuses",
}


def _true(kind: str, reason: str) -> Condition:
    return Condition(kind, "True", reason)
