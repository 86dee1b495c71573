# SPDX-License-Identifier: Apache-2.0
"""Plays that tests run, and what each of their tasks answered."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from preloaded import PRELOADED

from .surroundings import PASSWORD, environment


@dataclass(frozen=True)
class Told:
    """What a task answered: ok, failed or unreachable, and its result."""

    kind: str
    result: dict[str, Any]


@dataclass(frozen=True)
class Played:
    """A run of ansible-playbook: answers by the task's name, exit code and all that it printed."""

    told: dict[str, Told]
    code: int
    output: str

    def __getitem__(self, task: str) -> Told:
        return self.told[task]


class Player:
    """Runs plays against one host with the given variables."""

    def __init__(self, folder: Path, runtime_dir: Path, variables: dict[str, Any]) -> None:
        self._folder, self._runtime_dir = folder, runtime_dir
        self._inventory = folder / "inventory.yml"
        self._inventory.write_text(yaml.safe_dump({"all": {"hosts": {"vmm": variables}}}))
        self._inventory.chmod(0o600)
        self._count = 0

    def play(self, *tasks: dict[str, Any], arguments: tuple[str, ...] = (), **keywords: Any) -> Played:
        """Run *tasks*; one that fails does not stop the others."""
        self._count += 1
        play = self._folder / f"play-{self._count}.yml"
        results = self._folder / f"results-{self._count}"
        keywords = {
            "hosts": "all",
            "gather_facts": False,
            "ignore_errors": True,
            "ignore_unreachable": True,
            **keywords,
        }
        play.write_text(yaml.safe_dump([{**keywords, "tasks": list(tasks)}], sort_keys=False))
        results.touch()
        variables = {
            **environment(self._runtime_dir),
            "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).parent / "callbacks"),
            "ANSIBLE_CALLBACKS_ENABLED": "results",
            "TEST_RESULTS": str(results),
        }
        ended = subprocess.run(
            [*PRELOADED.command(variables), "-i", str(self._inventory), str(play), *arguments],
            env=variables,
            cwd=self._folder,
            capture_output=True,
            text=True,
            timeout=550,
        )
        lines = [json.loads(line) for line in results.read_text().splitlines()]
        told = {line["task"]: Told(line["kind"], line["result"]) for line in lines}
        return Played(told, ended.returncode, ended.stdout + ended.stderr)


def task(name: str, module: str, /, check: bool | None = None, **options: Any) -> dict[str, Any]:
    """A task of one of our modules."""
    made: dict[str, Any] = {"name": name, f"capi.scvmm.{module}": options, "register": name.replace(" ", "_")}
    return made if check is None else {**made, "check_mode": check}


def warm_variables(host: str, port: int) -> dict[str, Any]:
    """Host variables for the connection capi.scvmm.vmm."""
    return {
        "ansible_connection": "capi.scvmm.vmm",
        "ansible_host": host,
        "ansible_port": port,
        "ansible_user": "EXAMPLE\\capi",
        "ansible_password": PASSWORD,
        "scvmm_scheme": "http",
        "scvmm_authentication": "ntlm",
        "scvmm_vmm_server": "vmm.example.com",
        "scvmm_idle_seconds": 60,
    }
