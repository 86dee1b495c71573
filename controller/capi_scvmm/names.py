# SPDX-License-Identifier: Apache-2.0
"""ScvmmNamePools: names are taken, noted and given back. The only code that writes the books of a pool."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from capi_scvmm.kinds import VM_NAME, ScvmmNamePool
from capi_scvmm.kube import MACHINE, NAME_POOL, Body, Conflict
from capi_scvmm.objects import Objects
from capi_scvmm.plan.name_pool import SKIPPED_FOR, Books, NameClaim, disputed, settle
from capi_scvmm.plan.scope import FINALIZER, MANAGED_BY, PAUSED
from capi_scvmm.status import server_events
from capi_scvmm.status.name_pool import count, name_pool_status
from capi_scvmm.store import Key

SINGLE_READS = 8
"""Of more machines than that one list is read."""


@dataclass
class _Desk:
    """Who stands at one pool: claims that are served next, and machines that wait for a name to become free."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    claims: list[tuple[NameClaim, asyncio.Future[str | None]]] = field(default_factory=list)
    waiting: dict[Key, str] = field(default_factory=dict)


class NamePools:
    """Keeps the books of name pools; *owned* says whether the watch filter leaves a pool to this controller."""

    def __init__(
        self,
        objects: Objects,
        want_look: Callable[[Key], None],
        want_look_after: Callable[[Key, float], None],
        owned: Callable[[Mapping[str, Any]], bool],
    ) -> None:
        self._objects = objects
        self._want_look = want_look
        self._want_look_after = want_look_after
        self._owned = owned
        self._desks: dict[Key, _Desk] = {}

    async def find(self, namespace: str, name: str) -> ScvmmNamePool | None:
        """Give a pool as it was told last."""
        body = await self._objects.find(NAME_POOL, namespace, name)
        return ScvmmNamePool.model_validate(body) if body is not None else None

    def wait(self, pool: Key, machine: Key, since: str) -> None:
        """Have *machine* looked at when *pool* can serve it; those that wait longer come first."""
        self._desk(pool).waiting[machine] = since

    async def take(self, pool: Key, claim: NameClaim) -> str | None:
        """Take a name for a machine, or note the one that it has; None when there is none.

        Whoever comes while the books are being written is served with all the others in the next patch.
        """
        desk = self._desk(pool)
        served: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        desk.claims.append((claim, served))
        async with desk.lock:
            if not served.done():
                await self._serve(pool, desk)
        if desk.waiting:
            self._want_look(pool)
        return served.result()

    async def reconcile(self, key: Key) -> None:
        """Look at one pool: take back what nobody has any more, note what machines carry, wake whom it can serve."""
        body = self._objects.store.get(NAME_POOL, key.namespace, key.name)
        if body is None:
            self._wake(key, len(self._desk(key).waiting))
            return
        users = self._users(key)
        if not users and not self._owned(body):
            return
        metadata = body["metadata"]
        if PAUSED in (metadata.get("annotations") or {}) or MANAGED_BY in (metadata.get("labels") or {}):
            return
        pool = ScvmmNamePool.model_validate(body)
        returned = await self._returned(key, pool)
        books = await self._write(key, claims_of(key, users), returned)
        if books is not None:
            self._serve_later(key, pool, books)

    async def _serve(self, pool: Key, desk: _Desk) -> None:
        waiting, desk.claims = desk.claims, []
        try:
            books = await self._write(pool, [claim for claim, _ in waiting], {})
        except Exception as error:  # each of them is told, and its look is repeated
            for _, served in waiting:
                served.set_exception(error)
            return
        except BaseException:
            desk.claims = waiting + desk.claims  # This worker ends; the next one serves them.
            raise
        for claim, served in waiting:
            served.set_result(books.given.get(claim.uid) if books is not None else None)

    async def _write(self, key: Key, claims: list[NameClaim], returned: Mapping[str, str]) -> Books | None:
        """Write the books by what they say at that moment; None when the pool is gone."""
        body = await self._objects.find(NAME_POOL, key.namespace, key.name)
        while body is not None:
            pool, now = ScvmmNamePool.model_validate(body), datetime.now(UTC)
            if pool.status.vm_name_owners is None:
                # New, or moved here without its status: who has a name says so itself.
                there = await self._objects.kube.list(MACHINE, key.namespace)
                asking = {claim.uid for claim in claims}
                claims = [*claims, *(one for one in claims_of(key, there) if one.uid not in asking)]
            books = settle(pool, claims, returned, now)
            patch = name_pool_status(pool, body.get("status") or {}, books, disputed(pool, books, claims), now)
            if not patch:
                return books
            try:
                told = server_events(body.get("status") or {}, patch)
                if await self._objects.patch_status_of(NAME_POOL, body, patch):
                    await self._objects.post(NAME_POOL, body, told)
                    return books
                return None
            except Conflict:
                body = await self._objects.refresh(NAME_POOL, key.namespace, key.name)
        return None

    def _users(self, key: Key) -> list[Body]:
        found = (
            self._objects.store.get(MACHINE, one.namespace, one.name)
            for one in self._objects.store.referrers(key)
            if one.kind == MACHINE.kind
        )
        return [body for body in found if body is not None]

    async def _returned(self, key: Key, pool: ScvmmNamePool) -> dict[str, str]:
        """The entries of the books whose machine is no more, or has its name from elsewhere."""
        owners = pool.status.vm_name_owners or {}
        doubtful = [(name, entry) for name, entry in owners.items() if not self._seen(key, name, entry)]
        there = await self._machines(key.namespace, {entry.partition("/")[0] for _, entry in doubtful})
        return {
            name: entry
            for name, entry in doubtful
            if (body := there.get(entry.partition("/")[0])) is None or not entitled(body, key.name, name, entry)
        }

    async def _machines(self, namespace: str, names: set[str]) -> dict[str, Body]:
        """Those of the named machines that there are now."""
        if len(names) > SINGLE_READS:
            found: list[Body | None] = [*await self._objects.kube.list(MACHINE, namespace)]
        else:
            found = await asyncio.gather(*(self._objects.kube.get(MACHINE, namespace, name) for name in sorted(names)))
        return {body["metadata"]["name"]: body for body in found if body is not None}

    def _seen(self, key: Key, name: str, entry: str) -> bool:
        """Whether by all that is known the machine is there and has the name; if not, the API server is asked."""
        body = self._objects.store.get(MACHINE, key.namespace, entry.partition("/")[0])
        return body is not None and entitled(body, key.name, name, entry)

    def _serve_later(self, key: Key, pool: ScvmmNamePool, books: Books) -> None:
        """Wake as many machines as there are names now, and look again when a skipped name may be tried."""
        now = datetime.now(UTC)
        due = [one.since + SKIPPED_FOR for one in books.skipped.values()]
        self._wake(key, count(pool, books).free + sum(1 for moment in due if moment <= now))
        later = [moment for moment in due if moment > now]
        if later and self._desk(key).waiting:
            self._want_look_after(key, (min(later) - now).total_seconds() + 1.0)

    def _wake(self, key: Key, most: int) -> None:
        """Wake the machines that wait the longest; more than there are names would find none."""
        waiting = self._desk(key).waiting
        for machine in sorted(waiting, key=lambda one: (waiting[one], one.name))[:most]:
            del waiting[machine]
            self._want_look(machine)

    def _desk(self, key: Key) -> _Desk:
        return self._desks.setdefault(key, _Desk())


