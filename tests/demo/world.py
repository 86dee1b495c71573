# SPDX-License-Identifier: Apache-2.0
"""Everything the demonstration runs on: the plane with Cluster API, the simulator and the controller, as processes."""

import base64
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml
from lightkube import Client
from plane import ManagementPlane
from plane.binaries import ensure_binaries
from plane.certificates import write_private
from plane.cluster_api import load_documents

from demo.failure import DemoFailed

REPOSITORY = Path(__file__).parents[2]
EXAMPLES = REPOSITORY / "examples"
CRDS = REPOSITORY / "controller" / "crds"
FABRIC = EXAMPLES / "fabric.yml"
TEMPLATE = REPOSITORY / "templates" / "cluster-template.yaml"
SIZE = ("--kubernetes-version", "v1.36.3", "--control-plane-machine-count", "1", "--worker-machine-count", "1")
SETTINGS = {
    "NAMESPACE": "default",
    "SCVMM_CLOUD": "production",
    "SCVMM_HOST_GROUP": "prod",
    "VM_TEMPLATE": "debian-12-template",
    "VM_NETWORK": "k8s",
    "NODE_DOMAIN": "k8s.example.com",
}
START_SECONDS = 60.0
LOG_LINES = 25
BIN = Path(sys.executable).parent

Document = dict[str, Any]


