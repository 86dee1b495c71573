# SPDX-License-Identifier: Apache-2.0
"""Names are given once and never lost: whoever asks, however many controllers there are, whenever they are killed."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from capi_scvmm.kinds import VM_NAME
from capi_scvmm.kube import LightKube
from capi_scvmm.plan.scope import FINALIZER
from engine import PATIENCE
from lightkube import Client
from lightkube.resources.core_v1 import ConfigMap
from lightkube.types import PatchType
from plane import ManagementPlane

from .names_process import NamesOnly
from .world import KINDS, REPOSITORY

MACHINES, NAMES, CONTROLLERS = 200, 180, 3
KILLS = 5
"""In each part: what starts all the time gets nothing done."""
SECONDS = 80.0
Body = dict[str, Any]


@dataclass
class Process:
    """A controller; *log* is what it wrote."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def at_work(self) -> bool:
        """Whether it has come so far that its end may matter."""
        return self.log.stat().st_size > 0

    def kill(self) -> None:
        """End it as the kernel does when memory is short."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Site:
    """A namespace with a pool, machines, and controllers that can be killed."""

    def __init__(self, client: Client, namespace: str, kubeconfig: Path, logs: Path) -> None:
        self.client, self.namespace, self._kubeconfig, self._logs = client, namespace, kubeconfig, logs

    def pool(self, *ranges: dict[str, str]) -> None:
        """Create the pool."""
        self._create("ScvmmNamePool", "web", {"vmNameRanges": list(ranges)})

    def machine(self, number: int, name: str | None = None) -> None:
        """Create a machine that wants a name, or carries one already."""
        spec = {"vmTemplate": "t", "vmNameFromPool": {"name": "web"}}
        annotations = {VM_NAME: name} if name is not None else {}
        self._create("ScvmmMachine", f"m{number}", spec, finalizers=[FINALIZER], annotations=annotations)

    def _create(self, kind: str, name: str, spec: Body, **metadata: Any) -> None:
        body = {"metadata": {"name": name, "namespace": self.namespace, **metadata}, "spec": spec}
        self.client.create(KINDS[kind](body))

    def delete(self, number: int) -> None:
        """Ask for the deletion of a machine."""
        self.client.delete(KINDS["ScvmmMachine"], f"m{number}", namespace=self.namespace)

    def machines(self) -> dict[str, Body]:
        """All machines by name."""
        found = self.client.list(KINDS["ScvmmMachine"], namespace=self.namespace)
        return {body.metadata.name: dict(body.to_dict()) for body in found}

    def carried(self) -> dict[str, str]:
        """The names that machines carry, by machine."""
        bodies = self.machines().items()
        there = ((name, (body["metadata"].get("annotations") or {}).get(VM_NAME)) for name, body in bodies)
        return {name: carried for name, carried in there if carried is not None}

    def books(self) -> Body:
        """The pool's status."""
        found = self.client.get(KINDS["ScvmmNamePool"], "web", namespace=self.namespace)
        return dict(found.to_dict().get("status") or {})

    def vms(self) -> dict[str, str]:
        """The machine that has each VM, by name; those of machines that are gone left out."""
        there = {body["metadata"]["uid"] for body in self.machines().values()}
        found = self.client.list(ConfigMap, namespace=self.namespace)
        made = {str(vm.metadata.name): vm.data for vm in found if vm.metadata and vm.data}
        assert not [name for name in made if name.startswith("twice-")], "a name was given to two machines"
        return {name: data["machine"] for name, data in made.items() if data["uid"] in there}

    def start(self) -> Process:
        """Start a controller."""
        log = self._logs / f"{len(list(self._logs.iterdir()))}.log"
        paths = os.pathsep.join([str(REPOSITORY / "controller"), str(REPOSITORY / "tests")])
        with log.open("wb") as sink:
            process = subprocess.Popen(
                [sys.executable, "-m", "controller.e2e.names_process", str(self._kubeconfig), self.namespace],
                env={**os.environ, "PYTHONPATH": paths},
                stdout=sink,
                stderr=sink,
            )
        return Process(process, log)

    def told(self) -> str:
        """What the controllers complained of."""
        return "".join(log.read_text(errors="replace") for log in self._logs.iterdir())[-3000:]


@contextmanager
def controllers(site: Site) -> Iterator[list[Process]]:
    """Three of them, ended in any case."""
    running = [site.start() for _ in range(CONTROLLERS)]
    try:
        yield running
    finally:
        for process in running:
            process.kill()


