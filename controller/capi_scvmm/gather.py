# SPDX-License-Identifier: Apache-2.0
"""Gathers everything that a look at a machine needs: the scope for the plan, and what only a run needs beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from capi_scvmm.addressing import Addressing
from capi_scvmm.bootstrap_data import BootstrapData, Credentials, FirstBoot, first_boot, secrets_of
from capi_scvmm.claims import Claims
from capi_scvmm.cluster import not_allowed
from capi_scvmm.endpoint import (
    Duty,
    backends_of,
    balancer_duty,
    beside_backends,
    endpoint_of,
    held_address,
    load_balancer_of,
    node_duty,
)
from capi_scvmm.hooks import hook_state
from capi_scvmm.kinds import InvalidField, ScvmmMachine, check_meta_data, later_fields, render_hostname
from capi_scvmm.kinds.boot import BootFields
from capi_scvmm.kube import CAPI_CLUSTER, CAPI_MACHINE, CLUSTER, NAME_POOL, REMEDIATION, SECRET, Body
from capi_scvmm.medium import DVD, Form
from capi_scvmm.names import NamePools, name_claim_of
from capi_scvmm.networks import Device
from capi_scvmm.objects import Objects
from capi_scvmm.observe.identity import identify
from capi_scvmm.persistent_disks import PersistentDisks
from capi_scvmm.plan import Bootstrap, Health, Infrastructure, Naming, Owner, Provider, Recorded, Scope, Stage
from capi_scvmm.plan.life import being_created, creation_complete, has_medium, medium_left, runs
from capi_scvmm.plan.name_pool import Books, NameClaim, obtainable
from capi_scvmm.plan.node import NodeTry
from capi_scvmm.plan.scope import Attempt, RemediationRequest
from capi_scvmm.provider import Providers, Server, provider_key
from capi_scvmm.request import (
    Placement,
    UnknownFailureDomain,
    ignition_obstacle,
    placement,
    unfinished,
    vm_options,
)
from capi_scvmm.status.name_pool import lack
from capi_scvmm.store import CLUSTER_NAME, Key

CONTROL_PLANE = "cluster.x-k8s.io/control-plane"
COMPLETIONS = 3
"""How often a VM may be completed with the same fields lacking before and after; then VMM does not do it."""


@dataclass
class Memory:
    """What this process knows of a machine beside status and VMM; losing it costs a repetition, never a second VM."""

    uid: str
    # The uid in the mark of its VM, by which observers know the machine; its own one unless it was moved here.
    mark: str = ""
    attempt: Attempt | None = None
    errands: dict[Stage, Attempt] = field(default_factory=dict)
    in_flight: Stage | None = None
    issued: str | None = None
    issued_for: Stage | None = None
    stop_asked: bool = False
    cancel_asked: bool = False
    # The versions of the Secrets for the first boot that were read and found good.
    bootstrap_read: tuple[str | None, ...] | None = None
    medium_gone: bool = False
    # What the last look for the Node found, and whether one is under way.
    node: NodeTry | None = None
    node_asked: bool = False
    # What a new VM lacks, and how often its completion has left that as it was.
    lacking: tuple[str, ...] = ()
    completions: int = 0
    # What the hook determined, until status says it.
    boot: BootFields | None = None
    # A name from a pool that VMM uses for somebody else's VM, and what VMM said.
    name_refused: tuple[str, str] | None = None
    # When the last action ended, on the loop's clock: what is older says nothing about its effect.
    touched: float = 0.0


@dataclass(frozen=True)
class Look:
    """A scope, and what is needed to act on it but must not be in it (user-data and credentials are secret)."""

    scope: Scope
    body: Body
    server: Server | None
    place: Placement | None = None
    hostname: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    devices: tuple[Device, ...] = ()
    name_claim: NameClaim | None = None
    data: BootstrapData | None = None
    credentials: Credentials | None = None
    duty: Duty | None = None
    vrrp_password: str | None = field(default=None, repr=False)


class Gatherer:
    """Makes looks."""

    def __init__(self, objects: Objects, providers: Providers, names: NamePools, disks: PersistentDisks) -> None:
        self._objects = objects
        self._providers = providers
        self._addressing = Addressing(Claims(objects))
        self._names = names
        self._disks = disks

    async def look(self, key: Key, body: Body, memory: Memory) -> Look:
        """Gather everything about one machine."""
        machine = ScvmmMachine.model_validate(body)
        recorded = Recorded.parse(body.get("status"), machine.spec.provider_id, machine.spec.id is not None)
        scope = Scope(
            machine,
            recorded,
            Provider(None),
            Bootstrap(False),
            standalone=machine.spec.bootstrap is not None,
            attempt=memory.attempt,
            errands=dict(memory.errands),
            in_flight=memory.in_flight,
            issued=memory.issued,
            issued_for=memory.issued_for,
            stop_asked=memory.stop_asked,
            cancel_asked=memory.cancel_asked,
            medium_gone=memory.medium_gone,
            node=memory.node,
            later=tuple(later_fields(machine)),
        )
        scope, infra, duty = await self._relatives(key, scope)
        scope = replace(scope, remediation=self._remediation(key, scope))
        scope, server = self._server(key, scope, infra)
        scope = self._sight(scope, server, memory)
        scope, claim = await self._name(key, body, scope, memory)
        scope = replace(scope, disks=await self._disks.state(key, scope))
        look = Look(scope, body, server, name_claim=claim, duty=duty)
        look = await self._bootstrap(key, look, memory)
        look = self._request(look)
        if look.scope.bootstrap.problem is not None:
            # What is in the way is said again at each look, so the data is needed again.
            memory.bootstrap_read = None
        look = _with_hook(look, memory)
        scope, devices = await self._addressing.gather(look.scope, body, look.place)
        look = replace(look, scope=_reached(scope, devices), devices=devices)
        # A job that failed says nothing about what VMM can do: it is tried again, later and later.
        failing = look.scope.attempt is not None and look.scope.attempt.stage is Stage.COMPLETE
        done = memory.completions >= COMPLETIONS and memory.lacking == look.scope.unfinished and not failing
        return replace(look, scope=replace(look.scope, completed=done))

    async def _relatives(self, key: Key, scope: Scope) -> tuple[Scope, Body | None, Duty | None]:
        """Find the Machine, the Cluster and the ScvmmCluster, and what this guest does for the endpoint."""
        meta = scope.machine.metadata
        owner_name = next((o.name for o in meta.owner_references if o.kind == CAPI_MACHINE.kind), None)
        owner = await self._objects.find(CAPI_MACHINE, key.namespace, owner_name) if owner_name else None
        spec: Mapping[str, Any] = (owner or {}).get("spec") or {}
        cluster_name = meta.labels.get(CLUSTER_NAME) or spec.get("clusterName")
        cluster = await self._objects.find(CAPI_CLUSTER, key.namespace, cluster_name) if cluster_name else None
        cluster_spec: Mapping[str, Any] = (cluster or {}).get("spec") or {}
        reference = cluster_spec.get("infrastructureRef") or {}
        infra = await self._objects.find(CLUSTER, key.namespace, reference["name"]) if reference.get("name") else None
        scope = replace(
            scope,
            owner=Owner(
                owner["metadata"]["name"],
                spec.get("failureDomain") or None,
                (spec.get("bootstrap") or {}).get("dataSecretName") or None,
                bool((owner.get("status") or {}).get("nodeRef")),
            )
            if owner is not None
            else None,
            cluster=cluster_name if cluster is not None else None,
            cluster_paused=bool(cluster_spec.get("paused")),
            infrastructure=_infrastructure(infra, cluster_spec) if infra is not None else None,
        )
        labels = {**((owner or {}).get("metadata", {}).get("labels") or {}), **meta.labels}
        infra_spec = (infra or {}).get("spec") or {}
        if scope.machine.of_cluster:
            return scope, infra, balancer_duty(infra_spec, cluster_spec)
        return scope, infra, node_duty(infra_spec, cluster_spec) if CONTROL_PLANE in labels else None

    def _remediation(self, key: Key, scope: Scope) -> RemediationRequest | None:
        """Give the power cycle that a ScvmmRemediation, which has the name of its Machine, asked for last."""
        body = self._objects.store.get(REMEDIATION, key.namespace, scope.owner.name) if scope.owner else None
        attempt = int(((body or {}).get("status") or {}).get("retryCount") or 0)
        if body is None or not attempt or body["metadata"].get("deletionTimestamp"):
            return None
        return RemediationRequest(body["metadata"]["uid"], attempt)

    def _server(self, key: Key, scope: Scope, infra: Body | None) -> tuple[Scope, Server | None]:
        reference = _provider_reference(scope, infra)
        if reference is None:
            lack = "Neither spec.providerRef nor that of the ScvmmCluster names a ScvmmProvider: set one of them."
            return replace(scope, provider=Provider(None, ("ProviderNotNamed", lack))), None
        where = provider_key(reference, key.namespace)
        name = f"{where.namespace}/{where.name}"
        server = self._providers.server(where)
        if server is None:
            return replace(scope, provider=Provider(name, health=Health.UNKNOWN)), None
        problem = server.problem
        allowed = server.provider is None or server.provider.allows(key.namespace)
        if not allowed and not scope.vm_possible:
            problem = not_allowed(name, key.namespace)
        state = server.state
        provider = Provider(
            name, problem, state.health, state.message, {"name": where.name, "namespace": where.namespace}, state.reason
        )
        generation = (infra or {}).get("metadata", {}).get("generation")
        basis = f"{scope.machine.metadata.generation}/{generation}/{server.basis}/{scope.owner}"
        after = server.provider.spec.cloud_init.eject_after_seconds if server.provider else scope.eject_after
        return replace(scope, provider=provider, basis=basis, eject_after=after, form=_form(scope, server)), server

    def _sight(self, scope: Scope, server: Server | None, memory: Memory) -> Scope:
        if server is None or server.observer is None:
            return scope
        sight, machine = identify(server.observer, scope, memory.touched)
        memory.mark = machine.mark
        job_id = (scope.recorded.body.get("job") or {}).get("id")
        shared = scope.infrastructure.held_address if scope.infrastructure is not None else None
        vm = sight.vm.without_address(shared) if sight.vm is not None else None
        scope = replace(scope, machine=machine, vm=vm, observed=sight.known, job=server.observer.job(job_id))
        return replace(scope, recorded=replace(scope.recorded, medium=medium_left(scope)))

    async def _bootstrap(self, key: Key, look: Look, memory: Memory) -> Look:
        scope = look.scope
        own = scope.machine.spec.bootstrap
        secret = own.data_secret_name if own is not None else scope.owner.data_secret_name if scope.owner else None
        wanted = own is None or secret is not None or scope.machine.of_cluster
        found = Bootstrap(wanted, secret)
        # While a run or VMM works on the VM nothing is done with it; each look would be a call to the API server.
        busy = scope.in_flight is not None or being_created(scope) or (scope.vm is not None and scope.vm.busy)
        past = scope.recorded.ran_once or has_medium(scope) or runs(scope)
        if not wanted or busy or past or scope.deleting or not scope.has_finalizer:
            return replace(look, scope=replace(scope, bootstrap=found))
        if scope.machine.of_cluster and look.duty is None:
            words = f"Waiting for an endpoint and backends in the ScvmmCluster of Cluster {scope.cluster}."
            problem = ("WaitingForControlPlaneEndpoint", words)
            return replace(look, scope=replace(scope, bootstrap=replace(found, problem=problem)))
        if secret is None and not scope.machine.of_cluster:
            name = scope.owner.name if scope.owner is not None else "its owner"
            message = (
                f"Waiting for the bootstrap data of Machine {name}: its spec.bootstrap.dataSecretName is not set yet."
            )
            problem = ("WaitingForBootstrapData", message)
            return replace(look, scope=replace(scope, bootstrap=replace(found, problem=problem)))
        join, password = scope.machine.spec.domain_join, look.duty.password if look.duty is not None else None
        names = secrets_of(secret, join, password)
        versions = tuple(self._objects.version(SECRET, key.namespace, name) for name in names)
        if scope.vm is None and None not in versions and versions == memory.bootstrap_read:
            # Before there is a VM to attach it to, it only matters that it is there and good.
            return replace(look, scope=replace(scope, bootstrap=found))
        bodies = {name: await self._objects.kube.get(SECRET, key.namespace, name) for name in names}
        look = replace(look, scope=replace(scope, bootstrap=found))
        read = first_boot(key.namespace, secret, join, password, bodies)
        if isinstance(read, FirstBoot):
            memory.bootstrap_read = tuple((bodies[name] or {})["metadata"]["resourceVersion"] for name in names)
            return replace(look, data=read.data, credentials=read.credentials, vrrp_password=read.vrrp_password)
        memory.bootstrap_read = None
        return replace(look, scope=replace(look.scope, bootstrap=replace(found, problem=read)))

    async def _name(self, key: Key, body: Body, scope: Scope, memory: Memory) -> tuple[Scope, NameClaim | None]:
        """See what name the machine has from its pool, or would get; one that waits for a name is noted there."""
        machine, vm = scope.machine, scope.vm
        if machine.spec.vm_name_from_pool is None or machine.spec.vm_name or scope.deleting:
            return scope, None
        where = Key(NAME_POOL.kind, key.namespace, machine.spec.vm_name_from_pool.name)
        refused, why = memory.name_refused or (None, "")
        claim = replace(
            name_claim_of(body, vm.name if vm is not None else None, vm is not None), refused=refused, why=why
        )
        if vm is not None:
            # Whatever became of the annotation: the VM is called as it is.
            scope = replace(scope, machine=machine.named(vm.name))
        pool = await self._names.find(where.namespace, where.name)
        naming = Naming(where.name, carried=machine.taken_name)
        if pool is not None:
            books = Books.of(pool)
            naming = replace(naming, found=True, owned=books.name_of(claim))
            naming = replace(naming, refused=refused is not None and refused == naming.owned)
            if not naming.settled:
                wished = obtainable(pool, claim, datetime.now(UTC))
                naming = replace(naming, wished=wished, lack="" if wished is not None else lack(pool, books))
        if vm is None and not naming.settled and naming.wished is None:
            self._names.wait(where, key, claim.since)
        return replace(scope, naming=naming), claim

    def _request(self, look: Look) -> Look:
        """Turn the spec into a request as far as it can be; what cannot is said by the scope."""
        scope, machine = look.scope, look.scope.machine
        if scope.deleting or scope.recorded.ran_once:
            return replace(look, scope=_placed(scope))
        infra = scope.infrastructure
        domain = scope.owner.failure_domain if scope.owner is not None else None
        naming = scope.naming
        if naming is not None and scope.vm is None and naming.wished is not None:
            # What does not go with a name of the pool is told before one is taken.
            machine = machine.named(naming.wished)
        try:
            place = placement(machine, domain, infra.domains if infra else {}, infra.name if infra else None)
            check_meta_data(machine.spec.metadata)
            hostname = render_hostname(machine, place.networking)
            options = vm_options(machine, place, scope.known_id, naming is not None, scope.disks)
        except UnknownFailureDomain as error:
            return replace(look, scope=replace(scope, invalid=("UnknownFailureDomain", str(error))))
        except InvalidField as error:
            return replace(look, scope=replace(scope, invalid=("InvalidSpec", f"{scope.name}: {error}")))
        problem = ignition_obstacle(look.data, machine, place, look.duty is not None)
        if problem is not None:
            scope = replace(scope, bootstrap=replace(scope.bootstrap, problem=problem))
        # A VM that is adopted is taken as it is.
        new = scope.vm is not None and creation_complete(scope) and machine.spec.id is None
        lacking = unfinished(options, scope.vm) if new and scope.vm is not None else ()
        scope = replace(scope, placed_in=place.failure_domain, unfinished=lacking)
        return replace(look, scope=scope, place=place, hostname=hostname, options=options)


def _placed(scope: Scope) -> Scope:
    """Say again where a machine was placed whose status does not tell it any more: its Machine does."""
    domain = scope.owner.failure_domain if scope.owner is not None else None
    there = scope.infrastructure is not None and domain in scope.infrastructure.domains
    return replace(scope, placed_in=domain) if there and "failureDomain" not in scope.recorded.body else scope


def _with_hook(look: Look, memory: Memory) -> Look:
    """Add where the machine stands with its hook, while that matters, and the host name that it chose."""
    scope = look.scope
    if scope.deleting or scope.recorded.ran_once or not scope.bootstrap.wanted:
        return look
    recorded = scope.recorded.body.get("boot")
    known = BootFields.model_validate(recorded) if recorded else memory.boot
    hook = hook_state(scope.machine, look.server.provider if look.server is not None else None, known)
    if hook is None:
        return look
    if hook.trouble is not None and scope.vm is None and scope.invalid is None:
        scope = replace(scope, invalid=hook.trouble)
    named = hook.fields.hostname if hook.fields is not None else None
    return replace(look, scope=replace(scope, hook=hook), hostname=named or look.hostname)


def _reached(scope: Scope, devices: Sequence[Device]) -> Scope:
    """Refuse a control-plane node to which the load balancers could not lead, before it boots."""
    backends = scope.infrastructure.backends if scope.infrastructure is not None else ()
    addresses = [address.address for device in devices for address in device.addresses]
    if CONTROL_PLANE not in scope.machine.metadata.labels or scope.deleting or not beside_backends(addresses, backends):
        return scope
    words = (
        f"{scope.name}: the load balancers of its cluster lead to none of its addresses {', '.join(addresses)}: give "
        "it one of spec.controlPlaneLoadBalancer.haproxy.backends of the ScvmmCluster, or add one of these there."
    )
    return replace(scope, network_trouble=("NotABackend", words))


def _form(scope: Scope, server: Server) -> Form:
    """Choose the form of the medium: as it was made, else as the provider says now."""
    made = scope.recorded.body.get("medium") or {}
    if made.get("device") and made.get("fileSystem"):
        return Form(made["device"], made["fileSystem"])
    if scope.recorded.medium is not None or server.provider is None:
        return DVD  # What status tells no form of is from before there were several.
    wanted = server.provider.spec.cloud_init
    return Form.wished(wanted.device_type, wanted.file_system)


def _infrastructure(infra: Body, cluster_spec: Mapping[str, Any]) -> Infrastructure:
    status, spec = infra.get("status") or {}, infra.get("spec") or {}
    return Infrastructure(
        infra["metadata"]["name"],
        bool((status.get("initialization") or {}).get("provisioned")),
        spec.get("failureDomains") or {},
        held_address(load_balancer_of(spec), endpoint_of(spec, cluster_spec)),
        backends_of(load_balancer_of(spec)),
    )


def _provider_reference(scope: Scope, infra: Body | None) -> Mapping[str, Any] | None:
    """Choose the provider: the one the VM was made with, then the machine's own, then the cluster's."""
    copied = scope.recorded.body.get("providerRef")
    own = scope.machine.spec.provider_ref
    named = own.to_dict() if own is not None else ((infra or {}).get("spec") or {}).get("providerRef")
    return copied if copied and scope.vm_possible else named
