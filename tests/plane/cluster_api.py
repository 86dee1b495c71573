# SPDX-License-Identifier: Apache-2.0
"""Cluster API's CRDs and webhook configurations, from its Go module, without kustomize and cert-manager.

What kustomize would do to them comes down to: the conversion webhook in each CRD, labels, and names. cert-manager's
part is the authority's certificate, which we have.
"""

import base64
import copy
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

Document = dict[str, Any]

CRD_KIND = "CustomResourceDefinition"
PROVIDER_LABEL = "cluster.x-k8s.io/provider"


def read_manifests(config: Path, provider: str, prefix: str) -> list[Document]:
    """Read the CRDs, with their conversion webhooks, and the webhook configurations below a manager's config folder.

    All get the label of their *provider*; the names of webhook configurations begin with *prefix*.
    """
    conversions = {
        patch["metadata"]["name"]: patch["spec"]["conversion"]
        for path in sorted((config / "crd" / "patches").glob("webhook_in_*.yaml"))
        for patch in load_documents(path)
    }
    crds = [crd for path in sorted((config / "crd" / "bases").glob("*.yaml")) for crd in load_documents(path)]
    for crd in crds:
        conversion = conversions.get(crd["metadata"]["name"])
        if conversion:
            crd["spec"]["conversion"] = conversion
    webhooks = load_documents(config / "webhook" / "manifests.yaml")
    for webhook in webhooks:
        webhook["metadata"]["name"] = prefix + webhook["metadata"]["name"]
    for crd in crds:
        crd["metadata"].setdefault("labels", {}).update(_contract_labels(config / "crd" / "kustomization.yaml"))
    for document in (*crds, *webhooks):
        document["metadata"].setdefault("labels", {})[PROVIDER_LABEL] = provider
    return [*crds, *webhooks]


def _contract_labels(kustomization: Path) -> dict[str, str]:
    """The labels by which Cluster API finds the versions of a CRD that keep its contract."""
    found = load_documents(kustomization) if kustomization.exists() else []
    return {
        key: value for each in found for labels in each.get("labels") or () for key, value in labels["pairs"].items()
    }


def without_webhooks(documents: Iterable[Document]) -> list[Document]:
    """Only the CRDs, usable while no manager runs to convert or validate."""
    crds = [copy.deepcopy(document) for document in documents if document["kind"] == CRD_KIND]
    for crd in crds:
        crd["spec"].pop("conversion", None)
    return crds


def with_webhooks_at(documents: Iterable[Document], port: int, authority: bytes) -> list[Document]:
    """All of them, calling the manager that serves its webhooks on a loopback port."""
    result = [copy.deepcopy(document) for document in documents]
    bundle = base64.b64encode(authority).decode()
    for document in result:
        for client_config in _client_configs(document):
            path = client_config.pop("service")["path"]
            client_config |= {"url": f"https://127.0.0.1:{port}{path}", "caBundle": bundle}
    return result


def _client_configs(document: Mapping[str, Any]) -> Sequence[Document]:
    if document["kind"] == CRD_KIND:
        webhook = document["spec"].get("conversion", {}).get("webhook")
        return [webhook["clientConfig"]] if webhook else []
    return [webhook["clientConfig"] for webhook in document["webhooks"]]


def load_documents(path: Path) -> list[Document]:
    """All YAML documents of a file, or of all .yaml files of a folder in the order of their names."""
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times as fast, and CRDs are large
    return [document for file in files for document in yaml.load_all(file.read_text(), Loader=loader) if document]
