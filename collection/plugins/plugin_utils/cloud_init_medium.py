# SPDX-License-Identifier: GPL-3.0-or-later
"""A cloud-init medium from the texts or files that a task gives, in memory and at a path."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

import yaml
from ansible.errors import AnsibleActionFail
from ansible.parsing.yaml.dumper import AnsibleDumper

from .cidata import CONFIG_DRIVE_LABEL, FILE_SYSTEMS, LABEL, CidataError, build_config_drive, build_image
from .config_drive import config_drive_files
from .multipart import Part, PartError, composed

PART_OPTIONS: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "type": {"type": "str"},
    "content": {"type": "raw", "no_log": True},
    "file": {"type": "path"},
    "merge_how": {"type": "str"},
}
OPTIONS: dict[str, dict[str, Any]] = {
    "path": {"type": "path"},
    "meta_data": {"type": "str", "required": True, "no_log": True},
    "network_config": {"type": "str", "no_log": True},
    "user_data": {"type": "str", "no_log": True},
    "user_data_file": {"type": "path"},
    "parts": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": PART_OPTIONS,
        "mutually_exclusive": [("content", "file")],
        "required_one_of": [("content", "file")],
    },
    "format": {"type": "str", "choices": ["cloud-config", "ignition"], "default": "cloud-config"},
    "label": {"type": "str"},
}
MUTUALLY_EXCLUSIVE = [("user_data", "user_data_file")]
FILE_SYSTEM: dict[str, Any] = {"type": "str", "choices": list(FILE_SYSTEMS)}


def image_of(options: dict[str, Any], device: str, file_system: str | None) -> bytes:
    """Build the image for a drive of the kind *device* in memory, or fail with the reason."""
    user_data = _user_data(options)
    try:
        if options["format"] == "ignition":
            _check_ignition(options)
            drive = config_drive_files(options["meta_data"], user_data)
            return build_config_drive(drive, options["label"] or CONFIG_DRIVE_LABEL, device, file_system)
        files = {"meta-data": options["meta_data"].encode(), "user-data": user_data}
        if options["network_config"] is not None:
            files["network-config"] = options["network_config"].encode()
        return build_image(files, options["label"] or LABEL, device, file_system)
    except CidataError as error:
        raise AnsibleActionFail(f"cloud-init medium not built: {error}.") from None


def _check_ignition(options: dict[str, Any]) -> None:
    """Ignition reads its config and nothing beside it: what it would never see is refused."""
    for name in ("parts", "network_config"):
        if options[name]:
            raise CidataError(
                f"a guest with format ignition does not read {name}: put that into the Ignition config, or use format "
                "cloud-config"
            )


def _user_data(options: dict[str, Any]) -> bytes:
    """The user-data: the file's bytes as they are, or the text; with parts beside it, a message that holds both."""
    source = options["user_data_file"]
    given = (options["user_data"] or "").encode() if source is None else _read("user_data_file", source)
    try:
        return composed(given, [_part(part) for part in options["parts"]])
    except PartError as error:
        raise AnsibleActionFail(f"cloud-init medium not built: {error}.") from None


def _part(options: dict[str, Any]) -> Part:
    """A part from its options; content that is a mapping is a cloud-config."""
    name, content = options["name"], options["content"]
    if options["file"] is not None:
        data = _read(f"the file of part {name!r}", options["file"])
    elif isinstance(content, dict):
        data = b"#cloud-config\n" + yaml.dump(content, Dumper=AnsibleDumper, sort_keys=False).encode()
    else:
        data = str(content).encode()
    return Part(name, data, options["type"], options["merge_how"])


def _read(what: str, source: str) -> bytes:
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise AnsibleActionFail(
            f"cloud-init medium not built: {what} {source!r} cannot be read ({error.strerror}). "
            "Give the path of a readable file on the control node."
        ) from None


def digest_of(path: Path) -> str | None:
    """SHA-256 of what is at *path* now, None when there is nothing that we could read and keep private."""
    try:
        if path.stat().st_mode & 0o077:
            return None
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def write_image(path: Path, image: bytes) -> None:
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
