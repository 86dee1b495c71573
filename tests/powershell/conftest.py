# SPDX-License-Identifier: Apache-2.0
"""PowerShell for these tests; without one they are skipped, with one clear line. One process serves a test file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from scvmm_sim.cmdlets import Vmm
from scvmm_sim.wire.pwsh import NoPowerShellError, find_pwsh

from .shell import Bridge, Shell
from .small_site import FABRIC


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a PowerShell, so that it can be chosen or left out."""
    for item in items:
        if Path(__file__).parent in item.path.parents and "pwsh" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.pwsh)


@pytest.fixture(scope="session")
def pwsh() -> Path:
    """A PowerShell program: on PATH, else $PWSH, else beside the repository."""
    try:
        return find_pwsh()
    except NoPowerShellError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def vmm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vmm]:
    """A simulated VMM server."""
    vmm = Vmm(FABRIC, library=tmp_path_factory.mktemp("library"))
    yield vmm
    vmm.close()


@pytest.fixture(autouse=True)
def _no_rules_left(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "vmm" in request.fixturenames:
        vmm: Vmm = request.getfixturevalue("vmm")
        vmm.clear_faults()
        vmm.set_durations(
            dict.fromkeys(("create", "change", "start", "stop", "remove", "refresh", "import", "cancel"), 0)
        )


@pytest.fixture(scope="module")
def bridge(vmm: Vmm) -> Iterator[Bridge]:
    """The bridge to it."""
    bridge = Bridge(vmm)
    yield bridge
    bridge.close()


@pytest.fixture(scope="module")
def shell(pwsh: Path, bridge: Bridge, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """PowerShell with our module, connected."""
    shell = Shell(pwsh, bridge, tmp_path_factory.mktemp("shell"))
    shell.result("connect", {"vmm_server": "vmm.example.com"})
    yield shell
    shell.close()


@pytest.fixture(scope="module")
def second_shell(pwsh: Path, bridge: Bridge, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """Another PowerShell process on the same exec host, with the installed form of the module."""
    shell = Shell(pwsh, bridge, tmp_path_factory.mktemp("second"), installed=True)
    shell.result("connect", {"vmm_server": "vmm.example.com"})
    yield shell
    shell.close()
