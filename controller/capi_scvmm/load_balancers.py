# SPDX-License-Identifier: Apache-2.0
"""Load-balancer machines of ScvmmClusters: ScvmmMachines that stand alone, made, replaced and removed here."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, assert_never

from lightkube import ApiError

from capi_scvmm.backends import InvalidBackends, expanded
from capi_scvmm.conditions import parse_conditions
from capi_scvmm.endpoint import Duty, balancer_duty
from capi_scvmm.kinds import API_VERSION, ControlPlaneEndpoint, ControlPlaneLoadBalancer
from capi_scvmm.kube import CLUSTER, MACHINE, MACHINE_TEMPLATE, Body
from capi_scvmm.objects import Objects
from capi_scvmm.plan.load_balancers import Balancer, Make, Remove, names_of, plan_load_balancers
from capi_scvmm.status.cluster import Balancers
from capi_scvmm.store import CLUSTER_NAME

logger = logging.getLogger(__name__)
DIGEST = "scvmmcluster.infrastructure.cluster.x-k8s.io/load-balancer-digest"
"""The annotation of a load-balancer machine that tells what it was made from."""
WATCH_FILTER = "cluster.x-k8s.io/watch-filter"
# What a template may say of machines in general, and what each load balancer has for itself.
_OWN_FIELDS = ("id", "providerID", "vmName")


def is_load_balancer(machine: Mapping[str, Any]) -> bool:
    """Whether a ScvmmMachine is a load balancer: a ScvmmCluster made it."""
    return any(owner.get("kind") == CLUSTER.kind for owner in machine["metadata"].get("ownerReferences") or ())


ANOTHER_TEMPLATE = "Name another template in spec.controlPlaneLoadBalancer.haproxy.machineTemplateRef."


class LoadBalancers:
    """Makes and removes them. Every call may be repeated."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    async def ensure(
        self, body: Body, wish: ControlPlaneLoadBalancer, owner: str, endpoint: ControlPlaneEndpoint | None
    ) -> Balancers:
        """Do what comes next, and tell where it stands; *owner* is the Cluster."""
        assert wish.haproxy is not None, "the API server takes no HAProxy without"
        wanted = names_of(body["metadata"]["name"], wish.haproxy.replicas)
        there = list(self._there(body))
        states = [_state(machine) for machine in there]
        trouble: tuple[str, str] | None = None
        name = wish.haproxy.machine_template_ref.name
        template = await self._objects.find(MACHINE_TEMPLATE, body["metadata"]["namespace"], name)
        try:
            expanded(wish.haproxy.backends)
        except InvalidBackends as error:
            trouble = ("BackendsInvalid", f"spec.controlPlaneLoadBalancer.haproxy.backends: {error}")
        duty = balancer_duty(body.get("spec") or {}, {"controlPlaneEndpoint": endpoint.to_dict()} if endpoint else {})
        if template is None:
            trouble = (
                "TemplateNotFound",
                f"There is no ScvmmMachineTemplate {name}: create it in this namespace, or name another one in "
                "spec.controlPlaneLoadBalancer.haproxy.machineTemplateRef.",
            )
        elif duty is not None and trouble is None:
            trouble = await self._follow(body, wanted, template, duty, states, owner)
        return Balancers(wanted, tuple(states), trouble)

    async def remove(self, body: Body) -> list[str]:
        """Delete all of them; the names of those that are still there."""
        left = [machine for machine in await self._machines(body) if _owned_by(machine, body)]
        for machine in left:
            if not machine["metadata"].get("deletionTimestamp"):
                await self._delete(machine, "their cluster is being deleted")
        return sorted(machine["metadata"]["name"] for machine in left)

    async def others(self, body: Body, owner: str | None) -> list[str]:
        """Name the machines of Cluster *owner* that are no load balancers: these need the load balancers."""
        found = (machine for machine in await self._machines(body) if not is_load_balancer(machine))
        labelled = ((m["metadata"]["name"], (m["metadata"].get("labels") or {}).get(CLUSTER_NAME)) for m in found)
        return sorted(name for name, cluster in labelled if cluster is not None and cluster == owner)

    async def _machines(self, body: Body) -> list[Body]:
        # Not from the store: after a start it may not know all of them yet.
        return await self._objects.kube.list(MACHINE, body["metadata"]["namespace"])

    async def _follow(
        self,
        body: Body,
        wanted: tuple[str, ...],
        template: Body,
        duty: Duty,
        states: Iterable[Balancer],
        owner: str,
    ) -> tuple[str, str] | None:
        digest = digest_of(template, duty)
        for move in plan_load_balancers(wanted, digest, tuple(states)):
            match move:
                case Make(name=name):
                    machine = machine_of(body, template, name, digest, owner)
                    try:
                        ours = await self._make(machine, body)
                    except ApiError as error:
                        return "MachineRefused", _refusal(name, error)
                    if not ours:
                        return (
                            "NameTaken",
                            f"ScvmmMachine {name} is there and was not made for this cluster: delete it, or create "
                            "the cluster under another name.",
                        )
                case Remove(name=name, why=why):
                    found = self._objects.store.get(MACHINE, body["metadata"]["namespace"], name)
                    if found is not None:
                        await self._delete(found, why)
                case _:
                    assert_never(move)
        return None

    async def _make(self, machine: Body, body: Body) -> bool:
        """Make a machine; False when there is one of its name that is not the cluster's."""
        namespace, name = machine["metadata"]["namespace"], machine["metadata"]["name"]
        if await self._objects.kube.create(MACHINE, namespace, machine):
            logger.info("ScvmmCluster %s/%s: made load balancer %s", namespace, body["metadata"]["name"], name)
        there = await self._objects.kube.get(MACHINE, namespace, name)
        return there is None or _owned_by(there, body)

    async def _delete(self, machine: Body, why: str) -> None:
        metadata = machine["metadata"]
        logger.info("load balancer %s/%s is removed: %s", metadata["namespace"], metadata["name"], why)
        await self._objects.kube.delete(MACHINE, metadata["namespace"], metadata["name"])

    def _there(self, body: Body) -> Iterator[Body]:
        store, namespace = self._objects.store, body["metadata"]["namespace"]
        for key in sorted(store.keys(MACHINE), key=lambda key: key.name):
            machine = store.get(MACHINE, key.namespace, key.name) if key.namespace == namespace else None
            if machine is not None and _owned_by(machine, body):
                yield machine


