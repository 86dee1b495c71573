# SPDX-License-Identifier: Apache-2.0
"""Private folders: who can see them, and that none outlives its controller for long."""

from __future__ import annotations

import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from capi_scvmm import private


def a_dead_process() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_folder_and_its_files_are_for_this_user_only() -> None:
    """From their first moment; and a file that is there already is not written into."""
    folder = private.make_folder()
    try:
        path = folder / "secret"
        private.write_file(path, b"x")
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with pytest.raises(FileExistsError):
            private.write_file(path, b"y")
    finally:
        private.remove_folder(folder)
    private.remove_folder(folder)
    assert not folder.exists()


def test_what_a_killed_controller_has_left_is_removed_and_its_runs_are_ended() -> None:
    """Folders of processes that live are left alone."""
    place = private.places()[0]
    left = Path(tempfile.mkdtemp(prefix=f"{private.PREFIX}{a_dead_process()}-", dir=place))
    program = [sys.executable, "-c", "import time; time.sleep(60)"]
    living = subprocess.Popen(program)
    kept = Path(tempfile.mkdtemp(prefix=f"{private.PREFIX}{living.pid}-", dir=place))
    orphan = subprocess.Popen([*program, str(left / "inventory.yml")])
    try:
        assert left in private.purge_stale()
        assert orphan.wait(timeout=10) < 0
        assert kept.exists()
        assert not left.exists()
        assert living.poll() is None
    finally:
        living.kill()
        orphan.kill()
        private.remove_folder(kept)
