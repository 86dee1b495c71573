# SPDX-License-Identifier: Apache-2.0
"""The simulator as one object, and its control API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from pypsrp.wsman import WSMan
from scvmm_sim import Simulator
from scvmm_sim.errors import FabricError

from .clients import MODULE, Ran, RunspacePool, begin, finish, run_script

FABRIC: dict[str, Any] = {
    "users": [{"username": "LAB\\admin", "password": "pw: ü"}],
    "host_groups": [{"name": "prod", "hosts": [{"name": "hv1", "cpus": 32, "memory_mb": 131072}]}],
    "hardware_profiles": [{"name": "small", "cpu_count": 2, "memory_mb": 2048, "dvd": True}],
    "vhds": [{"name": "debian.vhdx"}],
    "vm_networks": [{"name": "lan", "subnets": [{"name": "lan", "cidr": "10.9.0.0/24"}]}],
    "libraries": [{"server": "lib.example.com", "share": "MSSCVMMLibrary"}],
}
VM = {
    "owner": "ns/web-1",
    "uid": "u-1",
    "name": "web-1",
    "host_group": "prod",
    "hardware_profile": "small",
    "disks": [{"vhd": "debian.vhdx"}],
    "network_adapters": [{"vm_network": "lan"}],
}


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A simulator with a small fabric."""
    with Simulator(FABRIC) as started:
        yield started


def _session(simulator: Simulator) -> RunspacePool:
    wsman = WSMan(
        simulator.host,
        port=simulator.port,
        username=simulator.username,
        password=simulator.password,
        ssl=False,
        auth="ntlm",
        no_proxy=True,
    )
    pool = RunspacePool(wsman)
    pool.open()
    run_script(pool, MODULE)
    return pool


def _run(simulator: Simulator, name: str, request: dict[str, Any]) -> dict[str, Any]:
    pool = _session(simulator)
    try:
        ran: Ran = finish(begin(pool, name, request))
        assert ran.errors == []
        envelope: dict[str, Any] = json.loads(ran.output[0])
        return envelope
    finally:
        pool.close()


def _create(simulator: Simulator) -> dict[str, Any]:
    envelope = _run(simulator, "vm_present", VM)
    assert envelope["ok"] is True, envelope
    vm: dict[str, Any] = envelope["result"]["vm"]
    return vm


def test_operations_change_what_control_shows(simulator: Simulator) -> None:
    """What an operation does over the wire is seen by the control API, by name, and by the library."""
    vm = _create(simulator)
    listed = requests.get(f"{simulator.control_url}/vms", timeout=10).json()
    assert [(row["Name"], row["ID"]) for row in listed] == [("web-1", vm["id"])]
    assert requests.get(f"{simulator.control_url}/jobs", timeout=10).json() != []
    stats = requests.get(f"{simulator.control_url}/stats", timeout=10).json()
    assert stats["calls"] == {"vm_present": 1}
    assert (stats["vms"], stats["engine"]) == (1, "native")


def test_calls_hold_no_content(simulator: Simulator) -> None:
    """The call log names operation, object and the request's keys, never a value."""
    _run(simulator, "media_present", {"file": "x.iso", "content": "planted-secret", "sha256": "0"})
    (call,) = requests.get(f"{simulator.control_url}/calls", timeout=10).json()
    assert (call["name"], call["object"], call["ok"]) == ("media_present", "x.iso", False)
    assert call["keys"] == ["content", "file", "sha256"]
    assert call["seconds"] >= 0
    assert "planted-secret" not in json.dumps(simulator.calls())


@pytest.mark.parametrize("handle", ["id", "name"])
def test_somebody_acts_on_a_vm(simulator: Simulator, handle: str) -> None:
    """Start, off and delete work by id and by name, as if somebody had done it with VMM."""
    vm = _create(simulator)
    url = f"{simulator.control_url}/vms/{vm[handle]}"
    assert requests.post(f"{url}/start", timeout=10).status_code == 200
    assert [row["Status"] for row in simulator.vms()] == ["Running"]
    assert requests.post(f"{url}/off", timeout=10).status_code == 200
    assert [row["Status"] for row in simulator.vms()] == ["PowerOff"]
    assert requests.delete(url, timeout=10).status_code == 200
    assert simulator.vms() == []


def test_faults_come_and_go(simulator: Simulator) -> None:
    """A rule that is added strikes, is listed with its count, and is gone when removed."""
    url = f"{simulator.control_url}/faults"
    rule = {"operation": "vm_present", "error": {"number": 1620, "message": "locked"}, "times": None}
    added = requests.post(url, json=rule, timeout=10).json()["id"]
    failed = _run(simulator, "vm_present", VM)
    assert (failed["ok"], failed["error"]["number"]) == (False, 1620)
    assert [(row["id"], row["struck"]) for row in requests.get(url, timeout=10).json()] == [(added, 1)]
    assert requests.delete(f"{url}/{added}", timeout=10).status_code == 200
    assert _run(simulator, "vm_present", VM)["ok"] is True
    simulator.add_fault({"cmdlet": "Get-SCJob", "delay": 1})
    assert requests.delete(url, timeout=10).status_code == 200
    assert simulator.faults() == []


