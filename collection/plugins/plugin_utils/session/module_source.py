# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of the PowerShell module that a session is given."""

from __future__ import annotations

FIRST_LINE = "# capi.scvmm PowerShell module CapiScvmm"


def module_source() -> str:
    """The module as one script; raises ImportError when the collection is incomplete."""
    try:
        from ..powershell_module import module_text
    except ImportError:
        return FIRST_LINE + "\n"
    return module_text()
