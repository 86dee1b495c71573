# SPDX-License-Identifier: Apache-2.0
"""Where whole clusters come up: a namespace of the plane, a simulator whose guests become nodes, and a controller."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from controller.e2e.world import World, fabric
from lightkube import Client
from lightkube.core.exceptions import ApiError
from lightkube.generic_resource import create_namespaced_resource
from plane import ManagementPlane
from plane.binaries import ensure_binaries, module_versions
from scvmm_sim import Simulator
from scvmm_sim.child_processes import ChildProcesses
from workload import Network, node_guests

CAPI = "cluster.x-k8s.io"
Cluster = create_namespaced_resource(CAPI, "v1beta2", "Cluster", "clusters")
Machine = create_namespaced_resource(CAPI, "v1beta2", "Machine", "machines")
MachineDeployment = create_namespaced_resource(CAPI, "v1beta2", "MachineDeployment", "machinedeployments")
ControlPlane = create_namespaced_resource(
    f"controlplane.{CAPI}", "v1beta2", "KubeadmControlPlane", "kubeadmcontrolplanes"
)
Body = dict[str, Any]
SHOWN = ("type", "status", "reason", "message")


class Site:
    """The world of the end-to-end tests with what whole clusters need besides."""

    def __init__(self, plane: ManagementPlane, world: World, network: Network) -> None:
        self.plane, self.world, self.network = plane, world, network

    def apply(self, *documents: Body) -> None:
        """Apply documents in the namespace."""
        self.plane.apply(documents, namespace=self.world.namespace)

    def kubectl(self, *arguments: str) -> str:
        """What kubectl says in the namespace."""
        command = [
            str(ensure_binaries().kubectl),
            "--kubeconfig",
            str(self.plane.kubeconfig),
            "-n",
            self.world.namespace,
        ]
        done = subprocess.run([*command, *arguments], check=True, capture_output=True, text=True, timeout=120)
        return done.stdout

    def read(self, kind: Any, name: str) -> Body:
        """An object as it is; empty when there is none."""
        try:
            found: Body = self.world.client.get(kind, name, namespace=self.world.namespace).to_dict()
        except ApiError as error:
            if error.status.code != 404:
                raise
            return {}
        return found

    def all(self, kind: Any) -> list[Body]:
        """All objects of a kind."""
        return [item.to_dict() for item in self.world.client.list(kind, namespace=self.world.namespace)]

    def until_true(self, kind: Any, name: str, condition: str, seconds: float) -> None:
        """Wait until a condition of an object is True."""
        self.until(
            f"{kind.__name__} {name} {condition}",
            lambda: self.condition(kind, name, condition).get("status") == "True",
            seconds,
        )

    def condition(self, kind: Any, name: str, condition: str) -> Body:
        """A condition of an object, empty when there is none."""
        conditions = (self.read(kind, name).get("status") or {}).get("conditions") or []
        return next((each for each in conditions if each["type"] == condition), {})

    def until(self, what: str, look: Any, seconds: float) -> Any:
        """Wait; a failure tells what Cluster API and the guests say."""
        try:
            return self.world.until(what, look, seconds)
        except AssertionError as late:
            raise AssertionError(f"{late}\n{self.state()}") from None

    def state(self) -> str:
        """What helps to understand a failure."""
        lines = [
            f"{item['kind']} {item['metadata']['name']}: {' '.join(each[key] for key in SHOWN if key in each)}"
            for kind in (Cluster, ControlPlane, MachineDeployment, Machine)
            for item in self.all(kind)
            for each in (item.get("status") or {}).get("conditions") or []
            if each["status"] != "True"
        ]
        guests = [f"{vm['Name']} {vm['Status']}: {vm['guest']['log']}" for vm in self.world.vms()]
        return "\n".join([*lines, *guests])


@contextmanager
def site(plane: ManagementPlane, client: Client, namespace: str, **more: Any) -> Iterator[Site]:
    """A site with one provider, `vmm`; *more* are keys of the fabric."""
    version = module_versions()["k8s.io/kubernetes"]
    children = ChildProcesses("nodes")
    with tempfile.TemporaryDirectory(prefix="clusters-") as folder, Network() as network:
        guests = node_guests(network, ensure_binaries(), version, children)
        try:
            with Simulator({**fabric(), **more}, guests=guests) as sim:
                (Path(folder) / "tmp").mkdir()
                world = World(client, namespace, plane.kubeconfig, sim, Path(folder))
                try:
                    world.provider()
                    world.start()
                    yield Site(plane, world, network)
                finally:
                    for controller in world.controllers:
                        if controller.process.poll() is None:
                            controller.kill()
        finally:
            children.close()
