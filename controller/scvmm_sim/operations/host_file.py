# SPDX-License-Identifier: Apache-2.0
"""Names of files and folders on hosts, as requests give them."""

from __future__ import annotations

import re

from scvmm_sim.operations.fields import BAD_REQUEST, Fields, OperationError

FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}")
EXTENSION = re.compile(r"\.vhdx?$", re.IGNORECASE)
FOLDER = re.compile(r'([A-Za-z]:|\\\\[^\\/:*?"<>|]+)(\\[^\\/:*?"<>|]+)+\\?')


def file_name(request: Fields, field: str) -> str | None:
    """The name of a disk's file; raises OperationError for what is none."""
    name = request.text(field)
    if name and not FILE_NAME.fullmatch(name):
        raise request.wrong(field, "a file name of letters, digits, blanks and . _ -")
    return name or None


def folder(request: Fields, field: str) -> str | None:
    """The whole path of a folder on a host, without a backslash at its end; raises OperationError for what is none."""
    path = request.text(field)
    if path and not FOLDER.fullmatch(path):
        raise request.wrong(field, "a folder on the host like D:\\disks or C:\\ClusterStorage\\Volume1")
    return path.rstrip("\\") if path else None


def extension(name: str) -> str | None:
    """The extension of a disk's file in small letters."""
    found = EXTENSION.search(name)
    return found[0].lower() if found else None


def new_file(generation: int, name: str, vhd: str = "") -> str:
    """The name of a new disk's file: with its own extension, else that of the disk it is a copy of, or the usual."""
    if extension(name):
        return name
    return name + (extension(vhd) or (".vhd" if generation == 1 else ".vhdx"))


def is_called(known: str, name: str) -> bool:
    """Whether a file has the name, with its extension or without, whatever the case."""
    return name.casefold() in (known.casefold(), EXTENSION.sub("", known).casefold())


def apart(given: Fields, prefix: str) -> dict[str, str | bool | None]:
    """Where the file of a disk lies that is kept apart from its VM: file, path, existing; nothing for any other."""
    file, path, existing = file_name(given, "file"), given.text("path"), bool(given.flag("existing", False))
    found: dict[str, str | bool | None] = {}
    if file:
        found = {"file": file, "path": folder(given, "path"), "existing": existing}
    elif path or existing:
        raise OperationError(BAD_REQUEST, f"Field '{prefix}file' is missing. Give it along with path and existing.")
    if existing and not path:
        raise OperationError(
            BAD_REQUEST, f"Field '{prefix}path' is missing. Give the folder in which the existing file lies."
        )
    return found
