# SPDX-License-Identifier: Apache-2.0
"""PowerShell processes (``pwsh -s``) that serve one session after another.

The process speaks PSRP as lines of XML: ``<Data Stream='Default' PSGuid='…'>base64</Data>``, Command, Signal and
Close, each acknowledged by the other side (``DataAck``, …). Guid 0 is the session, others are pipelines. After the
Close of its session it begins another one with the next Data: a third of the work of a new process, for what was
compiled stays compiled.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
import threading
import uuid
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scvmm_sim.child_processes import ChildProcesses

log = logging.getLogger(__name__)

BRIDGE_VARIABLES = ("SCVMM_SIM_BRIDGE_URL", "SCVMM_SIM_BRIDGE_TOKEN")
"""What is different for each session in an environment; a process that is used again has to be told."""

_PACKET = re.compile(rb"<(\w+)([^>]*?)(?:/>|>(.*)</\1>)")
_GUID = re.compile(rb"PSGuid='([0-9A-Fa-f-]{36})'")
_STREAM = re.compile(rb"Stream='(\w+)'")


@dataclass(frozen=True)
class Packet:
    """What the process says: *kind* is Data or an acknowledgement; *prompt* marks data that is not output."""

    kind: str
    guid: uuid.UUID
    data: bytes
    prompt: bool


class SessionProcess:
    """One process; what it says goes to who uses it now."""

    def __init__(self, process: subprocess.Popen[bytes], key: object) -> None:
        """*key* tells which other sessions it fits."""
        self.key = key
        self.used = False
        self._process = process
        self._writing = threading.Lock()
        self._told: Callable[[Packet], None] = lambda _: None
        self._ended: Callable[[], None] = lambda: None
        for target, stream in ((self._read, "output"), (self._read_errors, "errors")):
            threading.Thread(target=target, name=f"scvmm-sim-pwsh-{stream}", daemon=True).start()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process itself."""
        return self._process

    def attach(self, told: Callable[[Packet], None], ended: Callable[[], None]) -> None:
        """From now on hand packets to *told*, and call *ended* when the process ends by itself."""
        self._told, self._ended = told, ended

    def write(self, packet: str) -> None:
        """Write one packet. Raises OSError or ValueError when the process is gone."""
        assert self._process.stdin is not None
        view = memoryview(packet.encode() + b"\n")
        with self._writing:
            while view:
                written = self._process.stdin.write(view)
                view = view[written or 0 :]

    def _read(self) -> None:
        assert self._process.stdout is not None
        output, rest = self._process.stdout, b""
        try:
            while chunk := output.read(1 << 18):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    packet = _packet(line)
                    if packet is not None:
                        self._told(packet)
        except (OSError, ValueError) as error:
            log.debug("output of pwsh ended: %s", error)
        self._ended()

    def _read_errors(self) -> None:
        assert self._process.stderr is not None
        try:
            while chunk := self._process.stderr.read(4096):
                # Only that there was something: PowerShell may quote what it was given.
                log.warning("PowerShell process %d wrote %d bytes of errors", self._process.pid, len(chunk))
        except (OSError, ValueError):
            return


def _packet(line: bytes) -> Packet | None:
    found = _PACKET.search(line)
    guid = _GUID.search(found.group(2)) if found else None
    if found is None or guid is None:
        return None
    stream = _STREAM.search(found.group(2))
    return Packet(
        found.group(1).decode(),
        uuid.UUID(guid.group(1).decode()),
        b64decode(found.group(3) or b""),
        stream is not None and stream.group(1) != b"Default",
    )


class SessionProcesses:
    """Starts processes for sessions, and keeps up to *most_spare* whose session is over for the next ones.

    It may be given to several simulators, one after another or side by side; ``close`` is the caller's then.
    """

    def __init__(self, most_spare: int = 0) -> None:
        self._most_spare = most_spare
        self._lock = threading.Lock()
        self._spare: list[SessionProcess] = []
        self._processes: ChildProcesses | None = None

    def begin(self, command: Sequence[str], added: Mapping[str, str]) -> SessionProcess:
        """Give a process for one session: a spare one that fits, else a new one. Raises OSError.

        *added* comes into its environment; the rest of that is this process's own at the time of the start.
        """
        key = (tuple(command), frozenset(item for item in added.items() if item[0] not in BRIDGE_VARIABLES))
        with self._lock:
            if self._processes is None:
                self._processes = ChildProcesses("scvmm-sim-session")
            starter = self._processes
            fits = [spare for spare in self._spare if spare.key == key]
            if fits:
                self._spare.remove(fits[-1])
                return fits[-1]
        process = starter.start(
            command,
            environment={**os.environ, **added},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        return SessionProcess(process, key)

    def rest(self, process: SessionProcess) -> None:
        """Take back a process whose session was closed; it is ended when there are enough."""
        process.used = True
        process.attach(lambda _: None, lambda: self.end(process))
        with self._lock:
            alive = process.process.poll() is None
            kept = alive and self._processes is not None and len(self._spare) < self._most_spare
            if kept:
                self._spare.append(process)
        if not kept:
            self.end(process)

    def end(self, process: SessionProcess) -> None:
        """Kill a process; may be called again."""
        with self._lock:
            if process in self._spare:
                self._spare.remove(process)
            processes = self._processes
        if processes is not None:
            processes.end(process.process)

    @property
    def keeps(self) -> bool:
        """Whether there is room for one more spare process."""
        return len(self._spare) < self._most_spare

    def close(self) -> None:
        """End all processes; what is begun afterwards is new."""
        with self._lock:
            processes, self._processes = self._processes, None
            self._spare.clear()
        if processes is not None:
            processes.close()
