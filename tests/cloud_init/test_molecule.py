# SPDX-License-Identifier: Apache-2.0
"""The role's molecule scenario: converge, nothing changes the second time, the medium reads back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import tools

from cloud_init.built import ROOT


def test_scenario_converges_and_is_idempotent(tmp_path: Path) -> None:
    """`molecule test` ends well; its home is a folder of this test, so nothing is left in the user's."""
    if tools.iso_reader() is None:
        pytest.skip("no reader of ISO images here: run `make tools`")
    programs = Path(sys.executable).parent
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "build"),
        "ANSIBLE_HOME": str(tmp_path / "ansible"),
        "MOLECULE_EPHEMERAL_DIRECTORY": str(tmp_path / "molecule"),
        "MOLECULE_GLOB": "tests/molecule/*/molecule.yml",
    }
    ended = subprocess.run(
        [programs / "molecule", "test", "--scenario-name", "cloud_init"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "idempotence" in ended.stdout + ended.stderr
