# SPDX-License-Identifier: Apache-2.0
"""Asks workload clusters for Nodes, and gives one that lacks it its provider id, through the cluster's kubeconfig."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx2
import yaml
from lightkube import ApiError, KubeConfig
from lightkube.config.kubeconfig import SingleConfig
from lightkube.core.exceptions import ConfigError

from capi_scvmm.kube import NODE, SECRET, Body, Conflict, Kube, LightKube
from capi_scvmm.plan.node import NodeAnswer, NodeMissing, NodeSet, SetProviderId, WorkloadUnusable, judge

# A controller has many other things to do, and a workload cluster that is away must not keep it from them.
AT_ONCE = 4
SECONDS = 20.0
# What a kubeconfig may hold: credentials themselves, never the name of a file or program of the controller's machine.
_USER = {"client-certificate-data", "client-key-data", "token", "username", "password"}
_CLUSTER = {"server", "certificate-authority-data", "insecure-skip-tls-verify"}

Connect = Callable[[SingleConfig], AbstractAsyncContextManager[Kube]]


@asynccontextmanager
async def connect(config: SingleConfig) -> Any:
    """A client for one question."""
    client = LightKube(config)
    try:
        yield client
    finally:
        await client.close()


class Workloads:
    """The workload clusters, as far as their Nodes' provider ids go; *connect* opens a client to one."""

    def __init__(self, management: Kube, connect: Connect = connect) -> None:
        self._management = management
        self._connect = connect
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def identify(
        self, namespace: str, cluster: str, names: Sequence[str], provider_id: str, addresses: Sequence[str]
    ) -> NodeAnswer:
        """See to the provider id of the Node with one of *names* and one of *addresses*; tells what became of it."""
        where = f"Cluster {cluster}"
        async with self._slots:
            try:
                async with asyncio.timeout(SECONDS):
                    return await self._identify(namespace, cluster, names, provider_id, addresses)
            except Conflict:
                return WorkloadUnusable("NodeChanged", f"The Node was changed by somebody else in {where} meanwhile.")
            except ApiError as error:
                words = f"{where} answers {error.status.code}: {error.status.message}."
                return WorkloadUnusable("WorkloadClusterRefused", words)
            except (TimeoutError, httpx2.HTTPError, OSError) as error:
                words = str(error) or "it did not answer in time"
                return WorkloadUnusable("WorkloadClusterUnreachable", f"The API server of {where}: {words}.")

    async def _identify(
        self, namespace: str, cluster: str, names: Sequence[str], provider_id: str, addresses: Sequence[str]
    ) -> NodeAnswer:
        secret = f"{cluster}-kubeconfig"
        config = read_kubeconfig(await self._management.get(SECRET, namespace, secret), f"{namespace}/{secret}")
        if isinstance(config, WorkloadUnusable):
            return config
        async with self._connect(config) as workload:
            for name in names:
                node = await workload.get(NODE, "", name)
                if node is None:
                    continue
                found = judge(node, provider_id, addresses)
                if not isinstance(found, SetProviderId):
                    return found
                patch = {"metadata": {"resourceVersion": found.version}, "spec": {"providerID": provider_id}}
                written = await workload.patch(NODE, "", name, patch)
                return NodeSet(name, True) if written is not None else NodeMissing((name,))
        return NodeMissing(tuple(names))


def read_kubeconfig(secret: Body | None, name: str) -> SingleConfig | WorkloadUnusable:
    """Read the kubeconfig that Cluster API keeps of a workload cluster; one that names files or programs is refused."""
    if secret is None:
        words = f"Secret {name} with the kubeconfig of the workload cluster does not exist (yet)."
        return WorkloadUnusable("KubeconfigNotFound", words)
    try:
        text = base64.b64decode((secret.get("data") or {}).get("value") or "", validate=True)
        config = KubeConfig.from_dict(_inline(yaml.safe_load(text))).get()
    except (binascii.Error, yaml.YAMLError, ConfigError, ValueError, KeyError, TypeError, AttributeError):
        config = None
    if config is None or config.user is None:
        words = f"Secret {name}: its key value must be a kubeconfig that holds its credentials itself: correct it."
        return WorkloadUnusable("KubeconfigUnusable", words)
    return config


def _inline(config: Mapping[str, Any]) -> dict[str, Any]:
    for key, allowed in (("user", _USER), ("cluster", _CLUSTER)):
        for entry in config[f"{key}s"]:
            if set(entry[key]) - allowed:
                raise ValueError(key)
    return dict(config)
