# SPDX-License-Identifier: Apache-2.0
"""Load-balancer machines of ScvmmClusters: made, counted, replaced, removed last. The API server is in memory."""

from __future__ import annotations

from typing import Any

from capi_scvmm.cluster import FINALIZER
from capi_scvmm.kinds import ScvmmCluster
from capi_scvmm.kube import CLUSTER, MACHINE, MACHINE_TEMPLATE, Body
from capi_scvmm.load_balancers import DIGEST, is_load_balancer
from capi_scvmm.plan.load_balancers import Balancer
from capi_scvmm.status.cluster import Balancers, ClusterScope, cluster_status
from lightkube import ApiError
from lightkube.models.meta_v1 import Status

from .scopes import NOON
from .test_cluster_endpoint import Site

HAPROXY: dict[str, Any] = {"machineTemplateRef": {"name": "lb"}, "replicas": 2, "backends": ["10.0.0.11-10.0.0.13"]}
SPEC: dict[str, Any] = {
    "controlPlaneEndpoint": {"host": "10.0.0.100", "port": 6443},
    "controlPlaneLoadBalancer": {"type": "HAProxy", "haproxy": HAPROXY},
}
TEMPLATE = {"vmTemplate": "debian", "vmName": "one", "id": "i", "cloud": "prod"}
NAMES = ["east-lb-0", "east-lb-1"]


def site(spec: dict[str, Any] = SPEC, **meta: Any) -> Site:
    """A cluster that wants two load balancers, and the template for them."""
    made = Site()
    template(made)
    made.cluster("east", spec, **meta)
    return made


def template(made: Site, **spec: Any) -> None:
    """Have the template."""
    resource = {"metadata": {"labels": {"tier": "edge"}}, "spec": {**TEMPLATE, **spec}}
    made.have(MACHINE_TEMPLATE, "lb", {"spec": {"template": resource}})


def machines(made: Site) -> dict[str, Body]:
    """The machines that there are, by name."""
    return {name: body for (kind, name), body in made.kube.objects.items() if kind == MACHINE.kind}


def serve(made: Site, *names: str) -> None:
    """Have machines whose VMs run and told their addresses."""
    for name in names:
        ready = {"type": "Ready", "status": "True", "reason": "Ready"}
        made.have(MACHINE, name, {**machines(made)[name], "status": {"conditions": [ready]}})


def condition(made: Site, kind: str) -> tuple[str, str]:
    """Reason and words of a condition."""
    conditions = made.kube.objects[CLUSTER.kind, "east"]["status"]["conditions"]
    return next((c["reason"], c["message"]) for c in conditions if c["type"] == kind)


def test_load_balancers_come_before_the_cluster_is_provisioned() -> None:
    """`kubeadm init` needs the address; one that serves is enough for it."""
    made = site()
    made.look()
    assert sorted(machines(made)) == NAMES and not made.provisioned()
    made.look()
    assert condition(made, "Ready") == (
        "WaitingForLoadBalancers",
        "0 of 2 are ready: east-lb-0 is new, east-lb-1 is new",
    )
    serve(made, "east-lb-1")
    made.look()
    assert made.provisioned()
    assert condition(made, "LoadBalancersReady") == ("SomeNotReady", "1 of 2 are ready: east-lb-0 is new")
    serve(made, "east-lb-0")
    made.look()
    assert condition(made, "LoadBalancersReady") == ("Ready", "2 of 2 are ready.")


def test_a_load_balancer_is_a_machine_on_its_own_that_goes_with_its_cluster() -> None:
    """It has what the template says, but for what only one VM can have."""
    made = site(labels={"cluster.x-k8s.io/watch-filter": "blue"})
    made.look()
    machine = machines(made)["east-lb-0"]
    assert machine["spec"] == {"vmTemplate": "debian", "cloud": "prod", "bootstrap": {}}
    labels = machine["metadata"]["labels"]
    assert labels["cluster.x-k8s.io/cluster-name"] == "east" and labels["tier"] == "edge"
    assert labels["cluster.x-k8s.io/watch-filter"] == "blue"
    (owner,) = machine["metadata"]["ownerReferences"]
    assert (owner["kind"], owner["name"], owner["controller"]) == ("ScvmmCluster", "east", True)
    assert is_load_balancer(machine)
    assert FINALIZER in made.kube.objects[CLUSTER.kind, "east"]["metadata"]["finalizers"]


def test_a_change_of_the_backends_replaces_one_after_the_other() -> None:
    """What a machine was made from stands in an annotation of it."""
    made = site()
    made.look()
    serve(made, *NAMES)
    before = machines(made)["east-lb-1"]["metadata"]["annotations"][DIGEST]
    wider = {"type": "HAProxy", "haproxy": {**HAPROXY, "backends": ["10.0.0.11-10.0.0.20"]}}
    cluster = made.kube.objects[CLUSTER.kind, "east"]
    made.have(CLUSTER, "east", {**cluster, "spec": {**SPEC, "controlPlaneLoadBalancer": wider}})
    made.look()
    assert sorted(machines(made)) == ["east-lb-0"]
    made.gone(MACHINE, "east-lb-1")
    made.look()
    assert machines(made)["east-lb-1"]["metadata"]["annotations"][DIGEST] != before
    made.look()
    assert sorted(machines(made)) == NAMES  # the other one waits
    serve(made, "east-lb-1")
    made.look()
    assert sorted(machines(made)) == ["east-lb-1"]


