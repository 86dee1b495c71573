# SPDX-License-Identifier: Apache-2.0
"""One Samba server for the tests of this folder, which change nothing about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .samba import Samba, lacking, samba


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Samba]:
    """A server that can sign and encrypt, and demands signatures."""
    if lacking():
        pytest.skip(lacking())
    folder = tmp_path_factory.mktemp("library")
    with samba(folder) as running:
        yield running


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """A private runtime folder."""
    path = tmp_path / "runtime"
    path.mkdir(mode=0o700)
    return path


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """An empty folder for a server of the test's own."""
    path = tmp_path / "library"
    path.mkdir()
    return path
