# SPDX-License-Identifier: Apache-2.0
"""ScvmmMachines: gather, plan, say it in status, act. The shell around the pure core."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, assert_never

from capi_scvmm.claims import Claims, ClaimsRefused, owner_of
from capi_scvmm.effects import Effects, obstacle_of
from capi_scvmm.errors import VmmError
from capi_scvmm.gather import Gatherer, Look, Memory
from capi_scvmm.go_provider import MACHINE_FINALIZER
from capi_scvmm.hook_function import ask_function
from capi_scvmm.hooks import function_of, hook_variables, named_hook, read_tasks
from capi_scvmm.kinds import VM_MARK, VM_NAME
from capi_scvmm.kube import MACHINE, NAME_POOL, REMEDIATION, Body
from capi_scvmm.names import NamePools
from capi_scvmm.objects import Objects
from capi_scvmm.persistent_disks import PersistentDisks
from capi_scvmm.plan import (
    Action,
    AddFinalizer,
    AskHook,
    Backoff,
    ClaimAddresses,
    Ignore,
    InFlight,
    NoteDisks,
    Paused,
    PoweredOff,
    ReleaseFinalizer,
    Settled,
    Stage,
    TakeDisks,
    TakeName,
    Vanished,
    Wait,
    WaitForAddresses,
    WaitForJob,
    WaitForShutdown,
    plan,
)
from capi_scvmm.plan.actions import Run
from capi_scvmm.plan.errands import ejecting
from capi_scvmm.plan.node import next_try, node_look_at, node_names
from capi_scvmm.plan.retry import RetryPolicy, after_job, errand_after_job, wake_at
from capi_scvmm.plan.scope import FINALIZER
from capi_scvmm.plays import host_of, library_path, play
from capi_scvmm.runs.batch import Batcher
from capi_scvmm.runs.port import Host, Lane, Playbook
from capi_scvmm.status import events, status
from capi_scvmm.store import Key
from capi_scvmm.workload import Workloads

logger = logging.getLogger(__name__)

# How soon a look at what nobody tells of is repeated, in seconds.
AGAIN_SECONDS = 10.0


class Machines:
    """Looks at ScvmmMachines; *want_look* asks for a look at once, *want_look_at* for one after some seconds."""

    def __init__(
        self,
        objects: Objects,
        gatherer: Gatherer,
        names: NamePools,
        disks: PersistentDisks,
        batcher: Batcher,
        workloads: Workloads,
        policy: RetryPolicy,
        want_look: Callable[[Key], None],
        want_look_after: Callable[[Key, float], None],
    ) -> None:
        self._objects = objects
        self._gatherer = gatherer
        self._claims = Claims(objects)
        self._names = names
        self._disks = disks
        self._batcher = batcher
        self._workloads = workloads
        self._policy = policy
        self._effects = Effects(policy)
        self._want_look = want_look
        self._want_look_after = want_look_after
        self._memories: dict[Key, Memory] = {}
        self._keys: dict[str, Key] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def changed(self, uids: Iterable[str]) -> None:
        """Ask for a look at the machines with *uids*; VMs of others are nothing to us."""
        for uid in uids:
            if uid in self._keys:
                self._want_look(self._keys[uid])

    async def stop(self) -> None:
        """Wait for what is being finished after the runs have ended."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def reconcile(self, key: Key) -> None:
        """Look at one machine and do the next thing."""
        body = self._objects.store.get(MACHINE, key.namespace, key.name)
        if body is None:
            self._forget(key)
            await self._claims.release_orphans(MACHINE, key)
            return
        memory = self._remember(key, body)
        look = await self._gatherer.look(key, body, memory)
        self._keys[memory.mark] = key
        now = datetime.now(UTC)
        memory.attempt = after_job(look.scope, now, self._policy, random.random())  # noqa: S311 - no secret hangs on it
        ejection = errand_after_job(look.scope, now, self._policy, random.random())  # noqa: S311 - nor on this
        memory.errands |= {Stage.EJECT: ejection} if ejection is not None else {}
        look = replace(look, scope=replace(look.scope, attempt=memory.attempt, errands=dict(memory.errands)))
        action = plan(look.scope, now)
        logger.debug("%s: %s", key, action)
        if await self._say(look, action, now):
            self._follow(look, action, memory)
            await self._act(key, look, action, memory)
        wake = wake_at(look.scope, action, now)
        if wake is not None:
            self._want_look_after(key, (wake - now).total_seconds())
        self._see_to_node(key, look, action, memory, now)
        if isinstance(action, Wait) and action.untold:
            self._want_look_after(key, AGAIN_SECONDS)

    def _see_to_node(self, key: Key, look: Look, action: Action, memory: Memory, now: datetime) -> None:
        """Ask the workload cluster for the Node, once it is late; nothing waits for that."""
        due = node_look_at(look.scope, action)
        if due is None or memory.node_asked:
            return
        if due > now:
            self._want_look_after(key, (due - now).total_seconds())
            return
        memory.node_asked = True
        self._spawn(self._identify(key, look, memory))

    async def _identify(self, key: Key, look: Look, memory: Memory) -> None:
        scope = look.scope
        assert scope.vm is not None and scope.cluster is not None, "the plan asks for nothing else"
        try:
            answer = await self._workloads.identify(
                key.namespace, scope.cluster, node_names(scope), scope.vm.provider_id, scope.vm.addresses
            )
        finally:
            memory.node_asked = False
        logger.info("%s: %s", scope.name, answer)
        memory.node = next_try(answer, memory.node, datetime.now(UTC))
        self._want_look(key)

    def _remember(self, key: Key, body: Body) -> Memory:
        uid = body["metadata"]["uid"]
        known = self._memories.get(key)
        if known is None or known.uid != uid:
            self._forget(key)
            known = self._memories[key] = Memory(uid, uid)
            self._keys[uid] = key
        return known

    def _forget(self, key: Key) -> None:
        memory = self._memories.pop(key, None)
        if memory is not None:
            self._keys.pop(memory.uid, None)
            self._keys.pop(memory.mark, None)

    async def _say(self, look: Look, action: Action, now: datetime) -> bool:
        """Write status before anything is done: it is what a restarted controller knows. False: the machine is gone."""
        patch = status(look.scope, action, now, library_path(look))
        before: Mapping[str, Any] = look.scope.recorded.body
        if patch.provider_id is not None:
            await self._objects.patch_spec(MACHINE, look.body, {"providerID": patch.provider_id})
        if patch.status is None:
            return True
        told = events(before, patch.status)
        for event in told:
            logger.info("%s: %s: %s", look.scope.name, event.reason, event.message)
        # Events first: a controller that dies in between tells them again, where the other way round they were lost.
        await self._objects.post(MACHINE, look.body, told)
        if look.scope.remediation is not None and look.scope.owner is not None:
            self._want_look(Key(REMEDIATION.kind, look.body["metadata"]["namespace"], look.scope.owner.name))
        return await self._objects.patch_status(MACHINE, look.body, patch.status)

    def _follow(self, look: Look, action: Action, memory: Memory) -> None:
        """Have the VMM server watched closely while anything is under way."""
        observer = look.server.observer if look.server is not None else None
        if observer is None:
            return
        if isinstance(action, ReleaseFinalizer):
            observer.drop(memory.mark)
            return
        idle = isinstance(action, Ignore | Paused | Settled | PoweredOff | Vanished | Wait) and not ejecting(look.scope)
        unaddressed = not look.scope.deleting and not look.scope.recorded.provisioned
        observer.follow(memory.mark, not idle, unaddressed and not isinstance(action, Settled))

    async def _act(self, key: Key, look: Look, action: Action, memory: Memory) -> None:
        if isinstance(action, AskHook):
            await self._ask_hook(key, look, memory)
            return
        if isinstance(action, Run):
            self._run(key, look, action.stage, *play(look, action), memory)
            return
        match action:
            case AddFinalizer():
                machine = look.scope.machine
                await self._objects.guard(MACHINE, look.body, FINALIZER, VM_MARK, f"{machine.owner}/{machine.mark}")
                self._want_look(key)
            case ClaimAddresses():
                await self._claim(key, look, memory)
            case TakeDisks():
                await self._disks.take(key, look.body, look.scope)
            case NoteDisks():
                await self._disks.note(key, look.scope)
            case TakeName():
                await self._take_name(key, look, memory)
            case ReleaseFinalizer():
                await self._disks.release(key, look.scope)
                await self._give_back(key, look)
                for finalizer in (MACHINE_FINALIZER, FINALIZER):
                    await self._objects.set_finalizer(MACHINE, look.body, finalizer, False)
                # Whatever is told of it from now on, it is no longer ours.
                for touched in self._objects.store.drop(MACHINE, look.body):
                    self._want_look(touched)
            case (
                Ignore()
                | Paused()
                | InFlight()
                | Backoff()
                | Wait()
                | WaitForJob()
                | WaitForAddresses()
                | Settled()
                | PoweredOff()
                | Vanished()
                | WaitForShutdown()
            ):
                pass
            case _:
                assert_never(action)

    async def _claim(self, key: Key, look: Look, memory: Memory) -> None:
        wishes = [claim.wish for claim in look.scope.claims if not claim.exists]
        try:
            await self._claims.make(owner_of(MACHINE, look.body, look.scope.cluster), wishes, protected=True)
        except ClaimsRefused as refusal:
            self._effects.failed(look, Stage.CLAIM, VmmError(str(refusal)), memory)
        self._want_look(key)

    async def _give_back(self, key: Key, look: Look) -> None:
        """Give the addresses back: the VM that had them is gone."""
        try:
            await self._claims.release(key, look.body["metadata"]["uid"])
        except ClaimsRefused as refusal:
            # The machine does not wait for that: claims whose owner is gone are looked at again.
            logger.warning("%s: %s", look.scope.name, refusal)

    async def _take_name(self, key: Key, look: Look, memory: Memory) -> None:
        """Have the pool write the name into its books, then the machine carry it: one can be made up from the other."""
        naming, claim = look.scope.naming, look.name_claim
        assert naming is not None and claim is not None, "the plan takes names for those that want one"
        name = await self._names.take(Key(NAME_POOL.kind, key.namespace, naming.pool), claim)
        if name is not None:
            await self._objects.annotate(MACHINE, look.body, VM_NAME, name)
            memory.name_refused = None
        self._want_look(key)

    async def _ask_hook(self, key: Key, look: Look, memory: Memory) -> None:
        machine, vm, place = look.scope.machine, look.scope.vm, look.place
        assert vm is not None and place is not None and look.server is not None, "the plan waits for them"
        function = function_of(look.server.provider)
        if function is not None and named_hook(machine, look.server.provider) is None:
            memory.in_flight = Stage.HOOK
            self._spawn(self._ask_function(key, look, function, memory))
            return
        tasks, trouble = await read_tasks(self._objects.kube, machine, look.server.provider)
        if tasks is None:
            self._effects.failed(look, Stage.HOOK, VmmError(trouble), memory)
            self._want_look(key)
            return
        variables = hook_variables(machine, place, look.scope.cluster, look.hostname, vm, look.devices)
        self._run(key, look, Stage.HOOK, Playbook.HOOK, replace(host_of(look, variables), hook=tasks), memory)

    async def _ask_function(self, key: Key, look: Look, function: str, memory: Memory) -> None:
        try:
            found = await ask_function(look, function)
            if isinstance(found, VmmError):
                self._effects.failed(look, Stage.HOOK, found, memory)
            else:
                memory.boot = found
        finally:
            memory.in_flight = None
        self._want_look(key)

    def _run(self, key: Key, look: Look, stage: Stage, playbook: Playbook, host: Host, memory: Memory) -> None:
        memory.in_flight = stage
        if stage is Stage.MEDIUM:
            # What is attached anew has to be got rid of anew.
            memory.medium_gone = False
            memory.errands.clear()
        if look.server is not None and look.server.observer is not None:
            look.server.observer.expect(memory.mark, True)
        self._spawn(self._finish(key, look, stage, playbook, host, memory))

    async def _finish(self, key: Key, look: Look, stage: Stage, playbook: Playbook, host: Host, memory: Memory) -> None:
        """Wait for the outcome of a run, take it in, and look again at once."""
        assert look.server is not None and look.server.connection is not None, "the plan waits for both"
        lane = Lane(look.scope.provider.key or "", playbook)
        outcome = await self._batcher.submit(lane, look.server.connection, host, obstacle_of(look.server.observer))
        memory.in_flight = None
        memory.touched = asyncio.get_running_loop().time()
        self._effects.take(look, stage, outcome, memory)
        self._want_look(key)

    def _spawn(self, call: Any) -> None:
        task = asyncio.create_task(call)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
