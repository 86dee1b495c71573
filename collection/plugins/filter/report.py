# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters by which the playbooks tell people what has become of a VM."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.capi.scvmm.plugins.plugin_utils.report import job_trouble, vm_lines


class FilterModule:
    """What Ansible asks for the names of the filters."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name → function."""
        return {"job_trouble": job_trouble, "vm_lines": vm_lines}
