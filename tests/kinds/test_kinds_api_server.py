# SPDX-License-Identifier: Apache-2.0
"""What a real API server makes of the CRDs: good manifests pass, bad ones are refused with field and remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from capi_scvmm.kinds import KINDS, ScvmmProvider, later_fields
from capi_scvmm.medium import DRIVES

from kinds.manifests import LEAST, Document, Kubectl, bad, good, manifest

MODELS = {kind.name: kind.model for kind in KINDS}


def plain(value: Any) -> Any:
    """Without absent and empty parts, which mean the same in a manifest, and numbers as text, as a Quantity may be."""
    if isinstance(value, dict):
        parts = {key: plain(part) for key, part in value.items()}
        return {key: part for key, part in parts.items() if part not in ("", [], {})}
    return [plain(part) for part in value] if isinstance(value, list) else str(value)


@pytest.mark.parametrize("document", good(), ids=lambda document: f"{document['kind']}-{document['metadata']['name']}")
@pytest.mark.contract(1)
def test_good_manifest_is_accepted_with_every_field(kubectl: Kubectl, document: Document) -> None:
    """What is written for the Go provider or for ours is taken as it is, and no field of it is lost."""
    stored = kubectl.apply(document, "--dry-run=server").document
    kept = stored["spec"]
    for key, value in document.get("spec", {}).items():
        assert contains(kept[key], value), f"{key} was changed to {kept[key]}"


EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "media").glob("provider-*.yaml"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_examples_of_media_are_accepted(kubectl: Kubectl, example: Path) -> None:
    """A provider for each combination of drive and file system that there is, and nothing of it comes later."""
    document = yaml.safe_load(example.read_text(encoding="utf-8"))
    assert contains(kubectl.apply(document, "--dry-run=server").document["spec"], document["spec"])
    assert later_fields(ScvmmProvider.model_validate(document)) == []


def test_there_is_an_example_for_each_drive() -> None:
    """None is forgotten."""
    wanted = [yaml.safe_load(path.read_text(encoding="utf-8"))["spec"]["cloudInit"] for path in EXAMPLES]
    assert {form["deviceType"] for form in wanted} == set(DRIVES)


def contains(stored: Any, sent: Any) -> bool:
    """Whether *stored* has all that was *sent*, and maybe defaults."""
    if isinstance(sent, dict):
        return all(key in stored and contains(stored[key], value) for key, value in sent.items())
    if isinstance(sent, list):
        return len(stored) == len(sent) and all(map(contains, stored, sent))
    return bool(stored == sent)


@pytest.mark.parametrize("entry", bad(), ids=lambda entry: entry["name"].replace(" ", "-"))
def test_bad_manifest_is_refused_with_field_and_remedy(kubectl: Kubectl, entry: Document) -> None:
    """A wrong value ends in one message that names the field and says what to write."""
    answer = kubectl.apply(manifest(entry["kind"], entry["spec"]), "--dry-run=server")
    assert answer.code != 0, f"accepted: {answer.out}"
    missing = [word for word in entry["says"] if word not in answer.error]
    assert not missing, f"{missing} missing in: {answer.error}"


def test_there_are_bad_manifests_enough() -> None:
    """The table covers every kind, and is not emptied by mistake."""
    assert len(bad()) >= 30
    assert {entry["kind"] for entry in bad()} == set(MODELS)


@pytest.mark.parametrize(
    "document",
    [*good(), *(manifest(kind, name="least") for kind in LEAST)],
    ids=lambda document: f"{document['kind']}-{document['metadata']['name']}",
)
def test_server_and_models_have_the_same_defaults(kubectl: Kubectl, document: Document) -> None:
    """What the server adds to a manifest is exactly what the Python types add."""
    model = MODELS[document["kind"]]
    stored = kubectl.apply(document, "--dry-run=server").document
    ours = model.model_validate(document).to_dict()
    assert plain(stored["spec"]) == plain(ours["spec"])
    assert model.model_validate(stored).to_dict()["spec"] == ours["spec"]


def schemas(kubectl: Kubectl) -> Document:
    """What the server publishes about our group, which `kubectl explain` reads."""
    published = kubectl("get", "--raw", "/openapi/v3/apis/infrastructure.cluster.x-k8s.io/v1alpha1").document
    prefix = "io.x-k8s.cluster.infrastructure.v1alpha1."
    return {name: published["components"]["schemas"][prefix + name] for name in MODELS}


def undescribed(schema: Document, path: str) -> list[str]:
    """Paths of fields without a sentence."""
    found = [] if len(schema.get("description", "").split()) >= 2 else [path]
    for name, part in schema.get("properties", {}).items():
        found += undescribed(part, f"{path}.{name}")
    for inner in (schema.get("items"), schema.get("additionalProperties")):
        if isinstance(inner, dict):
            found += [
                each
                for name, part in inner.get("properties", {}).items()
                for each in undescribed(part, f"{path}[].{name}")
            ]
    return found


@pytest.mark.contract(29)
def test_every_field_is_described(kubectl: Kubectl) -> None:
    """`kubectl explain` is documentation: it has a sentence about every field of every kind."""
    missing = [
        path
        for name, schema in schemas(kubectl).items()
        for part in ("spec", "status")
        for path in undescribed(schema["properties"][part], f"{name}.{part}")
    ]
    assert missing == []


def test_explain_tells_unit_and_default(kubectl: Kubectl) -> None:
    """A person who asks what a field means is told."""
    timeout = explained(kubectl, "scvmmm.spec.guestShutdownTimeout")
    assert "in seconds" in timeout and "Default: 120." in timeout
    seconds = explained(kubectl, "scvmmp.spec.keepAliveSeconds")
    assert "takes effect in a later release" in seconds


def explained(kubectl: Kubectl, path: str) -> str:
    """What `kubectl explain` says, on one line."""
    return " ".join(kubectl("explain", path).out.split())


STATUS = {
    "vmStatus": "Running",
    "hostname": "web-1.example.com",
    "creationTime": "2026-11-23T10:00:00Z",
    "addresses": [{"type": "Hostname", "address": "web-1"}, {"type": "InternalIP", "address": "10.0.0.5"}],
    "conditions": [
        {"type": "Ready", "status": "True", "reason": "Provisioned", "lastTransitionTime": "2026-11-23T10:00:00Z"}
    ],
}


@pytest.mark.contract(4)
def test_columns_of_a_machine(kubectl: Kubectl, name: str) -> None:
    """`kubectl get` shows at one glance what a machine is, has and lacks."""
    document = manifest("ScvmmMachine", {"providerID": "scvmm://3f2504e0-4f89-11d3-9a0c-0305e82c3301"}, name)
    document["metadata"]["labels"] = {"cluster.x-k8s.io/cluster-name": "prod"}
    assert kubectl.apply(document).code == 0
    assert kubectl.patch_status("scvmmm", name, STATUS).code == 0
    header, row = kubectl("get", "scvmmm", name, "-o", "wide").out.splitlines()
    assert header.split() == ["NAME", "CLUSTER", "READY", "REASON", "STATUS", "HOST", "IP", "ID", "AGE"]
    assert row.split()[:-1] == [
        name,
        "prod",
        "True",
        "Provisioned",
        "Running",
        "web-1.example.com",
        "10.0.0.5",
        "scvmm://3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    ]


@pytest.mark.contract(4)
def test_all_kinds_are_in_the_category(kubectl: Kubectl) -> None:
    """`kubectl get cluster-api` finds each of our kinds."""
    listed = kubectl("api-resources", "--categories=cluster-api", "-o", "name").out.split()
    assert {f"{kind.plural}.infrastructure.cluster.x-k8s.io" for kind in KINDS} <= set(listed)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.short_name)
@pytest.mark.contract(2)
def test_crd_carries_the_contract_labels(kubectl: Kubectl, kind: Any) -> None:
    """Contract 2: Cluster API finds our version by the label; and each kind has its short name."""
    stored = kubectl("get", "crd", f"{kind.plural}.infrastructure.cluster.x-k8s.io", "-o", "json").document
    labels = stored["metadata"]["labels"]
    assert labels["cluster.x-k8s.io/v1beta2"] == labels["cluster.x-k8s.io/v1beta1"] == "v1alpha1"
    assert kubectl("get", kind.short_name).code == 0
