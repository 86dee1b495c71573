# SPDX-License-Identifier: Apache-2.0
"""Three hosts that share an address, for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from guests.lab import Lab, NoLabError, lab

from vip.control_plane import ControlPlane, control_plane, host_files
from vip.setup import certificate, play

VIP = "10.88.0.100"


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
    folder: Path = tmp_path_factory.mktemp("vip")
    files = host_files(certificate())
    hosts = [network.start(f"cp-{number}", [f"10.88.0.1{number}/24"], files=files) for number in (1, 2, 3)]
    for host in hosts:
        host.wait_for_ssh()
    with control_plane(network, hosts, VIP, folder) as made:
        played = play(
            network, hosts, "keepalived_vip", folder, keepalived_vip_address=VIP, keepalived_vip_install=False
        )
        assert played.returncode == 0, played.stdout + played.stderr
        yield made
