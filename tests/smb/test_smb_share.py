# SPDX-License-Identifier: Apache-2.0
"""Files on a share of a real Samba server: whole or not at all, signed, encrypted, and each refusal in plain words."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import smbclient
from ansible_collections.capi.scvmm.plugins.plugin_utils.errors import explain
from ansible_collections.capi.scvmm.plugins.plugin_utils.smb.failures import (
    MediumInUse,
    ShareDenied,
    ShareFailure,
    ShareFull,
    ShareLoginRefused,
    ShareMissing,
    ShareUnfit,
    ShareUnreachable,
)
from ansible_collections.capi.scvmm.plugins.plugin_utils.smb.gate import ShareGate
from ansible_collections.capi.scvmm.plugins.plugin_utils.smb.share import Login, folder_of

from .samba import STRANGER, USER, Samba, cut_after, samba

DATA = os.urandom(3 * 1024 * 1024 + 17)
"""Larger than what one request of SMB carries."""


def login(server: Samba, **changes: object) -> Login:
    """As the account that may write."""
    return replace(Login(USER, server.password, server.port), **changes)


def put(
    server: Samba, private: Path, name: str = "a.iso", data: bytes = DATA, inner: str = "new\\folder", **how: object
) -> bool:
    """Write one file."""
    with folder_of(f"{server.share}\\{inner}", login(server, **how), private) as folder:
        return folder.put(name, data)


def names(server: Samba) -> list[str]:
    """All files on the share, whatever they are called."""
    return sorted(path.name for path in server.folder.rglob("*") if path.is_file())


@pytest.fixture(autouse=True)
def _empty(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "server" in request.fixturenames:
        server = request.getfixturevalue("server")
        for path in server.folder.rglob("*"):
            if path.is_file():
                path.unlink()


def test_a_file_arrives_whole_and_an_equal_one_is_not_written_again(server: Samba, private: Path) -> None:
    """Its folder is made; a second upload changes nothing, other bytes take its place."""
    assert put(server, private)
    path = server.folder / "new" / "folder" / "a.iso"
    assert path.read_bytes() == DATA
    written = path.stat()
    assert not put(server, private)
    assert path.stat().st_mtime_ns == written.st_mtime_ns
    other = bytes(len(DATA))
    assert put(server, private, data=other)
    assert path.read_bytes() == other
    assert names(server) == ["a.iso"]


def test_a_file_is_removed_and_need_not_be_there(server: Samba, private: Path) -> None:
    """Twice is as good as once."""
    put(server, private)
    with folder_of(f"{server.share}\\new\\folder", login(server), private) as folder:
        folder.remove("a.iso")
        folder.remove("a.iso")
    assert names(server) == []


@pytest.mark.parametrize(("encryption", "encrypted"), [("auto", True), ("always", True), ("never", False)])
def test_it_is_encrypted_when_the_server_can_and_always_signed(
    server: Samba, private: Path, encryption: str, encrypted: bool
) -> None:
    """This server demands signatures, so what is not encrypted was signed."""
    with folder_of(f"{server.share}\\new", login(server, encryption=encryption), private) as folder:
        (connection,) = folder._arguments["connection_cache"].values()
        (session,) = connection.session_table.values()
        assert (session.encrypt_data, session.signing_required) == (encrypted, not encrypted)
        assert folder.put("a.iso", b"x")


def test_a_server_that_demands_encryption_gets_it(library: Path, private: Path, server: Samba) -> None:
    """Also when we would do without it."""
    with samba(library, "required") as strict:
        assert put(strict, private, encryption="never")
        assert names(strict) == ["a.iso"]


def test_a_server_that_cannot_encrypt_is_refused_only_where_that_is_demanded(
    library: Path, private: Path, server: Samba
) -> None:
    """Signed it goes all the same."""
    with samba(library, "off") as plain:
        assert put(plain, private)
        with pytest.raises(ShareUnfit, match="localhost cannot encrypt, and encryption is always demanded"):
            put(plain, private, name="b.iso", encryption="always")
        assert names(plain) == ["a.iso"]


def test_a_wrong_password_is_tried_once(server: Samba, private: Path) -> None:
    """By however many processes: trying on locks the account. Another password is tried at once."""
    with pytest.raises(ShareLoginRefused, match=f"does not let {USER} in: STATUS_LOGON_FAILURE") as first:
        put(server, private, password="wrong")
    assert "wrong" not in str(first.value)
    tried = server.log().count("NT_STATUS_WRONG_PASSWORD")
    assert tried == 1
    with pytest.raises(ShareLoginRefused, match=r"this password is not tried for another [23][0-9]{2} seconds"):
        put(server, private, password="wrong")
    assert server.log().count("NT_STATUS_WRONG_PASSWORD") == tried
    assert put(server, private)


def test_a_refused_password_is_tried_again_later_and_forgotten_once_it_is_taken(private: Path) -> None:
    """The account may have been unlocked: after five minutes, then after fifteen."""
    now = [1000.0]
    gate = ShareGate(private, ("server", "user", "secret"), lambda: now[0])

    def refuse() -> None:
        raise ShareLoginRefused("No")

    def knock(let_in: bool) -> str:
        try:
            gate.login((lambda: None) if let_in else refuse)
        except ShareLoginRefused as refusal:
            return "kept" if "not tried" in str(refusal) else "refused"
        return "in"

    assert knock(False) == "refused"
    now[0] += 299
    assert knock(True) == "kept"
    now[0] += 1
    assert knock(False) == "refused"
    now[0] += 899
    assert knock(True) == "kept"
    now[0] += 1
    assert knock(True) == "in"
    assert knock(False) == "refused"
    now[0] += 300
    assert knock(True) == "in"
    assert not any("secret" in path.name + path.read_text(errors="replace") for path in private.glob("share-*"))
    assert {path.stat().st_mode & 0o777 for path in private.glob("share-*")} == {0o600}


def test_an_account_without_the_right_is_told_so(server: Samba, private: Path) -> None:
    """To the share, or to write there."""
    with pytest.raises(ShareDenied, match=rf"a\.iso not written: the account {STRANGER} may not write there"):
        put(server, private, inner="", username=STRANGER)
    closed = folder_of("\\\\localhost\\closed", login(server, username=STRANGER), private)
    with closed as folder, pytest.raises(ShareDenied):
        folder.put("a.iso", b"x")


def test_a_share_that_is_not_there_is_named(server: Samba, private: Path) -> None:
    """Not taken for a missing folder, which is made."""
    nowhere = folder_of("\\\\localhost\\nowhere\\x", login(server), private)
    words = r"\\\\localhost\\nowhere\\x\\a.iso not written: the file server has no such share"
    with nowhere as folder, pytest.raises(ShareMissing, match=words):
        folder.put("a.iso", b"x")


def test_a_server_that_is_away_is_named(private: Path) -> None:
    """With its port: a firewall is what is mostly the matter."""
    away = folder_of("\\\\localhost\\x\\y", Login("u", "p", port=1, seconds=2), private)
    with pytest.raises(ShareUnreachable, match=r"No connection to the file server localhost, TCP port 1:"), away:
        pass


def test_a_name_in_use_is_refused_and_what_is_there_stays(server: Samba, private: Path) -> None:
    """Another client holds the file open and shares it with nobody; nothing half is left beside it."""
    put(server, private)
    path = f"{server.share}\\new\\folder\\a.iso"
    cache: dict[str, object] = {}
    how = {"username": USER, "password": server.password, "port": server.port, "connection_cache": cache}
    try:
        with smbclient.open_file(path, mode="rb", share_access="", **how):
            with pytest.raises(MediumInUse, match=r"a\.iso not written: somebody holds a file of that name open"):
                put(server, private, data=b"other")
            assert names(server) == ["a.iso"]
        part = smbclient.open_file(f"{path}.part", mode="wb", share_access="", **how)
        with pytest.raises(MediumInUse), part:
            put(server, private, data=b"other")
    finally:
        smbclient.reset_connection_cache(fail_on_error=False, connection_cache=cache)
    assert (server.folder / "new" / "folder" / "a.iso").read_bytes() == DATA
    assert put(server, private, data=b"other")
    assert names(server) == ["a.iso"]


def test_a_full_disk_is_told_and_nothing_half_is_left(library: Path, private: Path, server: Samba) -> None:
    """A volume of one megabyte, a medium of three."""
    volume = library
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(volume)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no full disk is tried: mounting a tmpfs takes root and the right to mount")
    try:
        with samba(volume) as small:
            with pytest.raises(ShareFull, match=r"a\.iso not written: no room is left on its volume"):
                put(small, private, inner="media")
            assert names(small) == []
            assert put(small, private, data=b"x" * 1000, inner="media")
    finally:
        subprocess.run(["umount", str(volume)], check=True)


def test_a_broken_upload_leaves_nothing(server: Samba, private: Path) -> None:
    """The line is cut in the middle: the server removes what it has, and the next upload goes well."""
    with cut_after(server, 2_000_000) as port, pytest.raises(ShareUnreachable, match=r"a\.iso not written"):
        put(server, private, port=port)
    end = time.monotonic() + 20
    while names(server) and time.monotonic() < end:
        time.sleep(0.05)
    assert names(server) == []
    assert put(server, private)
    assert names(server) == ["a.iso"]


@pytest.mark.parametrize(
    ("kind", "error_class"),
    [
        (ShareUnreachable, "retry"),
        (ShareLoginRefused, "infrastructure"),
        (ShareUnfit, "final"),
        (ShareMissing, "final"),
        (ShareDenied, "final"),
        (ShareFull, "infrastructure"),
        (MediumInUse, "retry"),
        (ShareFailure, "retry"),
    ],
)
def test_each_failure_has_its_class_and_names_who_can_mend_it(kind: type[ShareFailure], error_class: str) -> None:
    """By the one table of errors."""
    error = explain(kind("No.").as_error("media_attached", "a.iso"))
    assert error["class"] == error_class
    assert error["who"]
    assert error["object"] == "medium a.iso"
