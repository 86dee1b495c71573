# SPDX-License-Identifier: Apache-2.0
"""The demonstration itself, step by step; each step has a limit and says what it saw when the limit is reached."""

import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2
from lightkube import Client
from lightkube.generic_resource import create_namespaced_resource
from plane.errors import PlaneError

from demo import leftovers
from demo.display import Display
from demo.failure import DemoFailed
from demo.keep import leave_running
from demo.questions import ask, show_vms
from demo.rows import Row, row
from demo.world import EXAMPLES, World, wait_until

GROUP, VERSION = "infrastructure.cluster.x-k8s.io", "v1alpha1"
NAMESPACE = "default"
CLUSTER = "demo"
CONTROL_PLANE = "demo-control-plane"
WORKERS = "demo-worker"
UP_SECONDS = 600.0
PROVIDER_SECONDS = 60.0
DELETE_SECONDS = 180.0
LOOK_SECONDS = 0.2

ScvmmMachine = create_namespaced_resource(GROUP, VERSION, "ScvmmMachine", "scvmmmachines")
Cluster = create_namespaced_resource("cluster.x-k8s.io", "v1beta2", "Cluster", "clusters")
ScvmmProvider = create_namespaced_resource(GROUP, VERSION, "ScvmmProvider", "scvmmproviders")


@dataclass
class Times:
    """How long each step took, in seconds."""

    started: float = field(default_factory=time.monotonic)
    steps: list[tuple[str, float]] = field(default_factory=list)

    def note(self, step: str, since: float) -> None:
        """Remember a step that began at *since* and ends now."""
        self.steps.append((step, time.monotonic() - since))


