# SPDX-License-Identifier: Apache-2.0
"""Who is who: the exec host's certificate, the user's certificate, and ways in that need something installed."""

from __future__ import annotations

import hashlib
import importlib.util
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scvmm_sim.simulator import Simulator

from .conftest import ENGINE, options_for
from .surroundings import FABRIC, PipeProcess

BASIC = {"authentication": "basic", "username": "capi"}


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """A server that also speaks TLS, with a certificate of an authority of its own."""
    with Simulator(fabric=FABRIC, engine=ENGINE, https=True) as simulator:
        yield simulator


@pytest.fixture
def options(simulator: Simulator) -> dict[str, Any]:
    return options_for(simulator, scheme="https", port=simulator.https_port)


@pytest.fixture
def fingerprint(simulator: Simulator) -> str:
    """What an administrator reads off the server's certificate."""
    assert simulator.https_port is not None
    text = ssl.get_server_certificate((simulator.host, simulator.https_port))
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(text)).hexdigest()


@pytest.mark.parametrize("way", [{"authentication": "ntlm"}, BASIC], ids=lambda way: way["authentication"])
def test_a_pinned_certificate_needs_no_authority(start_pipe: Any, fingerprint: str, way: dict[str, Any]) -> None:
    """The self-signed certificate that WinRM makes is accepted by its fingerprint, whatever else is said of it."""
    assert start_pipe(certificate_fingerprint=fingerprint, **way).result("connect")
    colons = ":".join(fingerprint[at : at + 2] for at in range(0, 64, 2)).upper()
    assert start_pipe(certificate_fingerprint=colons, certificate_validation=False, **way).result("connect")


@pytest.mark.parametrize(
    "more", [{}, {"certificate_validation": False}, {"ca": True}], ids=["pinned", "unchecked", "known-ca"]
)
def test_another_certificate_than_the_pinned_one_is_refused(
    start_pipe: Any, simulator: Simulator, more: dict[str, Any]
) -> None:
    """Also when its authority is known, and when nothing else is checked; the password is not sent there."""
    before = simulator.stats()["logins"]["refused"]
    more = {"ca_cert": str(simulator.ca_certificate)} if "ca" in more else more
    error = start_pipe(certificate_fingerprint="ab" * 32, password="wrong", **BASIC, **more).call("connect")["error"]
    assert (error["id"], error["class"]) == ("CapiScvmm.EndpointUnfit", "infrastructure")
    assert "certificate_fingerprint" in error["message"]
    assert simulator.stats()["logins"]["refused"] == before


def test_the_pin_holds_on_later_connections(start_pipe: Any, simulator: Simulator, fingerprint: str) -> None:
    """A connection that was dropped is built again with the same care."""
    pipe = start_pipe(certificate_fingerprint=fingerprint)
    pipe.result("connect")
    simulator.drop_connections()
    answer = pipe.call("vm_info")
    assert answer["ok"], answer


def test_a_name_that_the_certificate_does_not_have_is_refused(start_pipe: Any, simulator: Simulator) -> None:
    """Its authority is known, but it was made for somebody else."""
    error = start_pipe(host="127.0.0.2", ca_cert=str(simulator.ca_certificate)).call("connect")["error"]
    assert error["class"] in ("infrastructure", "unreachable")


def test_a_user_shows_a_certificate(start_pipe: Any, simulator: Simulator) -> None:
    """No password is needed; each further session works as well."""
    certificate, key = simulator.user_certificate("capi")
    pipe = start_pipe(
        authentication="certificate", username="", password="", ca_cert=str(simulator.ca_certificate),
        certificate_pem=str(certificate), certificate_key_pem=str(key),
    )  # fmt: skip
    assert pipe.result("connect")["vmm_server"] == "vmm.example.com"
    numbers = [pipe.send("vm_info") for _ in range(4)]
    assert all(pipe.wait(number)["ok"] for number in numbers)


def test_a_certificate_that_is_mapped_to_nobody_is_refused(start_pipe: Any, simulator: Simulator) -> None:
    """The answer is that of a refused login, and names the way in."""
    certificate, key = simulator.user_certificate("stranger")
    error = start_pipe(
        authentication="certificate", username="", password="", ca_cert=str(simulator.ca_certificate),
        certificate_pem=str(certificate), certificate_key_pem=str(key),
    ).call("connect")["error"]  # fmt: skip
    assert error["id"] == "CapiScvmm.LoginRefused"
    assert "authentication certificate" in error["message"]


def test_basic_over_http_is_refused_unless_it_is_allowed(simulator: Simulator, runtime_dir: Path) -> None:
    """The password would be readable on the way: nothing is sent before somebody has said that this is no danger."""
    before = simulator.stats()["logins"]["refused"]
    refused = PipeProcess(options_for(simulator, **BASIC, password="wrong"), runtime_dir)
    error = refused.wait(None)["error"]
    assert error["id"] == "CapiScvmm.BadOptions"
    assert "sends the password readable" in error["message"]
    assert "encryption never" in error["message"]
    assert refused.end() == 2
    assert simulator.stats()["logins"]["refused"] == before
    allowed = PipeProcess(options_for(simulator, **BASIC, encryption="never"), runtime_dir)
    assert allowed.result("connect")
    assert allowed.end() == 0


@pytest.mark.skipif(importlib.util.find_spec("gssapi") is not None, reason="the library for Kerberos is installed")
def test_kerberos_without_its_library_says_so(start_pipe: Any, simulator: Simulator) -> None:
    """It does not fall back to another way in, and tells what is missing."""
    before = simulator.stats()["logins"]["refused"]
    error = start_pipe(authentication="kerberos", password="wrong", ca_cert=str(simulator.ca_certificate)).call(
        "connect"
    )["error"]
    assert error["class"] == "infrastructure"
    assert "gssapi" in error["message"]
    assert simulator.stats()["logins"]["refused"] == before
