# SPDX-License-Identifier: Apache-2.0
"""The store of what watches told, and the queue of who wants a look."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from capi_scvmm.kube import CAPI_CLUSTER, CAPI_MACHINE, CLUSTER, MACHINE, PROVIDER, SECRET
from capi_scvmm.store import CLUSTER_NAME, Key, Store
from capi_scvmm.work_queue import SLOW_SECONDS, WorkQueue

from .fleet import leap

NODE = Key("ScvmmMachine", "ns", "node")
EAST = Key("ScvmmCluster", "ns", "east")
VMM = Key("ScvmmProvider", "ns", "vmm")


def body(name: str, version: int = 1, uid: str = "u", **more: Any) -> dict[str, Any]:
    """An object as a watch tells it."""
    metadata = {"name": name, "namespace": "ns", "uid": uid, "resourceVersion": str(version)}
    metadata |= more.pop("metadata", {})
    return {"metadata": metadata, **more}


def owned_by(kind: str, name: str) -> dict[str, Any]:
    """Metadata with an owner."""
    return {"ownerReferences": [{"kind": kind, "name": name}]}


def full_store() -> Store:
    """A machine of a cluster with everything it refers to."""
    store = Store()
    store.put(SECRET, body("credentials", data={"password": "cA=="}))
    store.put(PROVIDER, body("vmm", spec={"scvmmSecret": {"name": "credentials"}}))
    provider = {"providerRef": {"name": "vmm", "namespace": "ns"}}
    store.put(CLUSTER, body("east", spec=provider, metadata=owned_by("Cluster", "east")))
    infrastructure = {"infrastructureRef": {"kind": "ScvmmCluster", "name": "east"}}
    store.put(CAPI_CLUSTER, body("east", spec=infrastructure))
    store.put(CAPI_MACHINE, body("node", spec={"bootstrap": {"dataSecretName": "data"}}))
    metadata = owned_by("Machine", "node") | {"labels": {CLUSTER_NAME: "east"}}
    store.put(MACHINE, body("node", spec={}, metadata=metadata))
    return store


def test_whatever_a_machine_depends_on_asks_for_a_look_at_it() -> None:
    """At any distance: credentials, provider, cluster, Cluster, Machine, bootstrap data."""
    store = full_store()
    for kind, name in ((SECRET, "credentials"), (PROVIDER, "vmm"), (CLUSTER, "east"), (CAPI_CLUSTER, "east")):
        assert NODE in store.put(kind, body(name, 9)), name
    store = full_store()
    assert NODE in store.put(SECRET, body("data"))
    assert NODE in store.put(CAPI_MACHINE, body("node", 9))
    assert EAST in store.put(CAPI_CLUSTER, body("east", 9))


def test_a_provider_is_looked_at_when_machines_begin_or_cease_to_use_it() -> None:
    """Its finalizer depends on them."""
    store = Store()
    machine = body("node", spec={"providerRef": {"name": "vmm", "namespace": "ns"}})
    assert VMM in store.put(MACHINE, machine)
    assert VMM not in store.put(MACHINE, body("node", 2, spec=machine["spec"]))
    assert store.referrers(VMM) == {NODE}
    assert VMM in store.drop(MACHINE, machine)
    assert store.referrers(VMM) == frozenset()


def test_old_news_change_nothing() -> None:
    """A watch may tell what a patch has told already; another object of the same name is news."""
    store = Store()
    store.put(MACHINE, body("node", 5))
    assert store.put(MACHINE, body("node", 5)) == frozenset()
    assert store.put(MACHINE, body("node", 4)) == frozenset()
    assert store.drop(MACHINE, body("node", 4, uid="older")) == frozenset()
    assert store.put(MACHINE, body("node", 1, uid="younger")) == {NODE}
    assert list(store.keys(MACHINE)) == [NODE]


def test_what_is_gone_is_not_brought_back_by_an_answer_that_arrives_late() -> None:
    """A write's answer may overtake nothing: older than the object's end, it tells of an object that is gone."""
    store = Store()
    store.put(PROVIDER, body("vmm", 5))
    store.drop(PROVIDER, body("vmm", 7))
    assert store.put(PROVIDER, body("vmm", 6)) == frozenset()
    assert store.get(PROVIDER, "ns", "vmm") is None
    assert VMM in store.put(PROVIDER, body("vmm", 8)), "a label of the watch filter came back"
    store.drop(PROVIDER, body("vmm", 9))
    assert VMM in store.put(PROVIDER, body("vmm", 3, uid="another"))


def test_secrets_are_kept_without_their_content() -> None:
    """What lies in memory can be dumped."""
    assert "cA==" not in str(full_store().get(SECRET, "ns", "credentials"))


def within(call: Callable[[], Awaitable[None]]) -> None:
    """Run a test's coroutine with a time limit."""

    async def limited() -> None:
        await asyncio.wait_for(_awaited(call), 10)

    asyncio.run(limited())


