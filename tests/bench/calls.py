# SPDX-License-Identifier: Apache-2.0
"""Calls and runs: one operation warm and cold, one ansible-runner run with 1, 10 and 100 hosts."""

from __future__ import annotations

import json
import os
import signal
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ansible_runner
import yaml
from scvmm_sim import Simulator

from .ending import Ended, signals_kept
from .fabric import fabric

WARM = {"ansible_connection": "capi.scvmm.vmm", "scvmm_scheme": "http", "scvmm_authentication": "ntlm"}
COLD = {
    "ansible_connection": "ansible.builtin.psrp",
    "ansible_psrp_protocol": "http",
    "ansible_psrp_auth": "ntlm",
    "ansible_psrp_message_encryption": "always",
}
RUNNER_SETTINGS = {"quiet": True, "settings": {"suppress_ansible_output": True}}


def run(folder: Path, play: dict[str, Any], hosts: dict[str, dict[str, Any]], forks: int) -> tuple[float, list[dict]]:
    """Run *play* on *hosts* through ansible-runner; return its seconds and the results of all tasks."""
    (folder / "play.yml").write_text(yaml.safe_dump([play]))
    results: list[dict[str, Any]] = []

    def note(event: dict[str, Any]) -> bool:
        if event["event"] in {"runner_on_ok", "runner_on_failed", "runner_on_unreachable"}:
            results.append(event["event_data"])
        return False

    begun = time.monotonic()
    with signals_kept():
        done = ansible_runner.run(
            private_data_dir=str(folder),
            playbook=str(folder / "play.yml"),
            inventory={"all": {"hosts": hosts}},
            forks=forks,
            event_handler=note,
            envvars={"ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"]},
            **RUNNER_SETTINGS,
        )
    seconds = time.monotonic() - begun
    if done.status == "canceled":
        raise Ended(signal.SIGTERM)
    failed = [result for result in results if result["res"].get("failed") or result["res"].get("unreachable")]
    if done.rc != 0 or failed:
        raise RuntimeError(f"run failed: {json.dumps(failed[:1], default=str)[:2000]}")
    return seconds, results


def place(simulator: Simulator, connection: dict[str, Any]) -> dict[str, Any]:
    """Host variables that reach *simulator* by *connection*."""
    return {
        "ansible_host": simulator.host,
        "ansible_port": simulator.port,
        "ansible_user": simulator.username,
        "ansible_password": simulator.password,
        **connection,
    }


# The module as it is, with the time that it took in its result: from its task's arguments to the answer, login and all.
TIMED = """\
import time

from ansible_collections.capi.scvmm.plugins.action.vm_info import ActionModule as Measured


class ActionModule(Measured):
    def run(self, tmp=None, task_vars=None):
        begun = time.monotonic()
        result = super().run(tmp, task_vars)
        return {**result, "module_seconds": time.monotonic() - begun}
"""


def play(tasks: int, module: str = "capi.scvmm.vm_info") -> dict[str, Any]:
    """Ask *tasks* times for all VMs with a mark."""
    task = {"name": "Look", module: {"marked": True}}
    return {"name": "Bench", "hosts": "all", "gather_facts": False, "strategy": "free", "tasks": [task] * tasks}


@dataclass(frozen=True)
class Medians:
    """Median seconds of one operation: inside the module, and as a whole Ansible task with its fork and its events."""

    module: float
    task: float


def warm_and_cold(tasks: int = 9) -> tuple[Medians, Medians]:
    """Time one operation, warm and cold, a real PowerShell behind the same endpoint.

    The first warm task opens the session and counts like the others: the median is over all.
    """
    with Simulator(fabric=fabric(), engine="powershell") as simulator, tempfile.TemporaryDirectory() as folder:
        medians = []
        for name, connection in (("warm", WARM), ("cold", COLD)):
            home = Path(folder) / name
            (home / "action_plugins").mkdir(parents=True)
            (home / "action_plugins" / "timed_vm_info.py").write_text(TIMED)
            _, results = run(home, play(tasks, "timed_vm_info"), {name: place(simulator, connection)}, forks=1)
            assert len(results) == tasks
            medians.append(
                Medians(
                    statistics.median(result["res"]["module_seconds"] for result in results),
                    statistics.median(result["duration"] for result in results),
                )
            )
    return medians[0], medians[1]


def runs(repeats: int = 3) -> dict[int, float]:
    """Median seconds of one run of one task with 1, 10 and 100 hosts, the session being warm."""
    medians = {}
    with Simulator(fabric=fabric(), engine="native") as simulator:
        for count in (1, 10, 100):
            times = []
            for _ in range(repeats + 1):
                with tempfile.TemporaryDirectory() as folder:
                    hosts = {f"host{number}": place(simulator, WARM) for number in range(count)}
                    seconds, results = run(Path(folder), play(1), hosts, forks=min(count, 25))
                    assert len(results) == count
                    times.append(seconds)
            medians[count] = statistics.median(times[1:])
    return medians
