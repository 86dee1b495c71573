# SPDX-License-Identifier: Apache-2.0
"""Which objects a controller looks after, and how it is started."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml
from account import may_lead
from lightkube import Client
from plane.namespaces import fresh_namespace

from .world import KINDS, World

PAUSED = "cluster.x-k8s.io/paused"
FILTER = "cluster.x-k8s.io/watch-filter"


@pytest.mark.contract(16, 24)
def test_paused_objects_are_left_alone(here: World) -> None:
    """By annotation or by their Cluster; in creation and in deletion; what was said before stays."""
    here.provider()
    here.bootstrap()
    here.cluster()
    here.start()
    here.machine("alone", metadata={"annotations": {PAUSED: ""}})
    here.patch("Cluster", "east", {"spec": {"paused": True}})
    here.until_true("east", "Paused", "ScvmmCluster")
    here.node()
    for name in ("alone", "node"):
        here.until_true(name, "Paused")
    here.stays("nothing created", lambda: here.vms() == [], 2)
    here.patch("ScvmmMachine", "alone", {"metadata": {"annotations": {PAUSED: None}}})
    here.patch("Cluster", "east", {"spec": {"paused": False}})
    for name in ("alone", "node"):
        here.until_true(name)
        here.until_reason(name, "Paused", "NotPaused")
    here.patch("ScvmmMachine", "alone", {"metadata": {"annotations": {PAUSED: ""}}})
    here.until_true("alone", "Paused")
    here.delete("ScvmmMachine", "alone")
    here.stays("both VMs", lambda: len(here.vms()) == 2, 2)
    here.patch("ScvmmMachine", "alone", {"metadata": {"annotations": {PAUSED: None}}})
    here.until_gone("alone")


@pytest.mark.contract(15)
def test_objects_that_others_manage_get_not_even_a_status(here: World) -> None:
    """Label managed-by."""
    here.provider()
    here.bootstrap()
    here.start()
    here.machine("theirs", metadata={"labels": {"cluster.x-k8s.io/managed-by": "somebody"}})
    here.machine("ours")
    here.until_true("ours")
    body = here.get("ScvmmMachine", "theirs") or {}
    assert not body.get("status")
    assert not body["metadata"].get("finalizers")


@pytest.mark.contract(30)
def test_a_controller_keeps_to_its_namespaces(here: World, client: Client) -> None:
    """--namespace: an object elsewhere is not looked at; a provider elsewhere can be used."""
    with fresh_namespace(client) as other:
        here.bootstrap()
        elsewhere = World(client, other, here.kubeconfig, here.sim, here.folder)
        elsewhere.provider()
        elsewhere.bootstrap()
        reference = {"name": "vmm", "namespace": other}
        here.start()
        elsewhere.machine("theirs")
        here.machine("ours", providerRef=reference)
        here.until_true("ours")
        assert not (elsewhere.get("ScvmmMachine", "theirs") or {}).get("status")
        # Another one, for that namespace, on the same API server and VMM server: each machine is one controller's.
        elsewhere.start()
        try:
            elsewhere.until_true("theirs")
            assert len(here.vms()) == here.vm_started() == 2
        finally:
            elsewhere.controllers[-1].kill()


@pytest.mark.contract(31)
def test_a_provider_says_which_namespaces_may_use_it(here: World, client: Client) -> None:
    """One that may not is told so, and how that can be changed."""
    with fresh_namespace(client) as other:
        elsewhere = World(client, other, here.kubeconfig, here.sim, here.folder)
        elsewhere.provider(allowedNamespaces=["somewhere"])
        here.bootstrap()
        here.start("--namespace", other)
        here.machine(providerRef={"name": "vmm", "namespace": other})
        message = here.until_reason("node", "DependenciesReady", "ProviderNotAllowed")["message"]
        assert "spec.allowedNamespaces" in message
        elsewhere.patch("ScvmmProvider", "vmm", {"spec": {"allowedNamespaces": [here.namespace]}})
        here.until_true("node")


@pytest.mark.contract(30)
def test_a_watch_filter_shares_objects_out_among_controllers(here: World) -> None:
    """--watch-filter: only objects with the label's value."""
    here.provider()
    here.bootstrap()
    here.start("--watch-filter", "blue")
    here.machine("red", metadata={"labels": {FILTER: "red"}})
    here.machine("plain")
    here.machine("blue", metadata={"labels": {FILTER: "blue"}})
    here.until_true("blue")
    for name in ("red", "plain"):
        assert not (here.get("ScvmmMachine", name) or {}).get("status")
    here.start("--watch-filter", "red")
    here.until_true("red")
    here.patch("ScvmmMachine", "plain", {"metadata": {"labels": {FILTER: "blue"}}})
    here.until_true("plain")
    # Side by side, each machine was made by one of them.
    assert len(here.vms()) == here.vm_started() == 3


