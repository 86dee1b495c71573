# SPDX-License-Identifier: Apache-2.0
"""A person at a terminal: runs the playbooks with the example inventory and vars files against a simulator."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from preloaded import PRELOADED
from scvmm_sim.simulator import Simulator

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "playbooks"
PATIENCE = 120
# A person would wait for minutes; here jobs take less than seconds.
FABRIC_SECONDS = {"create": 0.4, "change": 0.2, "start": 0.2, "stop": 0.2, "remove": 0.2, "refresh": 0, "import": 0}


@dataclass(frozen=True)
class Ended:
    """What a playbook has said, and how it ended."""

    code: int
    said: str

    @property
    def changed(self) -> int:
        """How many tasks have changed something."""
        return self._count("changed")

    @property
    def skipped(self) -> int:
        """How many tasks were skipped."""
        return self._count("skipped")

    @property
    def fatal(self) -> str:
        """The one message that says why it failed; a report of several lines is one message."""
        messages = re.findall(r"^fatal: .*(?:\n(?: {4}|\}).*)*", self.said, re.MULTILINE)
        assert len(messages) == 1, self.said
        return str(messages[0])

    def well(self) -> Ended:
        """The same, after making sure that it ended well and without a warning."""
        assert self.code == 0, self.said
        assert "[WARNING]" not in self.said, self.said
        return self

    def _count(self, word: str) -> int:
        found = re.search(rf"vmm\.example\.com +: .*\b{word}=(\d+)", self.said)
        assert found is not None, self.said
        return int(found.group(1))


class Person:
    """Runs playbooks by their name; *folder* is private to the test."""

    def __init__(self, sim: Simulator, folder: Path) -> None:
        self.sim = sim
        self._folder = folder
        server = {
            "ansible_host": sim.host,
            "ansible_port": sim.port,
            "ansible_user": sim.username,
            "scvmm_scheme": "http",
            "scvmm_authentication": "ntlm",
            "scvmm_idle_seconds": 20,
        }
        (folder / "server.json").write_text(json.dumps(server))

    def runs(self, playbook: str, *files: str, flags: tuple[str, ...] = (), **variables: Any) -> Ended:
        """Run *playbook* with example vars files and further variables to its end."""
        ended = subprocess.run(
            self._command(playbook, files, flags, variables),
            cwd=self._folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        said = ended.stdout + ended.stderr
        assert "Traceback" not in said
        return Ended(ended.returncode, said)

    def starts(self, playbook: str, *files: str, **variables: Any) -> subprocess.Popen[bytes]:
        """Start *playbook* and return at once; the process leads a group of its own."""
        return subprocess.Popen(
            self._command(playbook, files, (), variables),
            cwd=self._folder,
            env=self._environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _command(
        self, playbook: str, files: tuple[str, ...], flags: tuple[str, ...], variables: dict[str, Any]
    ) -> list[str]:
        command = [*PRELOADED.command(self._environment()), f"capi.scvmm.{playbook}"]
        command += ["-i", str(EXAMPLES / "inventory.yml")]
        for file in files:
            command += ["-e", f"@{EXAMPLES / file}"]
        command += ["-e", "@server.json"]
        return [*command, *(["-e", json.dumps(variables)] if variables else []), *flags]

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "SCVMM_PASSWORD": self.sim.password,
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "build"),
            "ANSIBLE_HOME": str(ROOT / "build" / "ansible-home-playbook-tests"),
            "ANSIBLE_NOCOLOR": "1",
            "CAPI_SCVMM_RUNTIME_DIR": str(self._folder / "run"),
        }


def until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait for *condition*, with a bound."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)
