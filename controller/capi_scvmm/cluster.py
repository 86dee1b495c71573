# SPDX-License-Identifier: Apache-2.0
"""ScvmmClusters: gather a scope, write the status that follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from capi_scvmm.kinds import ScvmmCluster, later_fields
from capi_scvmm.kube import CAPI_CLUSTER, CLUSTER, Body
from capi_scvmm.objects import Objects
from capi_scvmm.plan.scope import MANAGED_BY, PAUSED
from capi_scvmm.provider import Providers, provider_key
from capi_scvmm.status import server_events
from capi_scvmm.status.cluster import ClusterScope, Reachable, cluster_status
from capi_scvmm.store import Key


class Clusters:
    """Looks at ScvmmClusters."""

    def __init__(self, objects: Objects, providers: Providers) -> None:
        self._objects = objects
        self._providers = providers

    async def reconcile(self, key: Key) -> None:
        """Look at one cluster."""
        body = self._objects.store.get(CLUSTER, key.namespace, key.name)
        if body is None:
            return
        cluster = ScvmmCluster.model_validate(body)
        if MANAGED_BY in cluster.metadata.labels:
            return
        patch = cluster_status(await self._gather(key, body, cluster), datetime.now(UTC))
        if patch:
            await self._objects.post(CLUSTER, body, server_events(body.get("status") or {}, patch))
            await self._objects.patch_status(CLUSTER, body, patch)

    async def _gather(self, key: Key, body: Body, cluster: ScvmmCluster) -> ClusterScope:
        owner = next((o.name for o in cluster.metadata.owner_references if o.kind == CAPI_CLUSTER.kind), None)
        capi = await self._objects.find(CAPI_CLUSTER, key.namespace, owner) if owner else None
        spec: Mapping[str, Any] = (capi or {}).get("spec") or {}
        return ClusterScope(
            cluster=cluster,
            recorded=body.get("status") or {},
            owner=owner,
            paused_by=_paused_by(cluster, spec, owner),
            endpoint=bool((spec.get("controlPlaneEndpoint") or {}).get("host")),
            provider_problem=self._provider_problem(key, cluster),
            server=self._server(key, cluster),
            later=later_fields(cluster),
        )

    def _provider_problem(self, key: Key, cluster: ScvmmCluster) -> tuple[str, str] | None:
        reference = cluster.spec.provider_ref
        if reference is None:
            return None  # Each machine may name its own.
        server = self._providers.server(provider_key(reference.to_dict(), key.namespace))
        if server is None:
            return "LookingForProvider", f"Looking for ScvmmProvider {reference.namespace}/{reference.name}."
        if server.provider is not None and not server.provider.allows(key.namespace):
            return not_allowed(f"{reference.namespace}/{reference.name}", key.namespace)
        # Whether credentials are there and VMM answers is said by the provider and by machines: a cluster is no VM.
        return server.problem if server.provider is None else None

    def _server(self, key: Key, cluster: ScvmmCluster) -> Reachable | None:
        reference = cluster.spec.provider_ref
        server = self._providers.server(provider_key(reference.to_dict(), key.namespace)) if reference else None
        if server is None or server.observer is None or reference is None:
            return None
        return Reachable(f"{reference.namespace}/{reference.name}", *server.state.summary)


def not_allowed(provider: str, namespace: str) -> tuple[str, str]:
    """Say that a provider is not for everybody."""
    return (
        "ProviderNotAllowed",
        f"ScvmmProvider {provider} does not allow namespace {namespace}: add it to spec.allowedNamespaces there, or "
        "name another provider.",
    )


def _paused_by(cluster: ScvmmCluster, spec: Mapping[str, Any], owner: str | None) -> str | None:
    if PAUSED in cluster.metadata.annotations:
        return f"annotation {PAUSED}"
    return f"Cluster {owner}" if spec.get("paused") else None
