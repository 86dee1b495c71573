# SPDX-License-Identifier: Apache-2.0
"""What breaks is opened again; what may have happened is said; nothing happens twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scvmm_sim.simulator import Simulator

from .conftest import ENGINE, StartPipe, options_for
from .processes import wait_until
from .surroundings import FABRIC, PipeProcess

VM = {"owner": "o", "uid": "broken-1", "name": "broken-1", "cloud": "production", "template": "debian"}


@pytest.mark.parametrize("wire", ["reset", "503", "kill_shell", "down"])
@pytest.mark.parametrize("operation", ["vm_info", None])
def test_after_one_break_the_call_is_answered(
    pipe: PipeProcess, simulator: Simulator, wire: str, operation: str | None
) -> None:
    """Neither the caller of the broken call nor the next one notices, whether it broke at the operation or before."""
    pipe.result("vm_info")
    simulator.add_fault({"operation": operation, "wire": wire, "times": 1})
    assert pipe.result("vm_info")["vms"] == []
    simulator.clear_faults()
    assert pipe.result("vm_info")["vms"] == []


@pytest.mark.parametrize("wire", ["reset", "kill_shell"])
def test_a_creation_that_breaks_makes_one_vm(pipe: PipeProcess, simulator: Simulator, wire: str) -> None:
    """The connection breaks when the server has begun: the repeated call finds the VM by its mark."""
    pipe.result("vm_info")
    simulator.add_fault({"operation": "vm_present", "wire": wire, "times": 1})
    answer = pipe.call("vm_present", VM)
    assert answer["ok"], answer
    assert answer["repeated"] == "unknown"
    assert [vm["Name"] for vm in simulator.vms()].count("broken-1") == 1
    simulator.vm_delete("broken-1")


def test_a_server_that_stays_away_is_unreachable_and_then_back(pipe: PipeProcess, simulator: Simulator) -> None:
    """While it is away every call says so, soon; the first call afterwards is answered."""
    pipe.result("vm_info")
    fault = simulator.add_fault({"wire": "down", "times": None})
    for _ in range(2):
        began = time.monotonic()
        error = pipe.call("vm_info")["error"]
        assert error["class"] == "unreachable"
        assert time.monotonic() - began < 15
    simulator.remove_fault(fault)
    assert pipe.result("vm_info")["vms"] == []


def test_a_restarted_server_is_found_again(start_pipe: StartPipe) -> None:
    """All shells are gone and the port is the same: the next call opens a new session."""
    with Simulator(fabric=FABRIC, engine=ENGINE) as first:
        pipe = start_pipe(port=first.port)
        pipe.result("connect")
        port = first.port
    assert pipe.call("vm_info")["error"]["class"] == "unreachable"
    with Simulator(fabric=FABRIC, engine=ENGINE, port=port):
        assert pipe.result("vm_info")["vms"] == []


def test_an_idle_shell_that_the_server_dropped_is_opened_again(start_pipe: StartPipe) -> None:
    """A shell that idled out is noticed before anything has run."""
    with Simulator(fabric=FABRIC, engine=ENGINE, idle_seconds=1) as simulator:
        pipe = start_pipe(port=simulator.port)
        pipe.result("connect")
        assert wait_until(lambda: simulator.stats()["shells"] == 0)
        answer = pipe.call("vm_info")
        assert answer["ok"], answer
        assert answer.get("repeated") in (None, "never")


def test_a_wrong_password_is_answered_at_once(start_pipe: StartPipe) -> None:
    """The answer names the user, is of class infrastructure, and the server is not asked again for some seconds."""
    pipe = start_pipe(password="wrong-password")
    error = pipe.call("connect")["error"]
    assert (error["id"], error["class"]) == ("CapiScvmm.LoginRefused", "infrastructure")
    assert "refuses user 'EXAMPLE\\capi'" in error["message"]
    assert "wrong-password" not in str(error)
    numbers = [pipe.send("connect") for _ in range(20)]
    assert {pipe.wait(number)["error"]["id"] for number in numbers} == {"CapiScvmm.LoginRefused"}


def test_the_right_password_works_at_once_after_a_wrong_one(start_pipe: StartPipe) -> None:
    """The refusal is remembered for the wrong password only."""
    start_pipe(password="wrong-password").call("connect")
    assert start_pipe().result("connect")


def test_nobody_there_is_unreachable(start_pipe: StartPipe) -> None:
    """The message names the address and says that nothing has happened."""
    error = start_pipe(port=1).call("connect")["error"]
    assert (error["class"], error["happened"]) == ("unreachable", "never")
    assert "http://127.0.0.1:1/wsman is not reached: connection refused" in error["message"]


def test_an_unknown_name_is_unreachable(start_pipe: StartPipe) -> None:
    """The message says that it is the name."""
    error = start_pipe(host="no-such-host.invalid").call("connect")["error"]
    assert error["class"] == "unreachable"
    assert "its name is not known" in error["message"]


def test_a_wrong_path_is_no_endpoint(start_pipe: StartPipe) -> None:
    """Somebody must correct the options: trying again soon does not help."""
    error = start_pipe(path="elsewhere").call("connect")["error"]
    assert error["class"] == "infrastructure"
    assert "404" in error["message"]


def test_a_refusing_vmm_server_is_told_in_its_own_words(start_pipe: StartPipe, simulator: Simulator) -> None:
    """Connecting to VMM fails: the call is answered with VMM's error, and works when VMM is back."""
    pipe = start_pipe()
    simulator.add_fault({"cmdlet": "Get-SCVMMServer", "times": 1, "error": {
        "number": 1602, "message": "The server does not respond.", "recommended_action": "Start it."}})  # fmt: skip
    error = pipe.call("vm_info")["error"]
    assert (error["number"], error["class"]) == (1602, "retry")
    assert pipe.result("vm_info")["vms"] == []


