# SPDX-License-Identifier: Apache-2.0
"""The playbook load_balancer: two hosts that are there already get HAProxy and keepalived over ssh, and serve."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest
from guests.lab import Lab

from vip.control_plane import control_plane, host_files, start_api_servers
from vip.setup import VIP, certificate, play_book

# Hosts boot in it, and Ansible goes over ssh.
pytestmark = pytest.mark.timeout(600)


def test_two_hosts_lead_to_the_api_servers_that_are_well(network: Lab, tmp_path: Path) -> None:
    """A second run changes nothing; the other host takes over when one dies; a node that dies is left at once."""
    files = host_files(certificate())
    nodes = [network.start(f"node-{n}", [f"10.88.0.3{n}/24"], files=files) for n in (1, 2)]
    balancers = [network.start(f"lb-{n}", [f"10.88.0.4{n}/24"]) for n in (1, 2)]
    for host in (*nodes, *balancers):
        host.wait_for_ssh()
    start_api_servers(nodes)
    wish = {
        "load_balancer_hosts": "all",
        "keepalived_vip_address": VIP,
        "keepalived_vip_install": False,
        "haproxy_apiserver_install": False,
        # One more than there are: a node that is yet to come.
        "haproxy_apiserver_backends": [*(node.address for node in nodes), "10.88.0.39"],
    }
    with control_plane(network, balancers, VIP, tmp_path) as plane:
        played = play_book(network, balancers, "capi.scvmm.load_balancer", tmp_path, **wish)
        assert played.returncode == 0, played.stdout + played.stderr
        again = play_book(network, balancers, "capi.scvmm.load_balancer", tmp_path, **wish)
        assert again.returncode == 0 and again.stdout.count("changed=0") == len(balancers), again.stdout

        def answer() -> str:
            command = ["curl", "--silent", "--insecure", "--max-time", "1", f"https://{VIP}:6443/"]
            return subprocess.run(network.command(*command), capture_output=True, text=True, check=False).stdout

        holder = plane.until_one_holds()
        seen: set[str] = set()

        def both_seen() -> bool:
            seen.add(answer())
            return {"node-1", "node-2"} <= seen

        plane.until(both_seen, "connections are spread", 20)
        since = time.monotonic()
        holder.kill()
        plane.until(lambda: answer() in ("node-1", "node-2"), "the other host serves", 10)
        assert time.monotonic() - since < 5.0
        nodes[0].kill()
        plane.until(lambda: {answer() for _ in range(4)} == {"node-2"}, "only the node that is well is reached", 10)
    for host in (*nodes, *balancers):
        network.remove(host)
