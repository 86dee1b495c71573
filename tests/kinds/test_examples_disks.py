# SPDX-License-Identifier: Apache-2.0
"""The examples of docs/persistent-disks.md are taken by the API server."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kinds.manifests import Kubectl

FOLDER = Path(__file__).parents[2] / "examples" / "disks"


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.yaml")))
def test_the_example_is_accepted(kubectl: Kubectl, name: str) -> None:
    """As it stands in the file; and the page names it."""
    assert kubectl.apply(yaml.safe_load((FOLDER / f"{name}.yaml").read_text()), "--dry-run=server").code == 0
    page = (FOLDER.parents[1] / "docs" / "persistent-disks.md").read_text()
    assert f"examples/disks/{name}.yaml" in page
