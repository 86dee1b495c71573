# SPDX-License-Identifier: Apache-2.0
"""The address of a control plane whose nodes got keepalived by cloud-init, from our medium.

The tests build on each other.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import tools
import yaml
from cloud_init.built import ReadImage, run_play
from guests.lab import Host, Lab

from vip.control_plane import ControlPlane, control_plane, host_files
from vip.failures import FAILURES
from vip.setup import certificate

# Hosts boot in it, and Ansible goes over ssh.
pytestmark = pytest.mark.timeout(600)

VIP = "10.88.0.100"
NAMES = ("cp-1", "cp-2", "cp-3")
# As kubeadm's: it needs the address, and the API server comes only then.
BOOTSTRAP = f"""## template: jinja
#cloud-config
write_files:
  - path: /root/bootstrap
    content: "{{{{ ds.meta_data.local_hostname }}}}"
runcmd:
  - curl --silent --insecure --max-time 2 https://{VIP}:6443/ > /root/answer; echo $? > /root/reached
  - systemctl enable --now apiserver
"""
PLAY = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.import_role:
        name: capi.scvmm.keepalived_vip
        tasks_from: render
    - ansible.builtin.import_role:
        name: capi.scvmm.cloud_init
      vars:
        cloud_init_parts:
          - name: keepalived-vip
            content: "{{ keepalived_vip_part }}"
"""


def media(folder: Path) -> dict[str, dict[str, bytes]]:
    """The files of our medium for each host, read back from the image."""
    found = tools.iso_reader()
    if found is None:
        pytest.skip("no reader of ISO images here: run `make tools`")
    (folder / "user-data").write_text(BOOTSTRAP)
    plays = yaml.safe_load(PLAY)
    plays[0]["vars"] = {
        "keepalived_vip_address": VIP,
        "keepalived_vip_install": False,
        "keepalived_vip_unicast_peers": [f"10.88.0.2{number}" for number in (1, 2, 3)],
        "cloud_init_hostname": "{{ inventory_hostname }}",
        "cloud_init_user_data_file": str(folder / "user-data"),
        "cloud_init_image": f"{folder}/{{{{ inventory_hostname }}}}.iso",
        "cloud_init_network_devices": [
            {
                "mac_address": "02:ca:91:00:01:0{{ inventory_hostname[-1] }}",
                "ip_addresses": ["10.88.0.2{{ inventory_hostname[-1] }}/24"],
            }
        ],
    }
    played = run_play(json.dumps(plays), list(NAMES), folder)
    assert played.returncode == 0, played.stdout + played.stderr
    read = ReadImage(*found)
    parts = ("meta-data", "user-data", "network-config")
    return {name: {part: read.file(folder / f"{name}.iso", part) for part in parts} for name in NAMES}


def boot(network: Lab, name: str, seed: dict[str, bytes], key: str) -> Host:
    """A host that boots with its medium; all else it has from the image."""
    number = name[-1]
    mac = f"02:ca:91:00:01:0{number}"
    return network.start(name, [f"10.88.0.2{number}/24"], seed=seed, files=host_files(key), mac=mac)


@pytest.fixture(scope="module")
def plane(network: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """The first node alone, then the others, as Cluster API does it."""
    folder = tmp_path_factory.mktemp("media")
    seeds, key = media(folder), certificate()
    first = boot(network, "cp-1", seeds["cp-1"], key)
    bootstrapped(first)
    hosts = [first, *(boot(network, name, seeds[name], key) for name in NAMES[1:])]
    for host in hosts[1:]:
        bootstrapped(host)
    with control_plane(network, hosts, VIP, folder) as made:
        yield made


def bootstrapped(host: Host) -> None:
    """Wait until cloud-init is through."""
    host.wait_until(lambda: "status: done" in host.sh("cloud-init status || true"), "cloud-init is done", 120)


def test_the_address_is_there_when_the_first_node_needs_it(plane: ControlPlane) -> None:
    """At once refused, because there is a host but no API server; curl says 7 for that, and 28 for a silent address."""
    first = plane.hosts[0]
    assert first.sh("cat /root/reached").strip() == "7"
    assert first.sh("cat /root/bootstrap") == "cp-1", "the bootstrap provider's part is what it was"


def test_the_next_nodes_reach_the_first_one(plane: ControlPlane) -> None:
    """The address stays with the node that has an API server."""
    for host in plane.hosts[1:]:
        assert (host.sh("cat /root/reached").strip(), host.sh("cat /root/answer")) == ("0", "cp-1")
    assert plane.until_settled().name == "cp-1"


def test_the_address_moves_when_its_holder_fails(plane: ControlPlane) -> None:
    """Within 3 s, as clients see it, and by unicast."""
    plane.watch()
    victim = plane.until_settled()
    since = time.monotonic()
    FAILURES["API server"].happen(victim)
    outage = plane.outage(since, victim)
    assert outage.end - since < 3.0
    FAILURES["API server"].mend(victim)
    assert plane.adverts(since) == [], "nothing is multicast"
    plane.until_settled()


def test_the_address_is_there_again_when_all_nodes_have_rebooted(plane: ControlPlane) -> None:
    """Without cloud-init, which does its work once."""
    for host in plane.hosts:
        host.reboot()
    assert plane.until_settled()
