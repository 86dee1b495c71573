# SPDX-License-Identifier: Apache-2.0
"""HTTPS with a certificate authority of the simulator's own."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from pypsrp.powershell import RunspacePool
from scvmm_sim.wire.certificates import Authority

from .clients import Wire, call


@pytest.mark.parametrize(("auth", "encryption"), [("basic", "auto"), ("ntlm", "auto"), ("negotiate", "always")])
def test_session_over_https(start_wire: Callable[..., Wire], tmp_path: Path, auth: str, encryption: str) -> None:
    """Every scheme works over HTTPS, validated against the authority, with and without message encryption inside."""
    authority = Authority(tmp_path)
    tls = authority.server_context(["127.0.0.1", "localhost"])
    wire = start_wire(tls=tls)
    options = {"port": wire.server.https_port, "ssl": True, "encryption": encryption}
    with wire.session(auth, cert_validation=str(authority.file), **options) as pool:
        assert call(pool, "echo", {"content": "x" * 1_000_000})["result"]["length"] == 1_000_000


def test_unknown_authority_is_not_trusted(start_wire: Callable[..., Wire], tmp_path: Path) -> None:
    """A client that validates and does not know the authority refuses, and the endpoint goes on."""
    authority = Authority(tmp_path)
    tls = authority.server_context(["127.0.0.1"])
    wire = start_wire(tls=tls)
    with pytest.raises(requests.exceptions.SSLError):
        RunspacePool(wire.wsman(port=wire.server.https_port, ssl=True, encryption="auto")).open()
    with wire.session() as pool:
        assert call(pool, "echo")["ok"] is True


def test_silent_client_does_not_hold_up_others(start_wire: Callable[..., Wire], tmp_path: Path) -> None:
    """A connection that never begins its TLS handshake blocks nobody."""
    authority = Authority(tmp_path)
    tls = authority.server_context(["127.0.0.1"])
    wire = start_wire(tls=tls)
    options = {
        "port": wire.server.https_port,
        "ssl": True,
        "encryption": "auto",
        "cert_validation": str(authority.file),
    }
    assert wire.server.https_port is not None
    with socket.create_connection(("127.0.0.1", wire.server.https_port)), wire.session(**options) as pool:
        assert call(pool, "echo")["ok"] is True


def test_server_key_is_private(tmp_path: Path) -> None:
    """The file with the private key is for its owner only; the authority's key is written nowhere."""
    authority = Authority(tmp_path)
    authority.server_context(["127.0.0.1"])
    _, user_key = authority.user_certificate("capi")
    keys = [file for file in tmp_path.iterdir() if b"PRIVATE KEY" in file.read_bytes()]
    assert sorted(keys) == sorted([tmp_path / "server.key", user_key])
    assert [key for key in keys if key.stat().st_mode & 0o077] == []
