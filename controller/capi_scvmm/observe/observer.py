# SPDX-License-Identifier: Apache-2.0
"""Looks at one VMM server: a long poll while anything is under way, a slow check otherwise, single looks on request."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from capi_scvmm.errors import VmmError
from capi_scvmm.observe.probing import FIRST_PROBE_SECONDS, UNREACHABLE, ServerState, Trouble, probe_after
from capi_scvmm.observe.view import Instance, Sight, View
from capi_scvmm.plan import Health
from capi_scvmm.session import NoAnswer, SaidNo, Session
from capi_scvmm.vm import PROVIDER, RUNNING, Job, Vm

logger = logging.getLogger(__name__)

POLL_SECONDS = 25.0
INTERVAL_SECONDS = 0.3
SECONDS_PER_MACHINE = 0.01
LONGEST_INTERVAL_SECONDS = 1.0
CALL_SECONDS = 60.0


@dataclass(frozen=True)
class Wanted:
    """A VM that is looked for: VMM's *id*, and the *provider_id* of its machine, where they are known."""

    id: str | None = None
    provider_id: str | None = None


class Observer:
    """Keeps the picture of one VMM server.

    *changed* is called with the uids of machines whose VM changed; *state_changed* when the server ceases or begins to
    answer.
    """

    def __init__(
        self,
        session: Session,
        vmm_server: str,
        changed: Callable[[Iterable[str]], None],
        state_changed: Callable[[], None],
        resync_seconds: float,
    ) -> None:
        self._session = session
        self._vmm_server = vmm_server
        self._changed = changed
        self._state_changed = state_changed
        self._resync_seconds = resync_seconds
        self._view = View()
        self._active: set[str] = set()
        self._unaddressed: set[str] = set()
        self._in_flight: set[str] = set()
        self._lookups: dict[str, Wanted] = {}
        self._missed: dict[str, Wanted] = {}
        self._wake = asyncio.Event()
        self._look_up = asyncio.Event()
        self._doubt = asyncio.Event()
        self._told: Trouble | None = None
        self._token: str | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.state = ServerState()

    def start(self) -> None:
        """Begin to look, in the running loop."""
        self._tasks = [asyncio.create_task(self._watch()), asyncio.create_task(self._answer_lookups())]

    async def stop(self) -> None:
        """End looking and the session."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()

    async def exec_hosts(self) -> Sequence[Mapping[str, Any]]:
        """Tell of each exec host why the session does not use it; nothing when nobody knows."""
        try:
            told = await self._session.call("session_hosts", {}, CALL_SECONDS)
        except (NoAnswer, SaidNo):
            return ()
        hosts: Sequence[Mapping[str, Any]] = told.get("hosts") or ()
        return hosts

    async def hardware(self) -> Mapping[str, Any]:
        """Ask for all VM templates and hardware profiles (hardware_info); raises NoAnswer or SaidNo."""
        return await self._session.call("hardware_info", {}, CALL_SECONDS)

    async def boot_fields(self, function: str, spec: str, metadata: str) -> Mapping[str, Any]:
        """Have a provider's AddVMSpec called (boot_fields); raises NoAnswer or SaidNo."""
        request = {"function": function, "spec": spec, "metadata": metadata}
        return await self._session.call("boot_fields", request, CALL_SECONDS)

    def sight(self, uid: str, vm_id: str | None, since: float, instance: Instance | None = None) -> Sight:
        """Tell what is known about a machine's VM; what is not known is looked up, and `changed` follows."""
        found = self._view.sight(uid, vm_id, since, instance)
        if not found.known and self.state.health is Health.REACHABLE:
            self._lookups[uid] = Wanted(vm_id, instance[1] if instance is not None else None)
            self._look_up.set()
        return found

    def job(self, job_id: str | None) -> Job | None:
        """Give a job as last told."""
        return self._view.job(job_id)

    def follow(self, uid: str, active: bool, unaddressed: bool) -> None:
        """Note whether something is under way with a machine, and whether its guest's address is waited for."""
        (self._unaddressed.add if unaddressed else self._unaddressed.discard)(uid)
        if not active:
            self._active.discard(uid)
        elif uid not in self._active:
            self._active.add(uid)
            self._wake.set()

    def expect(self, uid: str, in_flight: bool) -> None:
        """Note that a run works on a machine: what became of its VM is told by the run, nobody need look for it.

        Once the run is over a VM that was missed meanwhile is looked for, unless the run says that it is gone.
        """
        (self._in_flight.add if in_flight else self._in_flight.discard)(uid)
        missed = None if in_flight else self._missed.pop(uid, None)
        if missed is not None:
            self._lookups[uid] = missed
            self._look_up.set()

    def drop(self, uid: str) -> None:
        """Forget a machine that is gone."""
        self.follow(uid, False, False)
        self._lookups.pop(uid, None)
        self._missed.pop(uid, None)
        self._view.drop(uid)

    def take(self, vm: Vm) -> None:
        """Take in what a module's result told."""
        self._view.merge(vm, by_look=False)

    def take_gone(self, uid: str) -> None:
        """Take in that a module found no VM."""
        self._lookups.pop(uid, None)
        self._view.forget(uid, self._now())

    def doubt(self) -> None:
        """Somebody got no answer: ask at once whether the server still does; nothing is begun until that is known."""
        if self.state.health is Health.REACHABLE:
            self.state = replace(self.state, health=Health.DOUBTED)
            self._doubt.set()
            self._wake.set()

    def refused(self, error: VmmError) -> None:
        """Somebody was refused the login: nobody else may try the same password."""
        if self.state.health is not Health.UNREACHABLE:
            self._told = Trouble.said(error)
            self.doubt()

    async def _watch(self) -> None:
        failures = 0
        while True:
            self._wake.clear()
            self._doubt.clear()
            trouble = await self._look()
            if trouble is None:
                failures = 0
                await self._rest()
            elif trouble.doubtful and self.state.health is Health.REACHABLE:
                self.doubt()
            else:
                failures += 1
                self._take_trouble(trouble)
                # Whoever wants to know meanwhile waits too: the server is asked once for all.
                await asyncio.sleep(probe_after(trouble, failures, random.random()))  # noqa: S311 - no secret

    async def _look(self) -> Trouble | None:
        """Look once, the way that the state calls for; tell what is the matter."""
        told, self._told = self._told, None
        if told is not None:
            return told
        try:
            await (self._poll() if self.state.health is Health.REACHABLE else self._connect())
        except NoAnswer as error:
            return Trouble(UNREACHABLE, str(error), not error.timed_out)
        except SaidNo as error:
            return Trouble.said(error.error)
        except Exception as error:  # a defect must be seen by people, and must not end the watch for ever
            logger.exception("the watch of the VMM server failed")
            words = f"its answer was not understood ({type(error).__name__}: {error}). Report this defect."
            return Trouble(UNREACHABLE, words)
        return None

    async def _rest(self) -> None:
        """Wait for the next look while the server answers."""
        if self._active:
            # Where something ends every moment, one look tells of many ends.
            await asyncio.sleep(self._interval() - INTERVAL_SECONDS)
            return
        with contextlib.suppress(TimeoutError):
            # Not wait_for: it can swallow the cancellation that ends the watch.
            async with asyncio.timeout(self._resync_seconds):
                await self._wake.wait()

    def _interval(self) -> float:
        """Seconds between looks: few machines are followed closely, many cost more and tell more at once."""
        return min(INTERVAL_SECONDS + SECONDS_PER_MACHINE * len(self._active), LONGEST_INTERVAL_SECONDS)

    async def _connect(self) -> None:
        told = await self._session.call("connect", {"vmm_server": self._vmm_server}, CALL_SECONDS)
        self._token = None
        first = await self._ask_all(None)
        # Only now: who asks between the two calls would find an empty picture.
        self.state = ServerState(Health.REACHABLE, "", told.get("version"), told.get("user"))
        self._state_changed()
        self._changed(first)

    async def _poll(self) -> None:
        """Look at all VMs; a doubt ends it, since a server that has gone away lets it wait in vain."""
        look = asyncio.ensure_future(self._ask_all(self._token if self._active else None))
        doubt = asyncio.ensure_future(self._doubt.wait())
        try:
            await asyncio.wait((look, doubt), return_when=asyncio.FIRST_COMPLETED)
            if look.done():
                self._changed(look.result())
        finally:
            look.cancel()
            doubt.cancel()
            await asyncio.gather(look, doubt, return_exceptions=True)

    async def _ask_all(self, since: str | None) -> set[str]:
        asked = self._now()
        request: dict[str, Any] = {"marked": True, "ids": self._view.unmarked()}
        wait = 0.0
        if since is not None:
            wait = POLL_SECONDS
            request |= {"since": since, "wait_seconds": wait, "interval_seconds": self._interval()}
        refresh = self._to_refresh()
        if refresh:
            request["refresh_ids"] = refresh
        answer = await self._session.call("vm_info", request, CALL_SECONDS + wait)
        self._token = answer.get("token")
        changed, missing = self._view.take_all(_vms(answer), _jobs(answer), asked)
        for uid, vm_id in missing.items():
            if uid in self._in_flight:
                # The run will tell of it, unless it looked before the end: what has ended already, no poll will tell.
                self._missed[uid] = Wanted(vm_id)
            else:
                # Gone from the bulk look: it is looked for by itself before anybody believes that.
                self._lookups[uid] = Wanted(vm_id)
                self._look_up.set()
        return changed

    def _to_refresh(self) -> list[str]:
        return [
            vm.id
            for vm in self._view.vms()
            if vm.status == RUNNING and not vm.addresses and self._view.uid_of(vm) in self._unaddressed
        ]

    async def _answer_lookups(self) -> None:
        while True:
            await self._look_up.wait()
            self._look_up.clear()
            wanted, self._lookups = self._lookups, {}
            if not wanted:
                continue
            try:
                await self._look_for(wanted)
            except (NoAnswer, SaidNo) as error:
                # The watch finds out by itself what is the matter; afterwards who still wants to know asks again.
                logger.debug("a look for %d VMs failed: %s", len(wanted), error)
                self.doubt()
                await asyncio.sleep(FIRST_PROBE_SECONDS)
                self._changed(wanted)

    async def _look_for(self, wanted: Mapping[str, Wanted]) -> None:
        asked = self._now()
        request: dict[str, Any] = {"ids": [one.id for one in wanted.values() if one.id], "uids": list(wanted)}
        instances = [one.provider_id.removeprefix(PROVIDER) for one in wanted.values() if one.provider_id]
        if instances:
            request["vm_ids"] = instances
        found = _vms(await self._session.call("vm_info", request, CALL_SECONDS))
        for vm in found:
            self._view.merge(vm)
        uids, named = {vm.uid for vm in found}, {vm.id: vm for vm in found} | {vm.provider_id: vm for vm in found}
        for uid, one in wanted.items():
            vm_of_machine = named.get(one.id or "") or named.get(one.provider_id or "")
            if vm_of_machine is not None:
                self._view.adopt(uid, vm_of_machine)
            elif uid not in uids:
                self._view.forget(uid, asked)
        self._changed(wanted)

    def _take_trouble(self, trouble: Trouble) -> None:
        state = self.state.troubled(trouble)
        if state != self.state:
            self.state = state
            self._state_changed()

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


def _vms(answer: Mapping[str, Any]) -> list[Vm]:
    return [Vm.parse(vm) for vm in answer.get("vms") or ()]


def _jobs(answer: Mapping[str, Any]) -> list[Job]:
    return [job for job in (Job.parse(job) for job in answer.get("jobs") or ()) if job is not None]
