# SPDX-License-Identifier: Apache-2.0
"""Ansible's own sanity tests find nothing in the collection, and nothing is excused from them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from .collection_tarball import REPOSITORY, stage
from .sanity import check, findings, home_folder, left_out

# These need no libraries, so they run wherever ansible-core is.
EVERYWHERE = {"compile", "empty-init", "line-endings", "no-assert", "no-illegal-filenames", "shebang", "symlinks"}


@pytest.mark.timeout(900)
def test_sanity_tests_find_nothing() -> None:
    """Documentation, imports, style, metadata: what ansible-test says of a collection before others may use it."""
    report = check()
    assert set(report.run) >= EVERYWHERE
    assert report.findings == ()


@pytest.mark.timeout(900)
def test_every_sanity_test_runs_here() -> None:
    """Those that cannot are named with the reason, in one line."""
    reasons = left_out()
    if reasons:
        pytest.skip("; ".join(f"ansible-test sanity {name}: {reason}" for name, reason in reasons.items()))


def test_a_planted_fault_is_found(tmp_path: Path) -> None:
    """The tests look at the copy, and what they say comes back."""
    root = stage(tmp_path)
    (root / "plugins" / "plugin_utils" / "planted.py").write_text("assert True\n")
    (found,) = findings(root, home_folder(), ["no-assert"])
    assert found.startswith("plugins/plugin_utils/planted.py:1:1:")


def test_nothing_is_excused() -> None:
    """No ignore file, and no comment in the collection's code that tells pylint to look away."""
    listed = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout
    names = listed.splitlines()
    assert [name for name in names if "sanity/ignore" in name] == []
    ours = [REPOSITORY / name for name in names if name.startswith("collection/") and name.endswith(".py")]
    assert len(ours) > 30
    assert [str(path) for path in ours if path.exists() and "pylint:" in path.read_text()] == []
