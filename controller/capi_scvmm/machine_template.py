# SPDX-License-Identifier: Apache-2.0
"""ScvmmMachineTemplates: their status tells what a node made from them offers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from capi_scvmm.capacity import Blueprints, lacks_hardware, offer
from capi_scvmm.cluster import not_allowed
from capi_scvmm.conditions import merge, parse_conditions
from capi_scvmm.kinds import ScvmmMachineTemplate
from capi_scvmm.kube import CAPI_CLUSTER, CLUSTER, MACHINE_TEMPLATE, Body
from capi_scvmm.objects import Objects
from capi_scvmm.plan import Health
from capi_scvmm.plan.scope import MANAGED_BY
from capi_scvmm.provider import Providers, provider_key
from capi_scvmm.session import NoAnswer, SaidNo
from capi_scvmm.status.patch import changed
from capi_scvmm.store import CLUSTER_NAME, Key

FRESH_SECONDS = 600.0
"""How long an answer of VMM counts; templates and profiles rarely change."""
AGAIN_SECONDS = 30.0
"""How soon VMM is asked again when it has not answered."""


@dataclass
class _Read:
    """What a VMM server told last, and when, in seconds of the loop's clock."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    at: float = float("-inf")
    told: Blueprints | None = None
    trouble: tuple[str, str] | None = None


class MachineTemplates:
    """Looks at ScvmmMachineTemplates. All templates of a provider share one read of VMM's templates and profiles."""

    def __init__(self, objects: Objects, providers: Providers, want_look_after: Callable[[Key, float], None]) -> None:
        self._objects = objects
        self._providers = providers
        self._want_look_after = want_look_after
        self._reads: dict[Key, _Read] = {}

    async def reconcile(self, key: Key) -> None:
        """Look at one template."""
        body = self._objects.store.get(MACHINE_TEMPLATE, key.namespace, key.name)
        if body is None or MANAGED_BY in (body["metadata"].get("labels") or {}):
            return
        template = ScvmmMachineTemplate.model_validate(body)
        spec = template.spec.template.spec
        known, trouble = None, None
        if lacks_hardware(spec):
            known, trouble = await self._hardware(key.namespace, await self._provider(key, body))
            self._want_look_after(key, FRESH_SECONDS if known is not None else AGAIN_SECONDS)
        found = offer(spec, known, trouble)
        recorded: Mapping[str, Any] = body.get("status") or {}
        dated = merge(parse_conditions(recorded), [found.condition], template.metadata.generation, datetime.now(UTC))
        # What VMM told once holds while it does not answer: a node group does not shrink by an outage.
        capacity = {**(recorded.get("capacity") or {}), **found.capacity} if known is None else dict(found.capacity)
        wanted = {
            "capacity": capacity,
            "nodeInfo": dict(found.node_info),
            "conditions": [condition.dump() for condition in dated],
        }
        patch = changed(recorded, wanted)
        if patch:
            await self._objects.patch_status(MACHINE_TEMPLATE, body, patch)

    async def _provider(self, key: Key, body: Body) -> Mapping[str, Any] | None:
        """Name the provider: the template's own, else that of the cluster which it belongs to."""
        own = (body["spec"]["template"].get("spec") or {}).get("providerRef")
        if own:
            return dict(own)
        metadata = body["metadata"]
        owners = metadata.get("ownerReferences") or ()
        owner = next((one["name"] for one in owners if one.get("kind") == CAPI_CLUSTER.kind), None)
        name = (metadata.get("labels") or {}).get(CLUSTER_NAME) or owner
        cluster = await self._objects.find(CAPI_CLUSTER, key.namespace, name) if name else None
        reference = ((cluster or {}).get("spec") or {}).get("infrastructureRef") or {}
        if not reference.get("name"):
            return None
        infra = await self._objects.find(CLUSTER, key.namespace, reference["name"])
        found: Mapping[str, Any] | None = ((infra or {}).get("spec") or {}).get("providerRef")
        return found

    async def _hardware(
        self, namespace: str, reference: Mapping[str, Any] | None
    ) -> tuple[Blueprints | None, tuple[str, str] | None]:
        if reference is None:
            lack = "No ScvmmProvider is named, neither in the template nor by the cluster that it belongs to."
            return None, ("ProviderNotNamed", lack)
        where = provider_key(reference, namespace)
        called = f"{where.namespace}/{where.name}"
        server = self._providers.server(where)
        if server is None:
            return None, ("LookingForProvider", f"Looking for ScvmmProvider {called}.")
        if server.provider is not None and not server.provider.allows(namespace):
            return None, not_allowed(called, namespace)
        if server.problem is not None or server.observer is None:
            return None, server.problem or ("LookingForProvider", f"Looking for ScvmmProvider {called}.")
        if server.state.health is not Health.REACHABLE:
            words = server.state.message or "It has not answered yet."
            return None, (server.state.reason, f"ScvmmProvider {called}: {words}")
        read = self._reads.setdefault(where, _Read())
        async with read.lock:
            now = asyncio.get_running_loop().time()
            if now - read.at >= (FRESH_SECONDS if read.told is not None else AGAIN_SECONDS) / 2:
                read.at = now
                try:
                    read.told, read.trouble = Blueprints.parse(await server.observer.hardware()), None
                except NoAnswer as error:
                    read.told, read.trouble = None, ("VMMUnreachable", str(error))
                except SaidNo as error:
                    read.told, read.trouble = None, ("VMMRefuses", error.error.text)
            return read.told, read.trouble
