# SPDX-License-Identifier: Apache-2.0
"""ScvmmClusters that want an address: claimed, looked at, written once. The API server is in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from capi_scvmm.claims import Claims
from capi_scvmm.cluster import LOOK_AGAIN_SECONDS, Clusters
from capi_scvmm.kube import CAPI_CLUSTER, CLUSTER, IP_ADDRESS, IP_ADDRESS_CLAIM, MACHINE, Body, Kind
from capi_scvmm.objects import Objects
from capi_scvmm.outcomes import Done
from capi_scvmm.provider import Providers
from capi_scvmm.runs.batch import Batcher
from capi_scvmm.store import Key, Store
from capi_scvmm.vmm_addresses import VmmAddresses

from .fleet import MemoryKube, NotingRunner, leap

POOL = {"apiGroup": "ipam.cluster.x-k8s.io", "kind": "InClusterIPPool", "name": "endpoints"}
KEEPALIVED: dict[str, Any] = {"type": "Keepalived", "addressFromPool": POOL}
VIP = "10.0.0.100"


@dataclass
class Site:
    """An API server with clusters, and those who answer on the network."""

    answering: set[tuple[str, int]] = field(default_factory=set)
    knocked: list[tuple[str, int]] = field(default_factory=list)
    later: list[tuple[Key, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.kube, self.store = MemoryKube(), Store()
        objects = Objects(self.kube, self.store, lambda _: None)
        providers = Providers(objects, _no_session, lambda _: None, lambda _: None, 60.0, lambda _: True, self._after)
        addresses = VmmAddresses(objects, Batcher(NotingRunner(Done)), lambda _: None)
        self._clusters = Clusters(objects, providers, Claims(objects), self._knock, self._after, addresses)

    def _after(self, key: Key, seconds: float) -> None:
        self.later.append((key, seconds))

    async def _knock(self, host: str, port: int) -> bool:
        self.knocked.append((host, port))
        return (host, port) in self.answering

    def have(self, kind: Kind, name: str, body: Body) -> None:
        """Have an object, known to the watches."""
        self.store.put(kind, self.kube.put(kind, name, body))

    def gone(self, kind: Kind, name: str) -> None:
        """Have an object gone, finalizers or not."""
        body = self.kube.objects.pop((kind.kind, name), None) or self.store.get(kind, "ns", name)
        assert body is not None
        self.store.drop(kind, body)

    def cluster(self, name: str, spec: dict[str, Any], **meta: Any) -> None:
        """Have a Cluster and its ScvmmCluster."""
        self.have(CAPI_CLUSTER, name, {"spec": {"infrastructureRef": {"kind": CLUSTER.kind, "name": name}}})
        owner = {"apiVersion": "cluster.x-k8s.io/v1beta2", "kind": CAPI_CLUSTER.kind, "name": name, "uid": "c"}
        self.have(CLUSTER, name, {"metadata": {"ownerReferences": [owner], **meta}, "spec": spec})

    def look(self, name: str = "east", times: int = 1) -> None:
        """Have the controller look at a ScvmmCluster; the watches tell of the machines that it made."""
        for _ in range(times):
            leap(lambda: self._clusters.reconcile(Key(CLUSTER.kind, "ns", name)))
            for (kind, _), body in self.kube.objects.items():
                if kind == MACHINE.kind:
                    self.store.put(MACHINE, body)

    def claims(self) -> Iterator[Body]:
        """The claims that there are."""
        return (body for (kind, _), body in self.kube.objects.items() if kind == IP_ADDRESS_CLAIM.kind)

    def give(self, address: str) -> None:
        """Answer the claim as an IPAM provider does."""
        (claim,) = self.claims()
        name = claim["metadata"]["name"]
        self.kube.put(IP_ADDRESS, name, {"spec": {"address": address, "prefix": 24, "gateway": "10.0.0.1"}})
        self.have(IP_ADDRESS_CLAIM, name, {**claim, "status": {"addressRef": {"name": name}}})

    def spec(self, name: str = "east") -> dict[str, Any]:
        """The spec of a ScvmmCluster."""
        return dict(self.kube.objects[CLUSTER.kind, name]["spec"])

    def says(self, name: str = "east") -> str:
        """The reason of the endpoint's condition."""
        conditions = (self.kube.objects[CLUSTER.kind, name].get("status") or {}).get("conditions") or []
        return str(next((c["reason"] for c in conditions if c["type"] == "ControlPlaneEndpointReady"), ""))

    def provisioned(self, name: str = "east") -> bool:
        """Whether machines may come."""
        status = self.kube.objects[CLUSTER.kind, name].get("status") or {}
        return bool((status.get("initialization") or {}).get("provisioned"))


