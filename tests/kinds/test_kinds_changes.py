# SPDX-License-Identifier: Apache-2.0
"""What may change in an object that exists, and what the API server refuses to change."""

from __future__ import annotations

import time

import pytest

from kinds.manifests import PATIENCE_SECONDS, Document, Kubectl, manifest

PROVIDER_ID = "scvmm://3f2504e0-4f89-11d3-9a0c-0305e82c3301"
OTHER_ID = "scvmm://3f2504e0-4f89-11d3-9a0c-0305e82c3302"

MACHINE: Document = {
    "vmTemplate": "t",
    "cpuCount": 2,
    "vmName": "web-1",
    "disks": [{"size": "1Gi"}, {"size": "2Gi"}],
    "networking": {"devices": [{"vmNetwork": "a"}]},
}
FIXED: list[tuple[str, Document]] = [
    ("vmTemplate", {"vmTemplate": "other"}),
    ("vmTemplate", {"vmTemplate": None, "hardwareProfile": "Server"}),
    ("vmName", {"vmName": "web-2"}),
    ("vmNameFromPool", {"vmNameFromPool": {"name": "pool"}}),
    ("hostname", {"hostname": "other"}),
    ("hardwareProfile", {"hardwareProfile": "Server"}),
    ("cloud", {"cloud": "C"}),
    ("hostGroup", {"hostGroup": "H"}),
    ("operatingSystem", {"operatingSystem": "Debian"}),
    ("disks", {"disks": [{"size": "2Gi"}, {"size": "1Gi"}]}),
    ("disks", {"disks": [{"size": "1Gi"}]}),
    ("fibreChannel", {"fibreChannel": [{"virtualSAN": "a"}]}),
    ("networking", {"networking": {"devices": [{"vmNetwork": "b"}]}}),
    ("availabilitySet", {"availabilitySet": "a"}),
    ("bootstrap", {"bootstrap": {"dataSecretName": "s"}}),
    ("id", {"id": "3f2504e0-4f89-11d3-9a0c-0305e82c3301"}),
]


def machine_with_vm(kubectl: Kubectl, name: str) -> None:
    """A machine whose VM exists."""
    assert kubectl.apply(manifest("ScvmmMachine", MACHINE, name)).code == 0
    assert kubectl.patch_status("scvmmm", name, {"id": "3f2504e0-4f89-11d3-9a0c-0305e82c3309"}).code == 0


@pytest.mark.parametrize(("field", "change"), FIXED, ids=lambda value: value if isinstance(value, str) else "")
@pytest.mark.contract(29)
def test_what_the_vm_was_made_from_stays(kubectl: Kubectl, name: str, field: str, change: Document) -> None:
    """Once the VM exists, what it was made from is refused to change, with the way out."""
    machine_with_vm(kubectl, name)
    answer = kubectl.patch("scvmmm", name, change)
    assert answer.code != 0
    assert f"spec.{field} cannot change once the VM exists" in answer.error
    assert "replace the machine by a new one" in answer.error


def test_what_the_vm_was_made_from_stays_after_a_move(kubectl: Kubectl, name: str) -> None:
    """A moved object has lost its status; its providerID says as well that there is a VM."""
    assert kubectl.apply(manifest("ScvmmMachine", MACHINE | {"providerID": PROVIDER_ID}, name)).code == 0
    assert "cannot change once the VM exists" in kubectl.patch("scvmmm", name, {"vmTemplate": "other"}).error


def test_machine_without_vm_can_be_mended(kubectl: Kubectl, name: str) -> None:
    """A wrong name of a template is put right in place, as long as nothing was made from it."""
    assert kubectl.apply(manifest("ScvmmMachine", MACHINE, name)).code == 0
    assert kubectl.patch_status("scvmmm", name, {"vmStatus": "none"}).code == 0
    for _, change in FIXED:
        answer = kubectl.patch("scvmmm", name, change)
        assert answer.code == 0 or "set vmTemplate" in answer.error, answer.error


@pytest.mark.contract(29)
def test_sizes_may_change(kubectl: Kubectl, name: str) -> None:
    """CPUs, memory and the rest can be changed in a VM that exists."""
    machine_with_vm(kubectl, name)
    change = {"cpuCount": 4, "memory": "8Gi", "tag": "t", "guestShutdownTimeout": 5}
    assert kubectl.patch("scvmmm", name, change).code == 0


@pytest.mark.contract(20)
def test_provider_id_is_set_once(kubectl: Kubectl, name: str) -> None:
    """The controller sets providerID after the VM exists; then nobody changes or removes it."""
    machine_with_vm(kubectl, name)
    assert kubectl.patch("scvmmm", name, {"providerID": PROVIDER_ID}).code == 0
    for wrong in (OTHER_ID, None, ""):
        answer = kubectl.patch("scvmmm", name, {"providerID": wrong})
        assert "spec.providerID cannot change once it is set" in answer.error
    assert kubectl.patch("scvmmm", name, {"providerID": PROVIDER_ID, "tag": "still"}).code == 0


def test_endpoint_is_set_once(kubectl: Kubectl, name: str) -> None:
    """An endpoint may come later; once there it stays."""
    assert kubectl.apply(manifest("ScvmmCluster", {}, name)).code == 0
    endpoint = {"host": "10.0.0.10", "port": 6443}
    assert kubectl.patch("scvmmc", name, {"controlPlaneEndpoint": endpoint}).code == 0
    for wrong in ({"host": "10.0.0.11"}, {"port": 443}):
        answer = kubectl.patch("scvmmc", name, {"controlPlaneEndpoint": wrong})
        assert "controlPlaneEndpoint cannot change once it is set" in answer.error
        assert "create a new cluster" in answer.error


