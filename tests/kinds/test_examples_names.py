# SPDX-License-Identifier: Apache-2.0
"""The examples of docs/names.md are taken by the API server and mean what they say."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from capi_scvmm.kinds import ScvmmMachine, ScvmmNamePool, render_hostname

from kinds.manifests import Document, Kubectl

FOLDER = Path(__file__).parents[2] / "examples" / "names"


def example(name: str) -> Document:
    """One of the files."""
    document: Document = yaml.safe_load((FOLDER / f"{name}.yaml").read_text())
    return document


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.yaml")))
def test_the_example_is_accepted(kubectl: Kubectl, name: str) -> None:
    """As it stands in the file; and the page names it."""
    assert kubectl.apply(example(name), "--dry-run=server").code == 0
    assert f"examples/names/{name}.yaml" in (FOLDER.parents[1] / "docs" / "names.md").read_text()


def test_the_names_are_those_that_the_examples_promise() -> None:
    """The pool's ranges, and the host name made of VM name and label."""
    pool = ScvmmNamePool.model_validate(example("pool"))
    assert [(one.name(0), one.name(one.size - 1)) for one in pool.usable_ranges] == [
        ("web-001-prod", "web-050-prod"),
        ("lx00AA", "lx09ZZ"),
        ("spare", "spare"),
    ]
    assert render_hostname(ScvmmMachine.model_validate(example("hostname"))) == "web-1.north.example.com"
    machine = ScvmmMachine.model_validate(
        {"metadata": {"name": "m"}, "spec": example("machine-from-pool")["spec"]["template"]["spec"]}
    )
    assert render_hostname(machine.named("lx00AA")) == "lx00aa.example.com"
