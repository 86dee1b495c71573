# SPDX-License-Identifier: Apache-2.0
"""Whole clusters with Cluster API's real controllers. Each test is the story of one cluster."""

import pytest

from clusters import manifests
from clusters.site import Cluster, Machine, Site

pytestmark = [
    pytest.mark.timeout(2400),
    # Cluster API numbers its authorities with 0.
    pytest.mark.filterwarnings("ignore:Parsed a serial number"),
]
UP_SECONDS = 600
ROLL_SECONDS = 600
NEXT = "v1.36.4"
PLACES = {
    "north": {"controlPlane": True, "cloud": "production", "hostGroup": "prod"},
    "south": {"controlPlane": True, "cloud": "production", "hostGroup": "annex"},
}
HOST_OF = {"north": "hv1.example.com", "south": "hv2.example.com"}


@pytest.mark.contract(11, 13, 20, 21, 23, 24, 26)
@pytest.mark.contract(20, 21)
def test_a_cluster_comes_up_rolls_and_grows(site: Site) -> None:
    """With our templates a cluster becomes Available; its nodes are replaced by newer ones; its parts are spread."""
    site.bring_up("east", failureDomains=PLACES)
    assert all(machine["status"]["nodeRef"]["name"] for machine in site.all(Machine))
    before = {machine["metadata"]["name"] for machine in site.all(Machine)}

    image = {"disks": [{"vhDisk": "debian-12-k8s-1.36.4.vhdx"}], "memory": "6Gi"}
    site.apply(
        manifests.template("east-control-plane-2", **image),
        manifests.control_plane("east", "east-control-plane-2", version=NEXT),
        manifests.template("east-workers-2", **image),
        *manifests.workers("east", "east-workers", "east-workers-2", version=NEXT, place="south"),
    )
    site.until("all nodes are new", lambda: site.nodes_are("east", NEXT, 2), ROLL_SECONDS)
    assert not before & {machine["metadata"]["name"] for machine in site.all(Machine)}
    assert {vm["Memory"] for vm in site.world.vms()} == {6144}

    site.kubectl("scale", "kubeadmcontrolplane/east", "--replicas=3")
    site.kubectl("scale", "machinedeployment/east-workers", "--replicas=2")
    site.until("five nodes", lambda: site.nodes_are("east", NEXT, 5), ROLL_SECONDS)
    site.until_true(Cluster, "east", "Available", UP_SECONDS)
    wished = {machine["metadata"]["name"]: machine["spec"]["failureDomain"] for machine in site.all(Machine)}
    assert {vm["Name"]: vm["HostName"] for vm in site.world.vms()} == {name: HOST_OF[wished[name]] for name in wished}
    workers = {machine["metadata"]["name"] for machine in site.workers()}
    assert {wished[name] for name in workers} == {"south"}
    assert {wished[name] for name in wished.keys() - workers} == {"north", "south"}

    site.kubectl("scale", "machinedeployment/east-workers", "--replicas=1")
    site.kubectl("scale", "kubeadmcontrolplane/east", "--replicas=1")
    site.until("two nodes", lambda: site.nodes_are("east", NEXT, 2), ROLL_SECONDS)
    site.kubectl("delete", "cluster", "east", "--wait=false")
    site.until_nothing_is_left(ROLL_SECONDS)


@pytest.mark.contract(16, 24, 26)
@pytest.mark.contract(16)
def test_a_cluster_heals_pauses_and_goes_in_any_order(site: Site) -> None:
    """Machines whose VMs somebody deleted or turned off are replaced; what is deleted goes, in whatever order."""
    site.bring_up("west", workers=2)
    workers = {machine["metadata"]["name"] for machine in site.workers()}
    [control_plane] = {machine["metadata"]["name"] for machine in site.all(Machine)} - workers
    site.world.sim.vm_power_off(control_plane)
    site.world.until_reason(control_plane, "VMRunning", "VMPoweredOff", seconds=UP_SECONDS)
    # Not by us: the VM was stopped by somebody. What its etcd had is there again, or no node could join from here on.
    site.world.sim.vm_start(control_plane)
    site.until(
        "the control plane is back",
        lambda: site.world.condition(control_plane, "Ready")["status"] == "True",
        UP_SECONDS,
    )

    site.apply(manifests.health_check("west", "west-workers"))
    lost, off = (machine["metadata"]["name"] for machine in site.workers())
    site.world.sim.vm_delete(lost)
    site.world.sim.vm_power_off(off)
    site.world.until_reason(lost, "VMCreated", "VMDeleted", seconds=UP_SECONDS)
    site.world.until_reason(off, "VMRunning", "VMPoweredOff", seconds=UP_SECONDS)
    site.until("both are replaced", lambda: site.workers_are_others_than({lost, off}, 2), ROLL_SECONDS)
    assert not {lost, off} & {vm["Name"] for vm in site.world.vms()}
    site.until_true(Cluster, "west", "Available", UP_SECONDS)

    site.kubectl("patch", "cluster", "west", "--type=merge", "--patch", '{"spec": {"paused": true}}')
    first = site.workers()[0]["metadata"]["name"]
    site.until("our machines are paused", lambda: site.paused(first), UP_SECONDS)
    site.kubectl("delete", "machine", first, "--wait=false")
    site.world.stays("the VM of a paused cluster", lambda: first in {vm["Name"] for vm in site.world.vms()})
    site.kubectl("patch", "cluster", "west", "--type=merge", "--patch", '{"spec": {"paused": false}}')
    site.until("it goes and is replaced", lambda: site.workers_are_others_than({first}, 2), ROLL_SECONDS)

    removals = site.world.called("vm_absent")
    site.world.sim.add_fault({"operation": None, "times": None, "wire": "down"})
    kinds = ("scvmmmachinetemplates", "scvmmclusters", "machinedeployments", "scvmmmachines", "kubeadmcontrolplanes")
    site.kubectl("delete", ",".join(kinds), "--all", "--wait=false")
    site.kubectl("delete", "cluster", "west", "--wait=false")
    site.world.stays("the VMs, with the VMM server away", lambda: len(site.world.vms()) == 3)
    site.world.sim.clear_faults()
    site.until_nothing_is_left(ROLL_SECONDS)
    assert site.world.called("vm_absent") > removals
