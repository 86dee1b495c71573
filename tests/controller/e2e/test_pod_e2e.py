# SPDX-License-Identifier: Apache-2.0
"""The controller as the pod of the Deployment: its arguments, environment, user and service account, nothing writable.

Not the same as there: the container runtime's seccomp profile, and the image, for which this machine's Python stands.
"""

from __future__ import annotations

import base64
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from account import DEPLOY, NAMESPACE, controller_kubeconfig
from lightkube import ApiError
from lightkube.resources.coordination_v1 import Lease
from plane import ManagementPlane

from .test_flags_e2e import free_port, probe
from .world import REPOSITORY, Controller, World

SCRIPT = Path(__file__).with_name("pod.sh")
SPEC = yaml.safe_load((DEPLOY / "deployment.yaml").read_text())["spec"]["template"]["spec"]
(MANAGER,) = SPEC["containers"]


@dataclass(frozen=True)
class Pod:
    """A controller that runs as a pod; its probes answer at *port* of this machine."""

    controller: Controller
    port: int

    @property
    def pid(self) -> int:
        """The process that is number 1 inside."""
        outer = self.controller.process.pid
        return int(Path(f"/proc/{outer}/task/{outer}/children").read_text().split()[0])

    def status(self) -> dict[str, str]:
        """What the kernel says of it."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def stop(self) -> int:
        """End it as the kubelet does first."""
        os.kill(self.pid, signal.SIGTERM)
        return self.controller.process.wait(timeout=40)


def pod(here: World, image: Path | None = None) -> Pod:
    """Start one, from the root of an image, or from this machine's Python."""
    number, port = len(here.controllers), free_port()
    folder = here.folder / f"pod-{number}"
    account, root = folder / "account", folder / "root"
    for path in (account, root):
        path.mkdir(parents=True)
    host, api_port = _service_account(controller_kubeconfig(here.kubeconfig), account)
    # What the image holds: the interpreter, the packages, the controller and the collection.
    paths = [path for path in ("/usr", "/etc") if Path(path).exists()]
    paths += [os.path.realpath(path) for path in (sys.base_prefix, sys.prefix, REPOSITORY)]
    environment = {each["name"]: each["value"] for each in MANAGER["env"]} | {
        "PATH": "/opt/capi-scvmm/bin:/usr/local/bin:/usr/bin:/bin",
        "KUBERNETES_SERVICE_HOST": host,
        "KUBERNETES_SERVICE_PORT": api_port,
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
    }
    program = ["/usr/bin/tini", "--", "capi-scvmm"]
    if image is None:
        environment["PYTHONPATH"] = str(REPOSITORY / "controller")
        environment["CAPI_SCVMM_COLLECTIONS"] = str(REPOSITORY / "build")
        program = [str(Path(os.path.realpath(sys.prefix)) / "bin/python"), "-m", "capi_scvmm"]
    arguments = [f"--health-port={port}" if a.startswith("--health-port") else a for a in MANAGER["args"]]
    content = f"image={image}" if image is not None else ":".join(dict.fromkeys(_outermost(paths)))
    command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private", str(SCRIPT)]
    command += [str(root), str(account), content, str(_user())]
    command += ["env", "-i", *(f"{name}={value}" for name, value in environment.items())]
    command += [*program, *arguments, "--resync=2", "--retry-base=0.3", "--retry-max=2"]
    log = here.folder / f"pod-{number}.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(command, stdout=sink, stderr=subprocess.STDOUT, cwd="/")
    made = Pod(Controller(process, log), port)
    here.controllers.append(made.controller)
    return made


@pytest.fixture(autouse=True)
def possible() -> None:
    """Only root can make namespaces and become somebody else."""
    if os.geteuid() != 0 or not all(shutil.which(name) for name in ("unshare", "setpriv", "chroot")):
        pytest.skip("a pod is played by root, with unshare, setpriv and chroot")


@pytest.fixture(scope="module")
def plane(own_plane: ManagementPlane) -> ManagementPlane:
    """An API server of its own: pods watch all namespaces."""
    return own_plane


@pytest.fixture(autouse=True)
def no_lease(here: World) -> Iterator[None]:
    """Nobody holds the lease when a test begins."""
    controller_kubeconfig(here.kubeconfig)
    try:
        here.client.delete(Lease, "capi-scvmm", namespace=NAMESPACE)
    except ApiError as error:
        if error.status.code != 404:
            raise
    yield


def test_a_pod_of_the_deployment_does_all_its_work(here: World) -> None:
    """A machine comes and goes; without root, capabilities or a writable root, and nothing complains of that."""
    comes_and_goes(here, pod(here))


def comes_and_goes(here: World, made: Pod) -> None:
    """A machine of *made*, from manifest to Ready to gone."""
    here.provider()
    here.bootstrap()
    here.until("ready", lambda: probe(made.port, "readyz")[0] == 200)
    status = made.status()
    assert status["Uid"].split() == [str(_user())] * 4
    assert int(status["CapBnd"], 16) == int(status["CapEff"], 16) == 0
    assert status["NoNewPrivs"] == "1"
    here.machine()
    here.until_true("node")
    here.delete("ScvmmMachine", "node")
    here.until_gone("node")
    assert made.stop() == 0
    log = made.controller.log.read_text()
    complaints = ("Read-only file system", "Permission denied", "Operation not permitted", "orbidden", "Traceback")
    assert [line for line in log.splitlines() if any(words in line for words in complaints)] == []


def test_a_pod_whose_leader_stands_still_loses_its_runs_and_then_itself(here: World) -> None:
    """It is process 1 of its container, which its own guard cannot kill: the runs end, and it ends when it goes on."""
    here.sim.add_fault({"operation": "vm_present", "times": 1, "delay": 30})
    here.provider()
    here.bootstrap()
    made = pod(here)
    here.until("the lead", lambda: probe(made.port, "readyz")[1].get("role") == "leader")
    here.machine()
    here.until_called("vm_present")
    runs = f"/proc/{made.pid}/root/dev/shm"
    assert list(Path(runs).glob("capi-scvmm-run-*/inventory.json"))
    os.kill(made.pid, signal.SIGSTOP)
    here.until("no runs", lambda: not list(Path(runs).glob("capi-scvmm-run-*")), 20)
    os.kill(made.pid, signal.SIGCONT)
    assert made.controller.process.wait(timeout=10) == 1
    assert "leads no more" in made.controller.log.read_text()


def _user() -> int:
    return int(SPEC["securityContext"]["runAsUser"])


def _service_account(kubeconfig: Path, folder: Path) -> tuple[str, str]:
    """Lay down what the kubelet mounts; give host and port of the API server."""
    config: dict[str, Any] = yaml.safe_load(kubeconfig.read_text())
    cluster = config["clusters"][0]["cluster"]
    (folder / "token").write_text(config["users"][0]["user"]["token"])
    (folder / "namespace").write_text(NAMESPACE)
    (folder / "ca.crt").write_bytes(base64.b64decode(cluster["certificate-authority-data"]))
    server = urlsplit(cluster["server"])
    return str(server.hostname), str(server.port)


def _outermost(paths: list[str]) -> list[str]:
    """Leave out what lies in another one."""
    return [path for path in paths if not any(path.startswith(f"{other}/") for other in paths if other != path)]
