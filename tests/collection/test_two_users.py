# SPDX-License-Identifier: Apache-2.0
"""Two users of one machine never share a broker, whatever the one opens to the other."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scvmm_sim.simulator import Simulator

from .processes import wait_until
from .surroundings import PipeProcess

from ansible_collections.capi.scvmm.plugins.plugin_utils.session.client import Client  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.session.failures import OptionsInvalid  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.session.options import Options  # isort: skip

SETPRIV = shutil.which("setpriv")
pytestmark = pytest.mark.skipif(
    os.getuid() != 0 or SETPRIV is None, reason="only root with the program setpriv can act as two users"
)

OTHER = 65534
# The other user may read all files, for the interpreter may be in a folder of root's own.
AS_OTHER = [
    str(SETPRIV), f"--reuid={OTHER}", f"--regid={OTHER}", "--clear-groups", "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
]  # fmt: skip
ASK = """
import socket, struct, sys
sock = socket.socket(socket.AF_UNIX)
sock.settimeout(10)
sock.connect(sys.argv[1])
head = b'{"ask": "status"}'
try:
    sock.sendall(struct.pack(">II", len(head), 0) + head)
    print(len(sock.recv(100)))
except ConnectionError:
    print(0)
"""
LISTEN = """
import os, socket, sys
sock = socket.socket(socket.AF_UNIX)
sock.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o666)
sock.listen()
print("listening", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder for temporary files that both users may write to."""
    folder = Path(tempfile.mkdtemp(prefix="capi-two-"))
    folder.chmod(0o1777)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_each_user_has_a_broker_of_its_own(options: dict[str, Any], simulator: Simulator, shared_folder: Path) -> None:
    """With the same options and the same folder for temporary files: two folders, two brokers, two sessions."""
    variables = {
        "CAPI_SCVMM_RUNTIME_DIR": "",
        "XDG_RUNTIME_DIR": "",
        "TMPDIR": str(shared_folder),
        "HOME": "/nonexistent",
    }
    mine = PipeProcess(options, shared_folder, variables)
    theirs = PipeProcess(options, shared_folder, variables, AS_OTHER)
    try:
        assert mine.result("connect")
        assert theirs.result("connect")
        sockets = {file.stat().st_uid: file.parent.name for file in shared_folder.glob("*/*.sock")}
        assert sockets == {0: "capi-scvmm-0", OTHER: f"capi-scvmm-{OTHER}"}
        assert simulator.stats()["shells"] == 2
    finally:
        mine.end()
        theirs.end()


def test_the_folder_of_another_user_is_refused(options: dict[str, Any], runtime_dir: Path) -> None:
    """Who is told to use it gets one line that names the folder and the remedy, and no session."""
    pipe = PipeProcess(options, runtime_dir, prefix=AS_OTHER)
    error = pipe.wait(None)["error"]
    assert error["id"] == "CapiScvmm.BadOptions"
    assert f"runtime folder {runtime_dir} belongs to another user (uid 0)" in error["message"]
    assert pipe.end() == 2


def test_a_socket_that_was_opened_to_all_serves_its_user_only(client: Client, runtime_dir: Path) -> None:
    """Modes were changed by mistake: the broker asks the kernel who has connected."""
    client.call("connect", {})
    (socket,) = runtime_dir.glob("*.sock")
    runtime_dir.chmod(0o755)
    socket.chmod(0o666)
    try:
        asked = subprocess.run([*AS_OTHER, sys.executable, "-c", ASK, str(socket)], cwd="/", capture_output=True,
                               text=True, timeout=60)  # fmt: skip
        assert asked.stdout.strip() == "0", asked.stderr
    finally:
        runtime_dir.chmod(0o700)
    assert client.ask("status")["ok"]
    (log,) = runtime_dir.glob("*.log")
    assert wait_until(lambda: "another user" in log.read_text())


def test_a_socket_that_another_user_has_put_there_is_not_used(options: dict[str, Any], runtime_dir: Path) -> None:
    """Nothing is sent to it: it would get requests with bootstrap data."""
    client = Client(Options.of(options), runtime_dir)
    client.call("connect", {})
    client.ask("end")
    client.close()
    (name,) = [file.name for file in runtime_dir.glob("*.sock")]
    assert wait_until(lambda: not list(runtime_dir.glob("*.sock")))
    runtime_dir.chmod(0o777)
    listener = subprocess.Popen([*AS_OTHER, sys.executable, "-c", LISTEN, str(runtime_dir / name)],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/")  # fmt: skip
    try:
        assert listener.stdout is not None
        assert listener.stdout.readline().strip() == "listening"
        with pytest.raises(OptionsInvalid, match="another user listens"):
            client.call("connect", {})
    finally:
        listener.communicate()