def test_empty_endpoint_may_be_filled(kubectl: Kubectl, name: str) -> None:
    """Host "" and port 0, as the Go provider's client writes them, are no endpoint yet."""
    empty = {"controlPlaneEndpoint": {"host": "", "port": 0}}
    assert kubectl.apply(manifest("ScvmmCluster", empty, name)).code == 0
    endpoint = {"host": "10.0.0.10", "port": 6443}
    assert kubectl.patch("scvmmc", name, {"controlPlaneEndpoint": endpoint}).code == 0


def test_provider_of_a_provisioned_cluster_stays(kubectl: Kubectl, name: str) -> None:
    """Before, a wrong reference can be mended; after, the VMs are on that server."""
    spec = {"providerRef": {"name": "vmm", "namespace": "default"}}
    assert kubectl.apply(manifest("ScvmmCluster", spec, name)).code == 0
    assert kubectl.patch("scvmmc", name, {"providerRef": {"name": "vmm2"}}).code == 0
    assert kubectl.patch_status("scvmmc", name, {"initialization": {"provisioned": True}}).code == 0
    for wrong in ({"name": "vmm3"}, None):
        answer = kubectl.patch("scvmmc", name, {"providerRef": wrong})
        assert "spec.providerRef cannot change once the cluster is provisioned" in answer.error


def test_load_balancer_of_a_provisioned_cluster_stays(kubectl: Kubectl, name: str) -> None:
    """Before, it can be mended; after, nodes that are there would not agree with new ones."""
    balancer = {"type": "Keepalived", "keepalived": {"virtualRouterID": 51}}
    assert kubectl.apply(manifest("ScvmmCluster", {"controlPlaneLoadBalancer": balancer}, name)).code == 0
    mended = {"controlPlaneLoadBalancer": {"keepalived": {"virtualRouterID": 52}}}
    assert kubectl.patch("scvmmc", name, mended).code == 0
    assert kubectl.patch_status("scvmmc", name, {"initialization": {"provisioned": True}}).code == 0
    for wrong in ({"keepalived": {"virtualRouterID": 53}}, {"type": "External", "keepalived": None}, None):
        answer = kubectl.patch("scvmmc", name, {"controlPlaneLoadBalancer": wrong})
        assert "spec.controlPlaneLoadBalancer cannot change once the cluster is provisioned" in answer.error


def test_the_load_balancers_machines_may_change_at_any_time(kubectl: Kubectl, name: str) -> None:
    """They are replaced; everything else that hosts agree upon stays."""
    haproxy = {"machineTemplateRef": {"name": "lb"}, "backends": ["10.0.0.11"]}
    balancer = {"type": "HAProxy", "haproxy": haproxy}
    assert kubectl.apply(manifest("ScvmmCluster", {"controlPlaneLoadBalancer": balancer}, name)).code == 0
    assert kubectl.patch_status("scvmmc", name, {"initialization": {"provisioned": True}}).code == 0
    wider = {"controlPlaneLoadBalancer": {"haproxy": {"backends": ["10.0.0.11-10.0.0.19"], "replicas": 3}}}
    assert kubectl.patch("scvmmc", name, wider).code == 0
    answer = kubectl.patch("scvmmc", name, {"controlPlaneLoadBalancer": {"port": 443}})
    assert "spec.controlPlaneLoadBalancer cannot change once the cluster is provisioned" in answer.error


@pytest.fixture
def policy(kubectl: Kubectl) -> None:
    """The policy for machine templates, which every API server of the tests has, in force."""
    assert kubectl.apply(manifest("ScvmmMachineTemplate", {}, "probe")).code == 0
    deadline = time.monotonic() + PATIENCE_SECONDS
    # The API server takes a new policy into force when it next looks, not when it is written.
    while kubectl.patch("scvmmmt", "probe", {"template": {"spec": {"tag": str(time.monotonic())}}}).code == 0:
        assert time.monotonic() < deadline, "the policy refuses nothing"
        time.sleep(0.3)


@pytest.mark.usefixtures("policy")
@pytest.mark.contract(27)
def test_machine_template_stays_but_for_the_topology_dry_run(kubectl: Kubectl, name: str) -> None:
    """Contract 27: the spec of a template is refused to change, but Cluster API may ask what a change came to."""
    template = manifest("ScvmmMachineTemplate", {"template": {"spec": {"cpuCount": 2}}}, name)
    server_side = ("--server-side", "--field-manager=capi-topology", "--force-conflicts")
    assert kubectl.apply(template, *server_side).code == 0
    changed = manifest("ScvmmMachineTemplate", {"template": {"spec": {"cpuCount": 4}}}, name)
    refused = kubectl.apply(changed, *server_side)
    assert "spec.template.spec of a ScvmmMachineTemplate cannot change" in refused.error
    assert "create a template of another name" in refused.error
    changed["metadata"]["annotations"] = {"topology.cluster.x-k8s.io/dry-run": ""}
    assert kubectl.apply(changed, *server_side, "--dry-run=server").code == 0
    assert kubectl.apply(changed, *server_side).code != 0, "the annotation alone must not open the door"
    labelled = manifest("ScvmmMachineTemplate", {"template": {"spec": {"cpuCount": 2}}}, name)
    labelled["metadata"]["labels"] = {"tier": "gold"}
    assert kubectl.apply(labelled, *server_side).code == 0
