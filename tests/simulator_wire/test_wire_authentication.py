# SPDX-License-Identifier: Apache-2.0
"""Who gets in, and how messages are protected."""

from __future__ import annotations

import os
import socket

import pytest
import requests
from pypsrp.exceptions import AuthenticationError
from pypsrp.powershell import RunspacePool
from scvmm_sim.errors import FabricError
from scvmm_sim.wire.authentication import Accounts, Authentication, Denied, Granted

from .clients import PASSWORD, PLAIN_USER, USER, Wire, call


@pytest.mark.parametrize("auth", ["basic", "ntlm", "negotiate"])
@pytest.mark.parametrize("user", [USER, PLAIN_USER, PLAIN_USER.upper()])
def test_right_password_opens_a_session(wire: Wire, auth: str, user: str) -> None:
    """Every scheme lets a user in, with and without a domain, whatever the case of the name."""
    with wire.session(auth, username=user) as pool:
        assert call(pool, "vm_info")["ok"] is True


@pytest.mark.parametrize("auth", ["basic", "ntlm", "negotiate"])
@pytest.mark.parametrize(("user", "password"), [(USER, "wrong"), ("nobody", PASSWORD), ("vmm-admin", PASSWORD)])
def test_wrong_password_or_user_is_refused(wire: Wire, auth: str, user: str, password: str) -> None:
    """A wrong password, an unknown user and a user without the domain end in 401, and no shell is opened."""
    with pytest.raises(AuthenticationError):
        RunspacePool(wire.wsman(auth, username=user, password=password)).open()
    assert wire.server.shells == 0


def test_request_without_credentials_is_offered_the_schemes(wire: Wire) -> None:
    """A client that shows nothing learns what it may show."""
    answer = requests.post(f"http://127.0.0.1:{wire.server.port}/wsman", data=b"<x/>", timeout=10)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Negotiate, Basic realm="WSMAN"'


@pytest.mark.parametrize("header", ["Basic !!!", "Bearer abc", "Negotiate AAAA", "Negotiate", "Basic bm9jb2xvbg=="])
def test_broken_credentials_are_refused(wire: Wire, header: str) -> None:
    """Nonsense in the Authorization header is a 401, not a broken connection."""
    url = f"http://127.0.0.1:{wire.server.port}/wsman"
    answer = requests.post(url, data=b"<x/>", headers={"Authorization": header}, timeout=10)
    assert answer.status_code == 401


def test_encrypted_messages_cannot_be_read_on_the_way(wire: Wire) -> None:
    """With NTLM over HTTP neither requests nor answers travel in clear text."""
    recorded = bytearray()
    listener = socket.create_server(("127.0.0.1", 0))
    stop = _record(listener, wire.server.port, recorded)
    try:
        with wire.session("ntlm", port=listener.getsockname()[1]) as pool:
            call(pool, "vm_info", {"content": "planted-secret"})
    finally:
        stop()
    assert b"multipart/encrypted" in recorded
    assert b"vm_info" not in recorded
    assert b"Envelope" not in recorded


def test_encrypted_message_without_handshake_is_refused(wire: Wire) -> None:
    """A message that was encrypted for another connection is a bad request."""
    answer = requests.post(
        f"http://127.0.0.1:{wire.server.port}/wsman",
        data=b"--Encrypted Boundary\r\nnonsense--Encrypted Boundary--\r\n",
        headers={"Content-Type": 'multipart/encrypted;protocol="x";boundary="Encrypted Boundary"'},
        auth=(USER.encode(), PASSWORD.encode()),
        timeout=10,
    )
    assert answer.status_code == 400


def test_accounts_file_is_private_and_holds_no_password() -> None:
    """What spnego reads is for this user only, holds hashes, and is gone afterwards; no environment stays changed."""
    before = dict(os.environ)
    with Accounts({USER: PASSWORD}) as accounts:
        store = accounts._store
        assert store.stat().st_mode & 0o777 == 0o600
        assert store.parent.stat().st_mode & 0o077 == 0
        assert PASSWORD not in store.read_text(encoding="utf-8")
    assert not store.exists()
    assert dict(os.environ) == before


@pytest.mark.parametrize("name", ["a:b", "a\nb"])
def test_name_that_could_not_log_on_is_refused(name: str) -> None:
    """A user name that neither Basic nor NTLM can carry is told when the simulator starts."""
    with pytest.raises(FabricError, match="username"):
        Accounts({name: "p"})


def test_connection_stays_authenticated_only_after_a_handshake() -> None:
    """Basic counts for one request; without it the next is refused."""
    with Accounts({"u": "p"}) as accounts:
        connection = Authentication(accounts)
        assert connection.check("Basic dTpw") == Granted("u")
        assert isinstance(connection.check(None), Denied)


def _record(listener: socket.socket, port: int, recorded: bytearray):  # type: ignore[no-untyped-def]
    """Relay connections to *port* and keep all bytes of both directions."""
    import threading

    def pump(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                recorded.extend(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def accept() -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", port))
            for pair in ((near, far), (far, near)):
                threading.Thread(target=pump, args=pair, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()

    def stop() -> None:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()

    return stop
