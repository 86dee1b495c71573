# SPDX-License-Identifier: Apache-2.0
"""The controller with the rights of examples/rbac.yml and no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from lightkube import Client
from lightkube.models.authentication_v1 import TokenRequestSpec
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import ServiceAccount, ServiceAccountToken
from lightkube.resources.rbac_authorization_v1 import ClusterRole, ClusterRoleBinding, RoleBinding

from .world import REPOSITORY, World

PARTS = list(yaml.safe_load_all((REPOSITORY / "examples/rbac.yml").read_text("utf-8")))
SERVED, DISCOVERY = "capi-scvmm", "capi-scvmm-discovery"


def restricted(client: Client, namespace: str, kubeconfig: Path, folder: Path) -> Path:
    """A kubeconfig of a service account with the example's roles; the one for what is served in *namespace* only."""
    client.create(ServiceAccount(metadata=ObjectMeta(name="capi-scvmm", namespace=namespace)))
    subjects = [{"kind": "ServiceAccount", "name": "capi-scvmm", "namespace": namespace}]
    for name, binding, metadata in (
        (SERVED, RoleBinding, {"name": "capi-scvmm", "namespace": namespace}),
        (DISCOVERY, ClusterRoleBinding, {"name": f"{DISCOVERY}-{namespace}"}),
    ):
        role = next(part for part in PARTS if part["kind"] == "ClusterRole" and part["metadata"]["name"] == name)
        own = f"{name}-{namespace}"
        client.create(ClusterRole.from_dict({**role, "metadata": {"name": own}}))
        reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": own}
        made: Any = binding.from_dict({"metadata": metadata, "roleRef": reference, "subjects": subjects})
        client.create(made)
    request = ServiceAccountToken(metadata=ObjectMeta(), spec=TokenRequestSpec(audiences=[], expirationSeconds=3600))
    token = client.create(request, "capi-scvmm", namespace=namespace).status.token
    config = yaml.safe_load(kubeconfig.read_text())
    for user in config["users"]:
        user["user"] = {"token": token}
    path = folder / "restricted.kubeconfig"
    path.write_text(yaml.safe_dump(config))
    path.chmod(0o600)
    return path


def test_the_documented_rights_suffice(here: World, tmp_path: Path) -> None:
    """A machine's whole way, its events among it, without one call that the API server forbids."""
    here.provider()
    here.bootstrap()
    here.kubeconfig = restricted(here.client, here.namespace, here.kubeconfig, tmp_path)
    controller = here.start()
    here.machine()
    here.until_true("node")
    here.delete("ScvmmMachine", "node")
    here.until_gone("node")
    here.until("its events", lambda: {"Created", "Provisioned", "Removed"} <= set(here.events("node")))
    log = controller.log.read_text(encoding="utf-8")
    assert [line for line in log.splitlines() if "forbidden" in line.lower()] == []
    assert here.vms() == []
