# SPDX-License-Identifier: Apache-2.0
"""A cluster with load balancers of its own: from manifests to VMs and away again, with the documented rights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .test_rights_e2e import restricted
from .world import World

BALANCER: dict[str, Any] = {
    "type": "HAProxy",
    "haproxy": {"machineTemplateRef": {"name": "lb"}, "backends": ["10.20.0.11-10.20.0.19"]},
}


def _wanted(here: World) -> None:
    spec = {key: value for key, value in here.machine_spec().items() if key not in ("bootstrap", "providerRef")}
    here.create("ScvmmMachineTemplate", "lb", {"template": {"spec": spec}})
    # An address to which no machine has a way: where somebody answered, the cluster would not get it.
    endpoint = {"host": "2001:db8::100", "port": 6443}
    here.cluster(controlPlaneEndpoint=endpoint, controlPlaneLoadBalancer=BALANCER)


def _provisioned(here: World) -> bool:
    status = (here.get("ScvmmCluster", "east") or {}).get("status") or {}
    return bool((status.get("initialization") or {}).get("provisioned"))


def _words(here: World) -> str:
    return str(here.condition("east", "Ready", "ScvmmCluster")["message"])


def test_load_balancers_come_first_are_replaced_and_go_last(here: World, tmp_path: Path) -> None:
    """Each is a VM with a medium of its own; nobody made a Secret for it."""
    here.provider()
    here.account = restricted(here.client, here.namespace, here.kubeconfig, tmp_path)
    controller = here.start()
    _wanted(here)
    here.until("a cluster with its load balancers", lambda: _provisioned(here))
    for name in ("east-lb-0", "east-lb-1"):
        here.until_true(name)
    here.until_true("east", "LoadBalancersReady", "ScvmmCluster")
    assert sorted(vm["Name"] for vm in here.vms()) == ["east-lb-0", "east-lb-1"]

    outside = {"deviceName": "eth0", "vmNetwork": "k8s", "ipAddresses": ["10.20.7.7/16"]}
    here.bootstrap()
    here.node("cp-1", control_plane=True, networking={"devices": [outside]})
    told = here.until_reason("cp-1", "DependenciesReady", "NotABackend")
    assert "10.20.7.7/16" in told["message"]

    gone = next(vm for vm in here.vms() if vm["Name"] == "east-lb-1")
    uid = (here.get("ScvmmMachine", "east-lb-1") or {})["metadata"]["uid"]
    here.sim.vm_delete(gone["ID"])

    def replaced() -> bool:
        machine = here.get("ScvmmMachine", "east-lb-1")
        return machine is not None and machine["metadata"]["uid"] != uid

    here.until("another machine of that name", replaced)
    here.until_true("east-lb-1")

    here.delete("ScvmmCluster", "east")
    here.until("the wait for the other machine", lambda: "cp-1" in _words(here))
    assert len([vm for vm in here.vms() if "-lb-" in vm["Name"]]) == 2
    here.delete("ScvmmMachine", "cp-1")
    here.until_gone("east", "ScvmmCluster")
    assert here.vms() == [] and here.get("ScvmmMachine", "east-lb-0") is None
    log = controller.log.read_text(encoding="utf-8")
    assert [line for line in log.splitlines() if "forbidden" in line.lower()] == []
