# SPDX-License-Identifier: Apache-2.0
"""The Kubernetes API as the controller uses it: a port of seven calls, and its real implementation on lightkube."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

import httpx2
import yaml
from lightkube import ApiError, AsyncClient, KubeConfig
from lightkube.config.client_adapter import verify_cluster
from lightkube.config.kubeconfig import SingleConfig
from lightkube.config.models import User
from lightkube.core.exceptions import ConfigError
from lightkube.core.resource_registry import resource_registry
from lightkube.generic_resource import create_global_resource, create_namespaced_resource
from lightkube.types import PatchType

from capi_scvmm.errors import ControllerError
from capi_scvmm.http_transport import AiohttpTransport
from capi_scvmm.kinds import GROUP, VERSION

Body = dict[str, Any]
ATTEMPTS = 6
T = TypeVar("T")


@dataclass(frozen=True)
class Kind:
    """A kind of object; *version* may be unknown until it was seen (Cluster API's).

    Of one that is not *namespaced* the namespace given with a name is ignored.
    """

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool = True


MACHINE = Kind(GROUP, VERSION, "ScvmmMachine", "scvmmmachines")
CLUSTER = Kind(GROUP, VERSION, "ScvmmCluster", "scvmmclusters")
MACHINE_TEMPLATE = Kind(GROUP, VERSION, "ScvmmMachineTemplate", "scvmmmachinetemplates")
NAME_POOL = Kind(GROUP, VERSION, "ScvmmNamePool", "scvmmnamepools")
REMEDIATION = Kind(GROUP, VERSION, "ScvmmRemediation", "scvmmremediations")
PERSISTENT_DISK = Kind(GROUP, VERSION, "ScvmmPersistentDisk", "scvmmpersistentdisks")
PERSISTENT_DISK_POOL = Kind(GROUP, VERSION, "ScvmmPersistentDiskPool", "scvmmpersistentdiskpools")
PROVIDER = Kind(GROUP, VERSION, "ScvmmProvider", "scvmmproviders")
CAPI_MACHINE = Kind("cluster.x-k8s.io", "v1beta2", "Machine", "machines")
CAPI_CLUSTER = Kind("cluster.x-k8s.io", "v1beta2", "Cluster", "clusters")
SECRET = Kind("", "v1", "Secret", "secrets")
NODE = Kind("", "v1", "Node", "nodes", namespaced=False)
EVENT = Kind("", "v1", "Event", "events")
CONFIG_MAP = Kind("", "v1", "ConfigMap", "configmaps")
IP_ADDRESS_CLAIM = Kind("ipam.cluster.x-k8s.io", "v1beta2", "IPAddressClaim", "ipaddressclaims")
LEASE = Kind("coordination.k8s.io", "v1", "Lease", "leases")
IP_ADDRESS = Kind("ipam.cluster.x-k8s.io", "v1beta2", "IPAddress", "ipaddresses")


class Conflict(Exception):
    """The object was changed by somebody else since it was read: look at it again."""


class Kube(Protocol):
    """What the controller asks of the API server. Every call may be repeated; short troubles are waited out inside.

    An object that is not there is None, in reads and in patches.
    """

    async def get(self, kind: Kind, namespace: str, name: str) -> Body | None:
        """Read an object as it is now."""
        ...

    async def list(self, kind: Kind, namespace: str) -> list[Body]:
        """Read all objects of a kind in a namespace as they are now."""
        ...

    async def patch(self, kind: Kind, namespace: str, name: str, patch: Mapping[str, Any]) -> Body | None:
        """Apply a merge patch; with metadata.resourceVersion in it, raise Conflict when that is not the latest."""
        ...

    async def patch_status(
        self, kind: Kind, namespace: str, name: str, status: Mapping[str, Any], version: str | None = None
    ) -> Body | None:
        """Apply a merge patch to the status subresource; with *version*, raise Conflict when that is not the latest."""
        ...

    async def create(self, kind: Kind, namespace: str, body: Body) -> bool:
        """Create an object; False when one of that name is there."""
        ...

    async def delete(self, kind: Kind, namespace: str, name: str) -> None:
        """Ask for the deletion of an object; one that is not there is as good as deleted."""
        ...


class LightKube:
    """Kube on lightkube; *ensure* is called before each attempt to write, and does not return if that may not be."""

    def __init__(self, kubeconfig: Path | SingleConfig | None, ensure: Callable[[], None] = lambda: None) -> None:
        self._ensure = ensure
        config = kubeconfig if isinstance(kubeconfig, SingleConfig) else load_config(kubeconfig)
        verify = verify_cluster(config.cluster, config.user or User(), config.abs_file)
        self._client = AsyncClient(config, timeout=httpx2.Timeout(20.0), transport=AiohttpTransport(verify))
        self._resources: dict[Kind, Any] = {}

    async def get(self, kind: Kind, namespace: str, name: str) -> Body | None:
        """See Kube."""
        where = namespace if kind.namespaced else None
        return await self._found(lambda: self._client.get(self._resource(kind), name, namespace=where))

    async def list(self, kind: Kind, namespace: str) -> list[Body]:
        """See Kube."""
        resource = self._resource(kind)

        async def all_of_them() -> list[Body]:
            return [item.to_dict() async for item in self._client.list(resource, namespace=namespace)]

        return await patiently(all_of_them)

    async def patch(self, kind: Kind, namespace: str, name: str, patch: Mapping[str, Any]) -> Body | None:
        """See Kube."""
        resource, where = self._resource(kind), namespace if kind.namespaced else None
        return await self._found(lambda: self._merge(resource, where, name, dict(patch)))

    async def patch_status(
        self, kind: Kind, namespace: str, name: str, status: Mapping[str, Any], version: str | None = None
    ) -> Body | None:
        """See Kube."""
        resource = self._resource(kind).Status
        patch: Body = {"status": dict(status)}
        if version is not None:
            patch["metadata"] = {"resourceVersion": version}
        return await self._found(lambda: self._merge(resource, namespace, name, patch))

    async def create(self, kind: Kind, namespace: str, body: Body) -> bool:
        """See Kube."""
        resource, client = self._resource(kind), cast(Any, self._client)

        async def create() -> None:
            self._ensure()
            # Not resource(body): for a kind that lightkube knows by itself this is a class of fields.
            await client.create(resource.from_dict(body), namespace=namespace)

        try:
            await patiently(create)
        except ApiError as error:
            if error.status.code == 409:
                return False
            raise
        return True

    async def delete(self, kind: Kind, namespace: str, name: str) -> None:
        """See Kube."""
        resource, client = self._resource(kind), cast(Any, self._client)

        async def delete() -> None:
            self._ensure()
            await client.delete(resource, name, namespace=namespace)

        try:
            await patiently(delete)
        except ApiError as error:
            if error.status.code != 404:
                raise

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.close()

    async def _merge(self, resource: Any, namespace: str | None, name: str, patch: Body) -> Any:
        self._ensure()
        return await self._client.patch(resource, name, patch, namespace=namespace, patch_type=PatchType.MERGE)

    async def _found(self, call: Callable[[], Awaitable[Any]]) -> Body | None:
        try:
            return cast(Body, (await patiently(call)).to_dict())
        except ApiError as error:
            if error.status.code == 404:
                return None
            if error.status.code == 409:
                raise Conflict(str(error)) from error
            raise

    def _resource(self, kind: Kind) -> Any:
        if kind not in self._resources:
            make = create_namespaced_resource if kind.namespaced else create_global_resource
            # lightkube has one class for a kind in a process; somebody may have loaded its own for one of the core.
            known = resource_registry.get(f"{kind.group}/{kind.version}".lstrip("/"), kind.kind)
            self._resources[kind] = known or make(kind.group, kind.version, kind.kind, kind.plural)
        return self._resources[kind]


def load_config(kubeconfig: Path | None) -> SingleConfig:
    """Read the current context of a kubeconfig: of the one named, else what kubectl would take, else the pod's own."""
    try:
        config = KubeConfig.from_file(kubeconfig) if kubeconfig else KubeConfig.from_env()
        # Without a default of ours, a kubeconfig that names no current context raises.
        return cast(SingleConfig, config.get())
    except KeyError as error:
        raise _bad_config(kubeconfig, f"it has no {error.args[0]}") from error
    except (AttributeError, TypeError) as error:
        raise _bad_config(kubeconfig, "it is no kubeconfig") from error
    except (ConfigError, OSError, ValueError, yaml.YAMLError) as error:
        raise _bad_config(kubeconfig, str(error)) from error


def _bad_config(kubeconfig: Path | None, words: str) -> ControllerError:
    named = f"kubeconfig {kubeconfig}" if kubeconfig else "the kubeconfig from the environment"
    return ControllerError(
        f"{named} cannot be used: {' '.join(words.split()).rstrip('.')}. Name one with --kubeconfig."
    )


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """Repeat a call that the API server was too busy for, or that did not get through."""
    for attempt in range(ATTEMPTS):
        try:
            return await call()
        except ApiError as error:
            if error.status.code not in (429, 500, 502, 503, 504) or attempt == ATTEMPTS - 1:
                raise
        except httpx2.TransportError:
            if attempt == ATTEMPTS - 1:
                raise
        await asyncio.sleep(0.1 * 2**attempt * (0.5 + random.random()))  # noqa: S311 - no secret hangs on it
    raise AssertionError("the last attempt returns or raises")
