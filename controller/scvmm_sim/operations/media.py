# SPDX-License-Identifier: Apache-2.0
"""Media in the library: uploaded and removed."""

from __future__ import annotations

import base64
import binascii
import gzip
import hashlib
import re
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scvmm_sim.errors import CmdletError
from scvmm_sim.operations.fields import BAD_REQUEST, Fields, OperationError
from scvmm_sim.operations.session import Object, Session

DEFAULT_FOLDER = "ISOs\\cloud-init"
FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\.(iso|vfd|vhdx)")
GET = {"iso": "Get-SCISO", "vfd": "Get-SCVirtualFloppyDisk", "vhdx": "Get-SCVirtualHardDisk"}
NO_SUCH_PATH = (801, 2409, 2906, 2910, 2917)


@dataclass(frozen=True)
class Folder:
    """A folder of the library: the share that takes files, and the folder's UNC path."""

    share: Object
    path: str


@dataclass(frozen=True)
class Medium:
    """A medium in the library; `resource` is None when it would have to be uploaded first (check)."""

    file: str
    path: str
    resource: Object | None
    changed: bool = False

    def shape(self) -> dict[str, str]:
        """What results say of it."""
        return {"file": self.file, "path": self.path}


def media_present(session: Session, request: Fields) -> dict[str, Any]:
    """Upload a medium to the library."""
    medium = ensure_medium(session, request, check=bool(request.flag("check", False)))
    return {"changed": medium.changed, "media": medium.shape()}


def media_absent(session: Session, request: Fields) -> dict[str, Any]:
    """Remove a medium from the library, also one that was uploaded and never became known to it."""
    return {"changed": remove_medium(session, request, check=bool(request.flag("check", False)))}


def remove_medium(session: Session, request: Fields, *, check: bool = False) -> bool:
    """Remove the medium that *request* names; whether there was one."""
    file = file_name(request)
    folder = library_folder(session, request)
    path = f"{folder.path}\\{file}"
    resource = _resource(session, path)
    if resource is None and _sync(session, folder):
        resource = _resource(session, path)
    if resource is not None and not check:
        _remove(session, resource)
    return resource is not None


def _remove(session: Session, found: Object) -> None:
    match found["_type"]:
        case "ISO":
            session.run("Remove-SCISO", ISO=found)
        case "VirtualFloppyDisk":
            session.run("Remove-SCVirtualFloppyDisk", VirtualFloppyDisk=found)
        case _:
            session.run("Remove-SCVirtualHardDisk", VirtualHardDisk=found)


def ensure_medium(session: Session, request: Fields, *, check: bool) -> Medium:
    """See to it that a medium is in the library: upload it unless a file of its name and size is there."""
    file = file_name(request)
    content = _content(request)
    folder = library_folder(session, request)
    path = f"{folder.path}\\{file}"
    resource = _resource(session, path)
    if content is None:
        size = request.integer("uploaded_size")
        if size is not None:
            return Medium(file, path, _uploaded(session, folder, path, size))
        if resource is None:
            raise OperationError(
                "CapiScvmm.NotFound",
                f"There is no medium '{path}' in the library. Send its content, or correct file and library_path.",
                category="ObjectNotFound",
            )
        return Medium(file, path, resource)
    # An upload that broke off leaves a shorter file of the name.
    if resource is not None and resource["Size"] == len(content):
        return Medium(file, path, resource)
    if check:
        return Medium(file, path, resource, changed=True)
    _upload(session, content, file, folder)
    resource = _resource(session, path)
    if resource is None:
        raise OperationError(
            "CapiScvmm.NotFound",
            f"The medium '{path}' was uploaded, but VMM's library does not show it. Try again.",
            category="ObjectNotFound",
        )
    return Medium(file, path, resource, changed=True)


