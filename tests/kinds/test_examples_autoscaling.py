# SPDX-License-Identifier: Apache-2.0
"""The example of docs/autoscaling.md is taken by the API server, and the page names each of its annotations."""

from __future__ import annotations

from pathlib import Path

import yaml
from capi_scvmm.capacity import offer
from capi_scvmm.kinds import ScvmmMachineTemplate

from kinds.manifests import Document, Kubectl

ROOT = Path(__file__).parents[2]
FILE = ROOT / "examples" / "autoscaling" / "machine-deployment.yaml"


def documents() -> list[Document]:
    """The MachineDeployment and its template."""
    return list(yaml.safe_load_all(FILE.read_text(encoding="utf-8")))


def test_the_example_is_accepted(kubectl: Kubectl) -> None:
    """As it stands in the file."""
    for document in documents():
        document["metadata"].pop("namespace", None)
        assert kubectl.apply(document, "--dry-run=server").code == 0


def test_the_page_tells_of_the_example_and_of_its_annotations() -> None:
    """By their whole names, or by what follows a slash or dots."""
    page = (ROOT / "docs" / "autoscaling.md").read_text(encoding="utf-8")
    deployment, template = documents()
    assert "examples/autoscaling/machine-deployment.yaml" in page
    for annotation in deployment["metadata"]["annotations"]:
        assert annotation in page or f"…-{annotation.rpartition('-group-')[2]}" in page
    spec = ScvmmMachineTemplate.model_validate(template).spec.template.spec
    assert offer(spec, None, None).capacity == {"ephemeral-storage": "40960Mi"}