class Story:
    """One demonstration in a world that runs."""

    def __init__(self, world: World, display: Display, times: Times) -> None:
        """Tell it on *display*, keeping *times*."""
        self.world, self.display, self.times = world, display, times
        self.manifest = ""

    def bring_up(self) -> None:
        """Apply the provider, and what clusterctl makes of our template, until the cluster is Available."""
        command = f"clusterctl generate cluster {CLUSTER} --from templates/cluster-template.yaml | kubectl apply -f -"
        self.display.step("kubectl apply -f examples/cluster")
        begun = time.monotonic()
        with self.world.client() as client:
            self.world.plane.apply(self.world.provider())
            self._wait_for_provider(client)
            self.display.step(command)
            self.manifest = self.world.generate_cluster(CLUSTER)
            self.display.say(self.world.run_kubectl("apply", "--filename=-", stdin=self.manifest).rstrip())
            self.world.plane.apply(EXAMPLES / "cluster" / "health-check.yaml")
            self._follow(client, lambda rows: self._available(client, rows, 2), UP_SECONDS, "the cluster is Available")
        self.times.note("apply until the cluster is Available", begun)

    def ask(self) -> None:
        """Answer what a person would ask."""
        with self.world.client() as client:
            machine = next(row.machine for row in self._rows(client) if row.machine.startswith(CONTROL_PLANE))
        ask(self.world, self.display, CLUSTER, machine)

    def scale_up(self) -> None:
        """One worker more."""
        command = ("scale", f"machinedeployment/{WORKERS}", "--replicas=2")
        self.display.step(f"kubectl {' '.join(command)}")
        begun = time.monotonic()
        self.display.say(self.world.run_kubectl(*command).rstrip())
        with self.world.client() as client:
            self._follow(client, lambda rows: self._available(client, rows, 3), UP_SECONDS, "a second worker")
        self.times.note("scale up by one", begun)

    def heal(self) -> None:
        """Somebody turns off the VM of a worker; Cluster API replaces its machine."""
        with self.world.client() as client:
            victim = next(row.machine for row in self._rows(client) if row.machine.startswith(WORKERS))
            self.display.step(f"Somebody turns off the VM {victim}")
            begun = time.monotonic()
            self.world.ask_simulator(f"/vms/{victim}/off", "POST")

            def replaced(rows: Sequence[Row]) -> bool:
                return victim not in {row.machine for row in rows} and self._available(client, rows, 3)

            self._follow(client, replaced, UP_SECONDS, f"machine {victim} is replaced")
        self.times.note("replace a machine whose VM was turned off", begun)

    def delete(self) -> None:
        """Delete the cluster, follow its machines until they are gone, and prove that nothing is left."""
        command = ("delete", "cluster", CLUSTER, "--wait=false")
        self.display.step(f"kubectl {' '.join(command)}")
        begun = time.monotonic()
        self.display.say(self.world.run_kubectl(*command).rstrip())
        with self.world.client() as client:
            self._follow(client, lambda rows: not rows, DELETE_SECONDS, "all machines gone")
            self.world.run_kubectl("wait", "--for=delete", f"cluster/{CLUSTER}", f"--timeout={DELETE_SECONDS:.0f}s")
            self.times.note("delete the cluster until it is gone", begun)
            self.display.step("What was applied besides: templates, the provider and its credentials")
            more = ("delete", "--ignore-not-found", "--timeout=60s", "--filename")
            for what, stdin in (("-", self.manifest), (str(EXAMPLES / "cluster"), None)):
                self.display.say(self.world.run_kubectl(*more, what, stdin=stdin).rstrip())
            self.prove_nothing_left(client)

    def prove_nothing_left(self, client: Client) -> None:
        """DemoFailed with a list of what is still there."""
        self.display.step("What is left in VMM and in the API server")
        show_vms(self.world, self.display)

        def left() -> list[str]:
            return leftovers.in_vmm(self.world) + leftovers.in_api_server(client)

        deadline = time.monotonic() + 20  # the garbage collector takes its time with what the Cluster owned
        while (found := left()) and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
        if found:
            raise DemoFailed("After the cluster was deleted there is still: " + ", ".join(found))
        self.display.say("Nothing: no VM, no file in the library, no object of the cluster, no secret.")

    def _wait_for_provider(self, client: Client) -> None:
        def ready() -> dict[str, Any]:
            status: dict[str, Any] = dict(client.get(ScvmmProvider, "vmm", namespace=NAMESPACE)).get("status") or {}
            return next((c for c in status.get("conditions") or () if c["type"] == "Ready"), {})

        try:
            wait_until(self.world, lambda: ready().get("status") == "True", PROVIDER_SECONDS, "provider vmm is Ready")
        except DemoFailed as late:
            raise DemoFailed(f"ScvmmProvider vmm: {ready().get('message') or 'nobody looked at it'}\n{late}") from late

    @staticmethod
    def _rows(client: Client) -> list[Row]:
        return [row(dict(each)) for each in client.list(ScvmmMachine, namespace=NAMESPACE)]

    @staticmethod
    def _available(client: Client, rows: Sequence[Row], count: int) -> bool:
        """Whether there are so many machines, all provisioned, in a cluster that says it is Available and settled."""
        if len(rows) != count or not all(each.provisioned for each in rows):
            return False
        told: dict[str, Any] = dict(client.get(Cluster, CLUSTER, namespace=NAMESPACE)).get("status") or {}
        workers = told.get("workers") or {}
        true = {each["type"] for each in told.get("conditions") or () if each["status"] == "True"}
        return "Available" in true and workers.get("availableReplicas") == count - 1

    def _follow(self, client: Client, done: Callable[[Sequence[Row]], bool], seconds: float, what: str) -> None:
        deadline = time.monotonic() + seconds
        with self.display.following() as following:
            while True:
                rows = self._rows(client)
                following.show(rows)
                if done(rows):
                    return
                self.world.check()
                if time.monotonic() > deadline:
                    raise DemoFailed(self._too_late(rows, seconds, what))
                time.sleep(LOOK_SECONDS)

    def _too_late(self, rows: Sequence[Row], seconds: float, what: str) -> str:
        states = [f"{each.machine}: {each.stage}: {each.message}" for each in rows if not each.provisioned]
        states = states or [f"there are {len(rows)} machines"]
        return (
            f"Not within {seconds:.0f} s: {what}.\n  "
            + "\n  ".join(states)
            + f"\n{self.world.last_words('controller')}"
        )


def tell(keep: bool, display: Display) -> None:
    """Run the demonstration; with *keep* it ends when the cluster is Available, and says how to use what goes on."""
    times = Times()
    try:
        display.step("Start etcd, API server, Cluster API, the simulated VMM server and the controller")
        with World() as world:
            times.note("start everything", times.started)
            story = Story(world, display, times)
            story.bring_up()
            story.ask()
            if keep:
                leave_running(world, display)
            else:
                story.scale_up()
                story.heal()
                story.delete()
    except PlaneError as problem:
        raise DemoFailed(str(problem)) from problem
    except (httpx2.HTTPError, OSError, subprocess.TimeoutExpired) as problem:
        raise DemoFailed(f"API server, simulator or kubectl did not answer as expected: {problem}") from problem
    display.step("Times")
    times.note("all of it", times.started)
    display.table(("step", "seconds"), [(step, f"{seconds:.1f}") for step, seconds in times.steps])
