# SPDX-License-Identifier: Apache-2.0
"""The proof that a deleted cluster is gone: what the simulator and the API server still have."""

from collections.abc import Mapping
from typing import Any

from lightkube import Client
from lightkube.generic_resource import create_namespaced_resource
from lightkube.resources.apiextensions_v1 import CustomResourceDefinition
from lightkube.resources.core_v1 import Secret

from demo.world import World

NAMESPACE = "default"


def in_vmm(world: World) -> list[str]:
    """VMs, and files on the library shares, that VMM still has."""
    vms = [f"VM {vm['Name']}" for vm in world.ask_simulator("/vms")]
    return vms + [f"library file {file['path']}" for file in world.ask_simulator("/library")]


def in_api_server(client: Client) -> list[str]:
    """Objects of Cluster API's kinds and ours, and secrets, in the namespace of the example."""
    secrets = [
        f"Secret {secret.metadata.name}" for secret in client.list(Secret, namespace=NAMESPACE) if secret.metadata
    ]
    return secrets + [left for crd in client.list(CustomResourceDefinition) for left in _objects(client, crd.to_dict())]


def _objects(client: Client, crd: Mapping[str, Any]) -> list[str]:
    spec = crd["spec"]
    if spec["scope"] != "Namespaced":
        return []
    version = next(each["name"] for each in spec["versions"] if each["storage"])
    kind = create_namespaced_resource(spec["group"], version, spec["names"]["kind"], spec["names"]["plural"])
    items = client.list(kind, namespace=NAMESPACE)
    return [f"{spec['names']['kind']} {item.metadata.name}" for item in items if item.metadata]
