# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation of all modules that set an exec host up has in common."""

from __future__ import annotations


class ModuleDocFragment:
    """Options and notes of operations on an exec host."""

    DOCUMENTATION = r"""
options:
  timeout:
    description: Not used; the time-outs of the connection count.
    type: float
notes:
  - Goes as data to the standard input of a PowerShell process; no text of a task becomes part of a script.
author:
  - capi.scvmm contributors (@capi-scvmm)
"""
