# SPDX-License-Identifier: Apache-2.0
"""Folders for what nobody else may see: in memory where that can be, 0700, gone with the process or after it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
from pathlib import Path

PREFIX = "capi-scvmm-run-"
_OURS = re.compile(rf"^{PREFIX}(\d+)-")


def places() -> list[Path]:
    """List where such folders can be, the best first."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes the name and the folder safely
    usable = memory.is_dir() and os.access(memory, os.W_OK | os.X_OK)
    return [*([memory] if usable else []), Path(tempfile.gettempdir())]


def make_folder(programs: bool = False) -> Path:
    """Make a folder that only this user can enter; its name says which process it belongs to.

    With *programs* it is one from which programs can be started, where there is such a place.
    """
    usable = places()
    if programs:
        usable.sort(key=lambda place: bool(os.statvfs(place).f_flag & os.ST_NOEXEC))
    # mkdtemp makes it 0700 from the first moment.
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=usable[0]))


def remove_folder(path: Path) -> None:
    """Remove a folder and what is in it; it may be gone already."""
    shutil.rmtree(path, ignore_errors=True)


def write_file(path: Path, content: bytes) -> None:
    """Write a file that only this user can read, from its first byte."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def purge_stale() -> list[Path]:
    """Remove what killed controllers of this user have left; called once, before this process makes any folder."""
    removed = []
    for place in places():
        for path in place.glob(f"{PREFIX}*"):
            if _is_stale(path):
                _end_users(path)
                remove_folder(path)
                removed.append(path)
    return removed


def purge_of(pid: int) -> None:
    """Remove what process *pid*, which has ended, left; end the runs that outlived it."""
    for place in places():
        for path in place.glob(f"{PREFIX}{pid}-*"):
            _end_users(path)
            remove_folder(path)


def _is_stale(folder: Path) -> bool:
    match = _OURS.match(folder.name)
    try:
        return match is not None and folder.lstat().st_uid == os.getuid() and not _alive(int(match[1]))
    except FileNotFoundError:
        return False  # Another controller that starts just now has removed it, or its own has.


def _end_users(folder: Path) -> None:
    """End programs of this user that were started with a file of *folder*: runs that outlived their controller."""
    sign = f"{folder}/".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            ours = process.stat().st_uid == os.getuid() and sign in (process / "cmdline").read_bytes()
            if ours and int(process.name) != os.getpid():
                os.kill(int(process.name), signal.SIGKILL)
        except OSError:
            continue  # It ended by itself meanwhile.


def _alive(pid: int) -> bool:
    if pid == os.getpid():
        return False  # In a container every controller has the same number: what is there was left by the one before.
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
