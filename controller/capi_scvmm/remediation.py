# SPDX-License-Identifier: Apache-2.0
"""ScvmmRemediations: ask for power cycles, which the machine's own plan does, and hand over when they do not help."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from capi_scvmm.kinds import ScvmmRemediation
from capi_scvmm.kube import CAPI_CLUSTER, CAPI_MACHINE, MACHINE, REMEDIATION, Body, Conflict
from capi_scvmm.objects import Objects
from capi_scvmm.plan.remediation import Await, HandOver, OnHold, Patient, remedy
from capi_scvmm.plan.scope import PAUSED, Recorded
from capi_scvmm.status import server_events
from capi_scvmm.status.remediation import asked_to_replace, remediation_status
from capi_scvmm.store import Key

logger = logging.getLogger(__name__)

HOLD_SECONDS = 10.0
"""How soon one that is on hold is looked at again."""
CONFLICT_SECONDS = 0.2


class Remediations:
    """Looks at ScvmmRemediations."""

    def __init__(
        self, objects: Objects, want_look: Callable[[Key], None], want_look_after: Callable[[Key, float], None]
    ) -> None:
        self._objects = objects
        self._want_look = want_look
        self._want_look_after = want_look_after
        self._machines: dict[Key, Key] = {}

    async def reconcile(self, key: Key) -> None:
        """Look at one remediation."""
        body = self._objects.store.get(REMEDIATION, key.namespace, key.name)
        if body is None or body["metadata"].get("deletionTimestamp"):
            # What was begun is finished: a VM that was stopped for it is started again.
            machine_key = self._machines.pop(key, None)
            if machine_key is not None:
                self._want_look(machine_key)
            return
        remediation = ScvmmRemediation.model_validate(body)
        owner = await self._owner(key.namespace, remediation)
        machine = await self._machine(key.namespace, owner)
        now = datetime.now(UTC)
        chosen = remedy(remediation, _patient(machine), await self._paused(key.namespace, owner, remediation), now)
        if isinstance(chosen, HandOver) and owner is not None and not await self._hand_over(owner, chosen, now):
            self._want_look_after(key, CONFLICT_SECONDS)
            return
        patch = remediation_status(remediation, body.get("status") or {}, chosen, now)
        if patch:
            logger.info("%s: %s", key, chosen)
            await self._objects.post(REMEDIATION, body, server_events(body.get("status") or {}, patch))
            await self._objects.patch_status(REMEDIATION, body, patch)
        if machine is not None:
            self._machines[key] = Key(MACHINE.kind, key.namespace, machine["metadata"]["name"])
            if patch or (isinstance(chosen, Await) and chosen.cycling):
                self._want_look(self._machines[key])
        if isinstance(chosen, Await):
            self._want_look_after(key, max((chosen.until - now).total_seconds(), 0.0))
        elif isinstance(chosen, OnHold):
            self._want_look_after(key, HOLD_SECONDS)

    async def _owner(self, namespace: str, remediation: ScvmmRemediation) -> Body | None:
        """Read the Machine as it is now: its conditions are others' to write, too."""
        owners = remediation.metadata.owner_references
        name = next((one.name for one in owners if one.kind == CAPI_MACHINE.kind), None)
        return await self._objects.kube.get(CAPI_MACHINE, namespace, name) if name else None

    async def _machine(self, namespace: str, owner: Body | None) -> Body | None:
        reference = ((owner or {}).get("spec") or {}).get("infrastructureRef") or {}
        if owner is None or owner["metadata"].get("deletionTimestamp") or reference.get("kind") != MACHINE.kind:
            return None
        found = await self._objects.find(MACHINE, namespace, reference["name"])
        return None if found is None or found["metadata"].get("deletionTimestamp") else found

    async def _paused(self, namespace: str, owner: Body | None, remediation: ScvmmRemediation) -> str | None:
        if PAUSED in remediation.metadata.annotations:
            return "it"
        name = ((owner or {}).get("spec") or {}).get("clusterName")
        cluster = await self._objects.find(CAPI_CLUSTER, namespace, name) if name else None
        return f"Cluster {name}" if ((cluster or {}).get("spec") or {}).get("paused") else None

    async def _hand_over(self, owner: Body, chosen: HandOver, now: datetime) -> bool:
        """Ask the owner of the Machine to replace it; False when somebody wrote to the Machine meanwhile."""
        known = (owner.get("status") or {}).get("conditions") or []
        wanted = asked_to_replace(known, chosen.message, now)
        if wanted == known:
            return True
        try:
            await self._objects.patch_status_of(CAPI_MACHINE, owner, {"conditions": wanted})
        except Conflict:
            return False
        return True


def _patient(machine: Body | None) -> Patient | None:
    if machine is None:
        return None
    spec: Mapping[str, Any] = machine.get("spec") or {}
    known = Recorded.parse(machine.get("status"), spec.get("providerID") or None, bool(spec.get("id")))
    return Patient(machine["metadata"]["name"], known.conditions, known.power_cycle, known.ran_once)
