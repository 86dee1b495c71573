# SPDX-License-Identifier: Apache-2.0
"""Management clusters that clusterctl has initialised, as far as that goes without nodes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from plane import ManagementPlane
from plane.binaries import MODULE, Binaries
from plane.cluster_api import without_webhooks
from plane.managers import CORE

from .command import Clusterctl, a_clusterctl

_REQUIRED = re.search(r"^\tsigs\.k8s\.io/cluster-api (v\S+)", (MODULE / "go.mod").read_text(), re.MULTILINE)
assert _REQUIRED is not None, "the plane is built from Cluster API's module"
CORE_VERSION = _REQUIRED[1]
CERT_MANAGER = "v1.20.0"
"""A version for what stands for cert-manager: clusterctl wants its kinds, and nobody needs a certificate."""


def a_clusterctl_for_management(binaries: Binaries, folder: Path) -> Clusterctl:
    """A clusterctl with all that `init` needs in files."""
    core = folder / "cluster-api" / CORE_VERSION
    core.mkdir(parents=True)
    documents = [_namespace("capi-system"), *without_webhooks(binaries.manifests(CORE))]
    _write(core / "core-components.yaml", *documents)
    major, minor = (int(part) for part in CORE_VERSION.removeprefix("v").split(".")[:2])
    series = [{"major": major, "minor": minor, "contract": "v1beta2"}]
    _write(
        core / "metadata.yaml",
        {"apiVersion": "clusterctl.cluster.x-k8s.io/v1alpha3", "kind": "Metadata", "releaseSeries": series},
    )
    stub = folder / "cert-manager" / CERT_MANAGER / "cert-manager.yaml"
    stub.parent.mkdir(parents=True)
    _write(stub, _namespace("cert-manager"), *(_served(kind) for kind in ("Certificate", "Issuer")))
    return a_clusterctl(
        binaries.clusterctl,
        folder,
        {"cluster-api": ("CoreProvider", core / "core-components.yaml")},
        {"cert-manager": {"url": str(stub), "version": CERT_MANAGER}},
    )


def initialise(clusterctl: Clusterctl, plane: ManagementPlane) -> str:
    """`clusterctl init` with the core provider and ours, without those of kubeadm, whose objects are not used here."""
    providers = ("--core", f"cluster-api:{CORE_VERSION}", "--bootstrap", "-", "--control-plane", "-")
    return clusterctl.said(
        *("init", "--kubeconfig", str(plane.kubeconfig), *providers, "--infrastructure", "scvmm"), seconds=180
    )


def _namespace(name: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def _served(kind: str) -> dict[str, Any]:
    """A CRD of cert-manager's group that takes everything."""
    group, plural = "cert-manager.io", f"{kind.lower()}s"
    version = {
        "name": "v1",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "names": {"kind": kind, "listKind": f"{kind}List", "plural": plural, "singular": kind.lower()},
            "scope": "Namespaced",
            "versions": [version],
        },
    }


def _write(path: Path, *documents: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump_all(documents))