def kill_until(site: Site, running: list[Process], done: Callable[[], bool], chance: random.Random) -> int:
    """Kill one after the other a moment after it came to work, and start another, until so many died; tell how many."""
    end, killed = time.monotonic() + SECONDS * PATIENCE, 0
    while not done():
        assert time.monotonic() < end, f"not done in time\n{site.books()}\n{site.told()}"
        place = chance.randrange(CONTROLLERS)
        if killed < KILLS and running[place].at_work:
            time.sleep(2 * chance.random() ** 2)
            running[place].kill()
            running[place], killed = site.start(), killed + 1
        time.sleep(0.3)
    return killed


def test_no_name_is_given_twice_and_none_is_lost(
    client: Client, namespace: str, plane: ManagementPlane, tmp_path: Path
) -> None:
    """200 machines, 180 names, three controllers that are killed at any moment, machines that come and go meanwhile."""
    site = Site(client, namespace, plane.kubeconfig, tmp_path)
    site.pool({"start": "web-a0", "end": "web-d9", "postfix": "-x"}, {"start": "db-000", "end": "db-139"})
    chance = random.Random(20261123)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(site.machine, range(MACHINES)))
    with controllers(site) as running:
        killed = kill_until(
            site, running, lambda: site.books().get("counts", {}).get("used") == len(site.carried()) == NAMES, chance
        )
        leaving = chance.sample(sorted(int(name[1:]) for name in site.carried()), 60)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(site.delete, leaving))
        left = MACHINES - len(leaving)

        def settled() -> bool:
            counted = site.books()["counts"]["used"] == left
            return counted and len(site.machines()) == len(site.carried()) == len(site.vms()) == left

        killed += kill_until(site, running, settled, chance)
        names = site.carried()
        assert len(set(names.values())) == left and site.vms() == {name: machine for machine, name in names.items()}
        owners = {name: entry.partition("/")[0] for name, entry in site.books()["vmNameOwners"].items()}
        assert owners == {name: machine for machine, name in names.items()}
        assert site.books()["counts"] == {"total": NAMES, "free": NAMES - left, "used": left, "skipped": 0}
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(site.delete, (int(name[1:]) for name in names)))
        killed += kill_until(site, running, lambda: site.books()["vmNameOwners"] == {}, chance)
    assert killed >= 3 and site.vms() == {} and site.books()["counts"]["free"] == NAMES


async def rounds(kubeconfig: Path, namespace: str, count: int) -> None:
    """What a controller that starts now does in its first rounds."""
    kube = LightKube(kubeconfig)
    try:
        moved = NamesOnly(kube, namespace)
        for _ in range(count):
            await moved.round()
    finally:
        await kube.close()


@pytest.mark.contract(45)
def test_owners_are_derived_anew_when_status_is_lost(
    client: Client, namespace: str, plane: ManagementPlane, tmp_path: Path
) -> None:
    """After clusterctl move there is no status and every uid is another: no name goes to a second machine."""
    site = Site(client, namespace, plane.kubeconfig, tmp_path)
    site.machine(0)
    site.machine(1, "web-2")
    site.machine(2, "web-1")
    site.machine(3, "web-2")
    site.pool({"start": "web-1", "end": "web-4"})
    asyncio.run(rounds(plane.kubeconfig, namespace, 3))
    carried = site.carried()
    assert (carried["m1"], carried["m2"]) == ("web-2", "web-1")
    assert {carried["m0"], carried["m3"]} == {"web-3", "web-4"}
    assert {name: entry.partition("/")[0] for name, entry in site.books()["vmNameOwners"].items()} == {
        name: machine for machine, name in carried.items()
    }
    assert site.vms() == {name: machine for machine, name in carried.items()}


def test_a_machine_that_is_gone_while_nobody_looks_leaves_its_name(
    client: Client, namespace: str, plane: ManagementPlane, tmp_path: Path
) -> None:
    """A finalizer taken off by hand, an entry of before: whoever looks next gives the name back."""
    site = Site(client, namespace, plane.kubeconfig, tmp_path)
    site.pool({"start": "only"})
    owners = {"only": "m9/11111111-2222-3333-4444-555555555555"}
    pool = {"status": {"vmNameOwners": owners}}
    client.patch(KINDS["ScvmmNamePool"].Status, "web", pool, namespace=namespace, patch_type=PatchType.MERGE)
    site.machine(1)
    with controllers(site):
        end = time.monotonic() + SECONDS
        while site.carried() != {"m1": "only"}:
            assert time.monotonic() < end, site.told()
            time.sleep(0.1)
