# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the broker from this file's path alone.

The collection may have been found by Ansible's own loader, so there is no import path to hand on; the package is set
up here under a name of its own instead.
"""

from __future__ import annotations

import importlib
import sys
import types
from pathlib import Path

_PACKAGE = "capi_scvmm_plugin_utils"


def run() -> None:
    """Import the broker as part of a stand-alone package and run it."""
    here = Path(__file__).absolute().parent
    # Python puts this folder first on its path, where our module names would hide others.
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").absolute() != here]
    package = types.ModuleType(_PACKAGE)
    package.__path__ = [str(here.parent)]
    sys.modules[_PACKAGE] = package
    importlib.import_module(f"{_PACKAGE}.session.broker").main_guarded()


if __name__ == "__main__":
    run()
