# SPDX-License-Identifier: Apache-2.0
"""A simulator with the example fabric for each module, emptied for each test, and a person in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from engine import ENGINE
from scvmm_sim.simulator import Simulator

from playbooks.person import FABRIC_SECONDS, ROOT, Person


def _fabric() -> dict[str, Any]:
    fabric: dict[str, Any] = yaml.safe_load((ROOT / "examples" / "fabric.yml").read_text())
    return {**fabric, "job_seconds": FABRIC_SECONDS, "guest": {"address_seconds": 0.3, "shutdown_seconds": 0.2}}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Simulator, Person]]:
    """The simulator of a module; one broker serves all its tests."""
    with Simulator(_fabric(), ENGINE) as sim:
        yield sim, Person(sim, tmp_path_factory.mktemp("person"))


@pytest.fixture
def sim(server: tuple[Simulator, Person]) -> Iterator[Simulator]:
    """A simulator without VMs, media, faults."""
    simulator = server[0]
    yield simulator
    simulator.clear_faults()
    simulator.set_durations(FABRIC_SECONDS)
    for vm in simulator.vms():
        simulator.vm_delete(vm["ID"])
    for file in simulator.library.rglob("*.iso"):
        file.unlink()


@pytest.fixture
def person(server: tuple[Simulator, Person], sim: Simulator) -> Person:
    """Who runs the playbooks."""
    assert sim is server[0]
    return server[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of one test."""
    return tmp_path
