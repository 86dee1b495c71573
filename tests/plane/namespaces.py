# SPDX-License-Identifier: Apache-2.0
"""Namespaces for one test each, that go away whatever still stands in them."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from lightkube import Client
from lightkube.core.exceptions import ApiError
from lightkube.generic_resource import create_namespaced_resource
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.apiextensions_v1 import CustomResourceDefinition
from lightkube.resources.core_v1 import Namespace
from lightkube.types import PatchType

from plane.apply import list_patiently


def new_namespace(client: Client, prefix: str = "test") -> str:
    """Create a namespace that stays."""
    name = f"{prefix}-{uuid.uuid4().hex[:8]}"
    client.create(Namespace(metadata=ObjectMeta(name=name)))
    return name


@contextmanager
def fresh_namespace(client: Client, prefix: str = "test") -> Iterator[str]:
    """A new namespace; at the end it is deleted, without waiting, and finalizers of what is left in it are dropped."""
    name = new_namespace(client, prefix)
    try:
        yield name
    finally:
        client.delete(Namespace, name)
        release(client, name)


def release(client: Client, namespace: str) -> None:
    """Drop the finalizers of all custom resources in a namespace: those who would have honoured them have gone."""
    for crd in client.list(CustomResourceDefinition):
        if crd.spec.scope != "Namespaced" or crd.spec.names.kind.endswith("Template"):
            continue
        stored = next(version.name for version in crd.spec.versions if version.storage)
        kind = create_namespaced_resource(crd.spec.group, stored, crd.spec.names.kind, crd.spec.names.plural)
        for item in list_patiently(client, kind, namespace):
            if item.metadata and item.metadata.finalizers:
                _drop_finalizers(client, kind, item.metadata.name, namespace)


def _drop_finalizers(client: Client, kind: type, name: str, namespace: str) -> None:
    try:
        client.patch(kind, name, {"metadata": {"finalizers": None}}, namespace=namespace, patch_type=PatchType.MERGE)
    except ApiError as refusal:
        if refusal.status.code != 404:  # it went by itself meanwhile
            raise
