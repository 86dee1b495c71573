# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests stand in: an API server's namespace, a simulated VMM server, controllers as processes."""

from __future__ import annotations

import base64
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from account import controller_kubeconfig
from engine import ENGINE, PATIENCE
from fabrics import site
from lightkube import ApiError, Client
from lightkube.generic_resource import create_namespaced_resource
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Event, Secret
from lightkube.types import PatchType
from scvmm_sim import Simulator

T = TypeVar("T")
GROUP, VERSION = "infrastructure.cluster.x-k8s.io", "v1alpha1"
KINDS = {
    "ScvmmMachine": create_namespaced_resource(GROUP, VERSION, "ScvmmMachine", "scvmmmachines"),
    "ScvmmCluster": create_namespaced_resource(GROUP, VERSION, "ScvmmCluster", "scvmmclusters"),
    "ScvmmMachineTemplate": create_namespaced_resource(GROUP, VERSION, "ScvmmMachineTemplate", "scvmmmachinetemplates"),
    "ScvmmProvider": create_namespaced_resource(GROUP, VERSION, "ScvmmProvider", "scvmmproviders"),
    "ScvmmNamePool": create_namespaced_resource(GROUP, VERSION, "ScvmmNamePool", "scvmmnamepools"),
    "ScvmmPersistentDisk": create_namespaced_resource(GROUP, VERSION, "ScvmmPersistentDisk", "scvmmpersistentdisks"),
    "ScvmmPersistentDiskPool": create_namespaced_resource(
        GROUP, VERSION, "ScvmmPersistentDiskPool", "scvmmpersistentdiskpools"
    ),
    "Machine": create_namespaced_resource("cluster.x-k8s.io", "v1beta2", "Machine", "machines"),
    "Cluster": create_namespaced_resource("cluster.x-k8s.io", "v1beta2", "Cluster", "clusters"),
    "ScvmmRemediation": create_namespaced_resource(GROUP, VERSION, "ScvmmRemediation", "scvmmremediations"),
    "ScvmmRemediationTemplate": create_namespaced_resource(
        GROUP, VERSION, "ScvmmRemediationTemplate", "scvmmremediationtemplates"
    ),
    "MachineHealthCheck": create_namespaced_resource(
        "cluster.x-k8s.io", "v1beta2", "MachineHealthCheck", "machinehealthchecks"
    ),
    "MachineDeployment": create_namespaced_resource(
        "cluster.x-k8s.io", "v1beta2", "MachineDeployment", "machinedeployments"
    ),
    "Secret": Secret,
}
CLUSTER_NAME = "cluster.x-k8s.io/cluster-name"
CONTROL_PLANE = "cluster.x-k8s.io/control-plane"
CONFIG = {"apiGroup": "bootstrap.cluster.x-k8s.io", "kind": "KubeadmConfig", "name": "node"}
REPOSITORY = Path(__file__).parents[3]
SECONDS = 40.0


def fabric(libraries: list[dict[str, str]] | None = None, **jobs: float) -> dict[str, Any]:
    """A small fabric whose jobs take no time but what is named; *libraries* are its library shares."""
    groups = {
        "prod": [{"name": "hv1.example.com", "cpus": 64, "memory_mb": 262144}],
        "annex": [{"name": "hv2.example.com", "cpus": 64, "memory_mb": 262144}],
    }
    made = site(f"planted-{secrets.token_hex(8)}", groups, jobs)
    return made if libraries is None else {**made, "libraries": libraries}


