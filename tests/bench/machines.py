# SPDX-License-Identifier: Apache-2.0
"""From `kubectl apply` to provisioned and away again: times, remote calls, runs, CPU and memory."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import yaml
from lightkube import Client
from lightkube.generic_resource import create_namespaced_resource
from plane import ManagementPlane

from .fabric import PASSWORD, USERNAME
from .processes import PeakMemory, tree_cpu_seconds

GROUP = "infrastructure.cluster.x-k8s.io"
Machine = create_namespaced_resource(GROUP, "v1alpha1", "ScvmmMachine", "scvmmmachines")
NAMESPACE = "bench"
USER_DATA = "#cloud-config\nruncmd:\n  - [echo, joined]\n"


@dataclass(frozen=True)
class Measurement:
    """What one scenario took."""

    provisioned_seconds: float
    deleted_seconds: float
    lags: list[float] = field(default_factory=list)  # from the guest's address to status, a machine each
    calls_per_machine: float = 0
    polls_per_machine: float = 0
    runs: int = 0
    controller_cpu_seconds: float = 0
    peak_memory_mib: float = 0


@contextlib.contextmanager
def running(program: list[str], **keywords: Any) -> Iterator[subprocess.Popen[str]]:
    """Run *program* while the block runs; end it and wait for it afterwards."""
    process = subprocess.Popen(program, text=True, **keywords)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def manifests(count: int, port: int) -> list[dict[str, Any]]:
    """A provider with its credentials and *count* standalone machines with their bootstrap data."""
    meta = {"namespace": NAMESPACE}
    documents: list[dict[str, Any]] = [
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "vmm-credentials", **meta},
            "stringData": {"username": USERNAME, "password": PASSWORD},
        },
        {
            "apiVersion": f"{GROUP}/v1alpha1",
            "kind": "ScvmmProvider",
            "metadata": {"name": "vmm", **meta},
            "spec": {
                "scvmmHost": "127.0.0.1",
                "scvmmSecret": {"name": "vmm-credentials"},
                "connection": {"port": port, "scheme": "http", "authentication": "ntlm"},
            },
        },
    ]
    for number in range(count):
        name = f"machine-{number:03}"
        documents.append(
            {
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": {"name": f"{name}-bootstrap", **meta},
                "type": "cluster.x-k8s.io/secret",
                "data": {
                    "value": base64.b64encode(USER_DATA.encode()).decode(),
                    "format": base64.b64encode(b"cloud-config").decode(),
                },
            }
        )
        documents.append(
            {
                "apiVersion": f"{GROUP}/v1alpha1",
                "kind": "ScvmmMachine",
                "metadata": {"name": name, **meta},
                "spec": {
                    "cloud": "production",
                    "hostGroup": "prod",
                    "hardwareProfile": "k8s-small",
                    "cpuCount": 2,
                    "memory": "4Gi",
                    "disks": [{"vhDisk": "debian-12.vhdx"}],
                    "networking": {
                        "domain": "example.com",
                        "devices": [{"deviceName": "eth0", "vmNetwork": "k8s", "dhcp4": True}],
                    },
                    "providerRef": {"name": "vmm", "namespace": NAMESPACE},
                    "bootstrap": {"dataSecretName": f"{name}-bootstrap"},
                },
            }
        )
    return documents


class Watcher:
    """Notes when each machine becomes provisioned and when it is gone."""

    def __init__(self, client: Client) -> None:
        """Watch with *client* in a thread of its own."""
        self.provisioned: dict[str, float] = {}
        self.gone: dict[str, float] = {}
        self._changed = threading.Condition()
        threading.Thread(target=self._watch, args=(client,), daemon=True).start()

    def _watch(self, client: Client) -> None:
        with contextlib.suppress(httpx2.HTTPError):  # the plane has been stopped
            self._note(client)

    def _note(self, client: Client) -> None:
        for kind, machine in client.watch(Machine, namespace=NAMESPACE):
            name = machine.metadata.name
            status = machine.get("status") or {}
            with self._changed:
                if kind == "DELETED":
                    self.gone[name] = time.monotonic()
                elif (status.get("initialization") or {}).get("provisioned"):
                    self.provisioned.setdefault(name, time.monotonic())
                self._changed.notify_all()

    def wait(self, times: dict[str, float], count: int, seconds: float, what: str) -> float:
        """Wait until *times* has *count* entries; return when the last came (monotonic seconds)."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(times) >= count, timeout=seconds):
                raise TimeoutError(f"{len(times)} of {count} machines {what} after {seconds:.0f} s")
            return max(times.values())


