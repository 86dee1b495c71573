# SPDX-License-Identifier: Apache-2.0
"""A running wire for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from scvmm_sim.wire.native import NativeEngine
from scvmm_sim.wire.pwsh import NoPowerShellError, find_pwsh
from scvmm_sim.wire.server import WireServer

from .clients import PASSWORD, PLAIN_USER, USER, FakeFaults, FakeOperations, Wire


@pytest.fixture
def start_wire() -> Iterator[Callable[..., Wire]]:
    """Start wires with options of WireServer; they end with the test."""
    with ExitStack() as stack:

        def start(**options: Any) -> Wire:
            operations, faults = FakeOperations(), FakeFaults()
            stack.callback(operations.release.set)
            users = {USER: PASSWORD, PLAIN_USER: PASSWORD}
            server = WireServer(NativeEngine(operations, faults), users, faults, **options)
            stack.callback(server.close)
            server.start()
            return Wire(server, operations, faults)

        yield start


@pytest.fixture
def wire(start_wire: Callable[..., Wire]) -> Wire:
    """A wire in front of the native engine."""
    return start_wire()


@pytest.fixture(scope="session")
def pwsh() -> Path:
    """PowerShell's program; without one the test is skipped, in one line."""
    try:
        return find_pwsh()
    except NoPowerShellError as error:
        pytest.skip(str(error))
