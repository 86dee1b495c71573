# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.endpoint_module``: the PowerShell module CapiScvmm among an exec host's modules."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from ..plugin_utils.declaration import Declaration, Operation
from ..plugin_utils.endpoint_action import EndpointAction
from ..plugin_utils.powershell_module import installed_files, module_version

_OPTIONS = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "session_configuration": {"type": "str"},
    "role_capability": {"type": "str"},
}
# Options that become files of the module, and where.
_FILES = {"session_configuration": "CapiScvmm.pssc", "role_capability": "RoleCapabilities/CapiScvmm.psrc"}


class ActionModule(EndpointAction):
    """Install the module as it comes with the collection, or remove it."""

    declaration = Declaration(
        options=_OPTIONS,
        operations={
            "present": Operation("endpoint_module", fields=("state", "version", "files")),
            "absent": Operation("endpoint_module", fields=("state",)),
        },
    )

    def prepared(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Add the module's files, each with its hash."""
        if parameters["state"] == "absent":
            return parameters
        files = installed_files()
        for option, path in _FILES.items():
            if parameters[option] is not None:
                files[path] = parameters[option].encode("utf-8")
        return {
            **parameters,
            "version": module_version(),
            "files": [
                {
                    "path": path,
                    "sha256": hashlib.sha256(data).hexdigest(),
                    "content": base64.b64encode(data).decode(),
                }
                for path, data in files.items()
            ],
        }
