# SPDX-License-Identifier: Apache-2.0
"""ScvmmPersistentDisks: taken, noted and given back. The only code that writes who has a disk, and where it is."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from capi_scvmm.kinds import API_VERSION, CLAIM, LOCATION, ScvmmMachine, ScvmmPersistentDisk, ScvmmPersistentDiskPool
from capi_scvmm.kinds.taken_disks import TAKEN_DISKS, TakenDisk, read_taken, write_taken
from capi_scvmm.kube import MACHINE, PERSISTENT_DISK, PERSISTENT_DISK_POOL, Body, Conflict
from capi_scvmm.objects import Objects
from capi_scvmm.plan.life import creation_complete
from capi_scvmm.plan.persistent_disk import (
    Disks,
    DiskWish,
    Free,
    New,
    Nothing,
    carried_one,
    claim_of,
    claimed_by,
    deleting,
    doomed,
    file_left,
    offer,
    own_disk,
    state_of,
    wishes_of,
)
from capi_scvmm.plan.scope import MANAGED_BY, PAUSED, Scope
from capi_scvmm.provider import Providers
from capi_scvmm.status.persistent_disk import Holding, persistent_disk_status, pool_status
from capi_scvmm.store import Key

logger = logging.getLogger(__name__)

FINALIZER = "scvmmpersistentdisk.infrastructure.cluster.x-k8s.io"
TRIES = 8
"""How often a disk that somebody else was quicker with is followed by another one, within one look."""
AGAIN_SECONDS = 10.0


class PersistentDisks:
    """Gives disks to machines; *owned* says whether the watch filter leaves an object to this controller."""

    def __init__(
        self,
        objects: Objects,
        providers: Providers,
        want_look: Callable[[Key], None],
        want_look_after: Callable[[Key, float], None],
        owned: Callable[[Mapping[str, Any]], bool],
    ) -> None:
        self._objects = objects
        self._providers = providers
        self._want_look = want_look
        self._want_look_after = want_look_after
        self._owned = owned
        self._waiting: set[Key] = set()
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def state(self, key: Key, scope: Scope) -> Disks | None:
        """Tell how a machine stands with its persistent disks; None when it wants none."""
        machine, wishes = scope.machine, wishes_of(scope.machine)
        if not wishes and not read_taken(machine.metadata.annotations):
            return None
        disks = await self._carried(key.namespace, machine)
        lacks: dict[int, Nothing] = {}
        if any(own_disk(machine, disks, wish.place) is None for wish in wishes):
            # What is carried is not all: whoever is killed between the two records finds the other one like this.
            disks = await self._list(key.namespace)
            if scope.vm is None and not scope.deleting:
                lacks = await self._lacks(key, machine, wishes, disks, scope.provider.key)
        vm = scope.vm if creation_complete(scope) else None
        return state_of(machine, {disk.name: disk for disk in disks}, lacks, vm, scope.provider.key)

    async def take(self, key: Key, body: Body, scope: Scope) -> None:
        """Take all disks that a machine wants, or none; then have it carry which they are."""
        machine, provider = scope.machine, scope.provider.key
        async with self._turns[key.namespace]:
            found: dict[int, ScvmmPersistentDisk] = {}
            new: list[ScvmmPersistentDisk] = []
            for wish in wishes_of(machine):
                own = own_disk(machine, await self._list(key.namespace), wish.place)
                if own is None:
                    own = await self._obtain(key.namespace, machine, wish, list(found.values()), provider)
                    new += [own] if own is not None else []
                if own is None:
                    # All or none: two machines that have one of two disks each would wait for ever.
                    for disk in new:
                        await self._let_go(key.namespace, disk.name, machine, {})
                    break
                found[wish.place] = own
            else:
                taken = {place: TakenDisk(disk.name, disk.file) for place, disk in found.items()}
                await self._objects.annotate(MACHINE, body, TAKEN_DISKS, write_taken(taken))
        self._want_look(key)

    async def note(self, key: Key, scope: Scope) -> None:
        """Note where files are."""
        for name, where in scope.disks.moved if scope.disks is not None else ():
            body = await self._objects.find(PERSISTENT_DISK, key.namespace, name)
            if body is not None:
                logger.info("ScvmmPersistentDisk %s/%s is at %s", key.namespace, name, where.text)
                await self._objects.annotate(PERSISTENT_DISK, body, LOCATION, where.text)
        self._want_look(key)

    async def release(self, key: Key, scope: Scope) -> None:
        """Give all disks of a machine back: its VM is gone, and with it the files of those that were to go."""
        machine = scope.machine
        if not wishes_of(machine) and not read_taken(machine.metadata.annotations):
            return
        for disk in await self._list(key.namespace):
            if claimed_by(machine, disk):
                await self._let_go(key.namespace, disk.name, machine, {LOCATION: None} if doomed(disk) else {})

    async def reconcile(self, key: Key) -> None:
        """Look at one disk or pool."""
        for machine in [one for one in self._waiting if one.namespace == key.namespace]:
            self._waiting.discard(machine)
            self._want_look(machine)
        if key.kind == PERSISTENT_DISK_POOL.kind:
            await self._look_at_pool(key)
            return
        for pool in self._objects.store.keys(PERSISTENT_DISK_POOL):
            if pool.namespace == key.namespace:
                self._want_look(pool)
        body = self._objects.store.get(PERSISTENT_DISK, key.namespace, key.name)
        if body is not None and self._cared_for(body):
            await self._look_at_disk(key, body)

    async def _look_at_disk(self, key: Key, body: Body) -> None:
        disk = ScvmmPersistentDisk.model_validate(body)
        holding = await self._holding(key, disk)
        if disk.claim is not None and holding.machine is None:
            await self._write(body, {"annotations": {CLAIM: None}})
            return  # The watch tells of it.
        patch = persistent_disk_status(disk, body.get("status") or {}, holding, datetime.now(UTC))
        if patch:
            await self._objects.patch_status(PERSISTENT_DISK, body, patch)
        if deleting(disk) and holding.machine is None and not file_left(disk):
            await self._objects.set_finalizer(PERSISTENT_DISK, body, FINALIZER, False)
        if holding.left:
            self._want_look_after(key, AGAIN_SECONDS)

    async def _holding(self, key: Key, disk: ScvmmPersistentDisk) -> Holding:
        """Find out who has a disk; a machine that has another one for that place, or that is gone, has it no more."""
        claim = disk.claim
        if claim is None:
            return Holding()
        body = await self._objects.find(MACHINE, key.namespace, claim.machine)
        machine = ScvmmMachine.model_validate(body) if body is not None else None
        if machine is not None and claimed_by(machine, disk):
            carried = read_taken(machine.metadata.annotations).get(claim.place)
            return Holding(claim.machine) if carried is None or carried.name == disk.name else Holding()
        return Holding(claim.machine, left=True) if self._vm_may_be_left(disk, claim.uid) else Holding()

    def _vm_may_be_left(self, disk: ScvmmPersistentDisk, uid: str) -> bool:
        """Whether the VM of a machine that is gone may still have the disk, as when somebody removed our finalizer."""
        where = disk.location
        if where is None or where.provider is None:
            return False
        namespace, _, name = where.provider.partition("/")
        server = self._providers.server(Key("ScvmmProvider", namespace, name))
        if server is None or server.observer is None:
            return True
        sight = server.observer.sight(uid, None, 0.0)
        return sight.vm is not None or not sight.known

    async def _look_at_pool(self, key: Key) -> None:
        body = self._objects.store.get(PERSISTENT_DISK_POOL, key.namespace, key.name)
        if body is None or not self._cared_for(body):
            return
        pool, store = ScvmmPersistentDiskPool.model_validate(body), self._objects.store
        keys = [one for one in store.keys(PERSISTENT_DISK) if one.namespace == key.namespace]
        known = [store.get(PERSISTENT_DISK, one.namespace, one.name) for one in keys]
        disks = [ScvmmPersistentDisk.model_validate(one) for one in known if one is not None]
        members = [disk for disk in disks if pool.has(disk.metadata.labels)]
        patch = pool_status(pool, body.get("status") or {}, members, datetime.now(UTC))
        if patch:
            await self._objects.patch_status(PERSISTENT_DISK_POOL, body, patch)

    def _cared_for(self, body: Body) -> bool:
        metadata = body["metadata"]
        paused = PAUSED in (metadata.get("annotations") or {}) or MANAGED_BY in (metadata.get("labels") or {})
        return self._owned(body) and not paused

    async def _carried(self, namespace: str, machine: ScvmmMachine) -> list[ScvmmPersistentDisk]:
        names = [one.name for one in read_taken(machine.metadata.annotations).values()]
        found = [await self._objects.find(PERSISTENT_DISK, namespace, name) for name in names]
        return [ScvmmPersistentDisk.model_validate(body) for body in found if body is not None]

    async def _list(self, namespace: str) -> list[ScvmmPersistentDisk]:
        """All disks as they are now: what a watch has not told yet must not be taken for absent."""
        return [
            ScvmmPersistentDisk.model_validate(body)
            for body in await self._objects.kube.list(PERSISTENT_DISK, namespace)
        ]

    async def _lacks(
        self,
        key: Key,
        machine: ScvmmMachine,
        wishes: Sequence[DiskWish],
        disks: Sequence[ScvmmPersistentDisk],
        provider: str | None,
    ) -> dict[int, Nothing]:
        lacks: dict[int, Nothing] = {}
        have: list[ScvmmPersistentDisk] = []
        for wish in wishes:
            own = own_disk(machine, disks, wish.place)
            if own is not None:
                have.append(own)
                continue
            got = offer(await self._pool(key.namespace, wish.pool), disks, wish, have, provider)
            match got:
                case Nothing():
                    lacks[wish.place] = got
                case Free(disk=disk):
                    have.append(disk)
                    disks = [one for one in disks if one.name != disk.name]
                case New():
                    pass
        if lacks:
            self._waiting.add(key)
        return lacks

    async def _pool(self, namespace: str, name: str) -> ScvmmPersistentDiskPool | None:
        body = await self._objects.find(PERSISTENT_DISK_POOL, namespace, name)
        return ScvmmPersistentDiskPool.model_validate(body) if body is not None else None

    async def _obtain(
        self,
        namespace: str,
        machine: ScvmmMachine,
        wish: DiskWish,
        have: list[ScvmmPersistentDisk],
        provider: str | None,
    ) -> ScvmmPersistentDisk | None:
        """Take a free disk, or make one; None when there is none, or others were quicker each time."""
        pool = await self._pool(namespace, wish.pool)
        for _ in range(TRIES):
            disks = await self._list(namespace)
            own = own_disk(machine, disks, wish.place)
            if own is not None:
                return own
            got = carried_one(machine, disks, wish.place) or offer(pool, disks, wish, have, provider)
            match got:
                case Free(disk=disk):
                    await self._claim(namespace, disk.name, machine, wish.place)
                case New(number=number) if pool is not None:
                    await self._make(namespace, pool, number, machine, wish.place)
                case _:
                    return None
        return None

    async def _claim(self, namespace: str, name: str, machine: ScvmmMachine, place: int) -> None:
        body = await self._objects.kube.get(PERSISTENT_DISK, namespace, name)
        if body is None or ScvmmPersistentDisk.model_validate(body).claim is not None:
            return
        others = [one for one in body["metadata"].get("finalizers") or () if one != FINALIZER]
        claim = {CLAIM: claim_of(machine, place).text}
        await self._write(body, {"annotations": claim, "finalizers": [*others, FINALIZER]})

    async def _make(
        self, namespace: str, pool: ScvmmPersistentDiskPool, number: int, machine: ScvmmMachine, place: int
    ) -> None:
        """Make a disk that has an owner from its first moment; one of that number that is there already is left."""
        body = {"apiVersion": API_VERSION, "kind": PERSISTENT_DISK.kind, **pool.body(number)}
        body["metadata"]["annotations"][CLAIM] = claim_of(machine, place).text
        body["metadata"]["finalizers"] = [FINALIZER]
        if await self._objects.kube.create(PERSISTENT_DISK, namespace, body):
            logger.info("made ScvmmPersistentDisk %s/%s", namespace, body["metadata"]["name"])

    async def _let_go(self, namespace: str, name: str, machine: ScvmmMachine, also: Mapping[str, None]) -> None:
        """Take the machine's claim from a disk, unless somebody did."""
        for _ in range(TRIES):
            body = await self._objects.kube.get(PERSISTENT_DISK, namespace, name)
            if body is None or not claimed_by(machine, ScvmmPersistentDisk.model_validate(body)):
                return
            if await self._write(body, {"annotations": {CLAIM: None, **also}}):
                logger.info("ScvmmPersistentDisk %s/%s is free", namespace, name)
                return
        raise Conflict(f"ScvmmPersistentDisk {namespace}/{name} changes too quickly to be given back")

    async def _write(self, body: Body, metadata: dict[str, Any]) -> bool:
        """Write metadata of a disk, unless it changed since it was read; the watch tells what became of it."""
        name, version = body["metadata"]["name"], body["metadata"]["resourceVersion"]
        patch = {"metadata": {**metadata, "resourceVersion": version}}
        try:
            return (
                await self._objects.kube.patch(PERSISTENT_DISK, body["metadata"]["namespace"], name, patch) is not None
            )
        except Conflict:
            return False
