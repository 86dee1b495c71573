# SPDX-License-Identifier: Apache-2.0
"""VMs that VMM has already become machines: they get the mark, and nothing is done to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from capi_scvmm.go_provider import CLUSTER_FINALIZER, MACHINE_FINALIZER
from capi_scvmm.plan.scope import FINALIZER

from .world import World

VMS: list[dict[str, Any]] = [
    {"name": "by-hand", "template": "old", "cloud": "production", "description": "the web server"},
    {"name": "md-0-x7k2p", "template": "old", "cloud": "production"},
    {"name": "asleep", "template": "old", "cloud": "production", "running": False},
    {
        "name": "foreign",
        "template": "old",
        "cloud": "production",
        "description": "[capi.scvmm owner=elsewhere/db uid=77777777-2222-3333-4444-555555555555]",
    },
]
TEMPLATE = {"name": "old", "network_adapters": [{"vm_network": "k8s"}]}


def test_existing_vms_become_machines_and_nothing_but_the_mark_is_done(make_world: Callable[..., World]) -> None:
    """By spec.id, by the ids that the Go provider left, by a provider id alone; one that is another's is refused."""
    here = make_world(more={"templates": [TEMPLATE], "vms": VMS})
    before = {vm["Name"]: vm for vm in here.vms()}
    jobs = len(here.sim.jobs())
    here.provider()
    here.start()
    alone: dict[str, Any] = {"bootstrap": {}}
    here.machine("by-hand", id=before["by-hand"]["ID"], **alone)
    here.machine("asleep", providerID=f"scvmm://{before['asleep']['VMId']}", **alone)
    here.machine("foreign", id=before["foreign"]["ID"], **alone)
    here.cluster()
    here.patch("ScvmmCluster", "east", {"metadata": {"finalizers": [CLUSTER_FINALIZER]}})
    ids = {"id": before["md-0-x7k2p"]["ID"], "providerID": f"scvmm://{before['md-0-x7k2p']['VMId']}"}
    here.node("md-0-x7k2p", **ids, vmName="md-0-x7k2p")
    for name in ("by-hand", "md-0-x7k2p"):
        here.until_true(name)
        status = (here.get("ScvmmMachine", name) or {})["status"]
        assert (status["id"], status["initialization"]) == (before[name]["ID"], {"provisioned": True})
    here.until_reason("asleep", "Ready", "VMPoweredOff")
    refused = here.until_reason("foreign", "Ready", "VMOwnedByAnother")
    assert "elsewhere/db" in refused["message"]
    here.until("marks", lambda: len([vm for vm in here.vms() if here.namespace in vm["Description"]]) == 3)
    after = {vm["Name"]: vm for vm in here.vms()}
    uid = (here.get("ScvmmMachine", "by-hand") or {})["metadata"]["uid"]
    assert after["by-hand"]["Description"] == f"the web server\n[capi.scvmm owner={here.namespace}/by-hand uid={uid}]"
    told = {"Description", "ModifiedTime", "MostRecentTask", "MostRecentTaskID"}
    told |= {"ComputerName", "ComputerNameString", "VirtualNetworkAdapters"}  # what VMM has of the guest
    for name, vm in after.items():
        assert {key: vm[key] for key in vm if key not in told} == {
            key: value for key, value in before[name].items() if key not in told
        }
    assert after["foreign"]["Description"] == before["foreign"]["Description"]
    assert {call["name"] for call in here.sim.calls()} == {"connect", "vm_info", "vm_mark"}
    assert {job["CmdletName"] for job in here.sim.jobs()[jobs:]} <= {"Set-SCVirtualMachine", "Read-SCVirtualMachine"}
    here.delete("ScvmmMachine", "foreign")
    here.until_gone("foreign")
    here.patch("ScvmmMachine", "by-hand", {"metadata": {"finalizers": [FINALIZER, MACHINE_FINALIZER]}})
    here.delete("ScvmmMachine", "by-hand")
    here.until_gone("by-hand")
    here.delete("ScvmmCluster", "east")
    here.until_gone("east", "ScvmmCluster")
    assert {vm["Name"] for vm in here.vms()} == {"md-0-x7k2p", "asleep", "foreign"}
