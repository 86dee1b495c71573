# SPDX-License-Identifier: Apache-2.0
"""The story of a cluster of our ClusterClass, with Cluster API's real controllers and guests that become its nodes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from clusterctl.command import ENVIRONMENT, Clusterctl, a_clusterctl
from lightkube import Client
from plane import ManagementPlane
from plane.binaries import Binaries

from clusters.site import Cluster, Site, running_site

pytestmark = [
    pytest.mark.timeout(1800),
    # Cluster API numbers its authorities with 0.
    pytest.mark.filterwarnings("ignore:Parsed a serial number"),
]
SECONDS = 600
TEMPLATE = {
    "name": "debian-12-template",
    "generation": 2,
    "cpu_count": 2,
    "memory_mb": 4096,
    "dvd": True,
    "operating_system": "Debian GNU/Linux 12 (64 bit)",
    "network_adapters": [{"vm_network": "k8s"}],
}


@pytest.fixture
def site(plane_with_kubeadm: ManagementPlane, kubeadm_client: Client, kubeadm_namespace: str) -> Iterator[Site]:
    """A site whose VMM server has a VM template."""
    with running_site(plane_with_kubeadm, kubeadm_client, kubeadm_namespace, templates=[TEMPLATE]) as made:
        yield made


@pytest.mark.contract(17, 27, 43)
def test_a_cluster_of_the_class_comes_up_and_is_changed_by_its_topology(
    site: Site, plane_binaries: Binaries, tmp_path: Path
) -> None:
    """What the flavor writes becomes Available; larger workers in the topology are other VMs, the rest stays."""
    own = {
        "VM_TEMPLATE": "debian-12-template",
        "SCVMM_HOST_GROUP": "prod",
        "CONTROL_PLANE_ENDPOINT_HOST": site.network.shared_address(),
    }
    made = a_clusterctl(plane_binaries.clusterctl, tmp_path)
    clusterctl = Clusterctl(made.program, made.folder, {**ENVIRONMENT, **own})
    documents = clusterctl.generate("topology", namespace=site.world.namespace)
    late = [document for document in documents if document["kind"] == "Cluster"]
    site.apply(*(document for document in documents if document not in late))
    site.kubectl("wait", "--for=condition=VariablesReady", "clusterclass/scvmm", "--timeout=60s")
    site.apply(*late)
    site.until_true(Cluster, "east", "Available", SECONDS)
    before = {vm["ID"]: vm["Memory"] for vm in site.world.vms()}
    assert sorted(before.values()) == [4096, 4096]

    topology = site.read(Cluster, "east")["spec"]["topology"]
    variables = [variable for variable in topology["variables"] if variable["name"] != "workerSize"]
    variables.append({"name": "workerSize", "value": {"cpus": 2, "memory": "6Gi"}})
    patch = {"spec": {"topology": {"variables": variables}}}
    site.world.patch("Cluster", "east", patch)
    site.until(
        "a larger worker beside the same control plane",
        lambda: sorted(vm["Memory"] for vm in site.world.vms()) == [4096, 6144],
        SECONDS,
    )
    (kept,) = [vm["ID"] for vm in site.world.vms() if vm["Memory"] == 4096]
    assert kept in before
    site.until_true(Cluster, "east", "Available", SECONDS)

    site.kubectl("delete", "cluster", "east", "--wait=false")
    site.until_nothing_is_left(SECONDS)
