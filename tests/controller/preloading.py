# SPDX-License-Identifier: Apache-2.0
"""Plays of our own through ansible-runner in the surroundings of a controller; which process ran them is told."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ansible_runner
import yaml
from capi_scvmm.runs.collection import collections_path
from capi_scvmm.runs.preload import PreloadServer
from capi_scvmm.runs.surroundings import FACT_CACHE, Surroundings

# What differs from run to run whoever runs it.
CHANGING = (
    "uuid",
    "created",
    "pid",
    "start",
    "end",
    "duration",
    "runner_ident",
    "parent_uuid",
    "delta",
    "path",
    "stdin",
)


@dataclass
class Ran:
    """A run: its exit code, what was told of it, and the parent of its first process."""

    code: int = -1
    parent: int = 0
    folder: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)

    def told(self) -> list[Any]:
        """The events without what differs from run to run."""
        return [_constant(json.loads(json.dumps(event).replace(self.folder, "FOLDER"))) for event in self.events]

    def words(self) -> str:
        """All that was printed."""
        return "\n".join(event["stdout"] for event in self.events)


def _constant(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _constant(item) for key, item in value.items() if not key.endswith(CHANGING)}
    if isinstance(value, list):
        return [_constant(item) for item in value]
    return value


@asynccontextmanager
async def preloaded() -> AsyncIterator[tuple[Surroundings, PreloadServer]]:
    """Surroundings with a server that keeps Ansible loaded."""
    surroundings = Surroundings(collections_path())
    server = PreloadServer(surroundings)
    server.start()
    try:
        async with asyncio.timeout(20):
            while not surroundings.socket.exists():  # noqa: ASYNC110  # another process makes it
                await asyncio.sleep(0.05)
        yield surroundings, server
    finally:
        await server.stop()
        surroundings.remove()


async def play(
    surroundings: Surroundings,
    *tasks: dict[str, Any],
    hosts: int = 1,
    cancel: Callable[[Ran], bool] = lambda ran: False,
    **variables: str,
) -> Ran:
    """Run *tasks* on so many hosts that are this machine; *variables* change the environment."""
    ran = Ran()

    def note(event: dict[str, Any]) -> bool:
        ran.events.append(event)
        if event["event"] == "playbook_on_play_start":
            ran.parent = int(Path(f"/proc/{event['pid']}/stat").read_text().rpartition(")")[2].split()[1])
        return False

    def run(folder: str) -> None:
        ran.folder = folder
        playbook = Path(folder) / "play.yml"
        playbook.write_text(
            yaml.safe_dump([{"hosts": "all", "gather_facts": False, "strategy": "free", "tasks": list(tasks)}])
        )
        (Path(folder) / "inventory.yml").write_text(
            yaml.safe_dump(
                {
                    "all": {
                        "hosts": {f"host{number}": {} for number in range(hosts)},
                        "vars": {"ansible_connection": "local", "ansible_python_interpreter": sys.executable},
                    }
                }
            )
        )
        done = ansible_runner.run(
            private_data_dir=folder,
            playbook=str(playbook),
            inventory=str(Path(folder) / "inventory.yml"),
            envvars={**surroundings.variables(), **variables},
            fact_cache_type=FACT_CACHE,
            settings={"pexpect_timeout": 1, "job_timeout": 60},
            event_handler=note,
            cancel_callback=lambda: cancel(ran),
            quiet=True,
            ident="run",
        )
        ran.code = done.rc

    with tempfile.TemporaryDirectory() as folder:
        await asyncio.to_thread(run, folder)
    return ran


def sleep(seconds: str) -> dict[str, Any]:
    """A task that starts a program which takes *seconds*; the number is how it is found."""
    return {"name": "Sleep", "ansible.builtin.command": f"sleep {seconds}"}


def say(text: str) -> dict[str, Any]:
    """A task that says *text*."""
    return {"name": "Say", "ansible.builtin.debug": {"msg": text}}


# Time to look at the first process of a run before it has ended.
LINGER = sleep("0.3")


async def _until_killed(seconds: str) -> None:
    async with preloaded() as (surroundings, server):
        pid = server.pid
        while pid is None:
            await asyncio.sleep(0.05)
            pid = server.pid
        print(json.dumps({"server": pid, "folders": str(surroundings.folder), "pid": os.getpid()}), flush=True)
        await play(surroundings, sleep(seconds))


if __name__ == "__main__":
    asyncio.run(_until_killed(sys.argv[1]))