def get(url: str) -> Any:
    """Ask the simulator's control API or the controller."""
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


def measure(plane: ManagementPlane, fabric: dict[str, Any], count: int, limit: float = 300) -> Measurement:
    """Apply *count* machines, wait until they are provisioned, delete them, and say what it took."""
    with tempfile.TemporaryDirectory(prefix="capi-scvmm-bench-") as temporary, contextlib.ExitStack() as stack:
        folder = Path(temporary)
        (folder / "fabric.yml").write_text(yaml.safe_dump(fabric))
        log = stack.enter_context((folder / "controller.log").open("w"))
        simulator = stack.enter_context(
            running(
                [sys.executable, "-m", "scvmm_sim", "serve", "--fabric", str(folder / "fabric.yml")],
                stdout=subprocess.PIPE,
                stderr=(folder / "simulator.log").open("w"),
            )
        )
        assert simulator.stdout is not None
        line = simulator.stdout.readline()
        if not line:
            raise RuntimeError(f"the simulator did not start: {(folder / 'simulator.log').read_text()}")
        ready = json.loads(line)
        environment = os.environ | {"CAPI_SCVMM_RUNTIME_DIR": str(folder / "sessions")}
        controller = stack.enter_context(
            running(
                [
                    sys.executable,
                    "-m",
                    "capi_scvmm",
                    "run",
                    "--kubeconfig",
                    str(plane.kubeconfig),
                    "--namespace",
                    NAMESPACE,
                    "--log-format",
                    "json",
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
            )
        )
        memory = stack.enter_context(PeakMemory(controller.pid))
        client = plane.client()
        documents = manifests(count, ready["port"])
        # What is there before a machine: the provider, and the bootstrap data that another controller makes.
        plane.apply([document for document in documents if document["kind"] != "ScvmmMachine"])
        wait_for_provider(client)
        watcher = Watcher(client)
        cpu_before = tree_cpu_seconds(controller.pid)
        calls_before = len(get(f"{ready['control_url']}/calls"))
        begun = time.monotonic()
        try:
            for document in documents:
                if document["kind"] == "ScvmmMachine":
                    client.create(Machine(document))
            applied = watcher.wait(watcher.provisioned, count, limit, "provisioned") - begun
            lags = address_lags(ready["control_url"], watcher)
            deleting = time.monotonic()
            for name in sorted(watcher.provisioned):
                client.delete(Machine, name, namespace=NAMESPACE)
            deleted = watcher.wait(watcher.gone, count, limit, "gone") - deleting
        except (TimeoutError, RuntimeError) as error:
            tail = (folder / "controller.log").read_text()[-3000:]
            raise RuntimeError(f"{error}\nthe controller's last words:\n{tail}") from error
        calls = get(f"{ready['control_url']}/calls")[calls_before:]
        log.flush()
        polls = sum(call["name"] == "vm_info" for call in calls)
        return Measurement(
            provisioned_seconds=applied,
            deleted_seconds=deleted,
            lags=lags,
            calls_per_machine=len(calls) / count,
            polls_per_machine=polls / count,
            runs=(folder / "controller.log").read_text().count("run started:"),
            controller_cpu_seconds=tree_cpu_seconds(controller.pid) - cpu_before,
            peak_memory_mib=memory.peak_mib,
        )


def address_lags(control_url: str, watcher: Watcher) -> list[float]:
    """Seconds from the moment at which each guest had its address to the moment at which status told it."""
    now, monotonic = time.time(), time.monotonic()
    lags = []
    for vm in get(f"{control_url}/vms"):
        had_address = (vm.get("guest") or {}).get("addressed_at")
        if had_address is not None and vm["Name"] in watcher.provisioned:
            lags.append(watcher.provisioned[vm["Name"]] - (monotonic - (now - had_address)))
    return lags


def wait_for_provider(client: Client, seconds: float = 60) -> None:
    """Wait until the controller runs and says that the VMM server answers."""
    provider = create_namespaced_resource(GROUP, "v1alpha1", "ScvmmProvider", "scvmmproviders")
    deadline = time.monotonic() + seconds
    status: dict[str, Any] = {}
    while time.monotonic() < deadline:
        status = client.get(provider, "vmm", namespace=NAMESPACE).get("status") or {}
        if any(entry["type"] == "Ready" and entry["status"] == "True" for entry in status.get("conditions", [])):
            return
        time.sleep(0.2)
    raise TimeoutError(f"the provider is not ready after {seconds:.0f} s: {status}")
