# SPDX-License-Identifier: Apache-2.0
"""What the answer to a write tells: all that a watch would have told."""

from __future__ import annotations

import asyncio

from capi_scvmm.kube import PROVIDER
from capi_scvmm.objects import Objects
from capi_scvmm.store import Key, Store

from .fleet import MemoryKube

VMM = Key("ScvmmProvider", "ns", "vmm")


def looks_after_a_status_patch(*, somebody_changes_the_spec: bool) -> list[Key]:
    """Who is looked at after a status was written, of a provider that was perhaps changed just before."""
    kube, store, wanted = MemoryKube(), Store(), list[Key]()
    seen = kube.put(PROVIDER, "vmm", {"spec": {"allowMachineHooks": False}})
    store.put(PROVIDER, seen)
    if somebody_changes_the_spec:
        kube.put(PROVIDER, "vmm", {"metadata": {"generation": 2}, "spec": {"allowMachineHooks": True}})
    objects = Objects(kube, store, wanted.append)
    asyncio.run(objects.patch_status(PROVIDER, seen, {"users": 1}))
    return wanted


def test_a_change_that_the_answer_to_a_write_tells_first_is_looked_at() -> None:
    """The watch tells of it later, when it is no news any more: without this nobody would ever look."""
    assert looks_after_a_status_patch(somebody_changes_the_spec=True) == [VMM]


def test_a_write_of_ones_own_asks_for_no_other_look() -> None:
    """Else every look would lead to the next one."""
    assert looks_after_a_status_patch(somebody_changes_the_spec=False) == []
