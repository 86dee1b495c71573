# SPDX-License-Identifier: Apache-2.0
"""Runner on ansible-runner: a private folder, a playbook of the collection, results from the event stream."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import ansible_runner

from capi_scvmm import private
from capi_scvmm.connection import Connection
from capi_scvmm.guest_parts import Part
from capi_scvmm.outcomes import Lost, Outcome
from capi_scvmm.runs.port import Host, Playbook, Report
from capi_scvmm.runs.preload import PreloadServer
from capi_scvmm.runs.results import HostResults
from capi_scvmm.runs.surroundings import FACT_CACHE, Surroundings

logger = logging.getLogger(__name__)

RUN_SECONDS = 600
INVENTORY = "inventory.json"
# How often ansible-runner looks whether the run is to be cancelled while nothing is printed, in seconds.
CANCEL_SECONDS = 1
# Far more than there are: a thread is made when it is needed.
MOST_RUNS = 256


class AnsibleRunner:
    """Runs playbooks of the collection below *collections*."""

    def __init__(self, collections: Path, run_seconds: int = RUN_SECONDS) -> None:
        self._collections = collections
        self._run_seconds = run_seconds
        self._surroundings: Surroundings | None = None
        self._server: PreloadServer | None = None
        # Not the loop's own few threads, which look up names for everybody: runs may hang for minutes.
        self._threads = ThreadPoolExecutor(MOST_RUNS, thread_name_prefix="run")

    async def start(self) -> None:
        """Load Ansible beforehand, in the background; runs go without that too."""
        self._server = PreloadServer(self._common())
        self._server.start()

    async def stop(self) -> None:
        """End the server, and with it what still runs; remove what runs have in common."""
        server, self._server = self._server, None
        if server is not None:
            await server.stop()
        self._threads.shutdown(wait=False)
        surroundings, self._surroundings = self._surroundings, None
        if surroundings is not None:
            surroundings.remove()

    @property
    def server_pid(self) -> int | None:
        """The process in which Ansible is loaded, while there is one."""
        return self._server.pid if self._server is not None else None

    def _common(self) -> Surroundings:
        if self._surroundings is None:
            self._surroundings = Surroundings(self._collections)
        return self._surroundings

    async def run(self, playbook: Playbook, connection: Connection, hosts: Sequence[Host], report: Report) -> None:
        """See Runner."""
        folder = private.make_folder()
        cancelled = threading.Event()
        loop = asyncio.get_running_loop()
        secrets = [connection.password, *(secret for host in hosts for secret in host.secrets.values())]
        stream = _Stream(playbook, {host.name for host in hosts}, [secret for secret in secrets if secret])

        def told(event: Mapping[str, Any]) -> bool:
            for host, outcome in stream.take(event):
                loop.call_soon_threadsafe(report, host, outcome)
            return False  # Nothing of it is written to disk.

        try:
            write_inputs(folder, playbook, connection, hosts)
            variables = self._common().variables()
            # A cancelled task must not leave before its thread: the folder is still in use.
            task = loop.run_in_executor(self._threads, self._run, playbook, folder, variables, told, cancelled)
            try:
                status = await asyncio.shield(task)
            except asyncio.CancelledError:
                cancelled.set()
                await asyncio.wait([task], timeout=15)
                raise
            for host in stream.missing():
                report(host, Lost(stream.last_words(status)))
        finally:
            private.remove_folder(folder)

    def _run(
        self, playbook: Playbook, folder: Path, variables: dict[str, str], told: Any, cancelled: threading.Event
    ) -> str:
        runner = cast(Any, ansible_runner).run(
            private_data_dir=str(folder),
            playbook=f"capi.scvmm.{playbook.file}",
            skip_tags=playbook.skip_tags,
            inventory=str(folder / INVENTORY),
            envvars=variables,
            fact_cache_type=FACT_CACHE,
            settings={
                "job_timeout": self._run_seconds,
                "pexpect_timeout": CANCEL_SECONDS,
                "suppress_output_file": True,
            },
            event_handler=told,
            cancel_callback=cancelled.is_set,
            quiet=True,
            ident="run",
        )
        return str(runner.status)


class _Stream:
    """Follows one run: outcomes of hosts, and the last words of one that dies."""

    def __init__(self, playbook: Playbook, hosts: set[str], secrets: Sequence[str]) -> None:
        self._results = HostResults(playbook)
        self._open = set(hosts)
        self._words = ""
        self._secrets = secrets

    def take(self, event: Mapping[str, Any]) -> list[tuple[str, Outcome]]:
        if event.get("event") in ("verbose", "error", "warning") and event.get("stdout"):
            lines = [line for line in str(event["stdout"]).splitlines() if line.strip()]
            self._words = lines[-1] if lines else self._words
        found = self._results.take(event)
        if found is None or found[0] not in self._open:
            return []
        self._open.discard(found[0])
        return [found]

    def missing(self) -> list[str]:
        return sorted(self._open)

    def last_words(self, status: str) -> str:
        # The last line names the error; what is above it is a trace for programmers.
        words = " ".join(self._words.split())[-300:]
        for secret in self._secrets:
            words = words.replace(secret, "***")
        logger.warning("a run ended as %s without a result for %d machines: %s", status, len(self._open), words)
        return f"The Ansible run ended ({status}) without a result. {words}".strip()


def write_inputs(folder: Path, playbook: Playbook, connection: Connection, hosts: Sequence[Host]) -> None:
    """Write inventory, user-data and parts; all of it can be read by this user only."""
    entries = {}
    for host in hosts:
        variables = {**host.variables, **host.secrets}
        if host.user_data is not None:
            path = folder / f"{host.name}.user-data"
            private.write_file(path, host.user_data)
            variables["cloud_init_user_data_file"] = str(path)
            variables["cloud_init_image"] = str(folder / f"{host.name}.iso")
        if host.parts:
            variables["cloud_init_parts"] = [_written(folder, host.name, part) for part in host.parts]
        if host.hook is not None:
            tasks = folder / f"{host.name}.hook.yml"
            private.write_file(tasks, host.hook)
            variables["scvmm_hook_file"] = str(tasks)
        entries[host.name] = _untrusted(variables)
    # Tasks of others are not given the credentials.
    server = connection.variables() if playbook.asks_vmm else {}
    everyone = _untrusted({**server, "scvmm_wait": 0})
    # JSON: Ansible reads it in a third of the time that YAML takes.
    text = json.dumps({"all": {"vars": everyone, "hosts": entries}}, ensure_ascii=False)
    private.write_file(folder / INVENTORY, text.encode())


def _written(folder: Path, host: str, part: Part) -> dict[str, str]:
    path = folder / f"{host}.{part.name}"
    private.write_file(path, part.content)
    return {"name": part.name, "file": str(path)} | ({"type": part.type} if part.type else {})


def _untrusted(value: Any) -> Any:
    """Wrap all text in Ansible's word for what must never be taken for a template: it comes from a manifest."""
    if isinstance(value, str):
        return {"__ansible_unsafe": value}
    if isinstance(value, Mapping):
        return {str(key): _untrusted(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_untrusted(item) for item in value]
    return value
