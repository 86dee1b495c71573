# SPDX-License-Identifier: Apache-2.0
"""The controller with the rights of the components and no others, where it serves one namespace only.

All other end-to-end tests run with the same account, whose role is bound in the whole cluster.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from account import DEPLOY, account_kubeconfig
from lightkube import Client
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import ServiceAccount
from lightkube.resources.rbac_authorization_v1 import ClusterRole, ClusterRoleBinding, RoleBinding

from .world import World

PARTS = list(yaml.safe_load_all((DEPLOY / "rbac.yaml").read_text("utf-8")))
SERVED, DISCOVERY = "capi-scvmm", "capi-scvmm-discovery"


def restricted(client: Client, namespace: str, kubeconfig: Path, folder: Path) -> Path:
    """A kubeconfig of a service account with the components' roles; the one for what is served in *namespace* only."""
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
    return account_kubeconfig(client, kubeconfig, namespace, folder / "restricted.kubeconfig")


def test_the_documented_rights_suffice(here: World, tmp_path: Path) -> None:
    """A machine's whole way, its events among it, without one call that the API server forbids."""
    here.provider()
    here.bootstrap()
    here.account = restricted(here.client, here.namespace, here.kubeconfig, tmp_path)
    controller = here.start()
    here.machine()
    here.until_true("node")
    here.delete("ScvmmMachine", "node")
    here.until_gone("node")
    here.until("its events", lambda: {"Created", "Provisioned", "Removed"} <= set(here.events("node")))
    log = controller.log.read_text(encoding="utf-8")
    assert [line for line in log.splitlines() if "forbidden" in line.lower()] == []
    assert here.vms() == []
