# SPDX-License-Identifier: Apache-2.0
"""What the watches have told: the last state of each object, and who refers to whom. Level-based, no history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from capi_scvmm.kube import (
    CAPI_CLUSTER,
    CAPI_MACHINE,
    CLUSTER,
    IP_ADDRESS_CLAIM,
    MACHINE,
    MACHINE_TEMPLATE,
    NAME_POOL,
    PROVIDER,
    REMEDIATION,
    SECRET,
    Body,
    Kind,
)

CLUSTER_NAME = "cluster.x-k8s.io/cluster-name"
# What changes with each machine that uses it. It says itself which machine it can serve; all the others stay asleep.
SELECTIVE = frozenset({NAME_POOL.kind})
# So many objects that are gone are remembered: an answer to a write may arrive after the news of the end.
GRAVES = 4096


@dataclass(frozen=True)
class Key:
    """Names one object."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}"


class Store:
    """Last known objects. `put` and `drop` tell which of our objects want a look."""

    def __init__(self) -> None:
        self._objects: dict[Key, Body] = {}
        self._referrers: dict[Key, set[Key]] = defaultdict(set)
        self._references: dict[Key, frozenset[Key]] = {}
        self._graves: dict[str, int] = {}

    def get(self, kind: Kind, namespace: str, name: str) -> Body | None:
        """Give the object as it was last told, None when none was."""
        return self._objects.get(Key(kind.kind, namespace, name))

    def keys(self, kind: Kind) -> Iterator[Key]:
        """List the known objects of a kind."""
        return (key for key in list(self._objects) if key.kind == kind.kind)

    def referrers(self, key: Key) -> frozenset[Key]:
        """Name the objects that refer to *key*."""
        return frozenset(self._referrers.get(key, ()))

    def put(self, kind: Kind, body: Mapping[str, Any]) -> frozenset[Key]:
        """Take what a watch or a patch told; older news than what is known changes nothing."""
        slim = _slim(kind, body)
        key = key_of(kind, slim)
        known = self._objects.get(key)
        if (known is not None and not _newer(slim, known)) or self._is_buried(slim):
            return frozenset()
        self._objects[key] = slim
        references = _references_of(kind, slim)
        told = frozenset(one for one in references if _waits_for(kind, one))
        return frozenset({key}) | self._index(key, references) | self.affected(key) | told

    def drop(self, kind: Kind, body: Mapping[str, Any]) -> frozenset[Key]:
        """Take the news that an object is gone."""
        key = key_of(kind, body)
        known = self._objects.get(key)
        if known is not None and known["metadata"].get("uid") != body["metadata"].get("uid"):
            return frozenset()
        self._bury(body)
        affected = frozenset({key}) | self.affected(key)
        self._objects.pop(key, None)
        return affected | self._index(key, frozenset())

    def _bury(self, body: Mapping[str, Any]) -> None:
        self._graves[body["metadata"].get("uid") or ""] = _version(body)
        if len(self._graves) > GRAVES:
            del self._graves[next(iter(self._graves))]

    def _is_buried(self, body: Body) -> bool:
        return _version(body) <= self._graves.get(body["metadata"].get("uid") or "", -1)

    def affected(self, key: Key) -> frozenset[Key]:
        """Name the objects, at any distance, whose plan may depend on *key*."""
        found: set[Key] = set()
        fresh = {key}
        while fresh:
            fresh = {other for one in fresh for other in self._told_of(one)} - found
            found |= fresh
        return frozenset(found)

    def _told_of(self, key: Key) -> frozenset[Key]:
        return frozenset() if key.kind in SELECTIVE else self.referrers(key)

    def _index(self, key: Key, references: frozenset[Key]) -> frozenset[Key]:
        """Note what *key* refers to; what it began or ceased to refer to wants a look too (a provider's finalizer)."""
        before = self._references.pop(key, frozenset())
        for old in before - references:
            self._referrers[old].discard(key)
        for new in references:
            self._referrers[new].add(key)
        if references:
            self._references[key] = references
        return before ^ references


def _waits_for(kind: Kind, owner: Key) -> bool:
    """Whether what an object refers to waits for news of it: owners of claims, clusters of their load balancers."""
    return kind is IP_ADDRESS_CLAIM or (kind is MACHINE and owner.kind == CLUSTER.kind)


def key_of(kind: Kind, body: Mapping[str, Any]) -> Key:
    """Name the object that a body describes."""
    metadata = body["metadata"]
    return Key(kind.kind, metadata.get("namespace") or "", metadata["name"])


def refers_to_us(claim: Mapping[str, Any]) -> bool:
    """Whether an IPAddressClaim is for an object of ours."""
    return any(_of_claim(dict(claim)))


def _newer(new: Body, known: Body) -> bool:
    if new["metadata"].get("uid") != known["metadata"].get("uid"):
        return True
    return _version(new) > _version(known)


def _version(body: Mapping[str, Any]) -> int:
    return int(body["metadata"].get("resourceVersion") or 0)


