# SPDX-License-Identifier: Apache-2.0
"""Three hosts that share an address, for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from guests.lab import Lab, NoLabError, lab

from vip.control_plane import ControlPlane
from vip.setup import three_hosts


@pytest.fixture(scope="module")
def network() -> Iterator[Lab]:
    """A network with nothing on it yet."""
    try:
        with lab() as made:
            yield made
    except NoLabError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def plane_over_ssh(network: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """Three hosts to which the role brought keepalived over ssh. No API server was ever started."""
    with three_hosts(network, tmp_path_factory.mktemp("vip")) as made:
        yield made
