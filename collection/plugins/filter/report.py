# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters by which the playbooks follow jobs, and tell people what has become of a VM."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.capi.scvmm.plugins.plugin_utils.report import job_done, job_trouble, running_job, vm_lines


class FilterModule:
    """What Ansible asks for the names of the filters."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name → function."""
        return {"job_done": job_done, "job_trouble": job_trouble, "running_job": running_job, "vm_lines": vm_lines}