@pytest.mark.parametrize(
    "way",
    [
        {"authentication": "basic", "encryption": "never", "username": "capi"},
        {"authentication": "ntlm"},
        {"authentication": "ntlm", "encryption": "always"},
        {"authentication": "negotiate"},
    ],
    ids=lambda way: "-".join(way.values()),
)
def test_each_authentication_without_tls(start_pipe: StartPipe, way: dict[str, Any]) -> None:
    """Basic in the open when that is accepted; NTLM and Negotiate with encrypted messages."""
    assert start_pipe(**way).result("connect")["vmm_server"] == "vmm.example.com"


@pytest.fixture(scope="module")
def tls_simulator() -> Iterator[Simulator]:
    """A server that also speaks TLS, with a certificate of an authority of its own."""
    with Simulator(fabric=FABRIC, engine=ENGINE, https=True) as simulator:
        yield simulator


@pytest.fixture
def start_tls(tls_simulator: Simulator, runtime_dir: Path) -> Iterator[StartPipe]:
    """Start pipes that come over TLS."""
    started: list[PipeProcess] = []

    def start(**changes: Any) -> PipeProcess:
        tls = {"scheme": "https", "port": tls_simulator.https_port}
        started.append(PipeProcess(options_for(tls_simulator, **{**tls, **changes}), runtime_dir))
        return started[-1]

    yield start
    for pipe in started:
        pipe.end()


@pytest.mark.parametrize("way", [{"authentication": "basic", "username": "capi"}, {"authentication": "ntlm"}],
                         ids=lambda way: way["authentication"])  # fmt: skip
def test_each_authentication_over_tls(start_tls: StartPipe, tls_simulator: Simulator, way: dict[str, Any]) -> None:
    """The authority is given as a file, or the certificate is not looked at."""
    assert start_tls(ca_cert=str(tls_simulator.ca_certificate), **way).result("connect")
    assert start_tls(certificate_validation=False, **way).result("connect")


def test_an_unknown_authority_is_named(start_tls: StartPipe) -> None:
    """The certificate is not accepted in silence, and the message says which option helps."""
    error = start_tls().call("connect")["error"]
    assert error["class"] == "infrastructure"
    assert "Set ca_cert" in error["message"]
