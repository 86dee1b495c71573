# SPDX-License-Identifier: Apache-2.0
"""Images that the role has really built, for all pairs of input and output at once."""

from __future__ import annotations

from pathlib import Path

import pytest
import tools

from cloud_init.built import PAIRS, PLAY, ReadImage, run_play


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with an image for each pair, named after it."""
    folder = tmp_path_factory.mktemp("images")
    hosts = sorted(path.name for path in PAIRS.iterdir())
    ended = run_play(PLAY, hosts, folder, "-e", f"out={folder}", "-e", f"pairs={PAIRS}")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return folder


@pytest.fixture(scope="session")
def read_image() -> ReadImage:
    """Read images back with a program that is not the one that wrote them."""
    found = tools.iso_reader()
    if found is None:
        pytest.skip("no reader of ISO images here: install genisoimage, libarchive-tools or 7zip, or run `make tools`")
    return ReadImage(*found)
