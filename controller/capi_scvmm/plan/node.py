# SPDX-License-Identifier: Apache-2.0
"""Whether a Node that lacks its provider id gets it from the controller: pure, what is asked of whom, and when.

The drop-in in the guest does this before there is a Node. What comes late is for guests without it (Ignition, images
whose kubelet takes its arguments from elsewhere): Cluster API finds a machine's Node by its provider id alone.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from capi_scvmm.plan.actions import Action, Settled
from capi_scvmm.plan.scope import Scope

PATIENCE = timedelta(seconds=120)
"""From the guest's first address on: a Node that comes by itself has come by then."""
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=30), timedelta(seconds=600)


@dataclass(frozen=True)
class NodeSet:
    """The Node carries the machine's provider id; *by_us*: it was the controller that set it."""

    name: str
    by_us: bool


@dataclass(frozen=True)
class NodeMissing:
    """The workload cluster has no Node with any of these names."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class NodeForeign:
    """A Node has the name, but none of the addresses that the machine's guest reports."""

    name: str
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class NodeClaimed:
    """The Node has another provider id, which Kubernetes lets nobody change."""

    name: str
    provider_id: str


@dataclass(frozen=True)
class WorkloadUnusable:
    """The workload cluster could not be asked."""

    reason: str
    message: str


@dataclass(frozen=True)
class SetProviderId:
    """The Node is the machine's and lacks the provider id: set it, if it is still at this *version*."""

    name: str
    version: str


NodeAnswer = NodeSet | NodeMissing | NodeForeign | NodeClaimed | WorkloadUnusable


@dataclass(frozen=True)
class NodeTry:
    """The last answer, and from when on the next one is asked for."""

    answer: NodeAnswer
    tries: int
    retry_at: datetime


def node_look_at(scope: Scope, action: Action) -> datetime | None:
    """When the workload cluster is asked for the Node; None: not at all, because it has joined or cannot have."""
    owner, reported = scope.owner, scope.recorded.conditions.get("AddressesReported")
    if not isinstance(action, Settled) or not scope.recorded.provisioned or scope.cluster is None:
        return None
    if owner is None or owner.joined or reported is None or reported.status != "True" or reported.since is None:
        return None
    if scope.node is None:
        return reported.since + PATIENCE
    return None if isinstance(scope.node.answer, NodeSet) else scope.node.retry_at


def next_try(answer: NodeAnswer, before: NodeTry | None, now: datetime) -> NodeTry:
    """Count an answer; the next question comes later and later."""
    tries = (before.tries if before is not None else 0) + 1
    return NodeTry(answer, tries, now + min(FIRST_RETRY * 2 ** min(tries - 1, 10), LONGEST_RETRY))


def node_names(scope: Scope) -> tuple[str, ...]:
    """The names that the machine's Node can have: the guest's own, whole and up to its first dot, in small letters."""
    told = scope.vm.computer_name if scope.vm is not None else None
    name = str(told or scope.recorded.body.get("hostname") or "").lower()
    return tuple(dict.fromkeys(part for part in (name, name.split(".")[0]) if part))


def judge(node: Mapping[str, Any], provider_id: str, addresses: Iterable[str]) -> NodeAnswer | SetProviderId:
    """Tell what is to be done about a Node of the right name; one of another machine is never touched."""
    metadata: Mapping[str, Any] = node["metadata"]
    known = (node.get("spec") or {}).get("providerID") or ""
    name = str(metadata["name"])
    if known:
        return NodeSet(name, False) if known == provider_id else NodeClaimed(name, known)
    theirs = [one.get("address") or "" for one in (node.get("status") or {}).get("addresses") or ()]
    if not _same(theirs) & _same(addresses):
        return NodeForeign(name, tuple(sorted(map(str, _same(theirs)))))
    return SetProviderId(name, str(metadata.get("resourceVersion") or ""))


def _same(addresses: Iterable[str]) -> set[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    found = set()
    for address in addresses:
        try:
            found.add(ipaddress.ip_address(address.split("%")[0]))
        except ValueError:
            continue  # A Node lists its names too.
    return found
