# SPDX-License-Identifier: Apache-2.0
"""Exec hosts and PowerShell for these tests; without a PowerShell they are skipped, with one clear line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from scvmm_sim.wire.pwsh import NoPowerShellError, find_pwsh

from .exec_host import ExecHost, Shell


@pytest.fixture(scope="session")
def pwsh() -> Path:
    """A PowerShell program: on PATH, else $PWSH, else beside the repository."""
    try:
        return find_pwsh()
    except NoPowerShellError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> ExecHost:
    """A host; before each test nothing of ours is there."""
    return ExecHost(tmp_path_factory.mktemp("exec-host"))


@pytest.fixture(autouse=True)
def _nothing_of_ours(request: pytest.FixtureRequest) -> None:
    if "host" in request.fixturenames:
        request.getfixturevalue("host").reset()


@pytest.fixture(scope="module")
def shell(pwsh: Path, host: ExecHost, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A PowerShell on it, for a whole test file."""
    shell = Shell(pwsh, host, tmp_path_factory.mktemp("shell"))
    yield shell
    shell.close()
