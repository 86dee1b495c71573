# SPDX-License-Identifier: Apache-2.0
"""What `make release` writes: clusterctl's rules for a provider, least privilege, and that an API server takes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from capi_scvmm.cli import parser
from capi_scvmm.kinds import crds
from lightkube import ApiError, Client
from lightkube.models.authorization_v1 import ResourceAttributes, SubjectAccessReviewSpec
from lightkube.resources.authorization_v1 import SubjectAccessReview
from lightkube.resources.core_v1 import Pod
from plane import ManagementPlane

from .clusterctl_release import (
    COMPONENTS,
    LABEL,
    PROVIDER,
    REPOSITORY,
    TEMPLATES,
    components,
    default_image,
    version,
    write,
)

NAMESPACE = "capi-scvmm-system"
ACCOUNT = f"system:serviceaccount:{NAMESPACE}:capi-scvmm"
RULE_ROW = re.compile(r"^\| (?P<resources>[^|]*`[^|]*) \| (?P<verbs>[a-z, ]+)(?P<where>[^|]*) \|")


@cache
def every() -> tuple[dict[str, Any], ...]:
    """All components; reading the kinds takes a while."""
    return tuple(components())


def of_kind(kind: str) -> list[dict[str, Any]]:
    """The components of a kind."""
    return [document for document in every() if document["kind"] == kind]


def deployment() -> dict[str, Any]:
    """The one Deployment."""
    (found,) = of_kind("Deployment")
    return found


def manager() -> dict[str, Any]:
    """Its one container."""
    (container,) = deployment()["spec"]["template"]["spec"]["containers"]
    return dict(container)


# --- clusterctl (contract 2, 3, 5, 40, 41)


@pytest.mark.contract(40)
def test_there_is_one_namespace_and_all_that_has_one_is_in_it() -> None:
    """Contract 40: clusterctl moves everything by the name of that Namespace."""
    (namespace,) = of_kind("Namespace")
    assert namespace["metadata"]["name"] == NAMESPACE
    namespaced = {document["metadata"].get("namespace") for document in every()} - {None}
    assert namespaced == {NAMESPACE}
    for kind in ("ServiceAccount", "Role", "RoleBinding", "Deployment"):
        assert all(document["metadata"].get("namespace") == NAMESPACE for document in of_kind(kind))


@pytest.mark.contract(40)
def test_the_container_is_called_manager() -> None:
    """Contract 40: clusterctl finds the image by that name, for its image overrides."""
    assert manager()["name"] == "manager"


@pytest.mark.contract(41)
def test_all_components_carry_the_label_of_the_provider() -> None:
    """Contract 41: clusterctl finds and deletes by it; the Deployment selects pods by it."""
    assert {document["metadata"]["labels"].get(LABEL) for document in every()} == {PROVIDER}
    template = deployment()["spec"]["template"]["metadata"]["labels"]
    assert deployment()["spec"]["selector"]["matchLabels"].items() <= template.items()


@pytest.mark.contract(2, 3)
def test_the_labels_of_the_kinds_agree_with_the_metadata(tmp_path: Path) -> None:
    """Contract 2, 3: metadata.yaml names the series of this version, and its contract is one that each CRD speaks."""
    metadata = yaml.safe_load((write(tmp_path) / "metadata.yaml").read_text())
    assert (metadata["apiVersion"], metadata["kind"]) == ("clusterctl.cluster.x-k8s.io/v1alpha3", "Metadata")
    major, minor = (int(part) for part in version()[1:].split(".")[:2])
    (series,) = [s for s in metadata["releaseSeries"] if (s["major"], s["minor"]) == (major, minor)]
    for crd in of_kind("CustomResourceDefinition"):
        served = {each["name"] for each in crd["spec"]["versions"] if each["served"]}
        assert crd["metadata"]["labels"][f"cluster.x-k8s.io/{series['contract']}"] in served


def test_all_kinds_and_their_policies_are_there() -> None:
    """What the controller's own command prints, and each file beside the generated ones."""
    names = {crd["metadata"]["name"] for crd in of_kind("CustomResourceDefinition")}
    assert names == {crd["metadata"]["name"] for crd in crds()}
    policies = {policy["metadata"]["name"] for policy in of_kind("ValidatingAdmissionPolicy")}
    assert policies
    assert policies == {bound["spec"]["policyName"] for bound in of_kind("ValidatingAdmissionPolicyBinding")}


