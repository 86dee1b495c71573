# SPDX-License-Identifier: Apache-2.0
"""A control node without our Python libraries says what to install, and says it in one line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from .surroundings import LINK

PLUGIN_UTILS = LINK / "plugins" / "plugin_utils"


def _bare_python(*arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """Run Python without any installed library."""
    return subprocess.run(
        [sys.executable, "-S", *arguments],
        input=said, capture_output=True, text=True, timeout=60, env={"PYTHONPATH": ""},
    )  # fmt: skip


def test_a_broker_without_pypsrp_says_so(runtime_dir: Path, options: dict[str, Any]) -> None:
    """Nothing listens; the message names library, Python and command; the password is not in it."""
    start = json.dumps({"options": options, "folder": str(runtime_dir), "key": "k"})
    ended = _bare_python(str(PLUGIN_UTILS / "session" / "launch.py"), said=start)
    told = json.loads(ended.stdout)
    assert (told["ready"], told["id"], ended.returncode) == (False, "CapiScvmm.LibraryMissing", 1)
    assert f"pypsrp is missing: install it for {sys.executable}" in told["message"]
    assert "pip install pypsrp requests pyspnego" in told["message"]
    assert options["password"] not in ended.stdout + ended.stderr and list(runtime_dir.glob("*.sock")) == []


def test_an_image_without_pycdlib_says_so() -> None:
    """The module's file loads; only building fails."""
    build = (
        f"import sys; sys.path.insert(0, {str(PLUGIN_UTILS.parent)!r}); from plugin_utils import cidata\n"
        "try:\n    cidata.build_image({'meta-data': b'', 'user-data': b''})\n"
        "except cidata.CidataError as error:\n    print(error)\n"
    )
    ended = _bare_python("-c", build)
    assert "the Python library pycdlib is missing" in ended.stdout and ended.stderr == ""
