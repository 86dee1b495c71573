# SPDX-License-Identifier: Apache-2.0
"""The way of a machine, end to end."""

from __future__ import annotations

import pytest

from .world import World


@pytest.mark.contract(20, 22, 23, 24, 26)
def test_a_machine_becomes_a_running_vm_and_goes_away_again(here: World) -> None:
    """From a manifest to a provisioned machine whose guest booted from its medium; afterwards nothing is left."""
    here.provider()
    here.bootstrap()
    here.start()
    here.machine(memory="2Gi")
    here.until_true("node")
    body = here.get("ScvmmMachine", "node") or {}
    (vm,) = here.vms()
    assert body["spec"]["providerID"] == f"scvmm://{vm['VMId']}"
    status = body["status"]
    assert status["id"] == vm["ID"]
    assert status["initialization"] == {"provisioned": True}
    assert status["hostname"] == "node.example.com"
    assert {"type": "InternalIP", "address": "10.20.1.1"} in status["addresses"]
    assert {c["type"]: c["status"] for c in status["conditions"]} == {
        "AddressesReported": "True",
        "AllFieldsHonored": "True",
        "BootstrapMediumAttached": "True",
        "DependenciesReady": "True",
        "Paused": "False",
        "Ready": "True",
        "VMCreated": "True",
        "VMRunning": "True",
    }
    assert (vm["CPUCount"], vm["Memory"], vm["HostGroupPath"]) == (2, 2048, "All Hosts\\prod")
    assert f"owner={here.namespace}/node uid={body['metadata']['uid']}" in vm["Description"]
    assert sorted(vm["guest"]["files"]) == ["meta-data", "network-config", "user-data"]
    here.delete("ScvmmMachine", "node")
    here.until_gone("node")
    assert here.vms() == []
    assert here.media() == []
    steps = {"Creating", "Created", "MediumAttached", "Started", "Provisioned", "ShuttingDown", "Removed"}
    here.until("its events", lambda: steps <= set(here.events("node")))


@pytest.mark.contract(10, 25)
def test_each_thing_that_is_missing_is_named_until_it_comes(here: World) -> None:
    """Owner, Cluster, infrastructure, provider, credentials, bootstrap data: each has its reason, and an end."""
    here.start()
    wished = {key: value for key, value in here.machine_spec().items() if key not in ("bootstrap", "providerRef")}
    here.create("ScvmmMachine", "node", wished, labels={"cluster.x-k8s.io/cluster-name": "east"})
    here.until_reason("node", "DependenciesReady", "WaitingForMachine")
    owner = here.capi_machine()
    here.patch("ScvmmMachine", "node", {"metadata": {"ownerReferences": [_owner(owner)]}})
    here.until_reason("node", "DependenciesReady", "WaitingForCluster")
    here.cluster(endpoint=False)
    here.until_reason("node", "DependenciesReady", "WaitingForClusterInfrastructure")
    here.until_reason("east", "Ready", "ProviderNotFound", "ScvmmCluster")
    here.provider()
    here.until_reason("east", "Ready", "WaitingForControlPlaneEndpoint", "ScvmmCluster")
    here.drop("ScvmmProvider", "vmm")
    endpoint = {"controlPlaneEndpoint": {"host": "10.20.0.10", "port": 6443}, "providerRef": None}
    here.patch("ScvmmCluster", "east", {"spec": endpoint})
    here.until_reason("node", "DependenciesReady", "ProviderNotNamed")
    here.patch("ScvmmCluster", "east", {"spec": {"providerRef": {"name": "vmm", "namespace": here.namespace}}})
    here.until_reason("node", "DependenciesReady", "ProviderNotFound")
    here.delete("Secret", "vmm-credentials")
    here.secret("vmm-credentials", username=here.sim.username)
    here.provider()
    here.until_reason("node", "DependenciesReady", "CredentialsMissing")
    assert "password" in here.condition("vmm", "Ready", "ScvmmProvider")["message"]
    here.delete("Secret", "vmm-credentials")
    here.secret("vmm-credentials", username=here.sim.username, password="wrong")
    refused = here.until_reason("node", "DependenciesReady", "LoginRefused")
    assert "password" in refused["message"]
    here.delete("Secret", "vmm-credentials")
    here.secret("vmm-credentials", username=here.sim.username, password=here.sim.password)
    here.until_reason("node", "DependenciesReady", "WaitingForBootstrapData")
    here.patch("Machine", "node", {"spec": {"bootstrap": {"dataSecretName": "node-bootstrap"}}})
    here.until_reason("node", "DependenciesReady", "BootstrapSecretNotFound")
    here.secret("node-bootstrap", value="x", format="talos")
    assert "format talos" in here.until_reason("node", "DependenciesReady", "BootstrapDataInvalid")["message"]
    assert here.vms() == []
    here.delete("Secret", "node-bootstrap")
    here.bootstrap()
    here.until_true("node")
    assert len(here.vms()) == 1


