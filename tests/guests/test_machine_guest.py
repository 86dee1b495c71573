# SPDX-License-Identifier: Apache-2.0
"""A ScvmmMachine's guest that really boots: from a manifest to what is inside of it, and back into the status."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from controller.e2e.world import World, world
from lightkube import Client
from plane import ManagementPlane
from scvmm_sim.errors import FabricError

from guests.real_site import guest_settings

# As a bootstrap provider's: rendered with what the medium says of the machine; a kubelet that tells what it was given.
BOOTSTRAP = """## template: jinja
#cloud-config
write_files:
- path: /root/who
  permissions: "0600"
  content: "{{ ds.meta_data.local_hostname }} {{ ds.meta_data.instance_id }} ü"
- path: /etc/default/kubelet
  content: "KUBELET_EXTRA_ARGS=--node-labels=a=b"
- path: /etc/systemd/system/kubelet.service
  content: |
    [Service]
    EnvironmentFile=-/etc/default/kubelet
    ExecStart=/bin/sh -c 'echo "$KUBELET_EXTRA_ARGS" > /root/kubelet-arguments; exec sleep infinity'
runcmd:
- [systemctl, start, kubelet]
- [sh, -c, "until test -s /root/kubelet-arguments; do sleep 0.1; done; touch /root/joined"]
"""


@pytest.fixture
def here(plane: ManagementPlane, client: Client, namespace: str) -> Iterator[World]:
    """A world whose VMs are systemd-nspawn containers."""
    settings = guest_settings("nspawn")
    if settings is None:
        pytest.skip("real guests (nspawn): run `make tools` as root on a machine with apt")
    try:
        with world(client, namespace, plane.kubeconfig, guest=settings) as made:
            yield made
    except FabricError as error:
        pytest.skip(f"real guests (nspawn): {error}")


def _told(here: World, name: str) -> dict[str, Any]:
    return (here.get("ScvmmMachine", name) or {}).get("status") or {}


@pytest.mark.timeout(400)
def test_what_a_machine_asks_for_is_so_inside_its_guest_and_what_is_inside_is_in_its_status(here: World) -> None:
    """Host name, addresses, routes, DNS, files of the bootstrap data, provider id; no errors of cloud-init."""
    here.provider()
    here.secret("node-bootstrap", value=BOOTSTRAP, format="cloud-config")
    here.start()
    device = {
        "deviceName": "eth0",
        "vmNetwork": "k8s",
        "ipAddresses": ["10.20.7.7/16", "2001:db8::7/64"],
        "gateway": "10.20.0.1",
        "routes": [{"to": "192.0.2.0/24", "via": "10.20.0.9"}],
        "nameservers": ["10.20.0.2"],
        "searchDomains": ["example.com"],
        "mtu": 1400,
    }
    here.cluster()
    here.node("cp-1", networking={"domain": "example.com", "devices": [device]})

    def addressed() -> bool:
        told = [entry["address"] for entry in _told(here, "cp-1").get("addresses") or []]
        return "10.20.7.7" in told

    here.until("the address in the machine's status", addressed, 120)
    guest = here.sim.guest(here.vms()[0]["ID"])
    here.until("the end of cloud-init", lambda: "running" not in guest.run("sh", "-c", "cloud-init status; true"), 90)

    said = guest.run("sh", "-c", "cloud-init status --long; true")
    assert "status: done" in said and "DataSourceNoCloud" in said, said
    result = json.loads(guest.run("cat", "/run/cloud-init/result.json"))
    assert result["v1"]["errors"] == []
    assert guest.run("cat", "/etc/hostname").strip() in ("cp-1", "cp-1.example.com")
    inside = json.loads(guest.run("ip", "-json", "address", "show", "eth0"))[0]
    assert inside["mtu"] == 1400
    found = {entry["local"] for entry in inside["addr_info"] if entry["scope"] == "global"}
    assert found == {"10.20.7.7", "2001:db8::7"}
    routes = guest.run("ip", "route")
    assert "default via 10.20.0.1 dev eth0" in routes and "192.0.2.0/24 via 10.20.0.9 dev eth0" in routes
    links = guest.run("sh", "-c", "cat /run/systemd/netif/links/*")
    assert "DNS=10.20.0.2" in links and "DOMAINS=example.com" in links
    vm_id = _told(here, "cp-1")["vmId"]
    name, instance, rest = guest.run("cat", "/root/who").split()
    assert (name, rest) == ("cp-1.example.com", "ü") and instance
    assert guest.run("cat", "/root/kubelet-arguments").split() == [
        "--node-labels=a=b",
        f"--provider-id=scvmm://{vm_id}",
    ]

    entries = _told(here, "cp-1")["addresses"]
    assert {entry["address"] for entry in entries if entry["type"] == "InternalIP"} == found
    here.delete("ScvmmMachine", "cp-1")
    here.until_gone("cp-1", seconds=90)
    assert here.vms() == []
