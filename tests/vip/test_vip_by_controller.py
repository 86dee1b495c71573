# SPDX-License-Identifier: Apache-2.0
"""The address of a control plane whose VMs the controller made: their guests really boot, keepalived runs in them."""

from __future__ import annotations

import subprocess
import time

import pytest
from lightkube import Client
from plane import ManagementPlane

from vip.clusters import Guests, bootstrap_data, real_world, spec_of, told_anywhere
from vip.setup import certificate

pytestmark = pytest.mark.timeout(900)
NODES = ("cp-1", "cp-2", "cp-3")
VIP6 = "2001:db8::100"
PASSWORD = "s3cr3t42"
MOVED_SECONDS = 10.0


def test_the_nodes_of_a_cluster_share_an_ipv6_address(plane: ManagementPlane, client: Client, namespace: str) -> None:
    """It is there before any API server, is nobody's own address, and moves when VMM turns its holder off."""
    with real_world(plane, client, namespace) as here:
        guests = Guests(here, VIP6)
        here.provider()
        here.secret("node-bootstrap", value=bootstrap_data(VIP6, certificate()))
        here.start()
        endpoint = {"host": VIP6, "port": 6443}
        here.cluster(controlPlaneEndpoint=endpoint, controlPlaneLoadBalancer={"type": "Keepalived"})
        for number, name in enumerate(NODES, 1):
            addresses = [f"2001:db8::{number}/64", f"192.0.2.1{number}/24"]
            device = {"deviceName": "eth0", "vmNetwork": "k8s", "ipAddresses": addresses}
            here.node(name, control_plane=True, networking={"domain": "example.com", "devices": [device]})
            if number == 1:
                guests.until_set_up(name)
        first = guests.run("cp-1", "cat /run/reached")
        assert first == "7", "a host has the address, and no API server runs: curl says refused"
        guests.until_set_up(*NODES[1:])
        for name in NODES[1:]:
            assert guests.run(name, "cat /run/reached; cat /run/answer") == "0\ncp-1"

        network = here.sim.guest_network
        address = ["ip", "address", "add", "2001:db8::fff0/64", "dev", "net0", "nodad"]
        subprocess.run(["nsenter", f"--net={network}", *address], check=True)
        guests.until_served({"cp-1"}, 30)
        assert guests.until_one_holds(*NODES) == "cp-1"
        for name in NODES:
            here.until_true(name)
            machine = here.get("ScvmmMachine", name) or {}
            assert VIP6 not in str(machine["status"]["addresses"])

        begin = time.monotonic()
        here.sim.vm_power_off("cp-1")
        guests.until_served(set(NODES[1:]), MOVED_SECONDS)
        assert time.monotonic() - begin < MOVED_SECONDS
        here.until_reason("cp-1", "VMRunning", "VMPoweredOff")
        assert guests.until_one_holds(*NODES[1:]) in NODES[1:]


def test_load_balancers_of_a_cluster_lead_to_its_nodes(plane: ManagementPlane, client: Client, namespace: str) -> None:
    """They hold the address before there is a node, find it when it comes, and only they know VRRP's password."""
    with real_world(plane, client, namespace) as here:
        guests = Guests(here, "192.0.2.100")
        balancers = ("east-lb-0", "east-lb-1")
        here.provider()
        here.secret("vrrp", password=PASSWORD)
        here.secret("node-bootstrap", value=bootstrap_data(guests.address, certificate()))
        here.start()
        here.create("ScvmmMachineTemplate", "lb", {"template": {"spec": spec_of(here)}})
        wished = {
            "type": "HAProxy",
            "haproxy": {"machineTemplateRef": {"name": "lb"}, "backends": ["192.0.2.11-192.0.2.19"]},
            "keepalived": {"passwordSecretRef": {"name": "vrrp"}},
        }
        endpoint = {"host": guests.address, "port": 6443}
        here.cluster(controlPlaneEndpoint=endpoint, controlPlaneLoadBalancer=wished)
        guests.until_set_up(*balancers)
        guests.until_one_holds(*balancers)
        assert guests.answer() == ""

        device = {"deviceName": "eth0", "vmNetwork": "k8s", "ipAddresses": ["192.0.2.11/24"]}
        here.node("cp-1", control_plane=True, networking={"domain": "example.com", "devices": [device]})
        guests.until_set_up("cp-1")
        guests.until_served({"cp-1"}, 30)

        holder = guests.until_one_holds(*balancers)
        here.sim.vm_power_off(holder)
        guests.until_served({"cp-1"}, MOVED_SECONDS)
        heir = next(name for name in balancers if name != holder)
        assert guests.until_one_holds(heir) == heir
        here.until_reason("east", "LoadBalancersReady", "SomeNotReady", "ScvmmCluster")

        config = "stat -c %a /etc/keepalived/keepalived.conf; cat /etc/keepalived/keepalived.conf"
        said = guests.run(heir, config)
        assert said.startswith("600\n") and f"auth_pass {PASSWORD}" in said and "vrrp_version 2" in said
        assert PASSWORD not in guests.run("cp-1", "grep -rs . /etc/keepalived /var/lib/cloud/instance/user-data.txt")
        assert told_anywhere(here, PASSWORD) == []
