# SPDX-License-Identifier: Apache-2.0
"""Leases on the API server, over connections of their own: other requests must not hold up a renewal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import httpx2
from lightkube import ApiError

from capi_scvmm.election.elector import Trouble
from capi_scvmm.election.lease import Lease
from capi_scvmm.kube import LEASE, Conflict, Kube

T = TypeVar("T")


class KubeLeases:
    """The Lease *name* in *namespace*. Needs the verbs get, create and patch on it."""

    def __init__(self, kube: Kube, namespace: str, name: str) -> None:
        self._kube = kube
        self._namespace = namespace
        self._name = name

    async def read(self, seconds: float) -> Lease | None:
        """See Leases."""
        body = await self._asked(self._kube.get(LEASE, self._namespace, self._name), seconds)
        return Lease.parse(body) if body is not None else None

    async def write(self, lease: Lease, seconds: float) -> Lease | None:
        """See Leases."""
        try:
            return await self._asked(self._write(lease), seconds)
        except Conflict:
            return None

    async def _write(self, lease: Lease) -> Lease | None:
        metadata = {"name": self._name, "namespace": self._namespace}
        if lease.version:
            patch = {"metadata": {"resourceVersion": lease.version}, "spec": lease.spec()}
            body = await self._kube.patch(LEASE, self._namespace, self._name, patch)
        else:
            made = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": metadata, "spec": lease.spec()}
            created = await self._kube.create(LEASE, self._namespace, made)
            body = await self._kube.get(LEASE, self._namespace, self._name) if created else None
        written = Lease.parse(body) if body is not None else None
        return written if written is not None and written.holder == lease.holder else None

    async def _asked(self, call: Awaitable[T], seconds: float) -> T:
        try:
            async with asyncio.timeout(seconds):
                return await call
        except ApiError as error:
            words = " ".join(str(error).split())
            raise Trouble(f"Lease {self._namespace}/{self._name}: {words}") from error
        except TimeoutError:
            raise Trouble(f"Lease {self._namespace}/{self._name}: the API server did not answer in time") from None
        except httpx2.TransportError as error:
            raise Trouble(f"Lease {self._namespace}/{self._name}: {error}") from error