class World:
    """Starts with `with` and leaves nothing behind, unless it is told to go on by itself."""

    def __init__(self) -> None:
        """Nothing runs yet."""
        self.plane = ManagementPlane(kubeadm=True)
        self.simulator: Document = {}

    def __enter__(self) -> Self:
        """Start all of it."""
        try:
            self._start()
        except BaseException:
            self.plane.stop()
            raise
        return self

    def __exit__(self, *error: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Stop all of it and remove its files."""
        self.plane.stop()

    @property
    def folder(self) -> Path:
        """The private folder that goes with the world."""
        return self.plane.processes.folder

    @property
    def library(self) -> Path:
        """The simulated library share's folder."""
        return self.folder / "library"

    @property
    def kubectl(self) -> str:
        """A kubectl."""
        path = self.plane.kubectl or shutil.which("kubectl")
        if path is None:
            raise DemoFailed("There is no kubectl: install one, or unset CAPI_SCVMM_KUBECONFIG to use our own.")
        return str(path)

    def client(self) -> Client:
        """A new client for the API server."""
        return self.plane.client()

    def run_kubectl(self, *arguments: str, kubeconfig: Path | None = None, stdin: str | None = None) -> str:
        """Run kubectl against the plane, or another API server, and return what it says."""
        command = [self.kubectl, "--kubeconfig", str(kubeconfig or self.plane.kubeconfig), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, input=stdin)
        if done.returncode != 0:
            raise DemoFailed(f"kubectl {' '.join(arguments)} failed: {done.stderr.strip()}")
        return done.stdout

    def generate_cluster(self, name: str) -> str:
        """What the real clusterctl makes of our template for a cluster in the demonstration's fabric."""
        binaries = ensure_binaries()
        command = [binaries.clusterctl, "generate", "cluster", name, f"--from={TEMPLATE}", *SIZE]
        settings = {**SETTINGS, "CONTROL_PLANE_ENDPOINT_HOST": self.simulator["endpoint"]}
        # No settings of the user's own, and no question to the network whether there is a newer clusterctl.
        own = {"HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder), "CLUSTERCTL_DISABLE_VERSIONCHECK": "true"}
        variables = {**os.environ, **own, **settings, "KUBECONFIG": str(self.plane.kubeconfig)}
        done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise DemoFailed(f"clusterctl generate cluster {name} failed: {done.stderr.strip()}")
        return done.stdout

    def workload_kubeconfig(self, cluster: str) -> Path:
        """The kubeconfig that Cluster API keeps of the workload cluster, as a file (0600)."""
        encoded = self.run_kubectl("get", "secret", f"{cluster}-kubeconfig", "--output=jsonpath={.data.value}")
        path = self.folder / f"{cluster}.kubeconfig"
        return path if path.exists() else write_private(path, base64.b64decode(encoded))

    def ask_simulator(self, path: str, method: str = "GET") -> Any:
        """Ask the simulator's control API."""
        request = urllib.request.Request(self.simulator["control_url"].rstrip("/") + path, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def check(self) -> None:
        """DemoFailed when one of our processes has ended by itself."""
        for name in self.plane.processes.pids:
            code = self.plane.processes.exit_code(name)
            if code is not None:
                raise DemoFailed(f"{name} ended with code {code}.\n{self.last_words(name)}")

    def last_words(self, name: str) -> str:
        """The end of a process's log."""
        lines = self.plane.processes.log(name).splitlines()[-LOG_LINES:]
        return f"The end of the log of {name}:\n  " + "\n  ".join(lines)

    def provider(self) -> list[Document]:
        """The example's provider, with the simulator's address and user in place of the example's."""
        documents = load_documents(EXAMPLES / "cluster" / "provider.yaml")
        user = user_of(FABRIC)
        for document in documents:
            if document["kind"] == "Secret":
                document["stringData"] = user
            else:
                document["spec"]["scvmmHost"] = self.simulator["host"]
                document["spec"]["connection"]["port"] = self.simulator["port"]
        return documents

    def _start(self) -> None:
        processes = self.plane.processes
        self.library.mkdir()
        # As `scvmm-sim serve`, with guests that become nodes.
        serve: list[str | Path] = [sys.executable, "-m", "workload", "--fabric", FABRIC, "--library", self.library]
        paths = os.pathsep.join(str(REPOSITORY / name) for name in ("tests", "controller"))
        processes.start("simulator", serve, {**self.environment(), "PYTHONPATH": paths})
        self.plane.start(wait_for_managers=False)
        for folder in (CRDS, CRDS / "policies"):
            self.plane.apply(folder)
        processes.wait("simulator", self._simulator_is_ready, START_SECONDS, "ready")
        command: list[str | Path] = [installed("capi-scvmm"), "run", "--kubeconfig", self.plane.kubeconfig]
        processes.start("controller", command, self.environment())
        self.plane.wait_for_managers()

    def environment(self) -> dict[str, str]:
        """Variables that keep all of the controller's files, and its sessions, in the world's folder."""
        for name in ("s", "tmp"):
            (self.folder / name).mkdir(mode=0o700, exist_ok=True)
        return {
            "ANSIBLE_COLLECTIONS_PATH": os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(REPOSITORY / "build")),
            "ANSIBLE_HOME": str(self.folder / "ansible"),
            "CAPI_SCVMM_RUNTIME_DIR": str(self.folder / "s"),
            "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
            "TMPDIR": str(self.folder / "tmp"),
        }

    def _simulator_is_ready(self) -> bool:
        self.simulator = ready_line(self.plane.processes.log("simulator").splitlines())
        return bool(self.simulator)


def ready_line(lines: Iterable[str]) -> Document:
    """The simulator's ready line among what it wrote, or nothing."""
    for line in lines:
        if line.startswith("{"):
            try:
                said = json.loads(line)
            except json.JSONDecodeError:  # not written to its end yet
                continue
            if said.get("ready"):
                return dict(said)
    return {}


def user_of(fabric: Path) -> dict[str, str]:
    """The first user of a fabric file: who we are at the simulator."""
    user = yaml.safe_load(fabric.read_text())["users"][0]
    return {"username": user["username"], "password": user["password"]}


def installed(name: str) -> Path:
    """One of our commands, beside the Python that runs us."""
    path = BIN / name
    if not path.exists():
        raise DemoFailed(f"{name} is not installed beside {sys.executable}: run `make setup` first.")
    return path


def wait_until(world: World, true: Any, seconds: float, what: str) -> None:
    """Wait for something that no table shows; DemoFailed when it takes too long or a process ends."""
    deadline = time.monotonic() + seconds
    while not true():
        world.check()
        if time.monotonic() > deadline:
            raise DemoFailed(f"{what}: not within {seconds:.0f} s.\n{world.last_words('controller')}")
        time.sleep(0.1)
