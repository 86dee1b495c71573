# SPDX-License-Identifier: Apache-2.0
"""The manifests of one cluster, as somebody would write them."""

from typing import Any

INFRASTRUCTURE = "infrastructure.cluster.x-k8s.io"
VERSION = "v1.36.3"
Document = dict[str, Any]


def cluster(name: str, namespace: str, endpoint: str, **infrastructure: Any) -> list[Document]:
    """Cluster and ScvmmCluster, whose endpoint is an address that keepalived holds on the control-plane nodes."""
    spec = {
        "clusterNetwork": {"pods": {"cidrBlocks": ["10.244.0.0/16"]}, "services": {"cidrBlocks": ["10.96.0.0/16"]}},
        "controlPlaneRef": _reference("controlplane.cluster.x-k8s.io", "KubeadmControlPlane", name),
        "infrastructureRef": _reference(INFRASTRUCTURE, "ScvmmCluster", name),
    }
    own = {
        "controlPlaneEndpoint": {"host": endpoint, "port": 6443},
        "controlPlaneLoadBalancer": {"type": "Keepalived"},
        "providerRef": {"name": "vmm", "namespace": namespace},
        **infrastructure,
    }
    return [
        _document("cluster.x-k8s.io/v1beta2", "Cluster", name, spec),
        _document(f"{INFRASTRUCTURE}/v1alpha1", "ScvmmCluster", name, own),
    ]


def template(name: str, **spec: Any) -> Document:
    """A template of machines that the fabric can satisfy."""
    wished = {
        "cloud": "production",
        "hardwareProfile": "k8s-small",
        "cpuCount": 2,
        "memory": "4Gi",
        "disks": [{"vhDisk": "debian-12.vhdx"}],
        "networking": {"domain": "example.com", "devices": [{"deviceName": "eth0", "vmNetwork": "k8s"}]},
        **spec,
    }
    return _document(f"{INFRASTRUCTURE}/v1alpha1", "ScvmmMachineTemplate", name, {"template": {"spec": wished}})


def control_plane(name: str, template: str, replicas: int = 1, version: str = VERSION) -> Document:
    """A KubeadmControlPlane; kubeadm is told nothing of the provider id."""
    registration = {"nodeRegistration": {"name": "{{ ds.meta_data.local_hostname }}"}}
    spec = {
        "replicas": replicas,
        "version": version,
        "machineTemplate": {
            "spec": {"infrastructureRef": _reference(INFRASTRUCTURE, "ScvmmMachineTemplate", template)}
        },
        "kubeadmConfigSpec": {"initConfiguration": registration, "joinConfiguration": registration},
    }
    return _document("controlplane.cluster.x-k8s.io/v1beta2", "KubeadmControlPlane", name, spec)


def workers(
    cluster: str, name: str, template: str, replicas: int = 1, version: str = VERSION, place: str | None = None
) -> list[Document]:
    """A MachineDeployment and the configuration of its nodes; *place* is their failure domain."""
    registration = {"nodeRegistration": {"name": "{{ ds.meta_data.local_hostname }}"}}
    configuration = {"template": {"spec": {"joinConfiguration": registration}}}
    machine = {
        "clusterName": cluster,
        "version": version,
        "bootstrap": {"configRef": _reference("bootstrap.cluster.x-k8s.io", "KubeadmConfigTemplate", name)},
        "infrastructureRef": _reference(INFRASTRUCTURE, "ScvmmMachineTemplate", template),
        **({"failureDomain": place} if place else {}),
    }
    labels = {"cluster.x-k8s.io/cluster-name": cluster, "pool": name}
    spec = {
        "clusterName": cluster,
        "replicas": replicas,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": machine},
    }
    return [
        _document("bootstrap.cluster.x-k8s.io/v1beta2", "KubeadmConfigTemplate", name, configuration),
        _document("cluster.x-k8s.io/v1beta2", "MachineDeployment", name, spec),
    ]


def health_check(cluster: str, name: str) -> Document:
    """A MachineHealthCheck for the nodes of a MachineDeployment: those of which nothing is heard are lost."""
    unhealthy = {"type": "Ready", "status": "Unknown", "timeoutSeconds": 1}
    spec = {
        "clusterName": cluster,
        "selector": {"matchLabels": {"pool": name}},
        "checks": {"unhealthyNodeConditions": [unhealthy]},
    }
    return _document("cluster.x-k8s.io/v1beta2", "MachineHealthCheck", name, spec)


def _reference(group: str, kind: str, name: str) -> Document:
    return {"apiGroup": group, "kind": kind, "name": name}


def _document(version: str, kind: str, name: str, spec: Document) -> Document:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, "spec": spec}
