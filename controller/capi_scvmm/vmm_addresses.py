# SPDX-License-Identifier: Apache-2.0
"""Addresses for endpoints out of static pools of VMM: granted once for a ScvmmCluster, and given back at its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, assert_never

from capi_scvmm.kube import CLUSTER, Body
from capi_scvmm.objects import Objects
from capi_scvmm.outcomes import Done, Lost, Outcome, Refused, Unreachable
from capi_scvmm.provider import Server
from capi_scvmm.runs.batch import Batcher
from capi_scvmm.runs.port import Host, Lane, Playbook
from capi_scvmm.store import Key

VIP_UID = "scvmmcluster.infrastructure.cluster.x-k8s.io/vip-uid"
"""The annotation with the uid in the mark of the address: unlike the object's own it survives clusterctl move."""
RETRY_SECONDS = 10.0


@dataclass(frozen=True)
class Granted:
    """VMM granted the address *host*."""

    host: str


@dataclass(frozen=True)
class Missing:
    """There is none yet, and why."""

    reason: str
    message: str


@dataclass
class _Errand:
    """One question to VMM: under way, or with its outcome."""

    outcome: Outcome | None = None
    ended: float = 0.0


class VmmAddresses:
    """Asks VMM for addresses, without anybody waiting for it: who asks again is told what came of it."""

    def __init__(self, objects: Objects, batcher: Batcher, want_look: Callable[[Key], None]) -> None:
        self._objects = objects
        self._batcher = batcher
        self._want_look = want_look
        self._errands: dict[tuple[str, str], _Errand] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def stop(self) -> None:
        """End what is under way; it is asked for again by the next controller."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def claim(self, key: Key, body: Body, server: Server | None, provider: str, pool: str) -> Granted | Missing:
        """Have an address of *pool* granted. What is needed to find it again is written down before."""
        uid = vip_uid(body) or str(body["metadata"]["uid"])
        await self._objects.annotate(CLUSTER, body, VIP_UID, uid)
        request = {"uid": uid, "owner": f"{key.namespace}/{key.name}", "pool": pool}
        outcome = self._ask(key, server, provider, {"scvmm_vip": request, "scvmm_vip_state": "present"})
        if isinstance(outcome, Done):
            vip = outcome.steps.get("capi.scvmm.vip", {}).get("vip") or {}
            return Granted(str(vip.get("address", "")).partition("/")[0])
        waiting = f"An address of VMM's static IP address pool {pool} is asked for."
        return _missing(outcome, waiting)

    def release(self, key: Key, body: Body, server: Server | None, provider: str) -> str | None:
        """Have the address given back; None when that is done, else what it waits for."""
        uid = vip_uid(body)
        if uid is None:
            return None
        outcome = self._ask(key, server, provider, {"scvmm_vip": {"uid": uid}, "scvmm_vip_state": "absent"})
        if isinstance(outcome, Done):
            return None
        return _missing(outcome, "The address of the endpoint is given back to VMM.").message

    def _ask(self, key: Key, server: Server | None, provider: str, variables: dict[str, Any]) -> Outcome | None:
        """Give the outcome of what was asked before; ask when nobody did, or when it failed some time ago."""
        name = (variables["scvmm_vip"]["uid"], variables["scvmm_vip_state"])
        errand, now = self._errands.get(name), asyncio.get_running_loop().time()
        stale = errand is not None and errand.outcome is not None and not isinstance(errand.outcome, Done)
        if errand is not None and not (stale and now - errand.ended >= RETRY_SECONDS):
            return errand.outcome
        if server is None or server.connection is None:
            problem = server.problem if server is not None else None
            return Unreachable(problem[1] if problem is not None else f"ScvmmProvider {provider} is looked at.")
        self._errands[name] = errand = _Errand()
        host = Host(f"cluster-{key.namespace}-{key.name}", variables)
        task = asyncio.create_task(self._run(key, errand, Lane(provider, Playbook.VIP), server, host))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return None

    async def _run(self, key: Key, errand: _Errand, lane: Lane, server: Server, host: Host) -> None:
        assert server.connection is not None, "without one nothing is run"
        errand.outcome = await self._batcher.submit(lane, server.connection, host)
        errand.ended = asyncio.get_running_loop().time()
        self._want_look(key)


def vip_uid(body: Body) -> str | None:
    """Give the uid in the mark of the cluster's address; None: none was ever asked for."""
    return (body["metadata"].get("annotations") or {}).get(VIP_UID)


def _missing(outcome: Refused | Unreachable | Lost | None, waiting: str) -> Missing:
    match outcome:
        case None:
            return Missing("WaitingForIPAddress", waiting)
        case Refused(error=error):
            return Missing("IPAddressRefused", f"{waiting} {error.text}")
        case Unreachable(message=message) | Lost(message=message):
            return Missing("WaitingForIPAddress", f"{waiting} {message}")
        case _:
            assert_never(outcome)
