# SPDX-License-Identifier: Apache-2.0
"""An API server that exists is used in place of one of our own, and left as it was."""

from pathlib import Path

import pytest
from lightkube import Client
from lightkube.resources.apiextensions_v1 import CustomResourceDefinition
from plane import ManagementPlane, ServerUnusable

from plane_tests.test_plane_life import wait_until


@pytest.fixture
def asked_for(plane: ManagementPlane, monkeypatch: pytest.MonkeyPatch) -> Path:
    """CAPI_SCVMM_KUBECONFIG leads to a server that runs already."""
    monkeypatch.setenv("CAPI_SCVMM_KUBECONFIG", str(plane.kubeconfig))
    return plane.kubeconfig


def test_existing_server_is_used_and_goes_on(asked_for: Path, client: Client, namespace: str) -> None:
    """Nothing is started for it, and stopping the plane does not stop the server."""
    with ManagementPlane() as other:
        assert other.kubeconfig == asked_for
        assert other.processes.pids == {}
        other.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mark", "namespace": namespace}})
    assert client.get(CustomResourceDefinition, "machines.cluster.x-k8s.io")
    assert asked_for.exists()


@pytest.mark.usefixtures("plane_binaries")
def test_missing_crds_are_installed_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server without Cluster API's CRDs gets them."""
    name = "machinesets.cluster.x-k8s.io"
    with ManagementPlane() as existing, existing.client() as client:
        monkeypatch.setenv("CAPI_SCVMM_KUBECONFIG", str(existing.kubeconfig))
        client.delete(CustomResourceDefinition, name)
        wait_until(lambda: name not in _crds(client), "the CRD goes")
        with ManagementPlane():
            assert name in _crds(client)


def test_existing_server_without_core_manager_is_refused(asked_for: Path) -> None:
    """When Cluster API must run there and does not, the message says how to get it."""
    with pytest.raises(ServerUnusable, match="clusterctl init"):
        ManagementPlane(capi_core=True).start()


def _crds(client: Client) -> set[str | None]:
    return {crd.metadata.name for crd in client.list(CustomResourceDefinition) if crd.metadata}
