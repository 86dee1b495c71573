# SPDX-License-Identifier: Apache-2.0
"""The ClusterClass with the real topology controller: objects come, and change through the topology alone (27, 43)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from kinds.manifests import Kubectl, kubectl_for
from lightkube import Client
from plane import ManagementPlane
from plane.namespaces import fresh_namespace

from .command import Clusterctl

T = TypeVar("T")
SECONDS = 60.0


@dataclass(frozen=True)
class East:
    """The cluster `east` of the flavor `topology`."""

    kubectl: Kubectl

    def get(self, kind: str, *arguments: str) -> Any:
        """Read objects."""
        return self.kubectl("get", kind, *arguments, "-o", "json").document

    def templates(self) -> dict[str, dict[str, Any]]:
        """The machine templates that control plane and workers refer to, by role."""
        planes = self.get("kubeadmcontrolplanes")["items"]
        workers = self.get("machinedeployments")["items"]
        references = {
            "control-plane": [one["spec"]["machineTemplate"]["spec"]["infrastructureRef"] for one in planes],
            "worker": [one["spec"]["template"]["spec"]["infrastructureRef"] for one in workers],
        }
        # A template that was rotated in between is not there any more: the next look sees the other one.
        there = {_name(template): template for template in self.get("scvmmmachinetemplates")["items"]}
        return {role: there[ref["name"]] for role, refs in references.items() for ref in refs if ref["name"] in there}

    def set_variable(self, name: str, change: dict[str, Any]) -> None:
        """Change fields of a variable in the topology."""
        variables = self.get("clusters", "east")["spec"]["topology"]["variables"]
        for variable in variables:
            variable["value"] |= change if variable["name"] == name else {}
        patch = json.dumps({"spec": {"topology": {"variables": variables}}})
        answer = self.kubectl("patch", "clusters", "east", "--type=merge", "-p", patch)
        assert answer.code == 0, answer.error

    def until(self, what: str, look: Callable[[], T | None]) -> T:
        """Look until there is something."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            found = look()
            if found:
                return found
            time.sleep(0.2)
        conditions = self.get("clusters", "east").get("status", {}).get("conditions", [])
        raise AssertionError(f"{what} did not come\n" + "\n".join(json.dumps(one) for one in conditions))


@pytest.fixture
def east(clusterctl: Clusterctl, plane_with_kubeadm: ManagementPlane, kubeadm_client: Client) -> Iterator[East]:
    """The cluster, as far as it comes without machines: no controller of ours runs."""
    with fresh_namespace(kubeadm_client, "topology") as namespace:
        kubectl = kubectl_for(plane_with_kubeadm, namespace)
        documents = clusterctl.generate("topology", namespace=namespace)
        late = [document for document in documents if document["kind"] == "Cluster"]
        for document in (each for each in documents if each not in late):
            assert kubectl.apply(document).code == 0
        ready = kubectl("wait", "--for=condition=VariablesReady", "clusterclass/scvmm", "--timeout=30s")
        assert ready.code == 0, ready.error
        answer = kubectl.apply(late[0])
        assert (answer.code, "Warning" in answer.error) == (0, False), answer.error
        yield East(kubectl)
        kubectl("delete", "cluster", "east", "--wait=false")


@pytest.mark.contract(17, 27, 43, 44)
@pytest.mark.timeout(400)
def test_a_cluster_of_the_class_is_made_and_changed_by_its_topology(east: East) -> None:
    """Variables reach the objects; a change rotates templates; by hand nobody changes one."""
    made = east.until("both templates", lambda: found if len(found := east.templates()) == 2 else None)
    for role, template in made.items():
        spec = template["spec"]["template"]["spec"]
        assert (spec["vmTemplate"], spec["cloud"], spec["hostGroup"]) == (
            "ubuntu-2404-k8s",
            "production",
            r"All Hosts\prod",
        ), role
        assert spec["networking"]["domain"] == "k8s.example.com"
        (device,) = spec["networking"]["devices"]
        assert (device["vmNetwork"], device["dhcp4"]) == ("k8s", True)
        assert (spec["cpuCount"], spec["memory"]) == (2, "4Gi")
    (infrastructure,) = east.get("scvmmclusters")["items"]
    assert infrastructure["spec"]["controlPlaneEndpoint"] == {"host": "10.20.0.100", "port": 6443}
    assert infrastructure["spec"]["controlPlaneLoadBalancer"]["type"] == "Keepalived"
    assert infrastructure["spec"]["providerRef"] == {"name": "vmm", "namespace": east.kubectl.namespace}

    east.set_variable("workerSize", {"cpus": 8})
    changed = east.until("another template", lambda: _rotated(made, east.templates(), "worker"))
    assert changed["worker"]["spec"]["template"]["spec"]["cpuCount"] == 8
    assert _name(changed["control-plane"]) == _name(made["control-plane"]), "what does not change is not replaced"

    east.set_variable("vm", {"template": "ubuntu-2604-k8s"})
    rotated = east.until("other templates", lambda: _rotated(changed, east.templates(), "worker", "control-plane"))
    assert {each["spec"]["template"]["spec"]["vmTemplate"] for each in rotated.values()} == {"ubuntu-2604-k8s"}

    refused = east.kubectl.patch(
        "scvmmmachinetemplates", _name(rotated["worker"]), {"template": {"spec": {"cpuCount": 1}}}
    )
    assert "spec.template.spec of a ScvmmMachineTemplate cannot change" in refused.error
    owners = [owner["kind"] for each in rotated.values() for owner in each["metadata"]["ownerReferences"]]
    assert owners == ["Cluster", "Cluster"], "contract 44"


@pytest.mark.timeout(400)
def test_addresses_of_a_pool_take_the_place_of_dhcp(east: East) -> None:
    """The optional variable `addresses` reaches every machine."""
    made = east.until("both templates", lambda: found if len(found := east.templates()) == 2 else None)
    variables = east.get("clusters", "east")["spec"]["topology"]["variables"]
    wish = {"name": "addresses", "value": {"pool": "nodes", "nameservers": ["10.20.0.2"]}}
    patch = json.dumps({"spec": {"topology": {"variables": [*variables, wish]}}})
    assert east.kubectl("patch", "clusters", "east", "--type=merge", "-p", patch).code == 0
    rotated = east.until("other templates", lambda: _rotated(made, east.templates(), "worker", "control-plane"))
    for template in rotated.values():
        (device,) = template["spec"]["template"]["spec"]["networking"]["devices"]
        assert "dhcp4" not in device
        assert device["nameservers"] == ["10.20.0.2"]
        assert [pool["name"] for pool in device["addressesFromPools"]] == ["nodes"]


def _name(document: dict[str, Any]) -> str:
    return str(document["metadata"]["name"])


def _rotated(
    before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]], *roles: str
) -> dict[str, dict[str, Any]] | None:
    """The templates, once those of these roles are others."""
    whole = before.keys() == after.keys()
    return after if whole and all(_name(before[role]) != _name(after[role]) for role in roles) else None
