# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters by which the playbooks read the variables that people set."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.capi.scvmm.plugins.plugin_utils import playbook_input


def _told(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function with Ansible's own kind of error."""

    @functools.wraps(function)
    def told(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except playbook_input.InputError as error:
            raise AnsibleFilterError(str(error)) from None

    return told


class FilterModule:
    """What Ansible asks for the names of the filters."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name → function."""
        return {
            "medium_options": _told(playbook_input.medium_options),
            "seconds": _told(playbook_input.seconds),
            "vm_called": _told(playbook_input.vm_called),
            "vm_identity": _told(playbook_input.vm_identity),
            "vm_options": _told(playbook_input.vm_options),
        }
