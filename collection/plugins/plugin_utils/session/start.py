# SPDX-License-Identifier: GPL-3.0-or-later
"""How a client comes to a broker: connect, or start one; never two for one session."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .failures import OptionsInvalid, SessionFailure, Unreachable, failure_from
from .options import Options
from .runtime_dir import LONGEST_SOCKET_PATH, VARIABLE, is_own

_START_SECONDS = 30.0
# A broker lives longer than its parent: of the environment it gets only what connecting needs, never somebody's tokens.
_ENVIRONMENT = (
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "TMPDIR",
    "PYTHONPATH",
    "PYTHONHOME",
    "VIRTUAL_ENV",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NO_PROXY",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "no_proxy",
    "http_proxy",
    "https_proxy",
)
_ENVIRONMENT_STARTS = ("LC_", "KRB5", "GSS_")


def connect_or_start(options: Options, folder: Path, key: str) -> socket.socket:
    """A connection to the broker of *key*; raises Unreachable or OptionsInvalid when there is none and none starts."""
    path = folder / f"{key}.sock"
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        raise OptionsInvalid(
            f"runtime folder {folder} has too long a path for a socket; set {VARIABLE} to a shorter one"
        )
    connected = _connect(path)
    if connected is not None:
        return connected
    with _lock(folder / "start.lock"):
        connected = _connect(path)
        if connected is None:
            _start(options, folder, key)
            connected = _connect(path)
    if connected is None:
        raise Unreachable(f"the session broker for {options.endpoint} ended as soon as it had started")
    return connected


def _connect(path: Path) -> socket.socket | None:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.connect(str(path))
    except (FileNotFoundError, ConnectionRefusedError):
        sock.close()
        return None
    except OSError as error:
        sock.close()
        raise Unreachable(f"the session broker's socket {path} cannot be used: {error.strerror}") from error
    if not is_own(sock):
        sock.close()
        raise OptionsInvalid(f"another user listens on {path}. Remove it, or set {VARIABLE} to a private folder")
    return sock


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise SessionFailure(
                        f"another process holds {path} for {_START_SECONDS:g} seconds; end it"
                    ) from None
                time.sleep(0.01)
        yield
    finally:
        os.close(descriptor)


def _start(options: Options, folder: Path, key: str) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name in _ENVIRONMENT or name.startswith(_ENVIRONMENT_STARTS)
    }
    message = json.dumps({"options": options.as_dict(), "folder": str(folder), "key": key})
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("launch.py"))],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=environment, start_new_session=True, cwd="/",
    )  # fmt: skip
    try:
        output, _errors = process.communicate(message.encode(), timeout=_START_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise SessionFailure(f"the session broker did not start within {_START_SECONDS:g} seconds") from None
    lines = output.decode(errors="replace").strip().splitlines()
    try:
        told = json.loads(lines[-1]) if lines else {}
    except ValueError:
        told = {"message": lines[-1]}
    if told.get("ready") is not True:
        raise failure_from(
            {**told, "message": f"the session broker did not start: {told.get('message', 'it said nothing')}"}
        )
