# SPDX-License-Identifier: Apache-2.0
"""clusterctl for the tests of the templates."""

from __future__ import annotations

import pytest
from plane.binaries import Binaries

from .command import Clusterctl, a_clusterctl


@pytest.fixture(scope="session")
def clusterctl(plane_binaries: Binaries, tmp_path_factory: pytest.TempPathFactory) -> Clusterctl:
    """clusterctl with our templates in a repository on the disk, and no management cluster."""
    return a_clusterctl(plane_binaries.clusterctl, tmp_path_factory.mktemp("clusterctl"))
