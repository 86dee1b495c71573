# SPDX-License-Identifier: Apache-2.0
"""Remediation with Cluster API's real MachineHealthCheck controller: power cycles, and the hand-over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from lightkube import Client
from plane import ManagementPlane

from .world import World, world

CONTROL_PLANE = "cluster.x-k8s.io/control-plane"
CLUSTER_NAME = "cluster.x-k8s.io/cluster-name"
PATIENT = 90.0
"""Three processes of Cluster API's have a hand in each of these steps."""
GROUP = "infrastructure.cluster.x-k8s.io"


@pytest.fixture
def here(plane_with_kubeadm: ManagementPlane, kubeadm_client: Client, kubeadm_namespace: str) -> Iterator[World]:
    """A world on the API server where Cluster API's core manager acts."""
    with world(kubeadm_client, kubeadm_namespace, plane_with_kubeadm.kubeconfig, stop=1.0) as made:
        yield made


def a_node(here: World, name: str) -> None:
    """A Machine and its ScvmmMachine; health checks look at control planes before a cluster is initialized."""
    bootstrap = {"dataSecretName": "node-bootstrap"}
    reference = {"apiGroup": GROUP, "kind": "ScvmmMachine", "name": name}
    spec = {"clusterName": "east", "infrastructureRef": reference, "bootstrap": bootstrap}
    labels = {CLUSTER_NAME: "east", CONTROL_PLANE: ""}
    machine = {key: value for key, value in here.machine_spec().items() if key not in ("bootstrap", "providerRef")}
    here.create("ScvmmMachine", name, machine, labels=labels)
    here.create("Machine", name, spec, labels=labels)


def a_health_check(here: World) -> None:
    """Machines whose infrastructure is not ready are unhealthy."""
    template = {"template": {"spec": {"strategy": {"retryLimit": 1, "timeout": 600}}}}
    here.create("ScvmmRemediationTemplate", "power-cycle", template)
    checks = {
        "nodeStartupTimeoutSeconds": 0,
        "unhealthyMachineConditions": [{"type": "InfrastructureReady", "status": "False", "timeoutSeconds": 0}],
    }
    reference = {"apiVersion": f"{GROUP}/v1alpha1", "kind": "ScvmmRemediationTemplate", "name": "power-cycle"}
    wished: dict[str, Any] = {
        "clusterName": "east",
        "selector": {"matchLabels": {CLUSTER_NAME: "east"}},
        "checks": checks,
        "remediation": {"templateRef": reference},
    }
    here.create("MachineHealthCheck", "east", wished)


def test_a_health_check_has_a_vm_power_cycled_and_one_that_is_gone_handed_over(here: World) -> None:
    """A VM that somebody turned off is started once, although the controller is killed in between.

    Without a Node (there is no workload cluster here) the health check does not find the machine well: its Node has its
    time. A machine without a VM is its owner's to replace.
    """
    here.provider()
    here.bootstrap()
    here.cluster()
    first = here.start()
    for name in ("hangs", "lost"):
        a_node(here, name)
    for name in ("hangs", "lost"):
        here.until_reason(name, "Ready", "Ready", seconds=PATIENT)
        here.until_reason(name, "InfrastructureReady", "Ready", "Machine", PATIENT)
    here.sim.vm_power_off("hangs")
    here.until_reason("hangs", "VMRunning", "VMPoweredOff")
    started = here.vm_started()
    a_health_check(here)
    noted = lambda: (here.get("ScvmmMachine", "hangs") or {})["status"].get("powerCycle")  # noqa: E731
    here.until("its power cycle", noted, PATIENT)
    first.kill()
    here.start()
    here.until_reason("hangs", "Ready", "Ready", seconds=PATIENT)
    assert here.vm_started() == started + 1
    here.until_reason("hangs", "Remediating", "WaitingForNode", "ScvmmRemediation", PATIENT)
    assert (here.get("ScvmmMachine", "hangs") or {})["status"]["powerCycle"]["step"] == "Done"
    here.sim.vm_delete("lost")
    here.until_reason("lost", "Remediating", "HandedOver", "ScvmmRemediation", PATIENT)
    asked = here.condition("lost", "OwnerRemediated", "Machine")
    assert (asked["status"], asked["reason"]) == ("False", "WaitingForRemediation")
    assert "no longer in VMM" in asked["message"]