def name_claim_of(body: Mapping[str, Any], record: str | None = None, built: bool | None = None) -> NameClaim:
    """The claim of a machine; *record* is the name that it carries, *built* whether there is a VM of it."""
    metadata, spec = body["metadata"], body.get("spec") or {}
    carried = spec.get("vmName") or (metadata.get("annotations") or {}).get(VM_NAME) or None
    there = bool(spec.get("providerID") or (body.get("status") or {}).get("id"))
    return NameClaim(
        machine=metadata["name"],
        uid=metadata["uid"],
        record=record or carried,
        built=there if built is None else built,
        since=str(metadata.get("creationTimestamp") or ""),
    )


def claims_of(pool: Key, machines: Iterable[Mapping[str, Any]]) -> list[NameClaim]:
    """The claims of those machines that carry a name and refer to the pool; whose VM is gone has none any more."""
    claims = ((body, name_claim_of(body)) for body in machines if _pool_of(body) == pool.name and not _released(body))
    return [claim for _, claim in claims if claim.record is not None]


def entitled(body: Mapping[str, Any], pool: str, name: str, entry: str) -> bool:
    """Whether the machine *body* is the one that the *entry* of the books means, and still has the name from there."""
    uid = entry.partition("/")[2]
    spec = body.get("spec") or {}
    same = not uid or uid == body["metadata"]["uid"]
    return same and not _released(body) and _pool_of(body) == pool and (spec.get("vmName") or name) == name


def _pool_of(body: Mapping[str, Any]) -> str | None:
    return ((body.get("spec") or {}).get("vmNameFromPool") or {}).get("name")


def _released(body: Mapping[str, Any]) -> bool:
    """Whether VMM has no VM of it any more: it is being deleted, and our finalizer is off."""
    metadata = body["metadata"]
    return bool(metadata.get("deletionTimestamp")) and FINALIZER not in (metadata.get("finalizers") or ())
