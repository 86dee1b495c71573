# SPDX-License-Identifier: Apache-2.0
"""The writer of a pool's books: few patches, no storm of looks, right also when others write meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from capi_scvmm.kinds import VM_NAME
from capi_scvmm.kube import MACHINE, NAME_POOL, Body, Conflict, Kind
from capi_scvmm.names import NamePools, name_claim_of
from capi_scvmm.objects import Objects
from capi_scvmm.plan.name_pool import NameClaim
from capi_scvmm.plan.scope import FINALIZER
from capi_scvmm.store import Key, Store

from .fleet import MemoryKube

POOL = Key(NAME_POOL.kind, "ns", "web")


@dataclass
class StrictKube(MemoryKube):
    """An API server that takes its time and compares resource versions; *meanwhile* runs once before the next patch."""

    meanwhile: Callable[[], None] | None = None
    trouble: Exception | None = None
    read: list[str] = field(default_factory=list)

    async def get(self, kind: Kind, namespace: str, name: str) -> Body | None:
        """See Kube."""
        self.read.append(name)
        return await super().get(kind, namespace, name)

    async def list(self, kind: Kind, namespace: str) -> list[Body]:
        """See Kube."""
        self.read.append(kind.plural)
        await asyncio.sleep(0)
        return [body for (name, _), body in self.objects.items() if name == kind.kind]

    async def patch_status(
        self, kind: Kind, namespace: str, name: str, status: Mapping[str, Any], version: str | None = None
    ) -> Body | None:
        """See Kube."""
        await asyncio.sleep(0.001)
        if self.trouble is not None:
            raise self.trouble
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            happens()
        known = self.objects.get((kind.kind, name))
        if known is not None and version not in (None, known["metadata"]["resourceVersion"]):
            raise Conflict(name)
        return await super().patch_status(kind, namespace, name, status)


class Desk:
    """A pool, its writer, and who was asked to look."""

    def __init__(self, *ranges: tuple[str, str], status: Body | None = None) -> None:
        self.kube, self.store = StrictKube(), Store()
        self.looks: list[Key] = []
        self.later: list[float] = []
        objects = Objects(self.kube, self.store, self.looks.append)
        self.names = NamePools(
            objects, self.looks.append, lambda _, seconds: self.later.append(seconds), lambda _: True
        )
        spec = {"vmNameRanges": [{"start": start, "end": end} for start, end in ranges]}
        self.know(NAME_POOL, "web", {"spec": spec, **({"status": status} if status is not None else {})})

    def know(self, kind: Kind, name: str, body: Body) -> Body:
        """Have an object, and have it told by the watch."""
        made = self.kube.put(kind, name, body)
        self.store.put(kind, made)
        return made

    def machine(self, name: str, carried: str | None = None, **metadata: Any) -> NameClaim:
        """A machine that wants a name."""
        annotations = {VM_NAME: carried} if carried is not None else {}
        meta = {"annotations": annotations, "finalizers": [FINALIZER], **metadata}
        return name_claim_of(self.know(MACHINE, name, {"metadata": meta, "spec": {"vmNameFromPool": {"name": "web"}}}))

    def gone(self, name: str) -> None:
        """A machine is gone, and the watch tells it."""
        self.store.drop(MACHINE, self.kube.objects.pop((MACHINE.kind, name)))

    @property
    def owners(self) -> dict[str, str]:
        """Who has which name."""
        status = self.kube.objects[NAME_POOL.kind, "web"].get("status") or {}
        return {name: entry.partition("/")[0] for name, entry in (status.get("vmNameOwners") or {}).items()}


def run(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a story."""
    asyncio.run(story())


def test_200_machines_need_few_patches() -> None:
    """Who comes while the books are written is served with all the others in the next patch."""
    desk = Desk(("web-000", "web-199"))
    claims = [desk.machine(f"m{number:03}") for number in range(200)]

    async def story() -> None:
        taken = await asyncio.gather(*(desk.names.take(POOL, claim) for claim in claims))
        assert len(set(taken)) == 200 and None not in taken

    run(story)
    assert len(desk.kube.patches) <= 3 and len(desk.owners) == 200


def test_one_free_name_wakes_one_of_200_machines() -> None:
    """The one that has waited the longest; the others would find none."""
    desk = Desk(("only", ""))
    owner, *waiting = [
        desk.machine(f"m{number:03}", creationTimestamp=f"2026-11-23T10:{number % 60:02}:00Z") for number in range(200)
    ]

    async def story() -> None:
        assert await desk.names.take(POOL, owner) == "only"
        for claim in waiting:
            assert await desk.names.take(POOL, claim) is None
            desk.names.wait(POOL, Key(MACHINE.kind, "ns", claim.machine), claim.since)
        await desk.names.reconcile(POOL)
        desk.looks.clear()
        desk.gone(owner.machine)
        await desk.names.reconcile(POOL)

    run(story)
    assert desk.looks == [Key(MACHINE.kind, "ns", "m060")] and desk.owners == {}


