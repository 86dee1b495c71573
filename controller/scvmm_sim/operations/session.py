# SPDX-License-Identifier: Apache-2.0
"""Cmdlet calls of operations, and what operations remember between two calls."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from typing import Any

from scvmm_sim.cmdlets import CmdletResult, Vmm

Object = dict[str, Any]


def ref(thing: Object) -> Object:
    """How an object is given to a cmdlet."""
    return {"_type": thing["_type"], "ID": thing["ID"]}


def _given(value: Any) -> Any:
    if isinstance(value, dict) and "ID" in value:
        return ref(value)
    return [_given(item) for item in value] if isinstance(value, list) else value


class Session:
    """The door from operations to cmdlets on one exec host; shared by all threads."""

    def __init__(self, vmm: Vmm) -> None:
        self.vmm = vmm
        self._refreshed: dict[str, float] = {}
        self._guard = threading.Lock()

    def run(self, cmdlet: str, **parameters: Any) -> CmdletResult:
        """Call a cmdlet; parameters that are None are left out, objects become references."""
        given = {name: _given(value) for name, value in parameters.items() if value is not None}
        return self.vmm.call(cmdlet, given)

    def all(self, cmdlet: str, **parameters: Any) -> list[Object]:
        """Objects that a cmdlet writes."""
        return self.run(cmdlet, **parameters).objects

    def one(self, cmdlet: str, **parameters: Any) -> Object:
        """The one object that a cmdlet writes."""
        found: Object = self.run(cmdlet, **parameters).objects[0]
        return found

    def named_lock(self, name: str) -> AbstractContextManager[bool]:
        """A named mutex of this exec host, which another exec host knows nothing of."""
        return self.vmm.named_lock(f"{id(self)}/{name}")

    def claim_refresh(self, vm_id: str) -> bool:
        """Whether this VM may be refreshed now: at most once a second for all sessions together."""
        now = self.vmm.clock.now()
        with self._guard:
            last = self._refreshed.get(vm_id)
            if last is not None and now - last < 1:
                return False
            self._refreshed[vm_id] = now
            if len(self._refreshed) > 50_000:
                self._refreshed = {key: at for key, at in self._refreshed.items() if now - at < 1}
            return True

    def last_refresh(self, vm_id: str) -> float:
        """When the VM was last refreshed, in seconds of the clock; long ago when never."""
        return self._refreshed.get(vm_id, float("-inf"))