def _no_session(_: object) -> Any:
    raise AssertionError("no VMM server is asked for this")


def test_an_address_of_a_pool_becomes_the_endpoint() -> None:
    """It is claimed, knocked at, and written into the spec, once; the claim goes with the cluster."""
    site = Site()
    site.cluster("east", {"controlPlaneLoadBalancer": KEEPALIVED})
    site.look(times=2)
    assert (site.says(), site.provisioned()) == ("WaitingForIPAddress", False)
    (claim,) = site.claims()
    (owner,) = claim["metadata"]["ownerReferences"]
    assert (owner["kind"], owner["name"], owner["controller"]) == ("ScvmmCluster", "east", True)
    assert claim["spec"]["poolRef"] == POOL and claim["spec"]["clusterName"] == "east"
    site.give(VIP)
    site.look(times=2)
    assert site.spec()["controlPlaneEndpoint"] == {"host": VIP, "port": 6443}
    assert (site.says(), site.provisioned()) == ("Known", True)
    site.look(times=2)
    assert len(list(site.claims())) == 1 and site.knocked[0] == (VIP, 6443)


def test_a_pools_address_that_answers_is_not_written() -> None:
    """It could never be changed again; it is taken as soon as it is free."""
    site = Site(answering={(VIP, 6443)})
    site.cluster("east", {"controlPlaneLoadBalancer": KEEPALIVED})
    site.look()
    site.give(VIP)
    site.look()
    assert (site.says(), site.provisioned()) == ("AddressInUse", False)
    assert "controlPlaneEndpoint" not in site.spec()
    assert site.later[-1] == (Key(CLUSTER.kind, "ns", "east"), LOOK_AGAIN_SECONDS)
    site.answering.clear()
    site.look(times=2)
    assert (site.says(), site.provisioned()) == ("Known", True)


def test_an_endpoint_that_is_given_is_not_claimed() -> None:
    """Nor knocked at where somebody else's load balancer is behind it: that one may answer."""
    site = Site(answering={(VIP, 6443)})
    endpoint = {"host": VIP, "port": 6443}
    site.cluster("east", {"controlPlaneEndpoint": endpoint, "controlPlaneLoadBalancer": {"type": "External"}})
    site.look()
    assert list(site.claims()) == [] and site.knocked == [] and site.provisioned()


def test_a_cluster_that_was_moved_here_is_not_refused_for_answering() -> None:
    """Its status is lost by the move, and its machines are there: they are who answers."""
    site = Site(answering={(VIP, 6443)})
    site.have(MACHINE, "cp-1", {"metadata": {"labels": {"cluster.x-k8s.io/cluster-name": "east"}}, "spec": {}})
    spec = {"controlPlaneEndpoint": {"host": VIP, "port": 6443}, "controlPlaneLoadBalancer": {"type": "Keepalived"}}
    site.cluster("east", spec)
    site.look()
    assert site.provisioned() and site.knocked == []


def test_two_clusters_do_not_get_one_router_id() -> None:
    """The younger one is told; given another id it goes on."""
    site = Site()
    for name, host, born in (("west", "10.0.0.101", "2026-01-01"), ("east", VIP, "2026-01-02")):
        balancer = {"type": "Keepalived", "keepalived": {"virtualRouterID": 51}}
        spec = {"controlPlaneEndpoint": {"host": host, "port": 6443}, "controlPlaneLoadBalancer": balancer}
        site.cluster(name, spec, creationTimestamp=f"{born}T00:00:00Z")
    site.look("east")
    site.look("west")
    assert (site.says("east"), site.provisioned("west")) == ("VirtualAddressInUse", True)
    mended = {**site.spec("east"), "controlPlaneLoadBalancer": {"type": "Keepalived"}}
    site.have(CLUSTER, "east", {**site.kube.objects[CLUSTER.kind, "east"], "spec": mended})
    site.look("east")
    assert site.provisioned("east")


def test_nothing_is_claimed_for_a_cluster_that_is_paused_or_has_no_owner() -> None:
    """Contract 10 and 16."""
    site = Site()
    paused = {"annotations": {"cluster.x-k8s.io/paused": ""}}
    site.cluster("east", {"controlPlaneLoadBalancer": KEEPALIVED}, **paused)
    site.look()
    site.have(CLUSTER, "alone", {"spec": {"controlPlaneLoadBalancer": KEEPALIVED}})
    site.look("alone")
    assert list(site.claims()) == []
