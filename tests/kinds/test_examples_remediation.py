# SPDX-License-Identifier: Apache-2.0
"""The example of docs/remediation.md is taken by the API server."""

from __future__ import annotations

from pathlib import Path

import yaml
from capi_scvmm.kinds import ScvmmRemediationTemplate

from kinds.manifests import Kubectl

ROOT = Path(__file__).parents[2]
FILE = ROOT / "examples" / "remediation" / "power-cycle.yaml"


def test_the_example_is_accepted(kubectl: Kubectl) -> None:
    """As it stands in the file, the health check too; the page names it."""
    documents = list(yaml.safe_load_all(FILE.read_text(encoding="utf-8")))
    for document in documents:
        assert kubectl.apply(document, "--dry-run=server").code == 0
    strategy = ScvmmRemediationTemplate.model_validate(documents[0]).spec.template.spec.strategy
    assert (strategy.type, strategy.retry_limit, strategy.timeout) == ("PowerCycle", 2, 600)
    assert "examples/remediation/power-cycle.yaml" in (ROOT / "docs" / "remediation.md").read_text(encoding="utf-8")
