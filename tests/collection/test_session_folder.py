# SPDX-License-Identifier: Apache-2.0
"""Sockets, secrets and logs of brokers are the user's alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from . import surroundings  # noqa: F401  # puts the collection on the path

from ansible_collections.capi.scvmm.plugins.plugin_utils.session.client import Client  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.session.failures import OptionsInvalid  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.session.key import session_key  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.session.options import Options  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.session.runtime_dir import runtime_dir  # isort: skip

OPTIONS = Options.of({"host": "vmm", "username": "u", "password": "p"})


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CAPI_SCVMM_RUNTIME_DIR", raising=False)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)


def test_the_folder_is_where_its_variable_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CAPI_SCVMM_RUNTIME_DIR comes first, and the folder is made private."""
    monkeypatch.setenv("CAPI_SCVMM_RUNTIME_DIR", str(tmp_path / "mine"))
    assert runtime_dir() == tmp_path / "mine"
    assert (tmp_path / "mine").stat().st_mode & 0o777 == 0o700


def test_the_session_folder_of_the_user_comes_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """XDG_RUNTIME_DIR is the place for such things where there is one."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert runtime_dir() == tmp_path / "capi-scvmm"


def test_a_folder_that_others_can_enter_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that somebody has opened may hold somebody's socket: it is not used and not repaired in silence."""
    tmp_path.chmod(0o755)
    monkeypatch.setenv("CAPI_SCVMM_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(OptionsInvalid, match="open to others"):
        runtime_dir()


def test_a_symbolic_link_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else may have put the link there."""
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to("real")
    monkeypatch.setenv("CAPI_SCVMM_RUNTIME_DIR", str(tmp_path / "link"))
    with pytest.raises(OptionsInvalid, match="symbolic link"):
        runtime_dir()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to another user")
def test_a_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What belongs to another user can be changed by that user."""
    (tmp_path / "other").mkdir(mode=0o700)
    os.chown(tmp_path / "other", 12345, -1)
    monkeypatch.setenv("CAPI_SCVMM_RUNTIME_DIR", str(tmp_path / "other"))
    with pytest.raises(OptionsInvalid, match="another user"):
        runtime_dir()


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the path and the variable that helps."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("CAPI_SCVMM_RUNTIME_DIR", str(tmp_path / "file"))
    with pytest.raises(OptionsInvalid, match="CAPI_SCVMM_RUNTIME_DIR"):
        runtime_dir()


def test_a_path_too_long_for_a_socket_is_named(tmp_path: Path) -> None:
    """The kernel takes some hundred bytes only; the message says what to set."""
    folder = tmp_path / ("long" * 30)
    folder.mkdir(mode=0o700)
    with pytest.raises(OptionsInvalid, match="too long a path"):
        Client(OPTIONS, folder).call("vm_info", {})


def test_equal_options_have_one_name_and_others_another(tmp_path: Path) -> None:
    """Two programs with equal options share a broker; any difference, also of the password, makes another one."""
    name = session_key(OPTIONS, tmp_path)
    assert session_key(Options.of({"host": "vmm", "username": "u", "password": "p"}), tmp_path) == name
    changed = [{"password": "q"}, {"username": "v"}, {"host": "vmm2"}, {"port": 5987}, {"vmm_server": "other"}]
    names = {session_key(Options.of({**OPTIONS.as_dict(), **change}), tmp_path) for change in changed}
    assert len(names | {name}) == len(changed) + 1


def test_the_name_cannot_be_guessed_from_the_options(tmp_path: Path) -> None:
    """The kernel shows socket paths to all users: the name depends on a secret of the folder."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert session_key(OPTIONS, tmp_path / "a") != session_key(OPTIONS, tmp_path / "b")
    assert (tmp_path / "a" / "secret").stat().st_mode & 0o777 == 0o600
