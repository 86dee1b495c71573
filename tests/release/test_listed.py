# SPDX-License-Identifier: Apache-2.0
"""Whoever reads the collection's README finds everything that the collection offers, and nothing that it does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from .collection_tarball import REPOSITORY

PLUGINS = REPOSITORY / "collection" / "plugins"
README = (REPOSITORY / "collection" / "README.md").read_text()
ROWS = [line for line in README.splitlines() if line.startswith("| ") and "capi.scvmm." in line]


def _documented(folder: str) -> set[str]:
    return {path.stem for path in (PLUGINS / folder).glob("*.yml")}


def _python(folder: str) -> set[str]:
    return {path.stem for path in (PLUGINS / folder).glob("*.py") if path.stem != "__init__"}


def _offered() -> dict[str, set[str]]:
    """Names by the word that stands before them in the README."""
    return {
        "": _documented("modules"),
        "connection": _python("connection"),
        "inventory": _python("inventory"),
        "filters": _documented("filter"),
        "playbook": {path.stem for path in (REPOSITORY / "playbooks").glob("*.yml")},
        "role": {path.parent.parent.name for path in (REPOSITORY / "roles").glob("*/meta/argument_specs.yml")},
    }


@pytest.mark.parametrize("kind", ["", "connection", "inventory", "filters", "playbook", "role"])
def test_everything_has_its_line(kind: str) -> None:
    """Modules, plugins, playbooks and roles: each once, each with a few words."""
    listed: list[str] = []
    for row in ROWS:
        name, words = (cell.strip() for cell in row.strip("|").split(" | "))
        if name.partition("`")[0].strip() == kind:
            listed += re.findall(r"`capi\.scvmm\.(\w+)`", name)
            assert len(words) > 10, row
    assert sorted(listed) == sorted(_offered()[kind])


def test_all_modules_that_ask_vmm_share_their_defaults() -> None:
    """module_defaults for the group capi.scvmm.scvmm reach each of them."""
    group = yaml.safe_load((REPOSITORY / "collection" / "meta" / "runtime.yml").read_text())["action_groups"]["scvmm"]
    asking = {
        name for name in _documented("modules") if "capi.scvmm.operation" in _fragments(PLUGINS / "modules" / name)
    }
    assert "vm" in asking and sorted(group) == sorted(asking)


def _fragments(module: Path) -> list[str]:
    document = yaml.safe_load(module.with_suffix(".yml").read_text())["DOCUMENTATION"]
    found: list[str] = document.get("extends_documentation_fragment", [])
    return found


def test_each_document_is_reached_from_the_front_door() -> None:
    """Every page in docs/ is linked from the README, CONTRIBUTING or another page."""
    pages = [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *(REPOSITORY / "docs").glob("*.md")]
    for page in (REPOSITORY / "docs").glob("*.md"):
        links = [
            other
            for other in pages
            if other != page and re.search(rf"\]\([^)]*{re.escape(page.name)}", other.read_text())
        ]
        assert links, f"no page links to docs/{page.name}"
