# SPDX-License-Identifier: Apache-2.0
"""A simulated VMM server and a private runtime folder for the collection's tests."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from engine import ENGINE
from scvmm_sim.simulator import Simulator

from .surroundings import FABRIC, PASSWORD, PipeProcess

from ansible_collections.capi.scvmm.plugins.plugin_utils.session.client import Client  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.session.options import Options  # isort: skip

StartPipe = Callable[..., PipeProcess]


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """A VMM server for a test file."""
    with Simulator(fabric=FABRIC, engine=ENGINE) as simulator:
        yield simulator


@pytest.fixture(autouse=True)
def _no_faults_left(request: pytest.FixtureRequest) -> Iterator[None]:
    # Asked for first, so that it is still there when the test is over.
    simulator = request.getfixturevalue("simulator") if "simulator" in request.fixturenames else None
    yield
    if simulator is not None:
        simulator.clear_faults()


@pytest.fixture
def runtime_dir() -> Iterator[Path]:
    """A runtime folder with a path that is short enough for sockets; its brokers are ended afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="capi-rt-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)  # a broker whose socket is gone ends by itself within a second


@pytest.fixture
def options(simulator: Simulator) -> dict[str, Any]:
    """How the simulator is reached, with encrypted messages."""
    return options_for(simulator)


def options_for(simulator: Simulator, **changes: Any) -> dict[str, Any]:
    """Options for *simulator*, with *changes*."""
    return {
        "host": simulator.host,
        "port": simulator.port,
        "scheme": "http",
        "username": "EXAMPLE\\capi",
        "password": PASSWORD,
        "authentication": "ntlm",
        "vmm_server": "vmm.example.com",
        "idle_seconds": 120,
        **changes,
    }


@pytest.fixture
def start_pipe(options: dict[str, Any], runtime_dir: Path) -> Iterator[StartPipe]:
    """Start pipes, by default with *options*; they are ended after the test."""
    started: list[PipeProcess] = []

    def start(**changes: Any) -> PipeProcess:
        started.append(PipeProcess({**options, **changes}, runtime_dir))
        return started[-1]

    yield start
    for pipe in started:
        pipe.end()


@pytest.fixture
def pipe(start_pipe: StartPipe) -> PipeProcess:
    """A pipe to the simulator."""
    return start_pipe()


@pytest.fixture
def client(options: dict[str, Any], runtime_dir: Path) -> Iterator[Client]:
    """A client in this process."""
    client = Client(Options.of(options), runtime_dir)
    yield client
    client.close()
