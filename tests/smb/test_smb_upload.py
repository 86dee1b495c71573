# SPDX-License-Identifier: Apache-2.0
"""vm_media by SMB: what a task asks for, whose login, and what becomes of a file that was written in vain."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.capi.scvmm.plugins.plugin_utils.smb.upload import Upload

from .samba import USER, Samba


@dataclass
class Connection:
    """A connection plugin's options."""

    options: dict[str, Any] = field(default_factory=dict)

    def get_option(self, name: str) -> Any:
        """One of them, as Ansible gives it."""
        return self.options[name]


def asked(server: Samba, **changes: Any) -> dict[str, Any]:
    """A task's options."""
    return {
        "file": "a.iso",
        "library_path": f"{server.share}\\media",
        "smb": {"port": server.port, "username": None},
        **changes,
    }


@pytest.fixture
def upload(server: Samba, private: Path, monkeypatch: pytest.MonkeyPatch) -> Upload:
    """One as the connection's user."""
    monkeypatch.setenv("CAPI_SCVMM_RUNTIME_DIR", str(private))
    return Upload.of(asked(server), Connection({"remote_user": USER, "password": server.password}))


@pytest.mark.parametrize("path", [None, "ISOs\\cloud-init", "\\\\server", "C:\\media"])
def test_the_file_server_must_be_named(server: Samba, path: str | None) -> None:
    """Only VMM knows which share comes first; the control node cannot ask it beforehand."""
    with pytest.raises(ValueError, match=r"Give \\\\server\\share\\folder"):
        Upload.of(asked(server, library_path=path), Connection())


def test_somebody_must_log_in(server: Samba) -> None:
    """The connection may have no user at all, as with a certificate."""
    with pytest.raises(ValueError, match=r"Set smb\.username and smb\.password"):
        Upload.of(asked(server), Connection())


def test_what_the_task_names_wins_over_the_connection(server: Samba) -> None:
    """Rights on the share may belong to another account."""
    connection = Connection({"remote_user": "a", "password": "b"})
    given = {"username": "c", "password": "d", "encryption": "always"}
    found = Upload.of(asked(server, smb=given), connection).options
    assert (found["username"], found["password"], found["encryption"], found["port"]) == ("c", "d", "always", 445)


def test_a_file_written_in_vain_is_removed_again(server: Samba, upload: Upload) -> None:
    """The VM held its medium already: the library is not to hold the secrets once more."""
    there = server.folder / "media" / "a.iso"
    assert upload.put(b"x") == 1
    upload.settled({"changed": True, "vm": {}, "job": {}})
    upload.settled({"changed": False, "failed": True})
    upload.settled({"changed": False, "vm": {}, "job": {"id": "a"}})
    assert there.exists()
    upload.settled({"changed": False, "vm": {}, "job": None})
    assert not there.exists()


def test_a_file_that_was_there_stays(server: Samba, upload: Upload) -> None:
    """Somebody else, or an earlier task, has put it there."""
    upload.put(b"x")
    upload.put(b"x")
    assert upload.settled({"changed": False, "vm": {}, "job": None}) == {"changed": False, "vm": {}, "job": None}
    assert (server.folder / "media" / "a.iso").exists()


def test_an_upload_to_the_library_alone_counts_as_a_change(upload: Upload) -> None:
    """VMM only finds the file, it was us who brought it."""
    upload.put(b"y")
    assert upload.settled({"changed": False, "media": {}})["changed"]
