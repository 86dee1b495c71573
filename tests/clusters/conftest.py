# SPDX-License-Identifier: Apache-2.0
"""Fixtures for whole clusters."""

from collections.abc import Iterator

import pytest
from lightkube import Client
from plane import ManagementPlane

from clusters.site import Site, running_site


@pytest.fixture
def site(plane_with_kubeadm: ManagementPlane, kubeadm_client: Client, kubeadm_namespace: str) -> Iterator[Site]:
    """A namespace, a simulated VMM server whose guests become nodes, and a controller."""
    with running_site(plane_with_kubeadm, kubeadm_client, kubeadm_namespace) as made:
        yield made