def test_what_keeps_load_balancers_from_coming_is_told() -> None:
    """With who can mend it; each is looked for again when it may have come."""
    made = Site()
    made.cluster("east", SPEC)
    made.look()
    assert condition(made, "LoadBalancersReady")[0] == condition(made, "Ready")[0] == "TemplateNotFound"
    assert made.later[-1][1] > 0
    wrong = {"type": "HAProxy", "haproxy": {**HAPROXY, "backends": ["10.0.0.9-10.0.0.1"]}}
    made = site({**SPEC, "controlPlaneLoadBalancer": wrong})
    made.look()
    assert condition(made, "LoadBalancersReady")[0] == "BackendsInvalid" and machines(made) == {}
    made = site()
    made.have(MACHINE, "east-lb-0", {"spec": {}})
    made.look()
    assert condition(made, "LoadBalancersReady")[0] == "NameTaken"


def test_a_machine_that_the_api_server_does_not_take_is_told() -> None:
    """In its words: the template is nobody's who could be asked."""
    made = site()
    made.kube.refusal = refusal(422, "spec.cpuCount: Invalid value")
    made.look()
    reason, words = condition(made, "LoadBalancersReady")
    assert reason == "MachineRefused" and "spec.cpuCount: Invalid value. Name another template" in words
    made.kube.refusal = refusal(403, "forbidden")
    made.look()
    assert "controller/deploy/rbac.yaml" in condition(made, "LoadBalancersReady")[1]


def test_load_balancers_go_last() -> None:
    """Other machines of the cluster use the address until they are gone; the ScvmmCluster waits for all of them."""
    made = site()
    made.look()
    made.have(MACHINE, "cp-1", {"metadata": {"labels": {"cluster.x-k8s.io/cluster-name": "east"}}, "spec": {}})
    made.have(MACHINE, "other", {"spec": {}})
    held = {**machines(made)["east-lb-0"]}
    held["metadata"] = {**held["metadata"], "finalizers": ["ours"]}
    made.have(MACHINE, "east-lb-0", held)
    cluster = made.kube.objects[CLUSTER.kind, "east"]
    gone = {**cluster["metadata"], "deletionTimestamp": "2026-11-23T12:00:00Z"}
    made.have(CLUSTER, "east", {**cluster, "metadata": gone})
    made.look()
    assert condition(made, "Ready") == ("Deleting", "Waiting until machines cp-1 are gone.")
    made.gone(MACHINE, "cp-1")
    made.look()
    assert condition(made, "Ready")[1] == "Waiting until load balancers east-lb-0, east-lb-1 are gone."
    made.look()
    assert sorted(machines(made)) == ["east-lb-0", "other"]
    made.gone(MACHINE, "east-lb-0")
    made.look()
    assert (CLUSTER.kind, "east") not in made.kube.objects


def test_nothing_happens_to_those_of_a_paused_cluster() -> None:
    """Neither made nor removed."""
    made = site(annotations={"cluster.x-k8s.io/paused": ""})
    made.look()
    assert machines(made) == {}
    stays = {"annotations": {"cluster.x-k8s.io/paused": ""}, "finalizers": [FINALIZER]}
    made = site(deletionTimestamp="2026-11-23T12:00:00Z", **stays)
    made.look()
    assert (CLUSTER.kind, "east") in made.kube.objects


def test_two_clusters_do_not_lead_to_one_address() -> None:
    """Connections to one would reach the other's API server half of the time."""
    made = site(creationTimestamp="2026-01-02T00:00:00Z")
    west = {**SPEC, "controlPlaneEndpoint": {"host": "10.0.0.101", "port": 6443}}
    made.cluster("west", west, creationTimestamp="2026-01-01T00:00:00Z")
    made.look()
    reason, words = condition(made, "Ready")
    assert reason == "VirtualAddressInUse" and "lead to 10.0.0.11, too" in words and machines(made) == {}


def test_a_cluster_that_lost_all_its_load_balancers_is_not_ready() -> None:
    """Nobody reaches its API server; that it was provisioned stays."""
    lost = Balancers(("a",), (Balancer("a", "d", deleting=True),))
    meta = {"name": "east", "namespace": "ns", "uid": "u", "generation": 1}
    cluster = ScvmmCluster.model_validate({"metadata": meta, "spec": SPEC})
    recorded = {"initialization": {"provisioned": True}}
    conditions = cluster_status(ClusterScope(cluster, recorded, "east", balancers=lost), NOON)["conditions"]
    ready = next(c for c in conditions if c["type"] == "Ready")
    assert (ready["status"], ready["message"]) == ("False", "0 of 1 are ready: a is being removed")
    none = Balancers(("a",), ())
    conditions = cluster_status(ClusterScope(cluster, recorded, "east", balancers=none), NOON)["conditions"]
    assert next(c for c in conditions if c["type"] == "Ready")["message"] == "0 of 1 are ready."


def refusal(code: int, words: str) -> ApiError:
    """What the API server answers to a creation."""
    return ApiError(status=Status(code=code, message=words))
