# SPDX-License-Identifier: GPL-3.0-or-later
"""The broker: a process that holds the sessions of one VMM server for one user and serves clients on a socket.

It is started by a client (start.py), reads its options from standard input, leaves its parent and ends after a while
without calls. Frames (framing.py): head {"operation", "timeout", "long"} with the request's JSON as body, answered by
head {"ok": true, "repeated"} with the operation's JSON as body, or {"ok": false, "failure"}; head {"ask":
"status"|"end"} is answered with a head.
"""

from __future__ import annotations

import fcntl
import json
import logging
import logging.handlers
import os
import resource
import select
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

from . import libraries
from .call import Call
from .failures import NEVER, UNKNOWN, SessionFailure, TimedOut
from .framing import receive_frame, send_frame
from .lanes import Lanes
from .options import Options
from .runtime_dir import is_own

log = logging.getLogger("capi_scvmm.session")

_TICK_SECONDS = 1.0
_CLOSING_SECONDS = 5.0
# How often a waiting client is looked at, whether it is still there.
_PEER_SECONDS = 0.5


class Broker:
    """Accepts clients on *listener* and runs their calls."""

    def __init__(self, options: Options, listener: socket.socket, socket_path: Path, lock_path: Path) -> None:
        self._options, self._listener, self._socket_path, self._lock_path = options, listener, socket_path, lock_path
        self._identity = _identity(socket_path)
        self._lanes = Lanes(options)
        self._lock = threading.Lock()
        self._running, self._served = 0, 0
        self._last_use = time.monotonic()
        self._ending = threading.Event()

    def serve(self) -> None:
        """Serve until nobody has called for idle_seconds, or until told to end."""
        self._listener.settimeout(_TICK_SECONDS)
        while not self._may_end():
            try:
                client, _address = self._listener.accept()
            except (TimeoutError, InterruptedError):
                continue
            if not is_own(client):
                log.warning("another user has connected and is not served")
                client.close()
                continue
            client.setblocking(True)
            threading.Thread(target=self._serve_client, args=(client,), daemon=True).start()
        self._listener.close()
        self._lanes.end(_CLOSING_SECONDS)

    def end(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """End at the next tick."""
        self._ending.set()

    def _may_end(self) -> bool:
        with self._lock:
            idle = self._running == 0 and time.monotonic() - self._last_use >= self._options.idle_seconds
        if not (idle or self._ending.is_set() or not self._is_ours()):
            return False
        try:
            return self._take_socket_away()
        except FileNotFoundError:
            return True  # the folder is gone: no client can come any more

    def _take_socket_away(self) -> bool:
        """Remove the socket, unless a client is just connecting: the lock keeps it from coming in between."""
        with self._lock_path.open("r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return False
            if self._is_ours():
                self._socket_path.unlink()
        return True

    def _is_ours(self) -> bool:
        """Whether the socket's path still leads here: one that was removed or replaced can bring no more clients."""
        try:
            return _identity(self._socket_path) == self._identity
        except FileNotFoundError:
            return False

    def _serve_client(self, client: socket.socket) -> None:
        with client:
            try:
                while (frame := receive_frame(client)) is not None:
                    head, body = frame
                    if "ask" in head:
                        send_frame(client, self._reply(head["ask"]))
                    else:
                        self._run(client, head, body)
            except (ConnectionError, OSError):
                log.debug("a client went away")

    def _reply(self, question: str) -> dict[str, Any]:
        if question == "end":
            self.end()
        return {
            "ok": True,
            "pid": os.getpid(),
            "served": self._served,
            "running": self._running,
            "hosts": self._lanes.health(),
        }

    def _run(self, client: socket.socket, head: dict[str, Any], body: str) -> None:
        call = Call(str(head["operation"]), body, float(head["timeout"]), bool(head.get("long")))
        call.subject = str(head.get("subject", ""))
        with self._lock:
            self._running += 1
        try:
            self._lanes.submit(call)
            self._wait(client, call)
        finally:
            with self._lock:
                self._running -= 1
                self._served += 1
                self._last_use = time.monotonic()
        if call.failure is not None:
            send_frame(client, {"ok": False, "failure": call.failure.as_dict()})
        else:
            send_frame(client, {"ok": True, "repeated": call.repeated}, call.answer or "")

    def _wait(self, client: socket.socket, call: Call) -> None:
        """Wait for the call's end, its deadline, or its client's disappearance."""
        while not call.done.wait(max(0.0, min(_PEER_SECONDS, call.deadline - time.monotonic()))):
            if time.monotonic() >= call.deadline or _is_gone(client):
                call.abandoned = True
                happened = UNKNOWN if call.sent else NEVER
                call.fail(
                    TimedOut(f"{self._options.endpoint} gave no answer within {call.timeout:g} seconds", happened)
                )


def _identity(path: Path) -> tuple[int, int]:
    # File systems use an inode number again at once: the time tells one socket from its successor.
    about = path.stat()
    return about.st_ino, about.st_mtime_ns


def _is_gone(client: socket.socket) -> bool:
    readable, _writable, _exceptional = select.select([client], [], [], 0)
    try:
        return bool(readable) and client.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True


def main() -> None:
    """Read {"options", "folder", "key"} from standard input, listen, tell the parent, leave it, serve."""
    start = json.load(sys.stdin)
    folder, key = Path(start["folder"]), str(start["key"])
    os.umask(0o077)
    os.chdir("/")
    # No core file: memory holds the password.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    options = Options.of(start["options"])
    libraries.check()
    socket_path, log_path = folder / f"{key}.sock", folder / f"{key}.log"
    listener = _listen(socket_path)
    if os.fork():
        print(json.dumps({"ready": True}), flush=True)
        os._exit(0)
    _leave_parent()
    _log_to(log_path)
    broker = Broker(options, listener, socket_path, folder / "start.lock")
    signal.signal(signal.SIGTERM, broker.end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    log.info("broker %d serves %s", os.getpid(), options.endpoint)
    broker.serve()
    log_path.unlink(missing_ok=True)
    # Threads that hang on a dead server must not keep the process.
    os._exit(0)


def _listen(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    path.chmod(0o600)
    listener.listen(128)
    return listener


def _leave_parent() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    if nothing > 2:
        os.close(nothing)


def _log_to(path: Path) -> None:
    handler = logging.handlers.RotatingFileHandler(path, maxBytes=512 * 1024, backupCount=1)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    # The libraries below may log whole messages, and messages carry bootstrap data: only our own lines are written.
    log.propagate = False
    logging.getLogger().addHandler(logging.NullHandler())


def main_guarded() -> None:
    """main(), with any failure told to the parent in one line."""
    try:
        main()
    except SessionFailure as failure:
        print(json.dumps({"ready": False, **failure.as_dict()}), flush=True)
        sys.exit(1)
    except OSError as error:
        print(json.dumps({"ready": False, "message": f"the broker cannot listen: {error.strerror}"}), flush=True)
        sys.exit(1)
