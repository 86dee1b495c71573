# SPDX-License-Identifier: Apache-2.0
"""One cluster from `kubectl apply` to its end: it comes up, grows, rolls, heals and goes."""

from collections.abc import Iterator

import pytest
from plane import ManagementPlane
from plane.namespaces import fresh_namespace

from clusters import manifests
from clusters.site import Cluster, Machine, Site, site

pytestmark = [
    pytest.mark.timeout(600),
    # Cluster API numbers its authorities with 0.
    pytest.mark.filterwarnings("ignore:Parsed a serial number"),
]


@pytest.fixture(scope="module")
def story(plane_with_kubeadm: ManagementPlane) -> Iterator[Site]:
    """The site of the one cluster of this module."""
    with (
        plane_with_kubeadm.client() as client,
        fresh_namespace(client, "clusters") as namespace,
        site(plane_with_kubeadm, client, namespace) as made,
    ):
        yield made


def test_a_cluster_comes_up(story: Site) -> None:
    """Cluster, KubeadmControlPlane and MachineDeployment with our templates become Available by themselves."""
    endpoint = story.network.shared_address()
    story.apply(
        *manifests.cluster("east", story.world.namespace, endpoint),
        manifests.template("east-control-plane"),
        manifests.control_plane("east", "east-control-plane"),
        manifests.template("east-workers"),
        *manifests.workers("east", "east-workers", "east-workers"),
    )
    story.until_true(Cluster, "east", "Available", 180)
    machines = story.all(Machine)
    assert len(machines) == 2
    assert all(machine["status"]["nodeRef"]["name"] for machine in machines)