def _uploaded(session: Session, folder: Folder, path: str, size: int) -> Object:
    """What the library has of a file that somebody wrote to the share; its folder is read again unless it knows it."""
    resource = _resource(session, path)
    if (resource is None or resource["Size"] != size) and _sync(session, folder):
        resource = _resource(session, path)
    if resource is None or resource["Size"] != size:
        raise OperationError(
            "CapiScvmm.NotIndexed",
            f"The medium '{path}' was written to the share, and VMM's library does not show it with {size} bytes.",
            category="ObjectNotFound",
        )
    return resource


def _upload(session: Session, content: bytes, file: str, folder: Folder) -> None:
    # The folder is private to this user: the bytes hold the cluster's join token.
    with tempfile.TemporaryDirectory(prefix="scvmm-sim-upload-") as temporary:
        source = Path(temporary) / file
        source.write_bytes(content)
        session.run(
            "Import-SCLibraryPhysicalResource",
            SourcePath=str(source),
            SharePath=folder.path,
            OverwriteExistingFiles=True,
        )
    session.run("Read-SCLibraryShare", LibraryShare=folder.share, Path=folder.path)


def _content(request: Fields) -> bytes | None:
    """The bytes of a medium, checked against their SHA-256 before anything is written; the value is never shown."""
    text = request.text("content")
    if text is None:
        return None
    wanted = request.need_text("sha256").lower()
    try:
        content = gzip.decompress(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError, OSError, EOFError, zlib.error):
        raise OperationError(
            BAD_REQUEST, "Field 'content' is not base64 of gzip-compressed bytes. Send the medium again."
        ) from None
    if hashlib.sha256(content).hexdigest() != wanted:
        raise OperationError(BAD_REQUEST, "Field 'sha256' is not that of the content. Send the medium again.")
    return content


def file_name(request: Fields) -> str:
    """The field file: a plain file name that ends in .iso, .vfd or .vhdx."""
    file = request.need_text("file")
    if not FILE_NAME.fullmatch(file):
        raise request.wrong("file", "a file name of letters, digits, '.', '_', '-' that ends in .iso, .vfd or .vhdx")
    return file


def library_folder(session: Session, request: Fields) -> Folder:
    """The library share and the folder on it that library_path means."""
    path = (request.text("library_path") or DEFAULT_FOLDER).replace("/", "\\").rstrip("\\")
    parts = path.removeprefix("\\\\").split("\\")
    if any(part in ("", ".", "..") for part in parts) or re.search(r'[<>:"|?*\x00-\x1f]', path):
        raise request.wrong("library_path", "\\\\server\\share\\folder, or a folder below a share")
    shares = [s for s in session.all("Get-SCLibraryShare") if not s["IsViewOnly"] and not s["MarkedForDeletion"]]
    if path.startswith("\\\\"):
        for share in shares:
            if (path.casefold() + "\\").startswith(share["Path"].casefold() + "\\"):
                return Folder(share, path)
        raise OperationError(
            "CapiScvmm.NotFound",
            f"There is no library share that takes files and holds '{path}'. "
            "Add it to VMM's library or correct library_path.",
            category="ObjectNotFound",
        )
    if not shares:
        raise OperationError(
            "CapiScvmm.NotFound",
            "There is no library share that takes files. Add one to VMM.",
            category="ObjectNotFound",
        )
    first = min(shares, key=lambda share: str(share["Path"]).casefold())
    return Folder(first, f"{first['Path']}\\{path}")


def _resource(session: Session, path: str) -> Object | None:
    """What the library knows at that path, of the kind that its extension means."""
    listed = session.all(GET[path.rpartition(".")[2].casefold()])
    found = [one for one in listed if one["SharePath"].casefold() == path.casefold()]
    return found[0] if found else None


def _sync(session: Session, folder: Folder) -> bool:
    """Let the library read a folder again; whether there is such a folder."""
    try:
        session.run("Read-SCLibraryShare", LibraryShare=folder.share, Path=folder.path)
    except CmdletError as error:
        if error.number in NO_SUCH_PATH:
            return False
        raise
    return True
