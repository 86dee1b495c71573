# SPDX-License-Identifier: Apache-2.0
"""Real clients for the tests, and the fakes that stand at the wire's ports."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan
from scvmm_sim.wire.faults import WireFault
from scvmm_sim.wire.module_call import MODULE_LINE
from scvmm_sim.wire.refusals import FUNCTION
from scvmm_sim.wire.server import WireServer

USER = "LAB\\vmm-admin"
PASSWORD = "s3:cret pässword"  # of the test's own server
PLAIN_USER = "plain"
MODULE = f"{MODULE_LINE}\nNew-Module -Name CapiScvmm -ScriptBlock {{ }}"


@dataclass
class FakeOperations:
    """Stands at the operations port: echoes requests; `wait` holds until `release` is set."""

    seen: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    entered: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __call__(self, name: str, request: dict[str, Any]) -> dict[str, Any]:
        self.seen.append((name, request))
        if name == "wait":
            self.entered.release()
            self.release.wait(30)
        if name == "defect":
            raise RuntimeError("a planted secret that no client may read")
        content = request.get("content")
        return {"ok": True, "result": {"name": name, "request": request, "length": len(content or "")}}


@dataclass
class FakeFaults:
    """Stands at the wire-fault port: strikes the next request of each operation once."""

    planned: dict[str | None, WireFault] = field(default_factory=dict)

    def __call__(self, operation: str | None, request: dict[str, Any]) -> WireFault | None:
        return self.planned.pop(operation, None)


@dataclass
class Wire:
    """A running wire with its fakes."""

    server: WireServer
    operations: FakeOperations
    faults: FakeFaults

    def wsman(self, auth: str = "basic", **options: Any) -> WSMan:
        """Return a new client connection."""
        chosen: dict[str, Any] = {
            "port": self.server.port,
            "username": USER,
            "password": PASSWORD,
            "ssl": False,
            "auth": auth,
            "encryption": "never" if auth == "basic" else "always",
            "operation_timeout": 10,
            "read_timeout": 20,
            "no_proxy": True,
            **options,
        }
        return WSMan("127.0.0.1", **chosen)

    @contextmanager
    def session(self, auth: str = "basic", max_runspaces: int = 1, **options: Any) -> Iterator[RunspacePool]:
        """Open a pool and load the module, as the collection does."""
        with RunspacePool(self.wsman(auth, **options), max_runspaces=max_runspaces) as pool:
            assert run_script(pool, MODULE).errors == []
            yield pool


@dataclass(frozen=True)
class Ran:
    """What a pipeline brought."""

    output: list[Any]
    errors: list[str]
    error_ids: list[str]
    failed: bool


def begin(pool: RunspacePool, name: str, request: dict[str, Any] | None = None) -> PowerShell:
    """Start an operation and return its pipeline."""
    pipeline = PowerShell(pool)
    pipeline.add_cmdlet(FUNCTION).add_parameter("Name", name)
    pipeline.add_parameter("Request", json.dumps(request or {}, ensure_ascii=False))
    pipeline.begin_invoke()
    return pipeline


def finish(pipeline: PowerShell) -> Ran:
    """Wait for a pipeline's end and close it."""
    pipeline.end_invoke()
    errors = list(pipeline.streams.error)
    ran = Ran(
        list(pipeline.output), [str(e) for e in errors], [str(e.fq_error) for e in errors], bool(pipeline.had_errors)
    )
    pipeline.close()
    return ran


def call(pool: RunspacePool, name: str, request: dict[str, Any] | None = None) -> dict[str, Any]:
    """Run an operation and return its envelope."""
    ran = finish(begin(pool, name, request))
    assert ran.errors == []
    assert len(ran.output) == 1
    envelope: dict[str, Any] = json.loads(ran.output[0])
    return envelope


def run_script(pool: RunspacePool, script: str) -> Ran:
    """Run a script to its end."""
    pipeline = PowerShell(pool)
    pipeline.add_script(script)
    pipeline.begin_invoke()
    return finish(pipeline)
