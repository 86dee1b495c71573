# SPDX-License-Identifier: Apache-2.0
"""Many machines of one VMM server, all parts of the controller but kopf and ansible-runner, and no API server.

Fakes stand at the ports: an API server in memory, a session that can fall silent, a runner that notes whom it was
given. `leap` runs a coroutine on a clock that jumps over every wait.
"""

from __future__ import annotations

import asyncio
import base64
import selectors
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from capi_scvmm.connection import Connection
from capi_scvmm.gather import Gatherer
from capi_scvmm.kube import CLUSTER, EVENT, MACHINE, PROVIDER, SECRET, Body, Kind
from capi_scvmm.machine import Machines
from capi_scvmm.names import NamePools
from capi_scvmm.objects import Objects
from capi_scvmm.outcomes import Outcome
from capi_scvmm.persistent_disks import PersistentDisks
from capi_scvmm.plan.retry import RetryPolicy
from capi_scvmm.plan.scope import FINALIZER
from capi_scvmm.provider import Providers
from capi_scvmm.runs.batch import Batcher
from capi_scvmm.runs.port import Host, Playbook, Report
from capi_scvmm.session import Session
from capi_scvmm.store import Key, Store
from capi_scvmm.work_queue import WorkQueue
from capi_scvmm.workload import Workloads

T = TypeVar("T")
KINDS = {kind.kind: kind for kind in (MACHINE, PROVIDER, CLUSTER, SECRET, EVENT)}


@dataclass
class MemoryKube:
    """An API server of a few lines; *patches* notes each status that was written."""

    objects: dict[tuple[str, str], Body] = field(default_factory=dict)
    patches: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    version: int = 0
    refusal: Exception | None = None
    """What is answered to each creation, while it is set."""

    async def list(self, kind: Kind, namespace: str) -> list[Body]:
        """See Kube."""
        return [body for (known, _), body in self.objects.items() if known == kind.kind]

    async def get(self, kind: Kind, namespace: str, name: str) -> Body | None:
        """See Kube."""
        return self.objects.get((kind.kind, name))

    async def patch(self, kind: Kind, namespace: str, name: str, patch: Mapping[str, Any]) -> Body | None:
        """See Kube."""
        return self._merge(kind, name, patch)

    async def patch_status(self, kind: Kind, namespace: str, name: str, status: Mapping[str, Any]) -> Body | None:
        """See Kube."""
        self.patches.append((kind.kind, name, status))
        return self._merge(kind, name, {"status": status})

    async def create(self, kind: Kind, namespace: str, body: Body) -> bool:
        """See Kube."""
        name = body["metadata"]["name"]
        if self.refusal is not None and kind is MACHINE:
            raise self.refusal
        if (kind.kind, name) in self.objects:
            return False
        self.put(kind, name, body)
        return True

    async def delete(self, kind: Kind, namespace: str, name: str) -> None:
        """See Kube."""
        known = self.objects.get((kind.kind, name))
        if known is not None and known["metadata"].get("finalizers"):
            self._merge(kind, name, {"metadata": {"deletionTimestamp": "2026-11-23T12:00:00Z"}})
        else:
            self.objects.pop((kind.kind, name), None)

    def put(self, kind: Kind, name: str, body: Body) -> Body:
        """Have an object."""
        self.version += 1
        metadata = {"name": name, "namespace": "ns", "uid": f"uid-{name}", "generation": 1, **body.get("metadata", {})}
        metadata["resourceVersion"] = str(self.version)
        if metadata.get("deletionTimestamp") and not metadata.get("finalizers"):
            self.objects.pop((kind.kind, name), None)
            return {**body, "metadata": metadata}
        self.objects[kind.kind, name] = {**body, "metadata": metadata}
        return self.objects[kind.kind, name]

    def _merge(self, kind: Kind, name: str, patch: Mapping[str, Any]) -> Body | None:
        known = self.objects.get((kind.kind, name))
        return self.put(kind, name, merged(known, patch)) if known is not None else None


def merged(known: Mapping[str, Any], patch: Mapping[str, Any]) -> Body:
    """A merge patch, applied."""
    result = dict(known)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result


@dataclass
class FakeSession:
    """A session with a VMM server that has *vms*; *trouble* is raised while it is set, once for each of *once*."""

    trouble: Exception | None = None
    once: list[Exception] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    vms: list[dict[str, Any]] = field(default_factory=list)

    async def call(self, operation: str, request: Mapping[str, Any], seconds: float) -> Mapping[str, Any]:
        """See Session."""
        self.calls.append(operation)
        await asyncio.sleep(0)
        if self.once:
            raise self.once.pop(0)
        if self.trouble is not None:
            raise self.trouble
        if operation == "connect":
            return {"version": "10.22", "user": "capi"}
        await asyncio.sleep(request.get("wait_seconds") or 0)
        return {"token": "t", "vms": self.vms, "jobs": [], "changed": False}

    async def close(self) -> None:
        """See Session."""


