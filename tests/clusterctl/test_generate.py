# SPDX-License-Identifier: Apache-2.0
"""What clusterctl makes of our templates, and what the API server with all webhooks says to it (contract 42, 43)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from kinds.manifests import kubectl_for
from lightkube import Client
from plane import ManagementPlane
from plane.namespaces import fresh_namespace
from release.clusterctl_release import REPOSITORY

from .command import ENVIRONMENT, FLAVORS, TEMPLATES, Clusterctl

MOVE = "clusterctl.cluster.x-k8s.io/move"
CLUSTERS = [flavor for flavor in FLAVORS if flavor not in ("machine", "provider")]
FROM_ARGUMENTS = {
    *("CLUSTER_NAME", "NAMESPACE", "KUBERNETES_VERSION", "CONTROL_PLANE_MACHINE_COUNT", "WORKER_MACHINE_COUNT")
}
"""Variables that clusterctl sets from its arguments."""


@pytest.mark.contract(42)
@pytest.mark.parametrize("flavor", FLAVORS)
def test_the_api_server_takes_what_a_flavor_writes(
    clusterctl: Clusterctl, plane_with_kubeadm: ManagementPlane, kubeadm_client: Client, flavor: str
) -> None:
    """With the variables that have no default, every object is accepted, no field is unknown."""
    with fresh_namespace(kubeadm_client, "flavor") as namespace:
        kubectl = kubectl_for(plane_with_kubeadm, namespace)
        for document in _in_order(clusterctl.generate(flavor, namespace=namespace)):
            assert document["metadata"]["namespace"] == namespace
            if document["kind"] != "ClusterClass":
                document["metadata"].setdefault("annotations", {})["cluster.x-k8s.io/paused"] = "true"
            answer = kubectl.apply(document)
            assert (answer.code, "Warning" in answer.error) == (0, False), f"{document['kind']}: {answer.error}"
            if document["kind"] == "ClusterClass":
                assert (
                    kubectl("wait", "--for=condition=VariablesReady", "clusterclass/scvmm", "--timeout=30s").code == 0
                )


def _in_order(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A ClusterClass after its templates, a Cluster after its class: no controller is waited for."""
    late = {"ClusterClass": 1, "Cluster": 2}
    return sorted(documents, key=lambda document: late.get(document["kind"], 0))


@pytest.mark.contract(44)
@pytest.mark.parametrize("flavor", CLUSTERS)
def test_what_belongs_to_a_cluster_is_reached_from_it_or_moved_by_label(clusterctl: Clusterctl, flavor: str) -> None:
    """Cluster API makes owners along the references from the Cluster; nothing is left out of a move."""
    documents = clusterctl.generate(flavor)
    named = {(document["kind"], document["metadata"]["name"]): document for document in documents}
    reached = {("Cluster", "east")}
    reached |= {key for key, document in named.items() if _selects(document)}
    fresh = set(reached)
    while fresh:
        fresh = {key for one in fresh for key in _referred(named[one]) if key in named} - reached
        reached |= fresh
    left = {key for key in named if key not in reached and MOVE not in named[key]["metadata"].get("labels", {})}
    assert left == set()


def _selects(document: dict[str, Any]) -> bool:
    """Whether Cluster API ties the object to the Cluster by a name or a selector in it."""
    spec = document["spec"]
    return spec.get("clusterName") == "east" or "clusterSelector" in spec


def _referred(value: Any) -> set[tuple[str, str]]:
    """All objects that a manifest names by kind and name."""
    if isinstance(value, list):
        return {key for item in value for key in _referred(item)}
    if not isinstance(value, dict):
        return set()
    found = {key for item in value.values() for key in _referred(item)}
    if "classRef" in value:
        found.add(("ClusterClass", value["classRef"]["name"]))
    return found | ({(value["kind"], value["name"])} if {"kind", "name"} <= value.keys() else set())


@pytest.mark.contract(45)
@pytest.mark.parametrize("flavor", ["machine", "provider"])
def test_what_belongs_to_no_cluster_is_moved_by_label(clusterctl: Clusterctl, flavor: str) -> None:
    """The credentials go with the provider."""
    assert all(MOVE in document["metadata"]["labels"] for document in clusterctl.generate(flavor))


def test_values_stay_text(clusterctl: Clusterctl) -> None:
    """A bare Y would be true, and 1e3 a number: whatever is text in the kinds is quoted."""
    odd = {**ENVIRONMENT, "VM_NETWORK": "Y", "VM_TEMPLATE": "1e3", "SCVMM_CLOUD": "null", "NODE_DOMAIN": "no"}
    documents = Clusterctl(clusterctl.program, clusterctl.folder, odd).generate("")
    (worker,) = [each for each in documents if each["metadata"]["name"] == "east-worker" and "Scvmm" in each["kind"]]
    spec = worker["spec"]["template"]["spec"]
    assert (spec["cloud"], spec["vmTemplate"], spec["networking"]["domain"]) == ("null", "1e3", "no")
    assert spec["networking"]["devices"][0]["vmNetwork"] == "Y"


@pytest.mark.contract(42)
def test_every_variable_is_in_the_documentation(clusterctl: Clusterctl) -> None:
    """Docs/clusters.md has each variable of each template with its default, and no other."""
    bare = Clusterctl(clusterctl.program, clusterctl.folder, {})
    found = {name: default for flavor in FLAVORS for name, default in bare.variables_of(flavor).items()}
    documented = _documented()
    assert set(found) == set(documented)
    for name in set(found) - FROM_ARGUMENTS:
        assert documented[name] == re.sub(r"\$\{(.*)\}", r"`\1`", found[name] or ""), name


def test_variables_without_a_default_are_few(clusterctl: Clusterctl) -> None:
    """They are those that only the user can know."""
    bare = Clusterctl(clusterctl.program, clusterctl.folder, {})
    lacking = {name for flavor in FLAVORS for name, default in bare.variables_of(flavor).items() if default is None}
    assert lacking == set(ENVIRONMENT)


def _documented() -> dict[str, str]:
    """Variables and defaults of the table in docs/clusters.md."""
    text = (REPOSITORY / "docs" / "clusters.md").read_text()
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in text.splitlines() if row.startswith("| `")]
    found: dict[str, str] = {}
    for names, default, *_ in (row for row in rows if re.match(r"^`[A-Z]", row[0])):
        each = re.findall(r"`([A-Z_]+)`", names)
        defaults = [one.strip() for one in default.split(",")] if len(each) > 1 and default else [default] * len(each)
        found |= dict(zip(each, defaults, strict=True))
    return found


@pytest.mark.contract(43)
def test_a_class_has_neither_variables_of_clusterctl_nor_namespaces(clusterctl: Clusterctl) -> None:
    """One class serves every namespace that it is applied to."""
    for file in TEMPLATES.glob("clusterclass-*.yaml"):
        assert clusterctl.said("generate", "yaml", "--from", str(file), "--list-variables").split() == []
        assert re.findall(r"^  namespace:", file.read_text(), re.MULTILINE) == []


def test_the_flavor_of_a_class_brings_the_class(clusterctl: Clusterctl) -> None:
    """Where it is not installed yet, clusterctl takes it from the repository, into the cluster's namespace."""
    documents = clusterctl.generate("topology")
    (found,) = [document for document in documents if document["kind"] == "ClusterClass"]
    assert (found["metadata"]["name"], found["metadata"]["namespace"]) == ("scvmm", "team-a")
