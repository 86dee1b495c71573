# SPDX-License-Identifier: Apache-2.0
"""PowerShell for these tests; without one they are skipped, with one clear line."""

from __future__ import annotations

from pathlib import Path

import pytest
from scvmm_sim.wire.pwsh import NoPowerShellError, find_pwsh


@pytest.fixture(scope="session")
def pwsh() -> Path:
    """A PowerShell program: on PATH, else $PWSH, else beside the repository."""
    try:
        return find_pwsh()
    except NoPowerShellError as error:
        pytest.skip(str(error))
