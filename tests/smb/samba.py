# SPDX-License-Identifier: Apache-2.0
"""A Samba server of a test's own: on a free port of loopback, everything that it keeps in one folder."""

from __future__ import annotations

import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import tools

# Accounts of the system that are everywhere; their passwords are the server's own.
USER, STRANGER = "daemon", "nobody"
SHARE = "MSSCVMMLibrary"
_PROGRAMS = ("smbd", "smbpasswd")
_SECONDS = 20.0
_CONFIGURATION = """
[global]
server role = standalone server
disable netbios = yes
smb ports = {port}
interfaces = lo
bind interfaces only = yes
private dir = {home}/private
lock directory = {home}/lock
state directory = {home}/state
cache directory = {home}/cache
pid directory = {home}/pid
ncalrpc dir = {home}/rpc
passdb backend = tdbsam:{home}/private/passdb.tdb
log file = {home}/log
log level = 1 auth_audit:3
max log size = 0
load printers = no
printcap name = /dev/null
server signing = mandatory
server smb encrypt = {encryption}
map to guest = never
username map = {home}/names

[{share}]
path = {folder}
read only = yes
write list = {user}
force user = root

[closed]
path = {folder}
valid users = {user}
"""


def lacking() -> str:
    """What this machine lacks for a Samba server, or nothing."""
    missing = [name for name in _PROGRAMS if tools.find(name) is None]
    if missing:
        return f"SMB is not tried: {', '.join(missing)} missing. Install samba"
    return "" if os.geteuid() == 0 else "SMB is not tried: smbd changes to its users, which takes root"


@dataclass
class Samba:
    """A running server; *folder* is what its share holds."""

    folder: Path
    home: Path
    port: int
    password: str = field(default_factory=lambda: f"planted-{secrets.token_hex(8)}", repr=False)

    @property
    def share(self) -> str:
        """The share's UNC path."""
        return f"\\\\localhost\\{SHARE}"

    def log(self) -> str:
        """All that the server wrote."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.home.glob("log*")))

    def set_password(self, user: str, password: str) -> None:
        """Give an account its password at this server."""
        tool = tools.find("smbpasswd")
        assert tool is not None, "lacking() has been asked"
        subprocess.run(
            [*tool.command, "-c", str(self.home / "smb.conf"), "-a", "-s", user],
            env={**os.environ, **tool.environment},
            input=f"{password}\n{password}\n".encode(),
            capture_output=True,
            timeout=60,
            check=True,
        )


@contextmanager
def samba(folder: Path, encryption: str = "if_required") -> Iterator[Samba]:
    """A server whose share is *folder*; it ends with all its processes."""
    home = Path(tempfile.mkdtemp(prefix="samba-"))
    try:
        for name in ("private", "lock", "state", "cache", "pid", "rpc"):
            (home / name).mkdir(mode=0o755)
        server = Samba(folder, home, _free_port())
        text = _CONFIGURATION.format(
            port=server.port, home=home, folder=folder, share=SHARE, user=USER, encryption=encryption
        )
        (home / "smb.conf").write_text(text)
        # The account that the simulator's site has; no name of the system is needed for it.
        (home / "names").write_text(f"{USER} = capi EXAMPLE\\capi\n")
        for user in (USER, STRANGER):
            server.set_password(user, server.password)
        with _running(server):
            yield server
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _running(server: Samba) -> Iterator[None]:
    tool = tools.find("smbd")
    assert tool is not None, "lacking() has been asked"
    command = [*tool.command, "--foreground", "-s", str(server.home / "smb.conf")]
    # It makes a session of its own, with a process for each connection.
    process = subprocess.Popen(
        command,
        env={**os.environ, **tool.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _answers(server, process)
        yield
    finally:
        for ending in (signal.SIGTERM, signal.SIGKILL):
            if process.poll() is None:
                os.killpg(process.pid, ending)
            try:
                process.wait(timeout=5)
                break
            except subprocess.TimeoutExpired:
                continue


def _answers(server: Samba, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, f"smbd ended at once: {server.log()[-2000:]}"
        try:
            socket.create_connection(("localhost", server.port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"smbd does not answer on port {server.port}: {server.log()[-2000:]}")


@contextmanager
def cut_after(server: Samba, size: int) -> Iterator[int]:
    """A port through which *size* bytes reach the server; then the line is cut."""
    with socket.create_server(("localhost", 0)) as door:
        worker = threading.Thread(target=_relay, args=(door, server.port, size), daemon=True)
        worker.start()
        yield int(door.getsockname()[1])
        worker.join(timeout=_SECONDS)


def _relay(door: socket.socket, port: int, left: int) -> None:
    client = door.accept()[0]
    with client, socket.create_connection(("localhost", port)) as server:
        while left > 0:
            for ready in select.select([client, server], [], [], _SECONDS)[0]:
                data = ready.recv(min(left, 65536))
                if not data:
                    return
                (server if ready is client else client).sendall(data)
                left -= len(data) if ready is client else 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