def test_secrets_are_found_nowhere(here: World) -> None:
    """Password and bootstrap data: no log, event, status, argument, environment or file of others holds them."""
    here.provider()
    here.bootstrap()
    controller = here.start("--log-format", "json")
    seen: list[str] = []
    here.machine()

    def provisioned() -> bool:
        seen.extend(_arguments_and_environments())
        time.sleep(0.3)  # Looking at all processes costs more than what is looked for.
        return here.condition("node", "Ready").get("status") == "True"

    here.until("node provisioned", provisioned)
    here.delete("ScvmmMachine", "node")
    here.until_gone("node")
    planted = [here.sim.password, here.token]
    assert controller.stop() == 0
    log = controller.log.read_text()
    assert all(json.loads(line)["message"] for line in log.splitlines())
    events = " ".join(str(event.to_dict()) for event in here.client.list(_event(), namespace=here.namespace))
    status = str([item.to_dict() for item in here.client.list(KINDS["ScvmmProvider"], namespace=here.namespace)])
    for secret in planted:
        assert secret not in log
        assert secret not in events
        assert secret not in status
        assert not [text for text in seen if secret in text]
        assert not _files_with(secret, [Path("/dev/shm"), here.folder / "tmp"])
    assert not list(Path("/dev/shm").glob(f"capi-scvmm-run-{controller.process.pid}-*"))


def test_folders_of_killed_controllers_are_removed_by_the_next(here: World) -> None:
    """They hold credentials and bootstrap data."""
    here.sim.add_fault({"operation": "vm_present", "times": 1, "delay": 1.5})
    here.provider()
    here.bootstrap()
    controller = here.start()
    here.machine()
    here.until_called("vm_present")
    pattern = f"capi-scvmm-run-{controller.process.pid}-*"
    places = [Path("/dev/shm"), here.folder / "tmp"]
    assert [path for place in places for path in place.glob(pattern)]
    controller.kill()
    here.start()
    here.until("the folders gone", lambda: not [path for place in places for path in place.glob(pattern)])
    here.until_true("node")


def test_a_healthy_controller_says_so(here: World) -> None:
    """--health-port serves /healthz, and SIGTERM ends it with code 0."""
    port = free_port()
    controller = here.start("--health-port", str(port))
    here.until("healthz", lambda: probe(port, "healthz")[0] == 200)
    here.until("readyz", lambda: probe(port, "readyz")[0] == 200)
    controller.process.send_signal(signal.SIGSTOP)
    assert probe(port, "healthz")[0] == 0
    controller.process.send_signal(signal.SIGCONT)
    assert controller.stop() == 0


def test_a_port_that_is_taken_ends_in_one_line(here: World) -> None:
    """It names the flag."""
    with socket.socket() as taken:
        taken.bind(("", 0))
        taken.listen()
        controller = here.start("--health-port", str(taken.getsockname()[1]))
        assert controller.process.wait(timeout=30) == 1
    assert "capi-scvmm: --health-port" in controller.log.read_text()


