# SPDX-License-Identifier: Apache-2.0
"""Status of a ScvmmCluster: the plan of a cluster is so short that its status is all of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from capi_scvmm.backends import common
from capi_scvmm.conditions import Condition, merge, parse_conditions
from capi_scvmm.endpoint import SHARING, VirtualAddress, backends_of, held_address
from capi_scvmm.kinds import ControlPlaneEndpoint, ScvmmCluster
from capi_scvmm.plan import Health
from capi_scvmm.plan.load_balancers import Balancer
from capi_scvmm.status.patch import changed
from capi_scvmm.status.provider import fields_condition

REACHABLE = "VMMReachable"
ENDPOINT = "ControlPlaneEndpointReady"
BALANCERS = "LoadBalancersReady"


@dataclass(frozen=True)
class Reachable:
    """Whether the VMM server of the cluster's *provider* answers."""

    provider: str
    health: Health
    reason: str
    message: str


@dataclass(frozen=True)
class Balancers:
    """The load-balancer machines: the names that are *wanted*, those that are there, and what keeps us from more."""

    wanted: Sequence[str]
    there: Sequence[Balancer]
    trouble: tuple[str, str] | None = None

    @property
    def ready(self) -> int:
        """How many serve."""
        return sum(balancer.ready and not balancer.deleting for balancer in self.there)


@dataclass(frozen=True)
class ClusterScope:
    """One look at a cluster.

    *owner* names its Cluster; *endpoint* is the Cluster's; *provider_problem* is (reason, message) or None.
    *claimed*: the endpoint that a pool gave and that is written nowhere yet; *claim_problem*: why it gave none.
    *answers*: somebody has the address although the cluster has no machine; *rival*: a cluster that has its router id.
    *server*: what is known of its VMM server; None when it is not asked.
    *balancers*: its load-balancer machines; None when it wants none, or it is too early for them.
    *leaving*: what is waited for before the cluster may go.
    """

    cluster: ScvmmCluster
    recorded: Mapping[str, Any]
    owner: str | None = None
    paused_by: str | None = None
    endpoint: ControlPlaneEndpoint | None = None
    claimed: ControlPlaneEndpoint | None = None
    claim_problem: tuple[str, str] | None = None
    answers: bool = False
    rival: VirtualAddress | None = None
    provider_problem: tuple[str, str] | None = None
    later: Sequence[str] = ()
    server: Reachable | None = None
    balancers: Balancers | None = None
    leaving: str | None = None

    @property
    def named(self) -> ControlPlaneEndpoint | None:
        """The endpoint that somebody named, here or in the Cluster."""
        own = self.cluster.spec.control_plane_endpoint
        return own if own is not None and own.given else self.endpoint

    @property
    def provisioned(self) -> bool:
        """Whether it was said once that machines may come."""
        return bool((self.recorded.get("initialization") or {}).get("provisioned"))


def cluster_status(scope: ClusterScope, now: datetime) -> dict[str, Any]:
    """Derive the patch; empty: nothing to write."""
    known = parse_conditions(scope.recorded)
    if scope.paused_by is not None:
        message = f"Nothing is done while {scope.paused_by} says so."
        conditions = {**known, "Paused": Condition("Paused", "True", "Paused", message)}
        return _patch(scope, conditions, {}, now)
    obstacle = obstacle_to(scope)
    conditions = {
        "Paused": Condition("Paused", "False", "NotPaused"),
        "AllFieldsHonored": fields_condition(scope.later),
        "Ready": Condition("Ready", "False", *obstacle) if obstacle else Condition("Ready", "True", "Ready"),
        ENDPOINT: _endpoint(scope),
        **({BALANCERS: _balancers(scope.balancers)} if scope.balancers is not None else {}),
        **_server(scope, known.get(REACHABLE)),
    }
    facts: dict[str, Any] = {"failureDomains": _failure_domains(scope.cluster)}
    if obstacle is None and not scope.provisioned:
        facts["initialization"] = {"provisioned": True}
    return _patch(scope, conditions, facts, now)


