# SPDX-License-Identifier: Apache-2.0
"""A Node without provider id gets it through the workload cluster's kubeconfig: on a second real API server."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml
from capi_scvmm.kube import SECRET, Body
from capi_scvmm.plan.node import NodeClaimed, NodeForeign, NodeMissing, NodeSet, WorkloadUnusable
from capi_scvmm.workload import Workloads, read_kubeconfig
from lightkube import Client
from lightkube.models.core_v1 import NodeAddress, NodeSpec, NodeStatus
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Node
from plane import GoMissing, ManagementPlane

from .fleet import MemoryKube

ID = "scvmm://bbbbbbbb-0000-0000-0000-000000000002"
KUBECONFIG: dict[str, Any] = {
    "current-context": "c",
    "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
    "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1"}}],
    "users": [{"name": "u", "user": {"token": "secret"}}],
}


def secret_of(config: Any) -> Body:
    """The Secret that Cluster API keeps of a kubeconfig."""
    text = config if isinstance(config, str) else yaml.safe_dump(config)
    return {"data": {"value": base64.b64encode(text.encode()).decode()}}


def having(config: Any) -> Workloads:
    """Workload clusters of a management cluster that has the kubeconfig of Cluster east."""
    kube = MemoryKube()
    kube.put(SECRET, "east-kubeconfig", secret_of(config))
    return Workloads(kube)


def ask(workloads: Workloads, *names: str, address: str = "10.0.0.5") -> Any:
    """See to a Node."""
    return asyncio.run(workloads.identify("ns", "east", names, ID, ("2001:db8::5", address)))


@pytest.fixture(scope="module")
def workload() -> Iterator[ManagementPlane]:
    """Another API server, with nothing but Nodes."""
    try:
        with ManagementPlane() as made:
            yield made
    except GoMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def nodes(workload: ManagementPlane) -> Iterator[Client]:
    """An administrator of the workload cluster, in which no Node is left afterwards."""
    with workload.client() as client:
        yield client
        for node in client.list(Node):
            assert node.metadata and node.metadata.name
            client.delete(Node, node.metadata.name)


def join(client: Client, name: str, address: str, provider_id: str | None = None) -> None:
    """Have a Node as a kubelet registers it."""
    client.create(Node(metadata=ObjectMeta(name=name), spec=NodeSpec(providerID=provider_id)))
    told = NodeStatus(addresses=[NodeAddress(type="InternalIP", address=address)])
    client.patch(Node.Status, name, Node(metadata=ObjectMeta(name=name), status=told))


def provider_id_of(client: Client, name: str) -> str | None:
    """What a Node has."""
    spec = client.get(Node, name).spec
    return spec.providerID if spec else None


def test_a_node_gets_its_provider_id_once(workload: ManagementPlane, nodes: Client) -> None:
    """By its short name too; asked again nothing is written."""
    workloads = having(workload.kubeconfig.read_text())
    assert ask(workloads, "node.example.com", "node") == NodeMissing(("node.example.com", "node"))
    join(nodes, "node", "10.0.0.5")
    assert ask(workloads, "node.example.com", "node") == NodeSet("node", True)
    assert provider_id_of(nodes, "node") == ID
    version = nodes.get(Node, "node").metadata
    assert ask(workloads, "node") == NodeSet("node", False)
    assert nodes.get(Node, "node").metadata == version


def test_a_node_of_another_machine_is_never_marked(workload: ManagementPlane, nodes: Client) -> None:
    """Neither one with other addresses nor one with another provider id."""
    workloads = having(workload.kubeconfig.read_text())
    join(nodes, "old", "10.0.0.6")
    assert ask(workloads, "old") == NodeForeign("old", ("10.0.0.6",))
    assert provider_id_of(nodes, "old") is None
    join(nodes, "cloud", "10.0.0.5", "other://1")
    assert ask(workloads, "cloud") == NodeClaimed("cloud", "other://1")
    assert provider_id_of(nodes, "cloud") == "other://1"


def test_a_cluster_that_is_away_or_says_no_is_told(workload: ManagementPlane) -> None:
    """With the reason, and without ever showing what the kubeconfig holds."""
    away = ask(having(KUBECONFIG), "node")
    assert isinstance(away, WorkloadUnusable) and away.reason == "WorkloadClusterUnreachable"
    config = yaml.safe_load(workload.kubeconfig.read_text())
    nobody = {**config, "users": [{"name": config["users"][0]["name"], "user": {"token": "secret"}}]}
    refused = ask(having(nobody), "node")
    assert isinstance(refused, WorkloadUnusable) and refused.reason == "WorkloadClusterRefused"
    assert "401" in refused.message
    assert "secret" not in away.message + refused.message


def test_a_kubeconfig_that_is_not_there_is_waited_for() -> None:
    """kubeadm's control plane makes it."""
    answer = ask(Workloads(MemoryKube()), "node")
    assert answer == read_kubeconfig(None, "ns/east-kubeconfig")
    assert answer.reason == "KubeconfigNotFound"


def changed(part: str, **more: Any) -> Mapping[str, Any]:
    """A kubeconfig whose user or cluster says more."""
    (entry,) = KUBECONFIG[f"{part}s"]
    return {**KUBECONFIG, f"{part}s": [{**entry, part: {**entry[part], **more}}]}


@pytest.mark.parametrize(
    "config",
    [
        "",
        "[]",
        "a: b: c",
        {},
        {**KUBECONFIG, "users": []},
        {**KUBECONFIG, "current-context": "other"},
        changed("user", exec={"command": "/bin/sh"}),
        changed("user", tokenFile="/var/run/secrets/kubernetes.io/serviceaccount/token"),
        {**KUBECONFIG, "users": [{"name": "u", "user": {"client-certificate": "/etc/tls.crt"}}]},
        changed("cluster", **{"certificate-authority": "/etc/ca.crt"}),
        changed("cluster", **{"proxy-url": "http://127.0.0.1:1"}),
    ],
)
def test_a_kubeconfig_that_names_files_or_programs_is_refused(config: Any) -> None:
    """Who may write a Secret must not have the controller read its own files, or start a program."""
    answer = read_kubeconfig(secret_of(config), "ns/east-kubeconfig")
    assert isinstance(answer, WorkloadUnusable)
    assert answer.reason == "KubeconfigUnusable" and "ns/east-kubeconfig" in answer.message
