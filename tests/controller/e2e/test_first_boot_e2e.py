# SPDX-License-Identifier: Apache-2.0
"""What a guest is given for its first boot, and the Node that comes of it, end to end."""

from __future__ import annotations

import json

import pytest
from lightkube.models.core_v1 import NodeAddress, NodeSpec, NodeStatus
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Node
from plane import ManagementPlane

from .world import World

JOIN = {"domain": "corp.example.com", "credentialsSecretRef": {"name": "join"}}


def test_a_guest_that_reads_ignition_gets_a_config_drive(here: World) -> None:
    """What it cannot be told is said before a VM is made; without that it boots and reports its name."""
    here.provider()
    here.start()
    here.secret("node-bootstrap", value=json.dumps({"ignition": {"version": "3.4.0"}}), format="ignition")
    here.secret("join", username="joiner", password=here.token)
    here.machine("member", domainJoin=JOIN)
    said = here.until_reason("member", "DependenciesReady", "IgnitionCannotCarry")
    assert "spec.domainJoin" in said["message"]
    assert here.vms() == []
    here.machine()
    here.until_true("node")
    (vm,) = here.vms()
    assert sorted(vm["guest"]["files"]) == ["openstack/latest/meta_data.json", "openstack/latest/user_data"]
    assert (here.get("ScvmmMachine", "node") or {})["status"]["hostname"] == "node.example.com"


def test_credentials_of_a_domain_are_waited_for_and_told_to_nobody(here: World) -> None:
    """Missing, wrong, right; and neither log, status nor event has them."""
    here.provider()
    here.bootstrap()
    controller = here.start()
    here.machine(domainJoin=JOIN)
    said = here.until_reason("node", "DependenciesReady", "DomainCredentialsNotFound")
    assert f"Secret {here.namespace}/join" in said["message"]
    here.secret("join", username="joiner")
    here.until_reason("node", "DependenciesReady", "DomainCredentialsInvalid")
    here.delete("Secret", "join")
    here.secret("join", username="joiner", password=here.token)
    here.until_true("node")
    assert here.token not in controller.log.read_text() + json.dumps(here.get("ScvmmMachine", "node"))


@pytest.mark.contract(20)
def test_a_node_that_lacks_its_provider_id_gets_it_from_the_controller(here: World) -> None:
    """Two minutes after its guest's first address, here long ago; the machine is Ready all the same."""
    here.provider()
    here.bootstrap()
    here.cluster()
    here.patch("ScvmmCluster", "east", {"status": {"initialization": {"provisioned": True}}}, status=True)
    first = here.start()
    here.node()
    here.until_true("node")
    assert here.condition("node", "NodeProviderIDSet") == {}
    first.stop()
    body = here.get("ScvmmMachine", "node") or {}
    conditions = body["status"]["conditions"]
    for condition in conditions:
        condition["lastTransitionTime"] = "2026-01-01T00:00:00Z"
    here.patch("ScvmmMachine", "node", {"status": {"conditions": conditions}}, status=True)
    with ManagementPlane() as workload, workload.client() as client:
        name = body["status"]["hostname"]
        address = next(one["address"] for one in body["status"]["addresses"] if one["type"] == "InternalIP")
        client.create(Node(metadata=ObjectMeta(name=name), spec=NodeSpec()))
        told = NodeStatus(addresses=[NodeAddress(type="InternalIP", address=address)])
        client.patch(Node.Status, name, Node(metadata=ObjectMeta(name=name), status=told))
        here.secret("east-kubeconfig", value=workload.kubeconfig.read_text())
        here.start()
        here.until_reason("node", "NodeProviderIDSet", "SetByController")
        spec = client.get(Node, name).spec
    assert spec is not None and spec.providerID == body["spec"]["providerID"]
    here.until_true("node")
    here.patch("Machine", "node", {"status": {"nodeRef": {"name": name}}}, status=True)
    here.until("no more of it", lambda: not here.condition("node", "NodeProviderIDSet"))
