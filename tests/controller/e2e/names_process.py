# SPDX-License-Identifier: Apache-2.0
"""A controller with nothing but its names: it takes, notes and gives back names with the controller's own code.

`python -m controller.e2e.names_process KUBECONFIG NAMESPACE` works until it is killed. VMs are ConfigMaps, whose names
the API server keeps unique. A VM that cannot be made because another machine that lives has one of that name is what
must never happen: it is told by a ConfigMap called twice-….
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from capi_scvmm.kinds import VM_NAME, ScvmmMachine
from capi_scvmm.kube import MACHINE, NAME_POOL, Body, Conflict, Kind, LightKube
from capi_scvmm.names import NamePools, name_claim_of
from capi_scvmm.objects import Objects
from capi_scvmm.plan import Naming
from capi_scvmm.plan.name_pool import Books
from capi_scvmm.plan.scope import FINALIZER
from capi_scvmm.store import Key, Store

VM = Kind("", "v1", "ConfigMap", "configmaps")


class NamesOnly:
    """What a controller does for machines that want names."""

    def __init__(self, kube: LightKube, namespace: str, starting: Callable[[], None] | None = None) -> None:
        self._starting = starting
        self._kube, self._namespace, self._store = kube, namespace, Store()
        self._objects = Objects(kube, self._store, lambda key: None)
        self._names = NamePools(self._objects, lambda key: None, lambda key, seconds: None, lambda body: True)
        self._gate = asyncio.Semaphore(16)
        self._built: set[str] = set()

    async def round(self) -> None:
        """Look at everything once, in an order of its own."""
        for kind in (MACHINE, NAME_POOL):
            told = {body["metadata"]["name"]: body for body in await self._kube.list(kind, self._namespace)}
            for key in self._store.keys(kind):
                known = self._store.get(kind, key.namespace, key.name)
                if known is not None and key.name not in told:
                    self._store.drop(kind, known)
            for body in told.values():
                self._store.put(kind, body)
        bodies = [body for key in self._store.keys(MACHINE) if (body := self._store.get(MACHINE, *key_of(key)))]
        if self._starting is not None:
            self._starting()
            self._starting = None
        random.shuffle(bodies)
        pools = [self._names.reconcile(key) for key in self._store.keys(NAME_POOL)]
        await asyncio.gather(*(self._look(body) for body in bodies if self._unfinished(body)), *pools)

    def _unfinished(self, body: Body) -> bool:
        return bool(body["metadata"].get("deletionTimestamp")) or body["metadata"]["uid"] not in self._built

    async def _look(self, body: Body) -> None:
        async with self._gate:
            if body["metadata"].get("deletionTimestamp"):
                await self._let_go(body)
                return
            machine, claim = ScvmmMachine.model_validate(body), name_claim_of(body)
            assert machine.spec.vm_name_from_pool is not None
            pool = Key(NAME_POOL.kind, self._namespace, machine.spec.vm_name_from_pool.name)
            found = await self._names.find(self._namespace, pool.name)
            if found is None:
                return
            naming = Naming(pool.name, True, machine.taken_name, Books.of(found).name_of(claim))
            if naming.settled:
                await self._build(body, machine.vm_name)
                return
            name = await self._names.take(pool, claim)
            if name is not None:
                await self._objects.annotate(MACHINE, body, VM_NAME, name)

    async def _build(self, body: Body, name: str) -> None:
        meta = body["metadata"]
        owner = {"machine": meta["name"], "uid": meta["uid"]}
        if await self._make(name, owner):
            self._built.add(meta["uid"])
            return
        there = await self._kube.get(VM, self._namespace, name)
        other = (there or {}).get("data") or owner
        if other["uid"] == meta["uid"]:
            self._built.add(meta["uid"])
        elif await self._lives(owner):
            if await self._lives(other):
                await self._make(f"twice-{name}", other)
            # A controller made it whose news were old: VMM would refuse the name, and here it makes place.
            await self._kube.delete(VM, self._namespace, name)

    async def _make(self, name: str, data: dict[str, str]) -> bool:
        body: dict[str, Any] = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}
        body["metadata"]["namespace"] = self._namespace
        return await self._kube.create(VM, self._namespace, body)

    async def _lives(self, owner: dict[str, str]) -> bool:
        body = await self._kube.get(MACHINE, self._namespace, owner["machine"])
        return body is not None and body["metadata"]["uid"] == owner["uid"]

    async def _let_go(self, body: Body) -> None:
        """The VM first, then the finalizer, as the controller does it."""
        name = ScvmmMachine.model_validate(body).taken_name
        there = await self._kube.get(VM, self._namespace, name) if name is not None else None
        if there is not None and (there.get("data") or {}).get("uid") == body["metadata"]["uid"]:
            await self._kube.delete(VM, self._namespace, there["metadata"]["name"])
        await self._objects.set_finalizer(MACHINE, body, FINALIZER, False)


def key_of(key: Key) -> tuple[str, str]:
    """Namespace and name."""
    return key.namespace, key.name


async def main(kubeconfig: Path, namespace: str) -> None:
    """Go round after round."""
    controller = NamesOnly(LightKube(kubeconfig), namespace, lambda: print("at work", flush=True))
    while True:
        try:
            await controller.round()
        except Conflict:
            continue
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
