# SPDX-License-Identifier: Apache-2.0
"""Autoscaling from zero (contract 28): templates tell what their nodes offer, end to end."""

from __future__ import annotations

from typing import Any

import pytest

from .world import World

BLUEPRINTS = 5


@pytest.mark.contract(28)
def test_templates_tell_what_their_nodes_offer_with_one_look_at_vmm(here: World) -> None:
    """From the spec, from the hardware profile in VMM, by the provider of their cluster; a wrong name is told."""
    here.provider()
    here.cluster()
    provider = {"providerRef": {"name": "vmm", "namespace": here.namespace}}
    for number in range(BLUEPRINTS):
        spec: dict[str, Any] = {"hardwareProfile": "k8s-small", "disks": [{"vhDisk": "debian-12.vhdx"}], **provider}
        here.create("ScvmmMachineTemplate", f"small-{number}", {"template": {"spec": spec}})
    said = {"vmTemplate": "any", "cpuCount": 8, "memory": "16Gi"}
    here.create("ScvmmMachineTemplate", "said", {"template": {"spec": said}})
    lost = {"vmTemplate": "none", "memory": "1Gi"}
    labels = {"cluster.x-k8s.io/cluster-name": "east"}
    here.create("ScvmmMachineTemplate", "lost", {"template": {"spec": lost}}, labels=labels)
    here.start()
    for number in range(BLUEPRINTS):
        here.until_true(f"small-{number}", "CapacityKnown", "ScvmmMachineTemplate")
    small = (here.get("ScvmmMachineTemplate", "small-0") or {})["status"]
    assert small["capacity"] == {"cpu": "2", "memory": "4096Mi"}
    assert small["nodeInfo"] == {"architecture": "amd64", "operatingSystem": "linux"}
    here.until_true("said", "CapacityKnown", "ScvmmMachineTemplate")
    assert (here.get("ScvmmMachineTemplate", "said") or {})["status"]["capacity"] == {"cpu": "8", "memory": "16384Mi"}
    missing = here.until_reason("lost", "CapacityKnown", "HardwareNotFound", "ScvmmMachineTemplate")
    assert "VM template none" in missing["message"]
    assert here.called("hardware_info") == 1
