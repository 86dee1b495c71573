# SPDX-License-Identifier: Apache-2.0
"""What a look and a run tell of the same moment, when they cross on their way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from capi_scvmm.observe import Observer
from capi_scvmm.observe.observer import POLL_SECONDS

from .fleet import FakeSession, leap, until
from .scopes import UID, VM_ID


def test_a_vm_that_was_missed_while_its_run_went_on_is_looked_for_when_the_run_is_over() -> None:
    """The run began the removal and saw no end of it, the poll told of the end already: nobody else will."""

    async def story() -> float:
        session = FakeSession(vms=[{"id": VM_ID, "uid": UID, "name": "node", "status": "Deleting"}])
        told: list[str] = []

        def changed(uids: Iterable[str]) -> None:
            told.extend(uids)

        observer = Observer(session, "vmm.example.com", changed, lambda: None, 60.0)
        observer.start()
        await until("the VM is known", lambda: observer.sight(UID, VM_ID, 0.0).vm is not None)
        observer.follow(UID, True, False)
        observer.expect(UID, True)
        session.vms = []
        polls = session.calls.count("vm_info")
        await until("two polls", lambda: session.calls.count("vm_info") >= polls + 2, 3 * POLL_SECONDS)
        assert observer.sight(UID, VM_ID, 0.0).vm is not None
        loop = asyncio.get_running_loop()
        over = loop.time()
        observer.expect(UID, False)
        await until("it is known to be gone", lambda: observer.sight(UID, VM_ID, 0.0).vm is None, 2 * POLL_SECONDS)
        assert UID in told
        await observer.stop()
        return loop.time() - over

    assert leap(story) < 1.0
