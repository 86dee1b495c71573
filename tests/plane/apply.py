# SPDX-License-Identifier: Apache-2.0
"""Server-side apply of any manifest, patient with a server that has just learnt a new kind."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from lightkube import Client
from lightkube.core.exceptions import ApiError, LoadResourceError
from lightkube.core.resource import NamespacedResource
from lightkube.core.resource_registry import resource_registry
from lightkube.generic_resource import create_global_resource, create_namespaced_resource
from lightkube.resources.apiextensions_v1 import CustomResourceDefinition
from lightkube.types import PatchType

from plane.cluster_api import CRD_KIND, load_documents
from plane.errors import PlaneError
from plane.kubeconfig import FIELD_MANAGER

Document = dict[str, Any]
T = TypeVar("T")
Manifests = str | Path | Document | Iterable[Document]

PATIENCE_SECONDS = 30.0
RETRY_SECONDS = 0.2
ESTABLISHED_SECONDS = 30.0


def documents_of(manifests: Manifests) -> list[Document]:
    """The documents of a file, a folder, one document or several."""
    if isinstance(manifests, str | Path):
        path = Path(manifests)
        if not path.exists():
            raise PlaneError(f"Nothing to apply: {path} does not exist.")
        return load_documents(path)
    if isinstance(manifests, dict):
        return [manifests]
    return list(manifests)


def apply(client: Client, manifests: Manifests, namespace: str | None = None) -> list[Any]:
    """Apply in the order given, CRDs first and established; return what the server made of them.

    *namespace* is for documents that name none. A refusal by the server comes as lightkube's ApiError.
    """
    documents = documents_of(manifests)
    crds = [document for document in documents if document["kind"] == CRD_KIND]
    others = [document for document in documents if document["kind"] != CRD_KIND]
    applied = install_crds(client, crds)
    return applied + [_apply_one(client, document, namespace) for document in others]


def install_crds(client: Client, crds: Iterable[Document]) -> list[Any]:
    """Apply CRDs and wait until the server serves them."""
    crds = list(crds)
    applied = [_apply_one(client, crd, None) for crd in crds]
    for crd in crds:
        _wait_established(client, crd["metadata"]["name"])
    for kind in [kind for crd in crds for kind in register(crd)]:
        list_patiently(client, kind, "default")
    return applied


def register(crd: Document) -> list[Any]:
    """Teach lightkube the kinds of a CRD, so that its documents can be applied; return those that are served."""
    spec = crd["spec"]
    make = create_namespaced_resource if spec["scope"] == "Namespaced" else create_global_resource
    kinds = {
        version["name"]: make(spec["group"], version["name"], spec["names"]["kind"], spec["names"]["plural"])
        for version in spec["versions"]
    }
    return [kinds[version["name"]] for version in spec["versions"] if version["served"]]


def resource_for(client: Client, document: Document) -> Any:
    """lightkube's class for a document; unknown kinds are looked up among the server's CRDs."""
    version, kind = document["apiVersion"], document["kind"]
    try:
        return resource_registry.load(version, kind)
    except LoadResourceError:
        for crd in client.list(CustomResourceDefinition):
            register(crd.to_dict())
    resource = resource_registry.get(version, kind)
    if resource is None:
        raise PlaneError(
            f"{kind} {document['metadata'].get('name')} not applied: the server knows no {kind} in {version}."
        )
    return resource


def _apply_one(client: Client, document: Document, namespace: str | None) -> Any:
    resource = resource_for(client, document)
    metadata = document["metadata"]
    where = metadata.get("namespace") or namespace or "default"
    options: Document = {"namespace": where} if _namespaced(resource) else {}
    return patiently(
        lambda: client.patch(
            resource,
            metadata["name"],
            document,
            patch_type=PatchType.APPLY,
            field_manager=FIELD_MANAGER,
            force=True,
            **options,
        )
    )


def _namespaced(resource: Any) -> bool:
    return issubclass(resource, NamespacedResource)


def list_patiently(client: Client, kind: Any, namespace: str) -> list[Any]:
    """All objects of a kind in a namespace, also when the kind is a moment old."""
    return patiently(lambda: list(client.list(kind, namespace=namespace)))


def patiently(call: Callable[[], T]) -> T:
    """Call again while the server says that it is not ready yet; any other refusal is raised at once."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return call()
        except httpx2.HTTPStatusError as refusal:
            if not _not_ready(refusal) or time.monotonic() > deadline:
                raise
        time.sleep(RETRY_SECONDS)


def _not_ready(refusal: httpx2.HTTPStatusError) -> bool:
    code = refusal.response.status_code
    if code in (429, 503):  # 429: "storage is (re)initializing", for about a second after a CRD has changed
        return True
    if code == 404:  # in plain text: the path of a new kind is not served yet; as a Status: something named is missing
        return not isinstance(refusal, ApiError)
    # A webhook that has just started, or an informer in it that has not seen the new object yet.
    return code == 500 and "failed calling webhook" in str(refusal)


def _wait_established(client: Client, name: str) -> None:
    deadline = time.monotonic() + ESTABLISHED_SECONDS
    while True:
        crd = patiently(lambda: client.get(CustomResourceDefinition, name))
        conditions = {c.type: c for c in (crd.status.conditions or [])} if crd.status else {}
        if "Established" in conditions and conditions["Established"].status == "True":
            return
        if time.monotonic() > deadline:
            reasons = "; ".join(f"{c.type}={c.status}: {c.message}" for c in conditions.values()) or "no conditions yet"
            raise PlaneError(f"CRD {name} not established after {ESTABLISHED_SECONDS:.0f} s: {reasons}.")
        time.sleep(RETRY_SECONDS / 4)