def obstacle_to(scope: ClusterScope) -> tuple[str, str] | None:
    """Tell, as reason and words, what keeps the cluster from being ready; None: nothing does."""
    if scope.cluster.metadata.deletion_timestamp is not None:
        return "Deleting", scope.leaving or "The cluster is being deleted; nothing of it is in VMM but its machines."
    if scope.owner is None:
        return "WaitingForCluster", "Waiting for Cluster API to make a Cluster its owner."
    if scope.provider_problem is not None:
        return scope.provider_problem
    problem = endpoint_problem(scope)
    if problem is None and scope.balancers is not None and scope.balancers.ready == 0:
        condition = _balancers(scope.balancers)
        return condition.reason, condition.message
    return problem


def endpoint_problem(scope: ClusterScope) -> tuple[str, str] | None:
    """Tell what is in the way of the endpoint; None: it may be used, and one that a pool gave may be written."""
    balancer = scope.cluster.spec.control_plane_load_balancer
    endpoint = scope.named or scope.claimed
    if endpoint is None:
        return scope.claim_problem or (
            "WaitingForControlPlaneEndpoint",
            "Nobody says at which host and port the API server will be: set spec.controlPlaneEndpoint here or in "
            f"Cluster {scope.owner}, or name a pool in spec.controlPlaneLoadBalancer.addressFromPool.",
        )
    held = held_address(balancer, endpoint)
    if balancer is not None and balancer.type in SHARING and held is None:
        return (
            "AddressNeeded",
            f"keepalived holds an IP address, and the endpoint is {endpoint.host}: set "
            "spec.controlPlaneLoadBalancer.keepalived.address to the address that this name stands for.",
        )
    password = balancer.keepalived.password_secret_ref if balancer is not None and balancer.keepalived else None
    if password is not None and held is not None and ":" in held:
        return (
            "PasswordNeedsIPv4",
            f"The endpoint is {held}, and only VRRP version 2 has a password, which has no IPv6: take "
            "spec.controlPlaneLoadBalancer.keepalived.passwordSecretRef out, or use an IPv4 address.",
        )
    if scope.provisioned:
        return None
    if scope.rival is not None:
        shared = common(backends_of(balancer), scope.rival.backends)
        return "VirtualAddressInUse", _contested(scope.rival, held or endpoint.host, shared)
    if scope.answers:
        where = f"{held or endpoint.host} port {endpoint.port}"
        return (
            "AddressInUse",
            f"Somebody answers at {where} already, and the cluster has no machine yet: take the address off that host, "
            "or create the cluster with another one.",
        )
    return None


def _contested(rival: VirtualAddress, address: str, backend: str | None) -> str:
    if rival.address == address:
        return f"ScvmmCluster {rival.cluster} has the address {address}: create this cluster with another one."
    if backend is not None:
        return (
            f"The load balancers of ScvmmCluster {rival.cluster} lead to {backend}, too, and would reach API servers "
            "of both clusters: take it out of spec.controlPlaneLoadBalancer.haproxy.backends of one of them."
        )
    return (
        f"ScvmmCluster {rival.cluster} has the VRRP router id {rival.router_id} for {rival.address}, at the same VMM "
        "server and maybe in the same network: set spec.controlPlaneLoadBalancer.keepalived.virtualRouterID to a "
        "number from 1 to 255 that no other cluster has."
    )


def _endpoint(scope: ClusterScope) -> Condition:
    problem = endpoint_problem(scope)
    if problem is not None:
        return Condition(ENDPOINT, "False", *problem)
    endpoint = scope.named
    if endpoint is None:
        return Condition(ENDPOINT, "False", "Claimed", "The pool gave an address; it is being written.")
    return Condition(ENDPOINT, "True", "Known", f"{endpoint.host} port {endpoint.port}")


def _balancers(balancers: Balancers) -> Condition:
    """How many load balancers serve, and what the others wait for."""
    if balancers.trouble is not None:
        return Condition(BALANCERS, "False", *balancers.trouble)
    count = f"{balancers.ready} of {len(balancers.wanted)} are ready"
    if balancers.ready == len(balancers.wanted) == len(balancers.there):
        return Condition(BALANCERS, "True", "Ready", f"{count}.")
    open_ones = [
        f"{one.name} {'is being removed' if one.deleting else one.waits_for or 'is new'}"
        for one in balancers.there
        if one.deleting or not one.ready
    ]
    words = f"{count}{': ' if open_ones else '.'}{', '.join(open_ones)}"
    return Condition(BALANCERS, "False", "WaitingForLoadBalancers" if balancers.ready == 0 else "SomeNotReady", words)


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