@pytest.mark.contract(21)
def test_a_failure_domain_places_the_machine(here: World) -> None:
    """Cloud, host group and networks come from it; one that does not exist is named, with those that do."""
    here.provider()
    here.bootstrap()
    here.cluster()
    here.start()
    networking = {"domain": "annex.example.com", "devices": [{"deviceName": "eth0", "vmNetwork": "k8s"}]}
    domains = {"annex": {"cloud": "production", "hostGroup": "annex", "networking": networking}}
    here.patch("ScvmmCluster", "east", {"spec": {"failureDomains": domains}})
    here.node(cloud=None, hostGroup=None, networking=None)
    here.patch("Machine", "node", {"spec": {"failureDomain": "cellar"}})
    message = here.until_reason("node", "DependenciesReady", "UnknownFailureDomain")["message"]
    assert "annex" in message
    here.patch("Machine", "node", {"spec": {"failureDomain": "annex"}})
    here.until_true("node")
    (vm,) = here.vms()
    assert vm["HostGroupPath"] == "All Hosts\\annex"
    status = (here.get("ScvmmMachine", "node") or {})["status"]
    assert status["failureDomain"] == "annex"
    assert status["hostname"] == "node.annex.example.com"


def test_text_of_a_manifest_is_never_taken_for_a_template(here: World) -> None:
    """What looks like Jinja arrives in VMM as it stands; Ansible must not run it on the controller."""
    here.provider()
    here.bootstrap()
    here.start()
    here.machine(vmOptions={"description": "{{ 7 * 7 }} {% raw %}"})
    here.until_true("node")
    (vm,) = here.vms()
    assert vm["Description"].startswith("{{ 7 * 7 }} {% raw %}")


def test_many_machines_share_runs_and_calls(here: World) -> None:
    """Twelve at once: a handful of runs, few calls each, one VM each."""
    here.provider()
    here.bootstrap()
    names = [f"node-{number}" for number in range(12)]
    for name in names:
        here.machine(name)
    controller = here.start()
    for name in names:
        here.until_true(name)
    assert sorted(vm["Name"] for vm in here.vms()) == sorted(names)
    runs = controller.log.read_text().count("capi_scvmm.runs.batch: run ")
    assert runs <= 12
    for name in names:
        here.delete("ScvmmMachine", name)
    for name in names:
        here.until_gone(name)
    assert here.vms() == []
    calls = [call["name"] for call in here.sim.calls() if call["name"] not in ("connect", "vm_info")]
    assert len(calls) <= 7 * len(names)
    # Looks tell of all machines at once: were there one for each, there would be hundreds.
    assert here.called("vm_info") <= 8 * len(names)


def _owner(body: dict[str, object]) -> dict[str, object]:
    meta = body["metadata"]
    assert isinstance(meta, dict)
    return {"apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Machine", "name": meta["name"], "uid": meta["uid"]}
