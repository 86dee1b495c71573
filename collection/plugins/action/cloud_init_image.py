# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.cloud_init_image``: write a cloud-init medium on the control node, in the task's own process."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ..plugin_utils.cidata import LABEL, CidataError, build_image

_OPTIONS: dict[str, dict[str, Any]] = {
    "path": {"type": "path"},
    "meta_data": {"type": "str", "required": True, "no_log": True},
    "network_config": {"type": "str", "no_log": True},
    "user_data": {"type": "str", "no_log": True},
    "user_data_file": {"type": "path"},
    "label": {"type": "str", "default": LABEL},
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
        _checked, options = self.validate_argument_spec(
            argument_spec=_OPTIONS, mutually_exclusive=[("user_data", "user_data_file")]
        )
        image = _image(options)
        wanted = options["path"]
        current = _digest_of(Path(wanted)) if wanted else None
        digest = hashlib.sha256(image).hexdigest()
        # Without a path the image only lives as long as this run of Ansible: nothing that lasts was changed.
        changed = bool(wanted) and current != digest
        path = Path(wanted or self._private_path(digest))
        if changed and self._task.check_mode:
            path = self._private_path(digest)
        if path != Path(wanted or "") or changed:
            _write(path, image)
        return {"changed": changed, "path": str(path), "sha256": digest, "size": len(image)}

    def _private_path(self, digest: str) -> Path:
        """A path in the folder of this run of Ansible, which is 0700 and goes away with it."""
        return Path(str(constants.DEFAULT_LOCAL_TMP)) / f"cloud-init-{digest}.iso"


def _image(options: dict[str, Any]) -> bytes:
    """Build the image in memory, or fail with the reason."""
    files = {"meta-data": options["meta_data"].encode(), "user-data": _user_data(options)}
    if options["network_config"] is not None:
        files["network-config"] = options["network_config"].encode()
    try:
        return build_image(files, options["label"])
    except CidataError as error:
        raise AnsibleActionFail(f"cloud-init medium not built: {error}.") from None


def _user_data(options: dict[str, Any]) -> bytes:
    """The user-data: the file's bytes as they are, or the text."""
    source = options["user_data_file"]
    if source is None:
        return (options["user_data"] or "").encode()
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise AnsibleActionFail(
            f"cloud-init medium not built: user_data_file {source!r} cannot be read ({error.strerror}). "
            "Give the path of a readable file on the control node."
        ) from None


def _digest_of(path: Path) -> str | None:
    """SHA-256 of what is at *path* now, None when there is nothing that we could read and keep private."""
    try:
        if path.stat().st_mode & 0o077:
            return None
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _write(path: Path, image: bytes) -> None:
    """Put *image* at *path*, whole or not at all, readable by nobody else at any time."""
    part = None
    try:
        handle, part = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mkstemp makes it 0600
        with os.fdopen(handle, "wb") as file:
            file.write(image)
        Path(part).replace(path)
    except OSError as error:
        if part is not None:
            Path(part).unlink(missing_ok=True)
        raise AnsibleActionFail(
            f"cloud-init medium not written to {str(path)!r}: {error.strerror}. "
            "Give a path in an existing folder on the control node that this user may write to."
        ) from None
