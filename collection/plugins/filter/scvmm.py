# SPDX-License-Identifier: GPL-3.0-or-later
"""All filters of the collection, in one file: Ansible looks through every file for every filter of every task."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.capi.scvmm.plugins.plugin_utils import (
    meta_data,
    network_config,
    playbook_input,
    report,
    user_data,
)

_REFUSALS = (
    meta_data.MetaDataError,
    network_config.NetworkConfigError,
    playbook_input.InputError,
    user_data.UserDataError,
)


def _told(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function with Ansible's own kind of error."""

    @functools.wraps(function)
    def told(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except _REFUSALS as error:
            raise AnsibleFilterError(str(error)) from None

    return told


class FilterModule:
    """What Ansible asks for the names of the filters."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name → function."""
        return {
            "host_pattern": _told(playbook_input.host_pattern),
            "job_done": report.job_done,
            "job_trouble": report.job_trouble,
            "medium_options": _told(playbook_input.medium_options),
            "meta_data": _told(meta_data.meta_data),
            "network_config_v2": _told(network_config.network_config_v2),
            "running_job": report.running_job,
            "seconds": _told(playbook_input.seconds),
            "user_data": _told(user_data.user_data),
            "vm_called": _told(playbook_input.vm_called),
            "vm_identity": _told(playbook_input.vm_identity),
            "vm_lines": report.vm_lines,
            "vm_options": _told(playbook_input.vm_options),
        }
