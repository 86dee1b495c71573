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
from lightkube.resources.core_v1 import Secret
from plane import ManagementPlane
from plane.binaries import ensure_binaries, module_versions
from scvmm_sim import Simulator
from scvmm_sim.child_processes import ChildProcesses
from workload import Network, node_guests

from clusters import manifests

UP_SECONDS = 600.0
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

    def bring_up(self, name: str, workers: int = 1, **infrastructure: Any) -> None:
        """A cluster with one control-plane node and some workers, until it is Available."""
        self.apply(
            *manifests.cluster(name, self.world.namespace, self.network.shared_address(), **infrastructure),
            manifests.template(f"{name}-control-plane"),
            manifests.control_plane(name, f"{name}-control-plane"),
            manifests.template(f"{name}-workers"),
            *manifests.workers(name, f"{name}-workers", f"{name}-workers", workers),
        )
        self.until_true(Cluster, name, "Available", UP_SECONDS)

    def nodes_are(self, cluster: str, version: str, count: int) -> bool:
        """Whether all nodes of the machines are of that version, and so many, and nothing is about to change."""
        machines = self.all(Machine)
        told = [machine.get("status", {}).get("nodeInfo", {}).get("kubeletVersion") for machine in machines]
        settled = [
            (
                owner["spec"]["replicas"],
                owner.get("status", {}).get("upToDateReplicas"),
                owner.get("status", {}).get("replicas"),
            )
            for kind in (ControlPlane, MachineDeployment)
            for owner in self.all(kind)
        ]
        ready = all(self._is_true(machine, "Ready") for machine in machines)
        return told == [version] * count and ready and all(len(set(counts)) == 1 for counts in settled)

    def workers(self) -> list[Body]:
        """The Machines of MachineDeployments that nobody deletes, the oldest first."""
        found = [item for item in self.all(Machine) if "pool" in item["metadata"].get("labels", {})]
        staying = [item for item in found if "deletionTimestamp" not in item["metadata"]]
        return sorted(staying, key=lambda item: (item["metadata"]["creationTimestamp"], item["metadata"]["name"]))

    def workers_are_others_than(self, names: set[str], count: int) -> bool:
        """Whether there are so many workers that are Ready, and of *names* nothing is left."""
        present = {item["metadata"]["name"] for item in self.all(Machine)}
        ready = [item for item in self.workers() if self._is_true(item, "Ready")]
        return not names & present and len(ready) == count

    def paused(self, machine: str) -> bool:
        """Whether our machine says that it is paused."""
        return self.world.condition(machine, "Paused").get("status") == "True"

    def until_nothing_is_left(self, seconds: float) -> None:
        """Wait until neither VMM nor the namespace has anything of a cluster, its secrets among that."""
        self.until("the end of everything", lambda: not self.left(), seconds)

    def left(self) -> list[str]:
        """What VMM and the namespace still have of clusters."""
        vmm = [f"VM {vm['Name']}" for vm in self.world.vms()] + [f"medium {name}" for name in self.world.media()]
        kinds = (
            "machines,machinesets,machinedeployments,kubeadmcontrolplanes,kubeadmconfigs,clusters",
            "scvmmmachines",
        )
        objects = self.kubectl("get", ",".join((*kinds, "scvmmclusters")), "--output=name").split()
        secrets = [
            f"Secret {secret.metadata.name}"
            for secret in self.world.client.list(Secret, namespace=self.world.namespace)
            if secret.metadata and "cluster.x-k8s.io/cluster-name" in (secret.metadata.labels or {})
        ]
        return vmm + objects + secrets

    @staticmethod
    def _is_true(item: Body, condition: str) -> bool:
        conditions = (item.get("status") or {}).get("conditions") or []
        return any(each["type"] == condition and each["status"] == "True" for each in conditions)

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
def running_site(plane: ManagementPlane, client: Client, namespace: str, **more: Any) -> Iterator[Site]:
    """A site with one provider, `vmm`; *more* are keys of the fabric."""
    version = module_versions()["k8s.io/kubernetes"]
    children = ChildProcesses("nodes")
    wished = fabric()
    image = {"size_gb": 20, "operating_system": wished["operating_systems"][0]}
    wished["vhds"] += [{"name": "debian-12-k8s-1.36.4.vhdx", **image}]
    with tempfile.TemporaryDirectory(prefix="clusters-") as folder, Network() as network:
        guests = node_guests(network, ensure_binaries(), version, children)
        try:
            with Simulator({**wished, **more}, guests=guests) as sim:
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