def _slim(kind: Kind, body: Mapping[str, Any]) -> Body:
    metadata = {key: value for key, value in body["metadata"].items() if key != "managedFields"}
    if kind is SECRET:
        # Secrets are read when they are needed; what lies in memory can be dumped.
        return {"metadata": metadata}
    return {**body, "metadata": metadata}


def _references_of(kind: Kind, body: Body) -> frozenset[Key]:
    return frozenset(_REFERENCES[kind.kind](body)) if kind.kind in _REFERENCES else frozenset()


def _of_machine(body: Body) -> Iterator[Key]:
    namespace, spec = body["metadata"]["namespace"], body.get("spec") or {}
    for owner in body["metadata"].get("ownerReferences") or ():
        if owner.get("kind") in (CAPI_MACHINE.kind, CLUSTER.kind):
            yield Key(owner["kind"], namespace, owner["name"])
    cluster = (body["metadata"].get("labels") or {}).get(CLUSTER_NAME)
    if cluster:
        yield Key(CAPI_CLUSTER.kind, namespace, cluster)
    for reference in (spec.get("providerRef"), (body.get("status") or {}).get("providerRef")):
        yield from _provider(reference, namespace)
    join = (spec.get("domainJoin") or {}).get("credentialsSecretRef") or {}
    for secret in ((spec.get("bootstrap") or {}).get("dataSecretName"), join.get("name")):
        if secret:
            yield Key(SECRET.kind, namespace, secret)
    pool = (spec.get("vmNameFromPool") or {}).get("name")
    if pool:
        yield Key(NAME_POOL.kind, namespace, pool)


def _of_machine_template(body: Body) -> Iterator[Key]:
    """Who decides what VMM server its machines come from; Cluster API makes the Cluster own its templates."""
    metadata, namespace = body["metadata"], body["metadata"]["namespace"]
    owners = [one["name"] for one in metadata.get("ownerReferences") or () if one.get("kind") == CAPI_CLUSTER.kind]
    for cluster in (*owners, (metadata.get("labels") or {}).get(CLUSTER_NAME)):
        if cluster:
            yield Key(CAPI_CLUSTER.kind, namespace, cluster)
    template = ((body.get("spec") or {}).get("template") or {}).get("spec") or {}
    yield from _provider(template.get("providerRef"), namespace)


def _of_remediation(body: Body) -> Iterator[Key]:
    for owner in body["metadata"].get("ownerReferences") or ():
        if owner.get("kind") == CAPI_MACHINE.kind:
            yield Key(CAPI_MACHINE.kind, body["metadata"]["namespace"], owner["name"])


def _of_capi_machine(body: Body) -> Iterator[Key]:
    namespace, spec = body["metadata"]["namespace"], body.get("spec") or {}
    secret = (spec.get("bootstrap") or {}).get("dataSecretName")
    if secret:
        yield Key(SECRET.kind, namespace, secret)


def _of_capi_cluster(body: Body) -> Iterator[Key]:
    reference = (body.get("spec") or {}).get("infrastructureRef") or {}
    if reference.get("kind") == CLUSTER.kind and reference.get("name"):
        yield Key(CLUSTER.kind, body["metadata"]["namespace"], reference["name"])


def _of_cluster(body: Body) -> Iterator[Key]:
    namespace = body["metadata"]["namespace"]
    spec = body.get("spec") or {}
    yield from _provider(spec.get("providerRef"), namespace)
    keepalived = (spec.get("controlPlaneLoadBalancer") or {}).get("keepalived") or {}
    password = (keepalived.get("passwordSecretRef") or {}).get("name")
    if password:
        yield Key(SECRET.kind, namespace, password)
    for owner in body["metadata"].get("ownerReferences") or ():
        if owner.get("kind") == CAPI_CLUSTER.kind:
            yield Key(CAPI_CLUSTER.kind, namespace, owner["name"])


def _of_claim(body: Body) -> Iterator[Key]:
    """Whom a claim is for: its owner waits for each news of it."""
    for owner in body["metadata"].get("ownerReferences") or ():
        if owner.get("kind") in (MACHINE.kind, CLUSTER.kind):
            yield Key(owner["kind"], body["metadata"]["namespace"], owner["name"])


def _of_provider(body: Body) -> Iterator[Key]:
    namespace = body["metadata"]["namespace"]
    secret = ((body.get("spec") or {}).get("scvmmSecret") or {}).get("name")
    if secret:
        yield Key(SECRET.kind, namespace, secret)


def _provider(reference: Mapping[str, Any] | None, namespace: str) -> Iterator[Key]:
    if reference and reference.get("name"):
        yield Key(PROVIDER.kind, reference.get("namespace") or namespace, reference["name"])


_REFERENCES: dict[str, Callable[[Body], Iterator[Key]]] = {
    MACHINE.kind: _of_machine,
    MACHINE_TEMPLATE.kind: _of_machine_template,
    CAPI_MACHINE.kind: _of_capi_machine,
    CAPI_CLUSTER.kind: _of_capi_cluster,
    CLUSTER.kind: _of_cluster,
    PROVIDER.kind: _of_provider,
    IP_ADDRESS_CLAIM.kind: _of_claim,
    REMEDIATION.kind: _of_remediation,
}
