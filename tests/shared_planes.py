# SPDX-License-Identifier: Apache-2.0
"""The API servers of a test run: one of each kind for all pytest-xdist workers, started when the first one asks.

The process that the user started has them, so that they end with it, whatever becomes of it or of a worker.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack, suppress
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

from plane import ManagementPlane, PlaneError
from plane.binaries import Binaries

OUR_CRDS = Path(__file__).parents[1] / "controller" / "crds"
Running = tuple[Path, Binaries | None]
"""Where a plane is, and its programs; without them it is not ours."""


def started(kubeadm: bool = False) -> ManagementPlane:
    """A plane that runs and knows our kinds; PlaneError when it cannot be started."""
    plane = ManagementPlane(kubeadm=kubeadm)
    with ExitStack() as undo:
        undo.callback(plane.stop)
        plane.start()
        for folder in (OUR_CRDS, OUR_CRDS / "policies"):
            plane.apply(folder)
        undo.pop_all()
    return plane


class SharedPlanes:
    """Starts each kind of plane once, on demand; *kubeadm* chooses the kind."""

    def __init__(self) -> None:
        self._planes: dict[bool, ManagementPlane] = {}
        self._locks = {False: threading.Lock(), True: threading.Lock()}
        self._listener: Listener | None = None

    def address(self) -> str:
        """Listen for workers, and tell the socket on which."""
        if self._listener is None:
            self._listener = Listener(family="AF_UNIX")
            threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()
        assert isinstance(self._listener.address, str)
        return self._listener.address

    def running(self, kubeadm: bool) -> Running:
        """The plane of that kind, started now if it does not run yet; PlaneError when it cannot be."""
        with self._locks[kubeadm]:
            if kubeadm not in self._planes:
                self._planes[kubeadm] = started(kubeadm)
        plane = self._planes[kubeadm]
        return plane.kubeconfig, plane.binaries

    def close(self) -> None:
        """Stop what was started."""
        if self._listener is not None:
            self._listener.close()
        for plane in self._planes.values():
            plane.stop()

    def _accept(self, listener: Listener) -> None:
        with suppress(OSError):  # closed
            while True:
                threading.Thread(target=self._serve, args=[listener.accept()], daemon=True).start()

    def _serve(self, connection: Connection) -> None:
        with connection, suppress(EOFError, BrokenPipeError):
            kubeadm = bool(connection.recv())
            try:
                connection.send(self.running(kubeadm))
            except PlaneError as error:
                connection.send(error)


def ask(address: str, kubeadm: bool) -> Running:
    """From a worker: the plane of that kind; PlaneError when it cannot be started."""
    with Client(address, family="AF_UNIX") as connection:
        connection.send(kubeadm)
        answer: Running | PlaneError = connection.recv()
    if isinstance(answer, PlaneError):
        raise answer
    return answer