@pytest.mark.contract(5)
def test_cluster_api_may_handle_the_kinds_that_it_makes() -> None:
    """Contract 5: a role that joins that of Cluster API's manager."""
    (role,) = [
        role
        for role in of_kind("ClusterRole")
        if role["metadata"]["labels"].get("cluster.x-k8s.io/aggregate-to-manager") == "true"
    ]
    allowed = {name for rule in role["rules"] for name in rule["resources"]}
    assert {"scvmmclusters", "scvmmclustertemplates", "scvmmmachines", "scvmmmachinetemplates"} <= allowed


@pytest.mark.contract(40)
def test_the_folder_has_all_that_clusterctl_reads(tmp_path: Path) -> None:
    """Metadata, components and every template, below the provider's label and the version."""
    folder = write(tmp_path, "registry.example.com/capi-scvmm:v9")
    assert folder.relative_to(tmp_path) == Path(PROVIDER) / version()
    found = {path.name for path in folder.iterdir()}
    assert found == {"metadata.yaml", COMPONENTS} | {path.name for path in TEMPLATES.glob("*.yaml")}
    written = list(yaml.safe_load_all((folder / COMPONENTS).read_text()))
    assert written == components("registry.example.com/capi-scvmm:v9")
    assert "registry.example.com/capi-scvmm:v9" in (folder / COMPONENTS).read_text()


def test_versions_agree() -> None:
    """Wheel, collection and components are of one version, and the image is tagged with it."""
    galaxy = yaml.safe_load((REPOSITORY / "galaxy.yml").read_text())
    assert version() == f"v{galaxy['version']}"
    assert manager()["image"] == default_image()
    assert default_image().endswith(f":{version()}")


# --- least privilege


def test_the_pod_has_no_privilege_at_all() -> None:
    """No root, no writable root, no capability, the runtime's seccomp profile; what it writes stays in memory."""
    pod = deployment()["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert manager()["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "privileged": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert all(set(volume) == {"name", "emptyDir"} for volume in pod["volumes"])
    assert all(volume["emptyDir"]["medium"] == "Memory" for volume in pod["volumes"])
    assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod)


def test_the_arguments_are_those_of_the_command() -> None:
    """And the probes ask where it answers."""
    arguments = parser().parse_args(manager()["args"])
    assert arguments.command == "run"
    assert arguments.leader_elect
    (port,) = manager()["ports"]
    assert port["containerPort"] == arguments.health_port
    probes = {manager()[probe]["httpGet"]["path"]: manager()[probe]["httpGet"]["port"] for probe in
              ("livenessProbe", "readinessProbe")}  # fmt: skip
    assert probes == {"/healthz": port["name"], "/readyz": port["name"]}