async def _awaited(call: Callable[[], Awaitable[None]]) -> None:
    await call()


def test_a_key_is_looked_at_once_however_often_it_is_added() -> None:
    """And once more when it was added during the look; never by two workers at once."""

    async def call() -> None:
        looks: list[int] = []
        at_once = 0
        gate = asyncio.Event()

        async def look(key: Key) -> None:
            nonlocal at_once
            at_once += 1
            looks.append(at_once)
            await gate.wait()
            at_once -= 1

        queue = WorkQueue(look, workers=4)
        queue.start()
        for _ in range(3):
            queue.add(NODE)
        await asyncio.sleep(0.02)
        for _ in range(3):
            queue.add(NODE)
        gate.set()
        await asyncio.sleep(0.02)
        await queue.stop()
        assert looks == [1, 1]

    within(call)


def test_of_two_later_looks_the_earlier_one_counts() -> None:
    """A look that was asked for at a moment comes at that moment."""

    async def call() -> None:
        looked = asyncio.Event()

        async def look(key: Key) -> None:
            looked.set()

        queue = WorkQueue(look, workers=1)
        queue.start()
        queue.add_after(NODE, 60)
        queue.add_after(NODE, 0.01)
        queue.add_after(NODE, 60)
        await asyncio.wait_for(looked.wait(), 5)
        await queue.stop()

    within(call)


def test_a_look_that_fails_is_repeated_and_others_go_on() -> None:
    """A defect in one object must not end the controller."""

    async def call() -> None:
        looks: list[Key] = []

        async def look(key: Key) -> None:
            looks.append(key)
            if looks.count(NODE) == 1 and key == NODE:
                raise RuntimeError("defect")

        queue = WorkQueue(look, workers=1)
        queue.start()
        queue.add(NODE)
        queue.add(VMM)
        for _ in range(300):
            if looks.count(NODE) == 2:
                break
            await asyncio.sleep(0.01)
        await queue.stop()
        assert looks.count(NODE) == 2
        assert VMM in looks

    within(call)


def test_looks_that_hang_keep_nobody_waiting() -> None:
    """A VMM server that hangs may hold up looks at all its objects; objects of others are looked at all the same."""

    async def call() -> None:
        looked = asyncio.Event()

        async def look(key: Key) -> None:
            await (asyncio.sleep(600) if key.name.startswith("hung") else asyncio.sleep(0))
            if key == NODE:
                looked.set()

        queue = WorkQueue(look, workers=2)
        queue.start()
        for number in range(6):
            queue.add(Key("ScvmmMachine", "default", f"hung-{number}"))
        queue.add(NODE)
        await asyncio.wait_for(looked.wait(), 4 * SLOW_SECONDS)
        await asyncio.sleep(1200)
        assert len(queue._tasks) == 2
        await queue.stop()

    leap(call)
