# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.vm_media``: media in VMM's library and in the drives of virtual machines."""

from __future__ import annotations

import base64
import binascii
import gzip
import hashlib
import zlib
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleError

from ..plugin_utils.cidata import FORMS, device_of
from ..plugin_utils.cloud_init_medium import FILE_SYSTEM, digest_of, image_of, write_image
from ..plugin_utils.cloud_init_medium import MUTUALLY_EXCLUSIVE as MEDIUM_EXCLUSIVE
from ..plugin_utils.cloud_init_medium import OPTIONS as MEDIUM_OPTIONS
from ..plugin_utils.declaration import BeforeAfter, Declaration, Operation, Parameters, Result, missing
from ..plugin_utils.operation_action import OperationAction, failed
from ..plugin_utils.smb.failures import ShareFailure
from ..plugin_utils.smb.upload import OPTIONS as SMB_OPTIONS
from ..plugin_utils.smb.upload import Upload

_OPTIONS = {
    "state": {"type": "str", "choices": ["present", "attached", "ejected", "absent"], "required": True},
    "id": {"type": "str"},
    "uid": {"type": "str"},
    "file": {"type": "str"},
    "library_path": {"type": "str"},
    "device": {"type": "str", "choices": list(FORMS)},
    "file_system": FILE_SYSTEM,
    "src": {"type": "path"},
    "content": {"type": "str", "no_log": True},
    "sha256": {"type": "str"},
    "upload": {"type": "str", "choices": ["session", "smb"], "default": "session"},
    "smb": {"type": "dict", "options": SMB_OPTIONS},
    "cloud_init": {"type": "dict", "options": MEDIUM_OPTIONS, "mutually_exclusive": MEDIUM_EXCLUSIVE},
}
_UPLOAD = ("file", "library_path", "content", "sha256", "uploaded_size")
_VM = ("id", "uid")


def _added(parameters: Parameters, result: Result) -> BeforeAfter:
    return {}, {"file": parameters["file"]}


def _removed(parameters: Parameters, result: Result) -> BeforeAfter:
    return {"file": parameters.get("file")}, {}


class ActionModule(OperationAction):
    """Upload, attach, eject or remove a medium."""

    declaration = Declaration(
        options=_OPTIONS,
        operations={
            "present": Operation("media_present", fields=_UPLOAD, required=("file",), change=_added),
            "attached": Operation(
                "media_attached", fields=(*_VM, *_UPLOAD, "device"), required=("file",), one_of=_VM, change=_added
            ),
            "ejected": Operation("media_ejected", fields=(*_VM, "file"), one_of=_VM, change=_removed),
            "absent": Operation("media_absent", fields=("file", "library_path"), required=("file",), change=_removed),
        },
        constraints={
            "mutually_exclusive": [("src", "content", "cloud_init")],
            "required_if": [("state", "present", ("content", "src", "cloud_init"), True)],
        },
    )

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Call the operation; what goes by SMB is on the share before, and away again when it was not needed."""
        self._upload: Upload | None = None
        try:
            result = super().run(tmp, task_vars)
            return result if self._upload is None else self._upload.settled(result)
        except ShareFailure as failure:
            operation = self.declaration.operations[self._task.args.get("state")]
            return failed(failure.as_error(operation.name, str(self._task.args.get("file") or "")))

    def prepared(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Bring the bytes of `src`, `content` or `cloud_init` into the request, or onto the share."""
        if parameters["state"] not in ("present", "attached"):
            return parameters
        packed = self._with_content(parameters)
        # In check mode nothing is written anywhere: the content is only compared.
        if packed["upload"] == "session" or packed.get("content") is None or self._task.check_mode:
            return packed
        lack = missing(self.declaration.operation(packed), packed)
        if lack:
            raise AnsibleActionFail(f"{self._task.action}: {lack}")
        try:
            self._upload = Upload.of(packed, self._connection)
        except ValueError as error:
            raise AnsibleActionFail(f"{self._task.action}: {error}") from None
        size = self._upload.put(_bytes(packed["content"]))
        return {**packed, "content": None, "sha256": None, "uploaded_size": size}

    def _with_content(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Add the bytes, compressed, with their digest."""
        if parameters["src"] is not None:
            return {**parameters, **self._from_file(parameters)}
        if parameters["cloud_init"] is not None:
            return {**parameters, **self._built(parameters)}
        if parameters["content"] is not None and parameters["sha256"] is None:
            return {**parameters, "sha256": _digest(parameters["content"])}
        return parameters

    def _from_file(self, parameters: dict[str, Any]) -> dict[str, Any]:
        try:
            path = Path(self._find_needle("files", parameters["src"]))
            data = path.read_bytes()
        except (AnsibleError, OSError) as error:
            reason = getattr(error, "strerror", None) or "there is no such file on the control node"
            raise AnsibleActionFail(
                f"{self._task.action}: option src is {parameters['src']!r}: {reason}. Give the path of a readable file"
            ) from None
        digest = hashlib.sha256(data).hexdigest()
        if parameters["sha256"] not in (None, digest):
            raise AnsibleActionFail(
                f"{self._task.action}: {path} has the SHA-256 {digest}, option sha256 says {parameters['sha256']}"
            )
        return {"file": parameters["file"] or path.name, **_packed(data)}

    def _built(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Build the medium in memory; a path for it is only for those who want to see what was sent."""
        wanted = parameters["cloud_init"]
        image = image_of(wanted, self._device(parameters), parameters["file_system"])
        packed = _packed(image)
        path = wanted["path"]
        if path and not self._task.check_mode and digest_of(Path(path)) != packed["sha256"]:
            write_image(Path(path), image)
        return packed

    def _device(self, parameters: dict[str, Any]) -> str:
        """The kind of drive that the medium is built for: as said, else as the file's extension says."""
        file = str(parameters["file"] or "")
        device = parameters["device"] or device_of(file)
        if device is None or not file.lower().endswith(FORMS[device].extension):
            extensions = f"ends in {FORMS[device].extension}" if device else "ends in .iso, .vfd or .vhdx"
            raise AnsibleActionFail(
                f"{self._task.action}: option file is {file!r}: give a name that {extensions}, or another device"
            )
        return device


def _packed(data: bytes) -> dict[str, str]:
    # No time and no name inside: equal media are equal text.
    content = base64.b64encode(gzip.compress(data, mtime=0)).decode()
    return {"content": content, "sha256": hashlib.sha256(data).hexdigest()}


def _digest(content: str) -> str:
    return hashlib.sha256(_bytes(content)).hexdigest()


def _bytes(content: str) -> bytes:
    try:
        return gzip.decompress(base64.b64decode(content, validate=True))
    except (binascii.Error, OSError, EOFError, zlib.error):
        raise AnsibleActionFail("option content must be base64 of gzip-compressed bytes; use src for a file") from None
