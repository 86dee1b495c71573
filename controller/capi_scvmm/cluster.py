# SPDX-License-Identifier: Apache-2.0
"""ScvmmClusters: gather a scope, write the status that follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from capi_scvmm.claims import Claims, ClaimsRefused, owner_of
from capi_scvmm.endpoint import (
    ENDPOINT_PART,
    HAPROXY,
    SHARING,
    VirtualAddress,
    backends_of,
    endpoint_of,
    held_address,
    load_balancer_of,
    networks_of,
    rival_of,
    router_id,
)
from capi_scvmm.go_provider import CLUSTER_FINALIZER
from capi_scvmm.ipam import DEFAULT_GROUP, Wish
from capi_scvmm.kinds import ControlPlaneEndpoint, ScvmmCluster, later_fields
from capi_scvmm.knock import Knock
from capi_scvmm.kube import CAPI_CLUSTER, CLUSTER, MACHINE, Body
from capi_scvmm.load_balancers import LoadBalancers
from capi_scvmm.objects import Objects
from capi_scvmm.plan.scope import DELETED_FOR_MOVE, MANAGED_BY, PAUSED
from capi_scvmm.provider import Providers, Server, provider_key
from capi_scvmm.status import server_events
from capi_scvmm.status.cluster import ClusterScope, Reachable, cluster_status, endpoint_problem, obstacle_to
from capi_scvmm.store import CLUSTER_NAME, Key
from capi_scvmm.vmm_addresses import Granted, VmmAddresses

FINALIZER = "scvmmcluster.infrastructure.cluster.x-k8s.io"
"""On clusters that have something to remove before they go."""
LOOK_AGAIN_SECONDS = 10.0
"""How soon an address that was refused is tried again; nothing tells when it has become free."""


class Clusters:
    """Looks at ScvmmClusters."""

    def __init__(
        self,
        objects: Objects,
        providers: Providers,
        claims: Claims,
        knock: Knock,
        look_after: Callable[[Key, float], None],
        addresses: VmmAddresses,
    ) -> None:
        self._objects = objects
        self._claims = claims
        self._load_balancers = LoadBalancers(objects)
        self._providers = providers
        self._knock = knock
        self._look_after = look_after
        self._addresses = addresses

    async def reconcile(self, key: Key) -> None:
        """Look at one cluster."""
        body = self._objects.store.get(CLUSTER, key.namespace, key.name)
        if body is None:
            return
        cluster = ScvmmCluster.model_validate(body)
        if MANAGED_BY in cluster.metadata.labels:
            return
        if cluster.metadata.deletion_timestamp is not None:
            # Its machines are gone before it is asked to go: Cluster API sees to that.
            await self._objects.set_finalizer(CLUSTER, body, CLUSTER_FINALIZER, False)
        scope = await self._gather(key, body, cluster)
        if cluster.metadata.deletion_timestamp is not None:
            scope = await self._leave(key, body, scope)
        elif scope.claimed is not None and obstacle_to(scope) is None:
            named = {"host": scope.claimed.host, "port": scope.claimed.port}
            await self._objects.patch_spec(CLUSTER, body, {"controlPlaneEndpoint": named})
            self._look_after(key, 0.0)
            return
        else:
            scope = await self._with_load_balancers(key, body, scope)
        if scope.rival is not None or scope.answers or scope.claim_problem is not None:
            self._look_after(key, LOOK_AGAIN_SECONDS)
        patch = cluster_status(scope, datetime.now(UTC))
        if patch:
            await self._objects.post(CLUSTER, body, server_events(body.get("status") or {}, patch))
            await self._objects.patch_status(CLUSTER, body, patch)

    async def _with_load_balancers(self, key: Key, body: Body, scope: ClusterScope) -> ClusterScope:
        """Make, replace and count the load-balancer machines, once it is clear which address they hold."""
        balancer = scope.cluster.spec.control_plane_load_balancer
        idle = scope.paused_by is not None or scope.owner is None or scope.provider_problem is not None
        if balancer is None or balancer.type != HAPROXY or idle or endpoint_problem(scope) is not None:
            return scope
        # Before there is anything to remove.
        await self._objects.set_finalizer(CLUSTER, body, FINALIZER, True)
        assert scope.owner is not None, "a cluster without an owner is idle"
        found = await self._load_balancers.ensure(body, balancer, scope.owner, scope.endpoint)
        if found.trouble is not None:
            # Nobody tells of templates, nor of what the API server would take.
            self._look_after(key, LOOK_AGAIN_SECONDS)
        return replace(scope, balancers=found)

    async def _leave(self, key: Key, body: Body, scope: ClusterScope) -> ClusterScope:
        """Remove the load balancers after all other machines, then let the cluster go."""
        if scope.paused_by is not None or FINALIZER not in scope.cluster.metadata.finalizers:
            return scope
        others = await self._load_balancers.others(body, scope.owner)
        left = await self._load_balancers.remove(body) if not others else []
        if not others and not left:
            held = self._addresses.release(key, body, *self._found_server(key, scope.cluster))
            if held is None:
                await self._objects.set_finalizer(CLUSTER, body, FINALIZER, False)
                return scope
            self._look_after(key, LOOK_AGAIN_SECONDS)
            return replace(scope, leaving=held)
        self._look_after(key, LOOK_AGAIN_SECONDS)
        what = f"machines {', '.join(others)}" if others else f"load balancers {', '.join(left)}"
        return replace(scope, leaving=f"Waiting until {what} are gone.")

    async def _gather(self, key: Key, body: Body, cluster: ScvmmCluster) -> ClusterScope:
        owner = next((o.name for o in cluster.metadata.owner_references if o.kind == CAPI_CLUSTER.kind), None)
        capi = await self._objects.find(CAPI_CLUSTER, key.namespace, owner) if owner else None
        spec: Mapping[str, Any] = (capi or {}).get("spec") or {}
        scope = ClusterScope(
            cluster=cluster,
            recorded=body.get("status") or {},
            owner=owner,
            paused_by=_paused_by(cluster, spec, owner),
            endpoint=endpoint_of({}, spec),
            provider_problem=self._provider_problem(key, cluster),
            server=self._server(key, cluster),
            later=later_fields(cluster),
        )
        return await self._examined(key, body, await self._claimed(key, body, scope))

    async def _claimed(self, key: Key, body: Body, scope: ClusterScope) -> ClusterScope:
        """Claim the endpoint's address from a pool, when nobody names an endpoint and a pool is named."""
        balancer = scope.cluster.spec.control_plane_load_balancer
        going = scope.cluster.metadata.deletion_timestamp is not None
        idle = scope.paused_by is not None or going or scope.owner is None
        if balancer is None or scope.named is not None or idle:
            return scope
        if balancer.address_from_static_ip_address_pool is not None:
            return await self._granted(key, body, scope, balancer.address_from_static_ip_address_pool, balancer.port)
        pool = balancer.address_from_pool
        if pool is None:
            return scope
        owner = owner_of(CLUSTER, body, scope.owner)
        wish = Wish(ENDPOINT_PART, pool.kind, pool.name, pool.api_group or DEFAULT_GROUP)
        try:
            (claim,) = await self._claims.look(owner, [wish])
            if not claim.exists:
                await self._claims.make(owner, [wish], protected=False)
        except ClaimsRefused as error:
            return replace(scope, claim_problem=("IPAddressRefused", str(error)))
        if claim.given is None:
            waiting = (
                "WaitingForIPAddress",
                f"An address of {wish.pool} was asked for with IPAddressClaim {claim.name}.",
            )
            return replace(scope, claim_problem=claim.problem or waiting)
        host = claim.given.address.partition("/")[0]
        return replace(scope, claimed=ControlPlaneEndpoint(host=host, port=balancer.port))

    async def _granted(self, key: Key, body: Body, scope: ClusterScope, pool: str, port: int) -> ClusterScope:
        """Have VMM grant the endpoint's address; before, it is made sure that it will be given back."""
        if scope.provider_problem is not None:
            return replace(scope, claim_problem=scope.provider_problem)
        await self._objects.set_finalizer(CLUSTER, body, FINALIZER, True)
        server, provider = self._found_server(key, scope.cluster)
        answer = await self._addresses.claim(key, body, server, provider, pool)
        if isinstance(answer, Granted):
            return replace(scope, claimed=ControlPlaneEndpoint(host=answer.host, port=port))
        return replace(scope, claim_problem=(answer.reason, answer.message))

    def _found_server(self, key: Key, cluster: ScvmmCluster) -> tuple[Server | None, str]:
        """Give the VMM server of a cluster, as far as it is known, and the name of its provider."""
        reference = cluster.spec.provider_ref
        if reference is None:
            return None, "that nobody named"
        where = provider_key(reference.to_dict(), key.namespace)
        return self._providers.server(where), f"{where.namespace}/{where.name}"

    async def _examined(self, key: Key, body: Body, scope: ClusterScope) -> ClusterScope:
        """Look, before there is a machine, whether anybody else has the endpoint's address or router id."""
        endpoint, balancer = scope.named or scope.claimed, scope.cluster.spec.control_plane_load_balancer
        owner, idle = scope.owner, scope.paused_by is not None or scope.provisioned
        if idle or owner is None or endpoint is None or balancer is None:
            return scope
        address = held_address(balancer, endpoint)
        if address is not None:
            scope = replace(scope, rival=self._rival(key, body, endpoint))
        ours = address is not None or scope.claimed is not None
        if not ours or scope.rival is not None or list(self._machines(key.namespace, owner)):
            return scope
        return replace(scope, answers=await self._knock(address or endpoint.host, endpoint.port))

    def _rival(self, key: Key, body: Body, endpoint: ControlPlaneEndpoint) -> VirtualAddress | None:
        own = self._virtual_address(body, endpoint)
        others = (self._objects.store.get(CLUSTER, k.namespace, k.name) for k in self._objects.store.keys(CLUSTER))
        held = (self._virtual_address(other) for other in others if other is not None)
        return rival_of(own, [other for other in held if other is not None]) if own is not None else None

    def _virtual_address(self, body: Body, endpoint: ControlPlaneEndpoint | None = None) -> VirtualAddress | None:
        """Tell which address keepalived holds for a ScvmmCluster, as far as the watches told."""
        metadata, spec = body["metadata"], body.get("spec") or {}
        namespace = metadata["namespace"]
        owner = next((o["name"] for o in metadata.get("ownerReferences") or () if o["kind"] == CAPI_CLUSTER.kind), "")
        capi = self._objects.store.get(CAPI_CLUSTER, namespace, owner) or {}
        balancer = load_balancer_of(spec)
        address = held_address(balancer, endpoint or endpoint_of(spec, capi.get("spec") or {}))
        if balancer is None or balancer.type not in SHARING or address is None:
            return None
        provider = provider_key(spec["providerRef"], namespace) if spec.get("providerRef") else None
        status = body.get("status") or {}
        return VirtualAddress(
            f"{namespace}/{metadata['name']}",
            (provider.namespace, provider.name) if provider is not None else None,
            address,
            router_id(balancer, address),
            networks_of([*(spec.get("failureDomains") or {}).values(), *self._machines(namespace, owner)]),
            settled=bool((status.get("initialization") or {}).get("provisioned")),
            age=(metadata.get("creationTimestamp") or "", metadata["uid"]),
            backends=backends_of(balancer),
        )

    def _machines(self, namespace: str, cluster: str) -> Iterator[Mapping[str, Any]]:
        """Give the specs of the machines of a Cluster that the watches told of."""
        store = self._objects.store
        for key in store.keys(MACHINE):
            body = store.get(MACHINE, key.namespace, key.name) if key.namespace == namespace else None
            if body is not None and (body["metadata"].get("labels") or {}).get(CLUSTER_NAME) == cluster:
                yield body.get("spec") or {}

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
    for annotation in (PAUSED, DELETED_FOR_MOVE):
        if annotation in cluster.metadata.annotations:
            return f"annotation {annotation}"
    return f"Cluster {owner}" if spec.get("paused") else None
