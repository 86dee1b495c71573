# SPDX-License-Identifier: Apache-2.0
"""Status of a ScvmmCluster: the plan of a cluster is so short that its status is all of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from capi_scvmm.conditions import Condition, merge, parse_conditions
from capi_scvmm.kinds import ScvmmCluster
from capi_scvmm.plan import Health
from capi_scvmm.status.patch import changed
from capi_scvmm.status.provider import fields_condition

REACHABLE = "VMMReachable"


@dataclass(frozen=True)
class Reachable:
    """Whether the VMM server of the cluster's *provider* answers."""

    provider: str
    health: Health
    reason: str
    message: str


@dataclass(frozen=True)
class ClusterScope:
    """One look at a cluster.

    *owner* names its Cluster; *endpoint*: the Cluster has one; *provider_problem* is (reason, message) or None.
    *server*: what is known of its VMM server; None when it is not asked.
    """

    cluster: ScvmmCluster
    recorded: Mapping[str, Any]
    owner: str | None = None
    paused_by: str | None = None
    endpoint: bool = False
    provider_problem: tuple[str, str] | None = None
    later: Sequence[str] = ()
    server: Reachable | None = None


def cluster_status(scope: ClusterScope, now: datetime) -> dict[str, Any]:
    """Derive the patch; empty: nothing to write."""
    known = parse_conditions(scope.recorded)
    if scope.paused_by is not None:
        message = f"Nothing is done while {scope.paused_by} says so."
        conditions = {**known, "Paused": Condition("Paused", "True", "Paused", message)}
        return _patch(scope, conditions, {}, now)
    provisioned = bool((scope.recorded.get("initialization") or {}).get("provisioned"))
    obstacle = _obstacle(scope)
    conditions = {
        "Paused": Condition("Paused", "False", "NotPaused"),
        "AllFieldsHonored": fields_condition(scope.later),
        "Ready": Condition("Ready", "False", *obstacle) if obstacle else Condition("Ready", "True", "Ready"),
        **_server(scope, known.get(REACHABLE)),
    }
    facts: dict[str, Any] = {"failureDomains": _failure_domains(scope.cluster)}
    if obstacle is None and not provisioned:
        facts["initialization"] = {"provisioned": True}
    return _patch(scope, conditions, facts, now)


def _obstacle(scope: ClusterScope) -> tuple[str, str] | None:
    if scope.cluster.metadata.deletion_timestamp is not None:
        return "Deleting", "The cluster is being deleted; nothing of it is in VMM but its machines."
    if scope.owner is None:
        return "WaitingForCluster", "Waiting for Cluster API to make a Cluster its owner."
    if scope.provider_problem is not None:
        return scope.provider_problem
    given = scope.cluster.spec.control_plane_endpoint is not None and scope.cluster.spec.control_plane_endpoint.given
    if not given and not scope.endpoint:
        return (
            "WaitingForControlPlaneEndpoint",
            "Nobody says at which host and port the API server will be: set spec.controlPlaneEndpoint here or in "
            f"Cluster {scope.owner}.",
        )
    return None


def _server(scope: ClusterScope, known: Condition | None) -> dict[str, Condition]:
    """Repeat what the provider says; it is no part of Ready: a cluster goes on while nobody can ask VMM."""
    if scope.server is None:
        return {}
    match scope.server.health:
        case Health.REACHABLE:
            return {REACHABLE: Condition(REACHABLE, "True", "Answers")}
        case Health.UNREACHABLE:
            words = f"ScvmmProvider {scope.server.provider}: {scope.server.message}"
            return {REACHABLE: Condition(REACHABLE, "False", scope.server.reason, words)}
        case _:
            return {REACHABLE: known} if known is not None else {}


def _failure_domains(cluster: ScvmmCluster) -> list[dict[str, Any]] | None:
    domains = [
        {
            "name": name,
            "controlPlane": domain.control_plane,
            "attributes": {"cloud": domain.cloud, "hostGroup": domain.host_group},
        }
        for name, domain in sorted(cluster.spec.failure_domains.items())
    ]
    return domains or None


def _patch(
    scope: ClusterScope, conditions: Mapping[str, Condition], facts: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    dated = merge(parse_conditions(scope.recorded), conditions.values(), scope.cluster.metadata.generation, now)
    return changed(scope.recorded, {"conditions": [c.dump() for c in sorted(dated, key=lambda c: c.type)], **facts})
