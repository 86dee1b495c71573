# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs ansible-playbook for clients, each time by forking a process in which Ansible is loaded already.

    python -m ansible_collections.capi.scvmm.plugins.plugin_utils.preload.server SOCKET

To be started in the folder above `ansible_collections`, with the environment of the runs. The socket's folder must be
private to the user. The end of the standard input ends the server and kills its runs, so it does not outlive the
program that started it. It has one thread, so that forking is safe.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import stat
import sys
from pathlib import Path

from .environment import baked
from .processes import die_with_parent
from .request import GO, READ_SECONDS, READY, Refused, Request, receive
from .runs import Runs

BACKLOG = 64
CONTROL, LISTENER, WAKE = "control", "listener", "wake"


class Server:
    """Listens at *path*."""

    def __init__(self, path: Path) -> None:
        place = path.parent.stat()
        if place.st_uid != os.getuid() or stat.S_IMODE(place.st_mode) & 0o077:
            raise SystemExit(f"{path.parent}: must be a folder that only its owner can enter (mode 0700).")
        self._selector = selectors.DefaultSelector()
        self._runs = Runs(self._selector)
        self._environment = baked(dict(os.environb))
        self._listener = _listen(path)
        self._wake, self._woken = socket.socketpair()
        self._path = path

    def serve(self) -> Request | None:
        """Serve until the standard input ends (None); also return in each forked child, with what it is to run."""
        for end in (self._wake, self._woken):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._woken.fileno(), warn_on_full_buffer=False)
        self._selector.register(0, selectors.EVENT_READ, CONTROL)
        self._selector.register(self._listener, selectors.EVENT_READ, LISTENER)
        self._selector.register(self._wake, selectors.EVENT_READ, WAKE)
        while True:
            for key, _events in self._selector.select():
                if key.data == CONTROL:
                    if not os.read(0, 1024):
                        return None
                elif key.data == LISTENER:
                    request = self._accept()
                    if request is not None:
                        return request
                elif key.data == WAKE:
                    self._wake.recv(1024)
                    self._runs.reap()
                    break  # What was selected may be of a run that has just ended.
                else:
                    self._runs.heard(key.data)

    def close(self) -> None:
        """Kill what still runs."""
        self._runs.kill()
        self._listener.close()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> Request | None:
        """Fork for a client; return its request in the child only."""
        client, _address = self._listener.accept()
        try:
            request = receive(client)
        except Refused:
            client.close()
            return None
        if not self._agreed(client, request):
            request.close()
            client.close()
            return None
        server = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:  # The client ends with an error, as it would where no program can be started.
            print(f"no process for a run: {error}", file=sys.stderr)
            request.close()
            client.close()
            return None
        if pid == 0:
            client.close()
            self._leave()
            die_with_parent(server)
            return request
        request.close()
        self._runs.add(pid, client)
        return None

    def _agreed(self, client: socket.socket, request: Request) -> bool:
        """Whether the run fits, and its client is still there to want it: otherwise it uses the real command."""
        if baked(request.environment) != self._environment:
            return False
        try:
            client.settimeout(READ_SECONDS)
            client.sendall(READY)
            return client.recv(16) == GO
        except OSError:
            return False

    def _leave(self) -> None:
        """Shed, in a child, all that makes a process the server."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._selector.close()
        self._runs.forget()
        for end in (self._wake, self._woken, self._listener):
            end.close()


def _listen(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)  # Of a server before this one, which was killed.
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    listener.listen(BACKLOG)
    return listener


def main() -> None:
    """Listen, load, serve."""
    # Clients that come while Ansible is loaded wait for less than the real command takes.
    server = Server(Path(sys.argv[1]))
    from . import playbook  # Loads Ansible.

    playbook.load()
    request = server.serve()
    if request is None:
        server.close()
        playbook.end(0)
    playbook.run(request)


if __name__ == "__main__":
    main()
