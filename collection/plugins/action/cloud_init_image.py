# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.cloud_init_image``: write a cloud-init medium on the control node, in the task's own process."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.plugins.action import ActionBase

from ..plugin_utils.cidata import FORMS
from ..plugin_utils.cloud_init_medium import (
    FILE_SYSTEM,
    MUTUALLY_EXCLUSIVE,
    OPTIONS,
    digest_of,
    image_of,
    write_image,
)

_OPTIONS: dict[str, dict[str, Any]] = {
    **OPTIONS,
    "device": {"type": "str", "choices": list(FORMS), "default": "dvd"},
    "file_system": FILE_SYSTEM,
}


class ActionModule(ActionBase):
    """Build the image from texts and files; nothing is sent to the host of the task."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Write the image when its bytes differ; see the module's documentation for options and result."""
        super().run(tmp, task_vars)
        _checked, options = self.validate_argument_spec(argument_spec=_OPTIONS, mutually_exclusive=MUTUALLY_EXCLUSIVE)
        image = image_of(options, options["device"], options["file_system"])
        wanted = options["path"]
        current = digest_of(Path(wanted)) if wanted else None
        digest = hashlib.sha256(image).hexdigest()
        # Without a path the image only lives as long as this run of Ansible: nothing that lasts was changed.
        changed = bool(wanted) and current != digest
        extension = FORMS[options["device"]].extension
        path = Path(wanted or self._private_path(digest, extension))
        if changed and self._task.check_mode:
            path = self._private_path(digest, extension)
        if path != Path(wanted or "") or changed:
            write_image(path, image)
        return {"changed": changed, "path": str(path), "sha256": digest, "size": len(image)}

    def _private_path(self, digest: str, extension: str) -> Path:
        """A path in the folder of this run of Ansible, which is 0700 and goes away with it."""
        return Path(str(constants.DEFAULT_LOCAL_TMP)) / f"cloud-init-{digest}{extension}"