def test_who_is_refused_reads_anew_and_decides_anew() -> None:
    """Another controller gave the first name to another machine between our read and our write."""
    desk = Desk(("web-1", "web-2"), status={"vmNameOwners": {}})
    claim = desk.machine("mine")
    desk.kube.meanwhile = lambda: (
        desk.kube._merge(NAME_POOL, "web", {"status": {"vmNameOwners": {"web-1": "theirs/uid"}}}) and None
    )

    async def story() -> None:
        assert await desk.names.take(POOL, claim) == "web-2"

    run(story)
    assert desk.owners == {"web-1": "theirs", "web-2": "mine"}


def test_a_name_comes_back_only_when_the_api_server_knows_no_owner() -> None:
    """Machines that this controller does not see, for they are another's, keep theirs; many are asked for at once."""
    entries = {f"web-{number}": f"m{number}/uid-m{number}" for number in range(10)}
    desk = Desk(("web-0", "web-9"), status={"vmNameOwners": entries})
    spec = {"vmNameFromPool": {"name": "web"}}
    for number in (1, 2, 3, 4):
        desk.kube.put(MACHINE, f"m{number}", {"spec": spec})
    desk.kube.put(MACHINE, "m2", {"spec": spec, "metadata": {"uid": "another"}})
    desk.kube.put(MACHINE, "m3", {"spec": {"vmNameFromPool": {"name": "other"}}})
    released = {"deletionTimestamp": "2026-11-23T12:00:00Z", "finalizers": ["somebody/else"]}
    desk.kube.put(MACHINE, "m4", {"spec": spec, "metadata": released})

    async def story() -> None:
        await desk.names.reconcile(POOL)
        assert desk.owners == {"web-1": "m1"} and desk.kube.read == ["scvmmmachines"]
        await desk.names.reconcile(POOL)
        assert desk.owners == {"web-1": "m1"} and desk.kube.read == ["scvmmmachines", "m1"]

    run(story)
    assert len(desk.kube.patches) == 1


def test_a_pool_without_books_asks_all_machines_what_they_carry() -> None:
    """After a move, before any name is given; also those that no watch has told of yet."""
    desk = Desk(("web-1", "web-3"))
    claim = desk.machine("new")
    meta = {"annotations": {VM_NAME: "web-1"}}
    desk.kube.put(MACHINE, "moved", {"metadata": meta, "spec": {"vmNameFromPool": {"name": "web"}}})

    async def story() -> None:
        assert await desk.names.take(POOL, claim) == "web-2"

    run(story)
    assert desk.owners == {"web-1": "moved", "web-2": "new"}


def test_a_skipped_name_is_looked_at_again_when_it_may_be_tried() -> None:
    """A machine that waits does so for ten minutes, not for ever."""
    desk = Desk(("web-1", ""), status={"vmNameOwners": {}})
    claim = desk.machine("m")
    refused = NameClaim(claim.machine, claim.uid, "web-1", refused="web-1", why="in use")

    async def story() -> None:
        assert await desk.names.take(POOL, refused) is None
        desk.names.wait(POOL, Key(MACHINE.kind, "ns", "m"), "")
        await desk.names.reconcile(POOL)

    run(story)
    assert len(desk.later) == 1 and 590 < desk.later[0] <= 601


@pytest.mark.parametrize(
    "mark", [{"annotations": {"cluster.x-k8s.io/paused": ""}}, {"labels": {"cluster.x-k8s.io/managed-by": "x"}}]
)
def test_a_pool_that_is_paused_or_somebody_elses_is_left_alone(mark: Body) -> None:
    """During a move nothing is touched."""
    desk = Desk(("web-1", "web-2"), status={"vmNameOwners": {"web-1": "gone/1"}})
    desk.know(NAME_POOL, "web", {**desk.kube.objects[NAME_POOL.kind, "web"], "metadata": mark})
    run(lambda: desk.names.reconcile(POOL))
    assert desk.kube.patches == []


def test_trouble_with_the_api_server_is_told_to_each_that_asked() -> None:
    """None of them hangs; when it is over they are served."""
    desk = Desk(("web-1", "web-2"), status={"vmNameOwners": {}})
    claims = [desk.machine("a"), desk.machine("b")]

    async def story() -> None:
        desk.kube.trouble = OSError("away")
        told = await asyncio.gather(*(desk.names.take(POOL, claim) for claim in claims), return_exceptions=True)
        assert [type(each) for each in told] == [OSError, OSError]
        desk.kube.trouble = None
        assert sorted([str(await desk.names.take(POOL, claim)) for claim in claims]) == ["web-1", "web-2"]

    run(story)


def test_a_pool_that_is_gone_gives_no_name_and_wakes_who_waits_for_it() -> None:
    """They say then that there is none."""
    desk = Desk(("web-1", "web-2"))
    claim = desk.machine("m")
    desk.names.wait(POOL, Key(MACHINE.kind, "ns", "m"), "")
    desk.store.drop(NAME_POOL, desk.kube.objects.pop((NAME_POOL.kind, "web")))

    async def story() -> None:
        assert await desk.names.take(POOL, claim) is None
        desk.looks.clear()
        await desk.names.reconcile(POOL)

    run(story)
    assert desk.looks == [Key(MACHINE.kind, "ns", "m")]