@dataclass
class NotingRunner:
    """A runner that notes hosts, waits for *gate* and gives each the *outcome*."""

    outcome: Callable[[], Outcome]
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    hosts: list[str] = field(default_factory=list)

    async def run(self, playbook: Playbook, connection: Connection, hosts: Sequence[Host], report: Report) -> None:
        """See Runner."""
        self.hosts += [host.name for host in hosts]
        await self.gate.wait()
        for host in hosts:
            report(host.name, self.outcome())


class Fleet:
    """*count* machines that stand alone and want a VM of one provider."""

    def __init__(self, count: int, open_session: Callable[[Connection], Session], runner: NotingRunner) -> None:
        self.kube, self.store, self.runner = MemoryKube(), Store(), runner
        self.names = [f"node-{number}" for number in range(count)]
        self.queue = WorkQueue(self._look)
        objects = Objects(self.kube, self.store, self.queue.add)
        self.providers = Providers(
            objects, open_session, self.queue.add, self._changed, 60.0, lambda _: True, self.queue.add_after
        )
        self.batcher = Batcher(runner, max_runs=2, batch_size=25)
        policy = RetryPolicy()
        names = NamePools(objects, self.queue.add, self.queue.add_after, lambda _: True)
        disks = PersistentDisks(objects, self.providers, self.queue.add, self.queue.add_after, lambda _: True)
        gatherer = Gatherer(objects, self.providers, names, disks)
        workloads = Workloads(self.kube)
        self.machines = Machines(
            objects, gatherer, names, disks, self.batcher, workloads, policy, self.queue.add, self.queue.add_after
        )

    def have(self, server: Mapping[str, Any], username: str = "capi", password: str = "secret") -> None:
        """Have provider, credentials and machines; *server* is the provider's spec."""
        self.secret(password, username)
        spec = {"scvmmSecret": {"name": "credentials"}, **server}
        self._told(PROVIDER, self.kube.put(PROVIDER, "vmm", {"spec": spec}))
        for name in self.names:
            spec = {
                "hardwareProfile": "small",
                "cloud": "prod",
                "disks": [{"vhDisk": "debian.vhdx"}],
                "networking": {"domain": "example.com", "devices": [{"deviceName": "eth0", "vmNetwork": "k8s"}]},
                "providerRef": {"name": "vmm", "namespace": "ns"},
                "bootstrap": {},
            }
            self._told(MACHINE, self.kube.put(MACHINE, name, {"spec": spec, "metadata": {"finalizers": [FINALIZER]}}))

    def secret(self, password: str, username: str = "capi") -> None:
        """Have credentials with this password."""
        data = {"username": username, "password": password}
        encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
        self._told(SECRET, self.kube.put(SECRET, "credentials", {"data": encoded}))

    async def __aenter__(self) -> Fleet:
        self.queue.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.queue.stop()
        await self.batcher.stop()
        await self.machines.stop()
        await self.providers.stop()

    def reason(self, name: str, kind: Kind = MACHINE) -> str:
        """The reason of Ready of an object."""
        conditions = (self.kube.objects[kind.kind, name].get("status") or {}).get("conditions") or []
        return str(next((c["reason"] for c in conditions if c["type"] == "Ready"), ""))

    def all_say(self, reason: str) -> bool:
        """Whether all machines have this reason in Ready."""
        return all(self.reason(name) == reason for name in self.names)

    def told(self, reason: str, kind: str = MACHINE.kind) -> list[str]:
        """The objects of the events with this reason, as often as they were told."""
        events = [body for (what, _), body in self.kube.objects.items() if what == "Event" and body["reason"] == reason]
        about = [(event["involvedObject"], event["count"]) for event in events]
        return [involved["name"] for involved, count in about if involved["kind"] == kind for _ in range(count)]

    def said(self, reason: str) -> list[str]:
        """The machines whose status was written with this reason in Ready, as often as it was."""
        return [
            name
            for kind, name, status in self.kube.patches
            if kind == MACHINE.kind
            and any(c["type"] == "Ready" and c["reason"] == reason for c in status.get("conditions") or [])
        ]

    def _told(self, kind: Kind, body: Body) -> None:
        for key in self.store.put(kind, body):
            if key.kind in KINDS and key.kind not in (SECRET.kind, EVENT.kind):
                self.queue.add(key)

    def _changed(self, uids: Any) -> None:
        self.machines.changed(uids)

    async def _look(self, key: Key) -> None:
        await (self.machines if key.kind == MACHINE.kind else self.providers).reconcile(key)


async def until(what: str, look: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until something is so."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not look():
        assert loop.time() < end, f"{what} did not come within {seconds:.0f} s"
        await asyncio.sleep(0.05)


class _LeapSelector(selectors.SelectSelector):
    """Does not wait for time, but moves the clock of its loop."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout:
            self.now += timeout
        return ready


def leap(call: Callable[[], Awaitable[T]]) -> T:
    """Run a coroutine that does no input or output; waits take no time and move its clock."""
    selector = _LeapSelector()
    loop = asyncio.SelectorEventLoop(selector)
    loop.time = lambda: selector.now  # type: ignore[method-assign]
    with asyncio.Runner(loop_factory=lambda: loop) as runner:

        async def run() -> T:
            return await call()

        return runner.run(run())
