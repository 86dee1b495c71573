# SPDX-License-Identifier: Apache-2.0
"""ansible-playbook for tests that run it often: forked from a process in which Ansible is loaded, as controllers do it.

Half of what a short play takes is Ansible's own start. That the plain command plays the same is shown by the tests of
packaging, inventory and roles.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

BUILD = Path(__file__).parents[1] / "build"
PRELOAD = "ansible_collections.capi.scvmm.plugins.plugin_utils.preload"
REAL = Path(sys.executable).with_name("ansible-playbook")
# What Ansible takes in when it is loaded: a server for each set of these. Without one that fits the real command runs.
BAKED = ("ANSIBLE_", "PYTHON")


class Preloaded:
    """Servers of this test process, started when they are first wanted."""

    def __init__(self) -> None:
        self._servers: dict[frozenset[tuple[str, str]], tuple[subprocess.Popen[bytes], Path]] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def command(self, environment: Mapping[str, str]) -> list[str]:
        """What to start in place of ansible-playbook, with *environment*."""
        key = frozenset(item for item in environment.items() if item[0].startswith(BAKED))
        if key not in self._servers:
            self._servers[key] = self._start(environment)
        client = BUILD / (PRELOAD.replace(".", "/") + "/client.py")
        return [sys.executable, "-I", "-S", str(client), str(self._servers[key][1]), str(REAL)]

    def close(self) -> None:
        """End the servers and what they still run."""
        for process, _ in self._servers.values():
            assert process.stdin is not None
            process.stdin.close()
        for process, _ in self._servers.values():
            process.wait(20)
        self._servers.clear()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _start(self, environment: Mapping[str, str]) -> tuple[subprocess.Popen[bytes], Path]:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="preloaded-")
        socket = Path(self._folder.name) / f"{len(self._servers)}.sock"
        process = subprocess.Popen(
            [sys.executable, "-m", f"{PRELOAD}.server", str(socket)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env=dict(environment),
            cwd=BUILD,
        )
        while not socket.exists() and process.poll() is None:
            time.sleep(0.01)
        return process, socket


PRELOADED = Preloaded()
