# SPDX-License-Identifier: Apache-2.0
"""Cluster API's kubeadm managers work on a plane, and the commands that belong to them are of the same releases."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from lightkube.core.exceptions import ApiError
from plane import ManagementPlane
from plane.binaries import Binaries, module_versions


def control_plane(namespace: str, **spec: Any) -> dict[str, Any]:
    """A KubeadmControlPlane."""
    reference = {"apiGroup": "infrastructure.cluster.x-k8s.io", "kind": "ScvmmMachineTemplate", "name": "one"}
    wished = {"version": "v1.36.3", "machineTemplate": {"spec": {"infrastructureRef": reference}}}
    return {
        "apiVersion": "controlplane.cluster.x-k8s.io/v1beta2",
        "kind": "KubeadmControlPlane",
        "metadata": {"name": "one", "namespace": namespace},
        "spec": {**wished, "kubeadmConfigSpec": {"format": "cloud-config"}, **spec},
    }


def test_control_plane_manager_validates(plane_with_kubeadm: ManagementPlane, kubeadm_namespace: str) -> None:
    """What only its webhook knows to be wrong is refused."""
    with pytest.raises(ApiError, match="even number"):
        plane_with_kubeadm.apply(control_plane(kubeadm_namespace, replicas=2))


def test_bootstrap_manager_validates(plane_with_kubeadm: ManagementPlane, kubeadm_namespace: str) -> None:
    """What only its webhook knows to be wrong is refused."""
    file = {"path": "/etc/same", "content": "x"}
    config = {
        "apiVersion": "bootstrap.cluster.x-k8s.io/v1beta2",
        "kind": "KubeadmConfig",
        "metadata": {"name": "one", "namespace": kubeadm_namespace},
        "spec": {"files": [file, file]},
    }
    with pytest.raises(ApiError, match="unique"):
        plane_with_kubeadm.apply(config)


def test_commands_are_of_the_releases_of_the_plane(plane_binaries: Binaries) -> None:
    """kubeadm says the release of Kubernetes; clusterctl answers."""
    assert _answer(plane_binaries.kubeadm, "version", "--output=short") == module_versions()["k8s.io/kubernetes"]
    assert "clusterctl" in json.loads(_answer(plane_binaries.clusterctl, "version", "--output=json"))


def _answer(program: Path, *arguments: str) -> str:
    command = [program, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.strip()
