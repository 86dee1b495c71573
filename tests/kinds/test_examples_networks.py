# SPDX-License-Identifier: Apache-2.0
"""The examples of docs/networks.md are taken by the API server, and the page shows each of them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kinds.manifests import FOLDER, Kubectl

ROOT = FOLDER.parents[1]
EXAMPLES = sorted((ROOT / "examples" / "networks").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_accepted_and_shown(path: Path, kubectl: Kubectl) -> None:
    """With every field, by a server that refuses unknown ones."""
    for document in yaml.safe_load_all(path.read_text("utf-8")):
        answer = kubectl.apply(document, "--dry-run=server")
        assert answer.code == 0, answer.error
    assert f"(../examples/networks/{path.name})" in (ROOT / "docs" / "networks.md").read_text("utf-8")
