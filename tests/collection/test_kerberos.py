# SPDX-License-Identifier: Apache-2.0
"""Kerberos, with a KDC of the test's own: by ticket and by password, with encrypted messages, and how it fails."""

from __future__ import annotations

import json
import os
import socket
import socketserver
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from .kdc import REALM, NoKerberos, Realm, lacking, libraries, realm
from .surroundings import BUILD, FABRIC, PASSWORD, ROOT, PipeProcess

if missing := lacking():
    pytest.skip(missing, allow_module_level=True)

pytestmark = pytest.mark.timeout(1000)  # the libraries may have to be built first

USER = f"capi@{REALM}"
STRANGER = "stranger"
Start = Callable[..., PipeProcess]


@pytest.fixture(scope="module")
def python_path() -> str:
    """The module search path of programs that can do Kerberos."""
    try:
        return str(libraries())
    except NoKerberos as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def kerberos(python_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Realm]:
    """A realm with a user whom VMM knows, and one whom it does not know."""
    with realm(tmp_path_factory.mktemp("realm"), {"capi": PASSWORD, STRANGER: PASSWORD}) as made:
        yield made


@pytest.fixture(scope="module")
def server(kerberos: Realm, python_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A simulator that holds the services' keys, in a process of its own: the libraries are not in this one."""
    fabric = tmp_path_factory.mktemp("fabric") / "fabric.yaml"
    fabric.write_text(json.dumps({**FABRIC, "users": [*FABRIC["users"], {"username": USER, "password": PASSWORD}]}))
    variables = {
        **kerberos.variables,
        "KRB5_KTNAME": str(kerberos.keytab),
        "PYTHONPATH": os.pathsep.join([python_path, str(ROOT / "controller")]),
    }
    with _served(fabric, variables) as ready:
        yield ready


@contextmanager
def _served(fabric: Path, variables: dict[str, str]) -> Iterator[dict[str, Any]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "scvmm_sim", "serve", "--fabric", str(fabric), "--https-port", "0"],
        stdout=subprocess.PIPE,
        env={**os.environ, **variables},
    )
    giving_up = threading.Timer(60, process.kill)
    giving_up.start()
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        giving_up.cancel()
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _logins(server: dict[str, Any]) -> dict[str, int]:
    with urllib.request.urlopen(f"{server['control_url']}/stats", timeout=10) as answer:
        counts: dict[str, int] = json.load(answer)["logins"]
    return counts


@pytest.fixture
def start(server: dict[str, Any], kerberos: Realm, python_path: str, runtime_dir: Path) -> Iterator[Start]:
    """Start pipes that use Kerberos; without a ticket, unless one is given."""
    started: list[PipeProcess] = []

    def start(ticket: Path | None = None, **changes: Any) -> PipeProcess:
        options = {
            "host": "localhost",
            "port": server["port"],
            "scheme": "http",
            "authentication": "kerberos",
            "encryption": "always",
            "vmm_server": "vmm.example.com",
            "idle_seconds": 60,
            **changes,
        }
        variables = {**kerberos.variables, "PYTHONPATH": os.pathsep.join([python_path, str(BUILD)])}
        if ticket is not None:
            variables["KRB5CCNAME"] = f"FILE:{ticket}"
        started.append(PipeProcess(options, runtime_dir, variables))
        return started[-1]

    yield start
    for pipe in started:
        pipe.end()


def _works(pipe: PipeProcess) -> None:
    assert pipe.result("connect")["vmm_server"] == "vmm.example.com"
    numbers = [pipe.send("vm_info") for _ in range(4)]
    answers = [pipe.wait(number) for number in numbers]
    assert all(answer["ok"] for answer in answers), answers


def test_a_ticket_opens_sessions_without_a_password(start: Start, kerberos: Realm) -> None:
    """As on a control node whose user has run kinit; messages go encrypted over http."""
    _works(start(kerberos.ticket("capi", PASSWORD)))


def test_user_and_password_open_sessions_without_a_ticket(start: Start) -> None:
    """The session gets itself a ticket."""
    _works(start(username=USER, password=PASSWORD))


def test_negotiate_takes_kerberos_where_there_is_a_ticket(start: Start, kerberos: Realm) -> None:
    """There is no password by which NTLM could log on."""
    _works(start(kerberos.ticket("capi", PASSWORD), authentication="negotiate"))


def test_a_ticket_serves_over_https_too(start: Start, kerberos: Realm, server: dict[str, Any]) -> None:
    """TLS encrypts there, and the certificate is checked."""
    ticket = kerberos.ticket("capi", PASSWORD)
    where = {"scheme": "https", "port": server["https_port"], "ca_cert": server["ca_certificate"]}
    _works(start(ticket, **where, encryption="auto"))


class _Listener(socketserver.ThreadingTCPServer):
    """Passes connections on to *port* and keeps what goes by."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), socketserver.BaseRequestHandler)
        self._port, self.heard = port, b""
        self._adding = threading.Lock()

    def finish_request(self, request: Any, client_address: Any) -> None:
        with socket.create_connection(("127.0.0.1", self._port)) as server:
            back = threading.Thread(target=self._pass_on, args=(server, request), daemon=True)
            back.start()
            self._pass_on(request, server)
            back.join()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                with self._adding:
                    self.heard += data
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return  # one of the two has gone


def test_who_listens_on_the_way_reads_nothing(start: Start, server: dict[str, Any], kerberos: Realm) -> None:
    """Over http every message is encrypted with the keys of the ticket, there and back."""
    with _Listener(server["port"]) as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        pipe = start(kerberos.ticket("capi", PASSWORD), port=listener.server_address[1])
        _works(pipe)
        pipe.end()
        listener.shutdown()
    assert listener.heard.count(b"multipart/encrypted") > 2
    assert b"Envelope" not in listener.heard
    assert PASSWORD.encode() not in listener.heard


def _refusal(pipe: PipeProcess) -> str:
    """The one message with which the login is refused."""
    error = pipe.call("connect")["error"]
    assert error["id"] == "CapiScvmm.LoginRefused", error
    message = str(error["message"])
    assert "authentication kerberos" in message
    assert "Traceback" not in message
    assert "\n" not in message
    assert PASSWORD not in message
    return message


def test_a_wrong_password_is_told(start: Start, server: dict[str, Any]) -> None:
    """By the KDC: the exec host has not been shown anything."""
    before = _logins(server)
    message = _refusal(start(username=USER, password="wrong"))
    assert USER in message
    assert "the KDC refuses the password" in message
    assert _logins(server) == before


def test_without_ticket_and_password_the_remedy_is_told(start: Start, server: dict[str, Any]) -> None:
    """Whoever forgot kinit reads that."""
    before = _logins(server)
    message = _refusal(start())
    assert "kinit" in message
    assert _logins(server) == before


def test_somebody_whom_the_exec_host_does_not_know_is_refused(
    start: Start, kerberos: Realm, server: dict[str, Any]
) -> None:
    """A ticket says who one is, not what one may."""
    before = _logins(server)
    _refusal(start(kerberos.ticket(STRANGER, PASSWORD)))
    after = _logins(server)
    assert after["refused"] > before["refused"]
    assert after["accepted"] == before["accepted"]


def test_a_kdc_that_does_not_answer_is_no_refused_login(start: Start) -> None:
    """The password may be right: it is tried again as with an exec host that is down."""
    error = start(username="capi@NOWHERE.EXAMPLE.COM", password=PASSWORD).call("connect")["error"]
    assert error["class"] == "unreachable", error
    assert "KDC" in error["message"]