def test_each_right_is_explained_and_none_is_explained_that_is_not_given() -> None:
    """docs/security.md has a row for each rule of the controller's own roles."""
    given = {
        (resource, verb)
        for role in (*of_kind("ClusterRole"), *of_kind("Role"))
        if "cluster.x-k8s.io/aggregate-to-manager" not in role["metadata"]["labels"]
        for rule in role["rules"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
    assert given == set(_explained())
    assert not any("*" in pair for pair in given)


def _explained() -> Iterator[tuple[str, str]]:
    text = (REPOSITORY / "docs/security.md").read_text()
    section = text[text.index("### Kubernetes") : text.index("## The threat model")]
    for line in section.splitlines():
        row = RULE_ROW.match(line)
        for resource in re.findall(r"`([a-z]+(?:/[a-z]+)?)`", row["resources"]) if row else ():
            assert row is not None
            yield from ((resource, verb) for verb in re.split(r", ?", row["verbs"].strip().rstrip(",")) if verb)


# --- a real API server


@pytest.fixture(scope="module")
def applied(own_plane: ManagementPlane) -> Iterator[Client]:
    """An administrator's client of an API server to which all components were applied."""
    own_plane.apply(every())
    with own_plane.client() as client:
        yield client


def test_an_api_server_takes_every_line(applied: Client) -> None:
    """Server-side apply, twice; what it stored is what was sent, unknown fields would have been dropped."""
    for document in every():
        if document["kind"] in ("CustomResourceDefinition", "ServiceAccount", "Namespace"):
            continue
        stored = _stored(applied, document)
        assert _within(document.get("spec"), stored.get("spec")), document["metadata"]["name"]
        assert _within(document.get("rules"), stored.get("rules")), document["metadata"]["name"]


def test_pods_of_the_deployment_pass_the_strictest_pod_security(applied: Client) -> None:
    """The namespace enforces it; a pod with one privilege more is refused there."""
    template = deployment()["spec"]["template"]

    def pod(**changes: Any) -> Pod:
        spec = {**template["spec"], "serviceAccountName": None, "automountServiceAccountToken": False, **changes}
        return Pod.from_dict({"metadata": {"name": "trial", "labels": template["metadata"]["labels"]}, "spec": spec})

    def dry_run(made: Pod) -> None:
        applied.create(made, namespace=NAMESPACE, dry_run=True)

    dry_run(pod())
    with pytest.raises(ApiError, match="violates PodSecurity"):
        dry_run(pod(securityContext={**template["spec"]["securityContext"], "runAsNonRoot": False}))


@pytest.mark.parametrize(
    ("verb", "group", "resource", "namespace", "name", "allowed"),
    [
        ("patch", "infrastructure.cluster.x-k8s.io", "scvmmmachines", "any", "", True),
        ("delete", "infrastructure.cluster.x-k8s.io", "scvmmclusters", "any", "", False),
        ("patch", "infrastructure.cluster.x-k8s.io", "scvmmmachinetemplates", "any", "", False),
        ("get", "", "secrets", "any", "", True),
        ("create", "", "secrets", "any", "", False),
        ("patch", "", "secrets", "any", "", False),
        ("delete", "", "secrets", "any", "", False),
        ("patch", "cluster.x-k8s.io", "machines", "any", "", False),
        ("delete", "cluster.x-k8s.io", "clusters", "any", "", False),
        ("create", "", "pods", "any", "", False),
        ("get", "", "nodes", "", "", False),
        ("patch", "coordination.k8s.io", "leases", NAMESPACE, "capi-scvmm", True),
        ("patch", "coordination.k8s.io", "leases", NAMESPACE, "another", False),
        ("get", "coordination.k8s.io", "leases", "kube-system", "capi-scvmm", False),
        ("update", "rbac.authorization.k8s.io", "clusterroles", "", "", False),
        ("impersonate", "", "users", "", "", False),
    ],
)
def test_the_account_may_do_this_and_not_that(
    applied: Client, verb: str, group: str, resource: str, namespace: str, name: str, allowed: bool
) -> None:
    """Asked of the API server, as the service account of the Deployment."""
    what = ResourceAttributes(verb=verb, group=group, resource=resource, namespace=namespace, name=name)
    groups = ["system:serviceaccounts", f"system:serviceaccounts:{NAMESPACE}", "system:authenticated"]
    review = SubjectAccessReview(
        spec=SubjectAccessReviewSpec(user=ACCOUNT, groups=groups, resourceAttributes=what),
    )
    answer = applied.create(review)
    assert answer.status is not None
    assert bool(answer.status.allowed) is allowed


def _stored(client: Client, document: dict[str, Any]) -> dict[str, Any]:
    from plane.apply import resource_for

    resource = resource_for(client, document)
    namespace = document["metadata"].get("namespace")
    options = {"namespace": namespace} if namespace else {}
    return dict(client.get(resource, document["metadata"]["name"], **options).to_dict())


def _within(sent: Any, stored: Any) -> bool:
    """Whether all that was sent is in what was stored; the server adds defaults."""
    if isinstance(sent, dict):
        return isinstance(stored, dict) and all(_within(value, stored.get(key)) for key, value in sent.items())
    if isinstance(sent, list):
        same_length = isinstance(stored, list) and len(sent) == len(stored)
        return same_length and all(_within(a, b) for a, b in zip(sent, stored, strict=True))
    return bool(sent == stored)
