# SPDX-License-Identifier: Apache-2.0
"""The session as the controller uses it: how many are opened, how many calls they carry, how soon one is mended."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from capi_scvmm.connection import Connection
from capi_scvmm.session import PipeSession

from .fabric import PASSWORD, USERNAME, fabric
from .machines import get, running

SECONDS = 60.0
CALLERS = (1, 8)
BREAKS = ("reset", "kill_shell")


@dataclass(frozen=True)
class Sessions:
    """What was measured; breaks are seconds from a call whose connection is dropped to its answer."""

    opened_per_thousand: float
    calls_per_second: dict[int, float]
    mended_seconds: dict[str, float]


def measure(calls: int = 1000, breaks: int = 9) -> Sessions:
    """Call through pipe, broker and WSMan a server that answers natively: what it takes is the way, not VMM."""
    with tempfile.TemporaryDirectory(prefix="capi-bench-") as temporary:
        folder = Path(temporary)
        (folder / "fabric.yml").write_text(yaml.safe_dump(fabric()))
        program = [sys.executable, "-m", "scvmm_sim", "serve", "--fabric", str(folder / "fabric.yml")]
        with running(program, stdout=subprocess.PIPE, stderr=(folder / "log").open("w")) as server:
            assert server.stdout is not None
            ready = json.loads(server.stdout.readline())
            return asyncio.run(_measure(ready, calls, breaks))


async def _measure(ready: dict[str, Any], calls: int, breaks: int) -> Sessions:
    control = ready["control_url"]
    async with _session(ready) as session:
        await _call(session)
        rates = {callers: await _rate(session, callers, calls) for callers in CALLERS}
        stats = get(f"{control}/stats")
        opened = 1000 * stats["opened"] / sum(stats["calls"].values())
        mended = {wire: await _mended(session, control, wire, breaks) for wire in BREAKS}
    return Sessions(opened, rates, mended)


@asynccontextmanager
async def _session(ready: dict[str, Any]) -> AsyncIterator[PipeSession]:
    connection = Connection(
        host=ready["host"],
        port=ready["port"],
        scheme="http",
        path="wsman",
        username=USERNAME,
        password=PASSWORD,
        authentication="ntlm",
        encryption="auto",
        certificate_validation=True,
        vmm_server="localhost",
    )
    session = PipeSession(connection, Path(os.environ["ANSIBLE_COLLECTIONS_PATH"]))
    try:
        yield session
    finally:
        await session.close()


async def _call(session: PipeSession) -> None:
    await session.call("vm_info", {"names": ["nobody"]}, SECONDS)


async def _rate(session: PipeSession, callers: int, calls: int) -> float:
    async def one_caller() -> None:
        for _ in range(calls // callers):
            await _call(session)

    begun = time.monotonic()
    await asyncio.gather(*(one_caller() for _ in range(callers)))
    return (calls // callers) * callers / (time.monotonic() - begun)


async def _mended(session: PipeSession, control: str, wire: str, times: int) -> float:
    """Median seconds of a call whose connection breaks as soon as the server has begun it."""
    found = []
    for _ in range(times):
        await asyncio.to_thread(_break_next, control, wire)
        begun = time.monotonic()
        await _call(session)
        found.append(time.monotonic() - begun)
    return statistics.median(found)


def _break_next(control: str, wire: str) -> None:
    rule = json.dumps({"operation": "vm_info", "wire": wire, "times": 1}).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{control}/faults", rule, method="POST"), timeout=10) as answer:
        answer.read()