def test_a_standby_is_ready_and_one_that_could_never_lead_is_not(here: World, client: Client) -> None:
    """Readiness with an election: it can read its lease, whoever has it; here one has no right to."""
    with fresh_namespace(client) as elsewhere:
        may_lead(client, elsewhere)
        leader, other, lost = (free_port() for _ in range(3))
        elect = ("--leader-elect", "--leader-elect-namespace", elsewhere, "--leader-elect-lease-duration", "4")
        elect += ("--leader-elect-renew-deadline", "2.5", "--leader-elect-retry-period", "0.5")
        here.start(*elect, "--health-port", str(leader))
        here.until("a leader", lambda: probe(leader, "readyz")[1].get("role") == "leader")
        here.start(*elect, "--health-port", str(other))
        here.start(*elect, "--leader-elect-namespace", here.namespace, "--health-port", str(lost))
        standby = here.until("a standby", lambda: told if (told := probe(other, "readyz"))[0] == 200 else None)
        assert standby[1]["role"] == "standby"
        assert standby[1]["leader"] == probe(leader, "readyz")[1]["leader"]
        words = here.until("words", lambda: told[1]["troubles"] if (told := probe(lost, "readyz"))[0] == 503 else None)
        assert any(f"Lease {here.namespace}/capi-scvmm" in trouble for trouble in words)
        assert probe(lost, "healthz")[0] == 200


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def probe(port: int, path: str) -> tuple[int, dict[str, Any]]:
    """Status and body of a probe's answer; status 0 when there is none within a second."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=1) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())
    except OSError:
        return 0, {}


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        (["run", "--max-runs", "0"], "--max-runs"),
        (["run", "--batch-size", "many"], "--batch-size"),
        (["run", "--namespace", "Not A Name"], "--namespace"),
        (["run", "--retry-base", "-1"], "--retry-base"),
        (["run", "--retry-base", "10", "--retry-max", "5"], "--retry-max"),
        (["run", "--resync", "soon"], "--resync"),
        (["run", "--kubeconfig", "/nonexistent"], "--kubeconfig"),
        (["run", "--log-level", "loud"], "--log-level"),
        (["run", "--health-port", "70000"], "--health-port"),
        (["run", "--unknown"], "--unknown"),
        (["walk"], "walk"),
        ([], "COMMAND"),
    ],
)
def test_a_bad_command_line_ends_in_one_line(flags: list[str], named: str) -> None:
    """It names the flag, the value and what would be right; no traceback."""
    done = _command(*flags)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("capi-scvmm: ")
    assert named in line


@pytest.mark.parametrize("text", ["nonsense: [", "nonsense", "a: 1", "clusters: 1"])
def test_a_kubeconfig_that_is_none_ends_in_one_line(tmp_path: Path, text: str) -> None:
    """So does what lies in the file."""
    path = tmp_path / "kubeconfig"
    path.write_text(text)
    done = _command("run", "--kubeconfig", str(path))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert str(path) in line


def test_the_command_prints_crds_and_version() -> None:
    """Without an API server."""
    crds = list(yaml.safe_load_all(_command("crds").stdout))
    assert {"ScvmmMachine", "ScvmmProvider"} <= {crd["spec"]["names"]["kind"] for crd in crds}
    assert _command("version").stdout.strip()


def _command(*flags: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "capi_scvmm", *flags]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def _arguments_and_environments() -> list[str]:
    found = []
    for path in (*Path("/proc").glob("[0-9]*/cmdline"), *Path("/proc").glob("[0-9]*/environ")):
        try:
            found.append(path.read_bytes().decode(errors="replace"))
        except OSError:
            continue
    return found


def _files_with(secret: str, places: list[Path]) -> list[Path]:
    found = []
    for path in (path for place in places for path in place.rglob("*")):
        try:
            if path.is_file() and secret.encode() in path.read_bytes():
                found.append(path)
        except OSError:
            continue
    return found


def _event() -> type:
    from lightkube.resources.core_v1 import Event

    return Event
