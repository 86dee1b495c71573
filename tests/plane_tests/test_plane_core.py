# SPDX-License-Identifier: Apache-2.0
"""Cluster API's real core manager works on a plane: it validates, and it adopts an infrastructure object."""

from typing import Any

import pytest
from lightkube import Client
from lightkube.core.exceptions import ApiError
from lightkube.generic_resource import create_namespaced_resource
from plane import ManagementPlane

from plane_tests.test_plane_life import wait_until

GROUP = "infrastructure.cluster.x-k8s.io"
ANYTHING = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


def stand_in_crd() -> dict[str, Any]:
    """The least that Cluster API takes for the CRD of an infrastructure cluster."""
    version = {
        "name": "v1alpha1",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": ANYTHING, "status": ANYTHING}}},
        "subresources": {"status": {}},
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"planeclusters.{GROUP}", "labels": {"cluster.x-k8s.io/v1beta2": "v1alpha1"}},
        "spec": {
            "group": GROUP,
            "scope": "Namespaced",
            "names": {"kind": "PlaneCluster", "plural": "planeclusters"},
            "versions": [version],
        },
    }


def cluster(namespace: str, **spec: Any) -> dict[str, Any]:
    """A Cluster on a PlaneCluster of the same name."""
    reference = {"apiGroup": GROUP, "kind": "PlaneCluster", "name": "one"}
    return {
        "apiVersion": "cluster.x-k8s.io/v1beta2",
        "kind": "Cluster",
        "metadata": {"name": "one", "namespace": namespace},
        "spec": {"infrastructureRef": reference, **spec},
    }


def infrastructure(namespace: str) -> dict[str, Any]:
    """The PlaneCluster."""
    metadata = {"name": "one", "namespace": namespace}
    endpoint = {"controlPlaneEndpoint": {"host": "127.0.0.1", "port": 6443}}
    return {"apiVersion": f"{GROUP}/v1alpha1", "kind": "PlaneCluster", "metadata": metadata, "spec": endpoint}


def test_core_manager_adopts_the_infrastructure_cluster(
    plane_with_kubeadm: ManagementPlane, kubeadm_client: Client, kubeadm_namespace: str
) -> None:
    """After its Cluster is applied, the infrastructure object has the owner and the label that providers wait for."""
    plane_with_kubeadm.install_crds([stand_in_crd()])
    plane_with_kubeadm.apply([infrastructure(kubeadm_namespace), cluster(kubeadm_namespace)])
    kind = create_namespaced_resource(GROUP, "v1alpha1", "PlaneCluster", "planeclusters")

    def adopted() -> bool:
        metadata = kubeadm_client.get(kind, "one", namespace=kubeadm_namespace).metadata
        owners = [(owner.kind, owner.name) for owner in metadata.ownerReferences or []]
        return owners == [("Cluster", "one")] and metadata.labels == {"cluster.x-k8s.io/cluster-name": "one"}

    wait_until(adopted, "owner and label are set")


def test_core_manager_validates(plane_with_kubeadm: ManagementPlane, kubeadm_namespace: str) -> None:
    """What only Cluster API's webhook knows to be wrong is refused."""
    plane_with_kubeadm.install_crds([stand_in_crd()])
    network = {"clusterNetwork": {"pods": {"cidrBlocks": ["not a network"]}}}
    with pytest.raises(ApiError, match="cidrBlocks"):
        plane_with_kubeadm.apply(cluster(kubeadm_namespace, **network))
