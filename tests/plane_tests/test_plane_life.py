# SPDX-License-Identifier: Apache-2.0
"""A plane starts, keeps its secrets to itself, and leaves nothing behind however it ends."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from lightkube import Client
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.apiextensions_v1 import CustomResourceDefinition
from lightkube.resources.core_v1 import ConfigMap, Namespace
from plane import ManagementPlane
from plane.namespaces import fresh_namespace
from plane.processes import Processes, alive

TESTS = Path(__file__).parents[1]
WAIT_SECONDS = 60

own_plane_only = pytest.mark.skipif(
    "CAPI_SCVMM_KUBECONFIG" in os.environ, reason="an existing API server is in use: no plane of ours to look at"
)


def wait_until(true: Callable[[], bool], what: str, seconds: float = WAIT_SECONDS) -> None:
    """Fail with *what* when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
        time.sleep(0.1)


def test_cluster_api_kinds_are_served(client: Client) -> None:
    """Machine, Cluster and their relatives can be used without any manager."""
    served = {crd.metadata.name for crd in client.list(CustomResourceDefinition) if crd.metadata}
    wanted = {f"{kind}.cluster.x-k8s.io" for kind in ("clusters", "machines", "machinesets", "machinedeployments")}
    assert wanted <= served


def test_machine_is_accepted_without_manager(plane: ManagementPlane, namespace: str) -> None:
    """No webhook is called on a plane without core manager."""
    machine = {
        "apiVersion": "cluster.x-k8s.io/v1beta2",
        "kind": "Machine",
        "metadata": {"name": "web", "namespace": namespace},
        "spec": {
            "clusterName": "none",
            "bootstrap": {"dataSecretName": "web"},
            "infrastructureRef": {"apiGroup": "infrastructure.cluster.x-k8s.io", "kind": "ScvmmMachine", "name": "web"},
        },
    }
    [applied] = plane.apply(machine)
    assert applied.metadata.uid
    [again] = plane.apply(machine)
    assert again.metadata.uid == applied.metadata.uid


def test_what_an_owner_leaves_is_collected(client: Client, namespace: str) -> None:
    """The garbage collector runs: an object goes with its owner."""
    owner = client.create(ConfigMap(metadata=ObjectMeta(name="owner", namespace=namespace)))
    assert owner.metadata
    reference = {"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": owner.metadata.uid}
    client.create(
        ConfigMap.from_dict({"metadata": {"name": "owned", "namespace": namespace, "ownerReferences": [reference]}})
    )
    client.delete(ConfigMap, "owner", namespace=namespace)
    wait_until(lambda: "owned" not in _names(client, namespace), "the owned object goes")


def test_namespace_of_a_test_goes_with_what_is_in_it(plane: ManagementPlane, client: Client) -> None:
    """Finalizers that nobody honours any more do not keep a test's namespace."""
    with fresh_namespace(client) as name:
        plane.apply(
            {
                "apiVersion": "cluster.x-k8s.io/v1beta2",
                "kind": "MachineDrainRule",
                "metadata": {"name": "rule", "namespace": name, "finalizers": ["example.com/never"]},
                "spec": {"drain": {"behavior": "Skip"}, "pods": [{"selector": {"matchLabels": {"a": "b"}}}]},
            }
        )
    wait_until(
        lambda: name not in {n.metadata.name for n in client.list(Namespace) if n.metadata}, "the namespace goes"
    )


@own_plane_only
@pytest.mark.usefixtures("plane_binaries")
def test_a_plane_keeps_to_itself_and_leaves_nothing_behind() -> None:
    """Private files, loopback only; after stop nothing of it is there, and stopping twice is no error."""
    plane = ManagementPlane()
    plane.start()
    folder, pids = plane.processes.folder, [*plane.processes.pids.values(), plane.processes.supervisor_pid]
    assert len(pids) == 4 and all(alive(pid) for pid in pids)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("kubeconfig", "tls.key", "sa.key"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name
    listening = {address for pid in pids for address in _listening(pid)}
    assert listening
    assert {address for address in listening if not address.startswith("0100007F:")} == set()
    plane.stop()
    assert not any(alive(pid) for pid in pids)
    assert not folder.exists()
    plane.stop()


@own_plane_only
@pytest.mark.usefixtures("plane_binaries")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_outlives_whoever_started_it(number: signal.Signals) -> None:
    """`python -m plane up`, ended in whatever way, takes its processes and files along."""
    command = [sys.executable, "-m", "plane", "up"]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout
        kubeconfig = Path(process.stdout.readline().strip().removeprefix("export KUBECONFIG="))
        pids = _descendants(process.pid)
        assert kubeconfig.exists() and len(pids) == 4
        process.send_signal(number)
    wait_until(lambda: not any(alive(pid) for pid in pids), "all processes end")
    wait_until(lambda: not kubeconfig.parent.exists(), "the folder goes")


def test_processes_die_with_a_killed_supervisor() -> None:
    """Even when the supervisor itself is killed, nothing that it started goes on."""
    processes = Processes()
    try:
        pid = processes.start("sleep", ["sleep", "600"])
        os.kill(processes.supervisor_pid, signal.SIGKILL)
        wait_until(lambda: not alive(pid), "the process ends", 10)
    finally:
        processes.stop()
        shutil.rmtree(processes.folder)


def test_what_processes_leave_behind_is_ended() -> None:
    """A daemon that its parent has left to the system ends with the plane too."""
    processes = Processes()
    try:
        processes.start("parent", ["sh", "-c", "setsid sleep 600 & echo $!"])
        wait_until(lambda: processes.log("parent").strip().isdigit(), "the daemon runs", 20)
        daemon = int(processes.log("parent"))
        wait_until(lambda: processes.exit_code("parent") == 0, "its parent ends", 20)
        assert alive(daemon)
    finally:
        processes.stop()
    assert not alive(daemon)


def test_kubeconfig_is_for_one_administrator(plane: ManagementPlane) -> None:
    """A kubeconfig has one context, with everything in it."""
    content = yaml.safe_load(plane.kubeconfig.read_text())
    assert content["current-context"] in {context["name"] for context in content["contexts"]}


def _names(client: Client, namespace: str) -> set[str]:
    return {item.metadata.name for item in client.list(ConfigMap, namespace=namespace) if item.metadata}


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [found for child in children for found in (int(child), *_descendants(int(child)))]


def _listening(pid: int) -> set[str]:
    """The local addresses (hexadecimal, as the kernel shows them) on which a process listens."""
    sockets = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            sockets.add(str(link.readlink()))
        except FileNotFoundError:  # closed since the listing
            continue
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            columns = line.split()
            if columns[3] == "0A" and f"socket:[{columns[9]}]" in sockets:
                found.add(columns[1])
    return found