def digest_of(template: Mapping[str, Any], duty: Duty) -> str:
    """Make a short text that changes when a load balancer would come out otherwise."""
    password = duty.password.to_dict() if duty.password is not None else None
    made_from = [template["spec"]["template"]["spec"], duty.variables, password]
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()[:16]


def machine_of(body: Body, template: Mapping[str, Any], name: str, digest: str, owner: str) -> Body:
    """Make the ScvmmMachine of a load balancer: one that stands alone, and goes with its ScvmmCluster."""
    made = template["spec"]["template"]
    metadata, labels = made.get("metadata") or {}, body["metadata"].get("labels") or {}
    spec = {key: value for key, value in made["spec"].items() if key not in _OWN_FIELDS}
    filtered = {WATCH_FILTER: labels[WATCH_FILTER]} if WATCH_FILTER in labels else {}
    return {
        "apiVersion": API_VERSION,
        "kind": MACHINE.kind,
        "metadata": {
            "name": name,
            "namespace": body["metadata"]["namespace"],
            "labels": {**(metadata.get("labels") or {}), **filtered, CLUSTER_NAME: owner},
            "annotations": {**(metadata.get("annotations") or {}), DIGEST: digest},
            "ownerReferences": [
                {
                    "apiVersion": API_VERSION,
                    "kind": CLUSTER.kind,
                    "name": body["metadata"]["name"],
                    "uid": body["metadata"]["uid"],
                    "controller": True,
                    "blockOwnerDeletion": True,
                }
            ],
        },
        "spec": {**spec, "bootstrap": spec.get("bootstrap") or {}},
    }


def _refusal(name: str, error: ApiError) -> str:
    words = " ".join(str(error.status.message or error).split())[:1000].rstrip(".")
    rights = "Give the controller the rights of controller/deploy/rbac.yaml."
    remedy = rights if error.status.code == 403 else ANOTHER_TEMPLATE
    return f"ScvmmMachine {name} cannot be made, the API server says: {words}. {remedy}"


def _state(machine: Mapping[str, Any]) -> Balancer:
    metadata, conditions = machine["metadata"], parse_conditions(machine.get("status") or {})
    ready, created = conditions.get("Ready"), conditions.get("VMCreated")
    return Balancer(
        metadata["name"],
        (metadata.get("annotations") or {}).get(DIGEST, ""),
        ready=ready is not None and ready.status == "True",
        lost=created is not None and created.reason == "VMDeleted",
        deleting=bool(metadata.get("deletionTimestamp")),
        waits_for=ready.reason if ready is not None else "",
    )


def _owned_by(machine: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    # By the uid: after clusterctl move both have new ones, and the reference was changed with them.
    owners = machine["metadata"].get("ownerReferences") or ()
    return any(owner.get("uid") == body["metadata"]["uid"] for owner in owners)