@dataclass
class Controller:
    """A controller as a process of its own; *log* is the file with all that it wrote."""

    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """End it as the kernel does when memory is short."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end, and tell its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


@dataclass
class World:
    """A namespace, a simulator, and controllers that watch only that namespace."""

    client: Client
    namespace: str
    kubeconfig: Path
    sim: Simulator
    folder: Path
    controllers: list[Controller] = field(default_factory=list)
    account: Path | None = None
    """The kubeconfig that controllers get; by default that of a service account with the components' rights."""
    token: str = field(default_factory=lambda: f"planted-{secrets.token_hex(8)}")

    # --- controllers

    def start(self, *flags: str, namespaced: bool = True) -> Controller:
        """Start a controller with quick retries, and with the rights that it has in a cluster."""
        account = self.account or controller_kubeconfig(self.kubeconfig)
        number = len(self.controllers)
        log = self.folder / f"controller-{number}.log"
        command = [sys.executable, "-m", "capi_scvmm", "run", "--kubeconfig", str(account), "--resync", "2"]
        command += ["--retry-base", "0.3", "--retry-max", "2", "--log-level", "debug"]
        command += ["--namespace", self.namespace] if namespaced else []
        with log.open("wb") as sink:
            process = subprocess.Popen(
                [*command, *flags], stdout=sink, stderr=subprocess.STDOUT, env=self.environment, cwd=self.folder
            )
        controller = Controller(process, log)
        self.controllers.append(controller)
        return controller

    @property
    def environment(self) -> dict[str, str]:
        """The environment of controllers: brokers of their own, so that one test does not meet another's."""
        return {
            **os.environ,
            "PYTHONPATH": str(REPOSITORY / "controller"),
            "CAPI_SCVMM_COLLECTIONS": str(REPOSITORY / "build"),
            "CAPI_SCVMM_RUNTIME_DIR": str(self.folder / "runtime"),
            "TMPDIR": str(self.folder / "tmp"),
        }

    # --- objects

    def create(self, kind: str, name: str, spec: dict[str, Any], **metadata: Any) -> dict[str, Any]:
        """Create an object of one of the kinds."""
        body = {"metadata": {"name": name, "namespace": self.namespace, **metadata}, "spec": spec}
        return dict(self.client.create(KINDS[kind](body)).to_dict())

    def get(self, kind: str, name: str) -> dict[str, Any] | None:
        """Read an object as it is."""
        try:
            return dict(self.client.get(KINDS[kind], name, namespace=self.namespace).to_dict())
        except ApiError as error:
            if error.status.code == 404:
                return None
            raise

    def patch(self, kind: str, name: str, patch: dict[str, Any], status: bool = False) -> None:
        """Merge a patch into an object."""
        resource = KINDS[kind].Status if status else KINDS[kind]
        self.client.patch(resource, name, patch, namespace=self.namespace, patch_type=PatchType.MERGE)

    def delete(self, kind: str, name: str) -> None:
        """Ask for the deletion of an object."""
        self.client.delete(KINDS[kind], name, namespace=self.namespace)

    def secret(self, name: str, **data: str) -> None:
        """Create a Secret."""
        self.client.create(
            Secret(
                metadata=ObjectMeta(name=name, namespace=self.namespace),
                data={key: base64.b64encode(value.encode()).decode() for key, value in data.items()},
            )
        )

    def bootstrap(self, name: str = "node-bootstrap") -> None:
        """Create a Secret as bootstrap providers do."""
        user_data = f"#cloud-config\nruncmd:\n  - [echo, {self.token}]\n"
        self.secret(name, value=user_data, format="cloud-config")

    def provider(self, name: str = "vmm", **spec: Any) -> None:
        """Create a provider for the simulator, with its credentials."""
        if self.get("Secret", "vmm-credentials") is None:
            self.secret("vmm-credentials", username=self.sim.username, password=self.sim.password)
        wished = {
            "scvmmHost": self.sim.host,
            "scvmmSecret": {"name": "vmm-credentials"},
            "connection": {"port": self.sim.port, "scheme": "http", "authentication": "ntlm"},
        }
        self.create("ScvmmProvider", name, {**wished, **spec})

    def machine(self, name: str = "node", *, metadata: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
        """Create a machine that stands alone."""
        return self.create("ScvmmMachine", name, {**self.machine_spec(), **spec}, **(metadata or {}))

    def machine_to_delete(self, *, with_medium_in_library: bool) -> None:
        """Create a machine; wait until it is Ready, or until its start fails: then its medium lies in the library."""
        if not with_medium_in_library:
            self.machine()
            self.until_true("node")
            return
        held = {"number": 2606, "message": "The object is in use.", "recommended_action": "Wait."}
        self.sim.add_fault({"cmdlet": "Start-SCVirtualMachine", "times": None, "error": held})
        self.machine()
        self.until_reason("node", "VMRunning", "StartFailed")

    def machine_spec(self) -> dict[str, Any]:
        """A spec that the fabric can satisfy."""
        return {
            "cloud": "production",
            "hostGroup": "prod",
            "hardwareProfile": "k8s-small",
            "cpuCount": 2,
            "memory": "4Gi",
            "disks": [{"vhDisk": "debian-12.vhdx"}],
            "networking": {"domain": "example.com", "devices": [{"deviceName": "eth0", "vmNetwork": "k8s"}]},
            "providerRef": {"name": "vmm", "namespace": self.namespace},
            "bootstrap": {"dataSecretName": "node-bootstrap"},
        }

    def cluster(self, name: str = "east", *, endpoint: bool = True, provider: bool = True, **more: Any) -> None:
        """Create a Cluster and its ScvmmCluster, tied as Cluster API's controller ties them; *more* is of its spec."""
        reference = {"apiGroup": GROUP, "kind": "ScvmmCluster", "name": name}
        owner = self.create("Cluster", name, {"infrastructureRef": reference})
        spec: dict[str, Any] = {"controlPlaneEndpoint": {"host": "10.20.0.10", "port": 6443}} if endpoint else {}
        if provider:
            spec["providerRef"] = {"name": "vmm", "namespace": self.namespace}
        self.create("ScvmmCluster", name, {**spec, **more}, ownerReferences=[owner_of(owner, "Cluster")])

    def capi_machine(self, name: str = "node", cluster: str = "east", **spec: Any) -> dict[str, Any]:
        """Create a Machine of Cluster API that wants the ScvmmMachine of its name."""
        reference = {"apiGroup": GROUP, "kind": "ScvmmMachine", "name": name}
        wished = {"clusterName": cluster, "infrastructureRef": reference, "bootstrap": {"configRef": CONFIG}}
        return self.create("Machine", name, {**wished, **spec}, labels={CLUSTER_NAME: cluster})

    def node(self, name: str = "node", cluster: str = "east", *, control_plane: bool = False, **spec: Any) -> None:
        """Create a Machine with bootstrap data and its ScvmmMachine, tied as Cluster API's controller ties them."""
        owner = self.capi_machine(name, cluster, bootstrap={"dataSecretName": "node-bootstrap"})
        wished = {key: value for key, value in self.machine_spec().items() if key not in ("bootstrap", "providerRef")}
        self.create(
            "ScvmmMachine",
            name,
            {**wished, **spec},
            labels={CLUSTER_NAME: cluster, **({CONTROL_PLANE: ""} if control_plane else {})},
            ownerReferences=[owner_of(owner, "Machine")],
        )

    def drop(self, kind: str, name: str) -> None:
        """Remove an object at once, whatever its finalizers say: it is gone, however that came about."""
        try:
            self.delete(kind, name)
            self.patch(kind, name, {"metadata": {"finalizers": None}})
        except ApiError as error:
            # A controller may have let it go in the meantime.
            if error.status.code != 404:
                raise
        self.until(f"{kind} {name} gone", lambda: self.get(kind, name) is None)

    # --- waiting

    def until(self, what: str, look: Callable[[], T | None], seconds: float = SECONDS) -> T:
        """Look until there is something; what was waited for is in the failure, and the end of the log."""
        end = time.monotonic() + seconds * PATIENCE
        while time.monotonic() < end:
            found = look()
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"{what} did not come within {seconds:.0f} s\n{self.state()}")

    def stays(self, what: str, look: Callable[[], bool], seconds: float = 3.0) -> None:
        """Look on for a while: something must hold all the time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert look(), f"{what} did not stay so\n{self.state()}"
            time.sleep(0.1)

    def condition(self, name: str, kind: str, scope: str = "ScvmmMachine") -> dict[str, Any]:
        """A condition of an object as it is now, empty when there is none."""
        body = self.get(scope, name) or {}
        conditions = (body.get("status") or {}).get("conditions") or []
        return next((c for c in conditions if c["type"] == kind), {})

    def until_reason(
        self, name: str, kind: str, reason: str, scope: str = "ScvmmMachine", seconds: float = SECONDS
    ) -> dict[str, Any]:
        """Wait until a condition has a reason."""

        def look() -> dict[str, Any] | None:
            found = self.condition(name, kind, scope)
            return found if found.get("reason") == reason else None

        return self.until(f"{scope} {name}: {kind} {reason}", look, seconds)

    def until_true(self, name: str, kind: str = "Ready", scope: str = "ScvmmMachine") -> dict[str, Any]:
        """Wait until a condition is True."""

        def look() -> dict[str, Any] | None:
            found = self.condition(name, kind, scope)
            return found if found.get("status") == "True" else None

        return self.until(f"{scope} {name}: {kind} True", look)

    def until_gone(self, name: str, scope: str = "ScvmmMachine", seconds: float = SECONDS) -> None:
        """Wait until an object is gone."""
        self.until(f"{scope} {name} gone", lambda: self.get(scope, name) is None, seconds)

    def until_called(self, operation: str, count: int = 1) -> None:
        """Wait until VMM was asked for an operation so many times."""
        self.until(f"{operation}, {count} times", lambda: self.called(operation) >= count)

    def called(self, operation: str) -> int:
        """How often VMM was asked for an operation."""
        return sum(1 for call in self.sim.calls() if call["name"] == operation)

    def vm_started(self) -> int:
        """How many start jobs VMM has run."""
        return sum(1 for job in self.sim.jobs() if job["CmdletName"] == "Start-SCVirtualMachine")

    def events(self, name: str) -> list[str]:
        """Reasons of the events of an object, in no order."""
        found = self.client.list(Event, namespace=self.namespace)
        return [event.reason or "" for event in found if event.involvedObject.name == name]

    def event_texts(self) -> list[str]:
        """Reasons and messages of all events."""
        found = self.client.list(Event, namespace=self.namespace)
        return [f"{event.reason} {event.message}" for event in found]

    def objects(self, kind: str) -> list[dict[str, Any]]:
        """All objects of a kind."""
        return [dict(item.to_dict()) for item in self.client.list(KINDS[kind], namespace=self.namespace)]

    def vms(self) -> list[dict[str, Any]]:
        """What VMM has."""
        return self.sim.vms()

    def media(self) -> list[str]:
        """Names of the media in the library."""
        endings = (".iso", ".vfd", ".vhdx")
        return [str(item) for item in self.sim.library_files() if item["path"].endswith(endings)]

    def state(self) -> str:
        """All that helps to understand a failure."""
        logs = [c.log.read_text(errors="replace")[-6000:] for c in self.controllers[-1:]]
        conditions = [
            f"{kind} {item.metadata.name}: {c['type']}={c['status']} {c['reason']} {c['message']}"
            for kind in ("ScvmmMachine", "ScvmmProvider", "ScvmmNamePool", "ScvmmCluster", "ScvmmPersistentDisk")
            for item in self.client.list(KINDS[kind], namespace=self.namespace)
            for c in (item.to_dict().get("status") or {}).get("conditions") or []
        ]
        return "\n".join([*conditions, f"VMs: {self.vms()}", *logs])


def owner_of(body: dict[str, Any], kind: str) -> dict[str, Any]:
    """A reference to an owner."""
    meta = body["metadata"]
    return {
        "apiVersion": "cluster.x-k8s.io/v1beta2",
        "kind": kind,
        "name": meta["name"],
        "uid": meta["uid"],
        "controller": True,
    }


@contextmanager
def world(
    client: Client,
    namespace: str,
    kubeconfig: Path,
    guest: dict[str, Any] | None = None,
    more: dict[str, Any] | None = None,
    **jobs: Any,
) -> Iterator[World]:
    """A world whose simulator's jobs take the named seconds, with guests of a kind; everything in it ends with it.

    *more* is put into the fabric as it is.
    """
    wished = {**fabric(**jobs), **({"guest": guest} if guest else {}), **(more or {})}
    with tempfile.TemporaryDirectory(prefix="world-") as folder, Simulator(wished, ENGINE) as sim:
        (Path(folder) / "tmp").mkdir()
        made = World(client, namespace, kubeconfig, sim, Path(folder))
        try:
            yield made
        finally:
            for controller in made.controllers:
                if controller.process.poll() is None:
                    controller.kill()