def test_wire_fault_by_rule(simulator: Simulator) -> None:
    """A wire rule on an operation and an object strikes that one, once, whatever way the object is named."""
    vm = _create(simulator)
    simulator.add_fault({"operation": "vm_info", "object": "web-*", "wire": "reset"})
    pool = _session(simulator)
    assert finish(begin(pool, "vm_info", {"marked": True})).failed is False
    pipeline = begin(pool, "vm_info", {"ids": [vm["id"]]})
    with pytest.raises(requests.ConnectionError):
        pipeline.end_invoke()
    pool.connection.transport.session = None
    pool.connection.transport.encryption = None
    assert '"ok":true' in finish(pipeline).output[0]
    pool.close()


def test_durations_are_changed(simulator: Simulator) -> None:
    """Jobs that start afterwards take as long as was said."""
    answer = requests.put(f"{simulator.control_url}/durations", json={"create": 60}, timeout=10)
    assert answer.status_code == 200
    envelope = _run(simulator, "vm_present", VM)
    assert envelope["result"]["job"]["is_completed"] is False


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "told"),
    [
        ("POST", "/faults", "{", 400, "not JSON"),
        ("POST", "/faults", "[]", 400, "JSON object"),
        ("POST", "/faults", '{"operatoin": "vm_info", "delay": 1}', 400, "operatoin"),
        ("POST", "/faults", '{"operation": "vm_info"}', 400, "does nothing"),
        ("PUT", "/durations", '{"crate": 1}', 400, "create"),
        ("PUT", "/durations", '{"create": -1}', 400, "create"),
        ("PUT", "/durations", '{"create": "x"}', 400, "create"),
        ("DELETE", "/faults/9", "", 404, "no fault rule '9'"),
        ("POST", "/vms/nope/off", "", 404, "no VM 'nope'"),
        ("DELETE", "/vms/nope", "", 404, "no VM 'nope'"),
        ("GET", "/nothing", "", 404, "GET /vms"),
        ("PUT", "/vms", "", 404, "no PUT /vms"),
    ],
)
def test_bad_requests_are_told_in_one_message(
    simulator: Simulator, method: str, path: str, body: str, status: int, told: str
) -> None:
    """Whatever is wrong is answered by one message that names it, and changes nothing."""
    answer = requests.request(method, simulator.control_url + path, data=body, timeout=10)
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]
    assert told in answer.json()["error"]
    assert simulator.faults() == []


def test_refusal_of_vmm_is_a_conflict(simulator: Simulator) -> None:
    """What VMM refuses is told with its words."""
    _create(simulator)
    simulator.add_fault({"cmdlet": "Start-SCVirtualMachine", "error": {"number": 12711, "message": "host is away"}})
    answer = requests.post(f"{simulator.control_url}/vms/web-1/start", timeout=10)
    assert answer.status_code == 409
    assert "host is away" in answer.json()["error"]


def test_without_users_a_password_is_made_up() -> None:
    """A fabric without users gets one, with a password that differs each time."""
    with Simulator({}) as one, Simulator({}) as two:
        assert one.username == two.username == "administrator"
        assert one.password != two.password
        assert _run(one, "connect", {"vmm_server": "vmm.example.com"})["ok"] is True


def test_simulators_side_by_side_have_accounts_of_their_own(simulator: Simulator) -> None:
    """Two simulators in one process do not let in each other's users."""
    with Simulator({"users": [{"username": "other", "password": "x"}]}) as other:
        assert _run(simulator, "connect", {"vmm_server": "vmm.example.com"})["ok"] is True
        assert _run(other, "connect", {"vmm_server": "vmm.example.com"})["ok"] is True


def test_wrong_fabric_leaves_nothing_behind() -> None:
    """A fabric with a mistake raises one message; a port that is taken is told too."""
    with pytest.raises(FabricError, match="host_grups"):
        Simulator({"host_grups": []})
    with Simulator({}) as first, pytest.raises(OSError, match="in use"):
        Simulator({}, port=first.port)


def test_library_of_the_callers_own_stays(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A library folder that was given is kept; a temporary one is removed."""
    folder = tmp_path_factory.mktemp("library")
    with Simulator(FABRIC, library=folder) as given, Simulator(FABRIC) as temporary:
        assert given.library == folder
        gone = temporary.library
    assert folder.is_dir()
    assert not gone.exists()
