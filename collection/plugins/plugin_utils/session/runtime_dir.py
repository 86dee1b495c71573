# SPDX-License-Identifier: GPL-3.0-or-later
"""The private folder in which brokers have their sockets, locks and logs, and who may talk through them."""

from __future__ import annotations

import os
import socket
import stat
import struct
import tempfile
from pathlib import Path

from .failures import OptionsInvalid

VARIABLE = "CAPI_SCVMM_RUNTIME_DIR"
# What a socket's address holds is 108 bytes on Linux, 104 elsewhere, with a NUL at its end.
LONGEST_SOCKET_PATH = 103
# pid, uid and gid of the other end.
_CREDENTIALS = struct.Struct("3i")


def runtime_dir() -> Path:
    """The folder, made when missing: mode 0700, ours, no symbolic link; raises OptionsInvalid otherwise."""
    path = _chosen()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = path.lstat()
    except OSError as error:
        raise OptionsInvalid(
            f"runtime folder {path} cannot be used: {error.strerror}. Set {VARIABLE} to a private folder"
        ) from error
    _check(path, about)
    return path


def _chosen() -> Path:
    if os.environ.get(VARIABLE):
        return Path(os.environ[VARIABLE]).absolute()
    if os.environ.get("XDG_RUNTIME_DIR"):
        return Path(os.environ["XDG_RUNTIME_DIR"]).absolute() / "capi-scvmm"
    return Path(tempfile.gettempdir()).absolute() / f"capi-scvmm-{os.getuid()}"


def _check(path: Path, about: os.stat_result) -> None:
    remedy = f"Remove it or set {VARIABLE} to a private folder"
    if stat.S_ISLNK(about.st_mode):
        raise OptionsInvalid(f"runtime folder {path} is a symbolic link. {remedy}")
    if not stat.S_ISDIR(about.st_mode):
        raise OptionsInvalid(f"runtime folder {path} is no folder. {remedy}")
    if about.st_uid != os.getuid():
        raise OptionsInvalid(f"runtime folder {path} belongs to another user (uid {about.st_uid}). {remedy}")
    if about.st_mode & 0o077:
        mode = oct(stat.S_IMODE(about.st_mode))
        raise OptionsInvalid(
            f"runtime folder {path} is open to others (mode {mode}). Set its mode to 0700, or set {VARIABLE}"
        )


def is_own(sock: socket.socket) -> bool:
    """Whether the same user is on the other end of a unix socket, as the kernel says; True where it does not say."""
    option = getattr(socket, "SO_PEERCRED", None)  # Linux; elsewhere the folder alone keeps others out
    if option is None:
        return True
    _pid, uid, _gid = _CREDENTIALS.unpack(sock.getsockopt(socket.SOL_SOCKET, option, _CREDENTIALS.size))
    return bool(uid == os.getuid())
