# SPDX-License-Identifier: GPL-3.0-or-later
"""What a session needs besides Ansible. Without it all can be imported, and the broker says what to install."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from .failures import LibraryMissing

# pypsrp brings the other two along.
NEEDED = {"pypsrp": "pypsrp", "requests": "requests", "spnego": "pyspnego"}


def check() -> None:
    """Raise LibraryMissing when a library is not there; nothing is loaded for this."""
    lacking = [package for module, package in NEEDED.items() if find_spec(module) is None]
    if lacking:
        raise LibraryMissing(
            f"the Python library {lacking[0]} is missing: install it for {sys.executable} "
            f"(python -m pip install {' '.join(lacking)})"
        )
