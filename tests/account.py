# SPDX-License-Identifier: Apache-2.0
"""The controller's service account on a test's API server: what a pod of the components would be, and no more."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import yaml
from lightkube import Client
from lightkube.models.authentication_v1 import TokenRequestSpec
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import ServiceAccountToken
from plane.apply import apply
from plane.kubeconfig import client_for

DEPLOY = Path(__file__).parents[1] / "controller" / "deploy"
NAMESPACE, ACCOUNT = "capi-scvmm-system", "capi-scvmm"
# Longer than any test run; the API server allows no less than ten minutes.
TOKEN_SECONDS = 4 * 3600


@cache
def controller_kubeconfig(administrator: Path) -> Path:
    """A kubeconfig of the service account, made with an administrator's; its roles are those of the components.

    Made once for each API server; the file is gone with this process.
    """
    folder = Path(tempfile.mkdtemp(prefix="capi-scvmm-account-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with client_for(administrator) as client:
        for name in ("namespace.yaml", "rbac.yaml"):
            apply(client, DEPLOY / name)
        return account_kubeconfig(client, administrator, NAMESPACE, folder / "kubeconfig")


def may_lead(client: Client, namespace: str) -> None:
    """Let the service account hold the lease of an election in *namespace*, as it may in its own."""
    for part in yaml.safe_load_all((DEPLOY / "rbac.yaml").read_text("utf-8")):
        if part["kind"] in ("Role", "RoleBinding"):
            part["metadata"]["namespace"] = namespace
            apply(client, part)


def account_kubeconfig(client: Client, administrator: Path, namespace: str, path: Path) -> Path:
    """Write a kubeconfig (0600) with a token of the service account in *namespace*."""
    request = ServiceAccountToken(
        metadata=ObjectMeta(), spec=TokenRequestSpec(audiences=[], expirationSeconds=TOKEN_SECONDS)
    )
    answer = client.create(request, ACCOUNT, namespace=namespace)
    assert answer.status is not None, "the API server gives a token, or refuses"
    config = yaml.safe_load(administrator.read_text())
    for user in config["users"]:
        user["user"] = {"token": answer.status.token}
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump(config))
    return path
