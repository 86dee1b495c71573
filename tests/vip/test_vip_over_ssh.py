# SPDX-License-Identifier: Apache-2.0
"""The address of a control plane whose nodes got keepalived over ssh, as clients see it.

The tests build on each other.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from vip.control_plane import ControlPlane, start_api_servers
from vip.failures import FAILURES
from vip.random_failures import fail_at_random, table
from vip.setup import play

# Hosts boot in it, and Ansible goes over ssh.
pytestmark = pytest.mark.timeout(600)

ADVERT_SECONDS = 0.3
MOVED_SECONDS = 3.0


def test_somebody_has_the_address_before_there_is_an_api_server(plane_over_ssh: ControlPlane) -> None:
    """The first `kubeadm init` needs it; one host has it, and it stays there."""
    holder = plane_over_ssh.until_one_holds(5)
    since = time.monotonic()
    plane_over_ssh.until(lambda: len(plane_over_ssh.adverts(since)) > 5, "it is advertised")
    assert {advert.sender for advert in plane_over_ssh.adverts(since)} == {holder.address}
    assert {advert.priority for advert in plane_over_ssh.adverts(since)} == {100}


def test_the_first_api_server_gets_the_address(plane_over_ssh: ControlPlane) -> None:
    """A host with an API server goes before those without."""
    other = next(host for host in plane_over_ssh.hosts if host not in plane_over_ssh.holders())
    start_api_servers([other])
    plane_over_ssh.until(
        lambda: plane_over_ssh.holders() == [other], "the host with the API server has the address", 10
    )


@pytest.mark.parametrize("kind", FAILURES)
def test_the_address_moves_when_its_holder_fails(plane_over_ssh: ControlPlane, kind: str) -> None:
    """Clients reach another API server within 3 s, and what comes back takes the address from nobody."""
    start_api_servers(plane_over_ssh.hosts)
    plane_over_ssh.watch()
    victim = plane_over_ssh.until_settled()
    since = time.monotonic()
    FAILURES[kind].happen(victim)
    outage = plane_over_ssh.outage(since, victim)
    assert outage.end - since < MOVED_SECONDS
    heir = next(host for host in plane_over_ssh.hosts if host.name == outage.by)
    FAILURES[kind].mend(victim)
    assert plane_over_ssh.until_settled() is heir
    assert plane_over_ssh.served_by(outage.end) == {heir.name}
    assert plane_over_ssh.overlap(since, time.monotonic()) <= ADVERT_SECONDS


def test_one_random_failure_after_another(plane_over_ssh: ControlPlane) -> None:
    """`make vip-failures` does the same a hundred times."""
    start_api_servers(plane_over_ssh.hosts)
    felt = list(fail_at_random(plane_over_ssh, 5, seed=7))
    assert all(one.moved < MOVED_SECONDS and one.overlap <= ADVERT_SECONDS for one in felt), table(felt)


def test_the_address_stays_while_no_api_server_is_well(plane_over_ssh: ControlPlane) -> None:
    """etcd without quorum stops them all; when it is back, the address is there."""
    start_api_servers(plane_over_ssh.hosts)
    holder = plane_over_ssh.until_settled()
    for host in plane_over_ssh.hosts:
        host.run("systemctl", "stop", "apiserver")
    since = time.monotonic()
    plane_over_ssh.until(lambda: {one.priority for one in plane_over_ssh.adverts(since)} >= {100}, "it knows", 10)
    assert plane_over_ssh.until_one_holds(5)
    start_api_servers(plane_over_ssh.hosts)
    plane_over_ssh.until_settled()
    assert holder in plane_over_ssh.hosts


def test_the_address_is_there_again_when_all_hosts_have_rebooted(plane_over_ssh: ControlPlane) -> None:
    """Without anybody's doing, at one host."""
    start_api_servers(plane_over_ssh.hosts)
    plane_over_ssh.until_settled()
    for host in plane_over_ssh.hosts:
        host.reboot()
    plane_over_ssh.until_settled()


def test_what_somebody_else_has_is_refused(plane_over_ssh: ControlPlane, tmp_path: Path) -> None:
    """A host that wants the router id for another address, or the address under another id, changes nothing."""
    network = plane_over_ssh.lab
    start_api_servers(plane_over_ssh.hosts)
    plane_over_ssh.until_settled()
    used = plane_over_ssh.adverts()[-1].router_id
    stranger = network.start("stranger", ["10.88.0.50/24"])
    stranger.wait_for_ssh()
    for wish, words in (
        (
            {"keepalived_vip_address": "10.88.0.101", "keepalived_vip_router_id": str(used)},
            f"uses VRRP router id {used}",
        ),
        ({"keepalived_vip_address": "10.88.0.100", "keepalived_vip_router_id": "7"}, "10.88.0.100 answers already"),
    ):
        played = play(network, [stranger], "keepalived_vip", tmp_path, keepalived_vip_install=False, **wish)
        assert played.returncode != 0
        assert words in played.stdout
        assert stranger.sh("ls /etc/keepalived/keepalived.conf 2>/dev/null || true") == ""
    network.remove(stranger)
