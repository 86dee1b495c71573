# SPDX-License-Identifier: GPL-3.0-or-later
"""Files on a share, written by SMB: signed always, encrypted when the server can, whole or not at all."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .failures import (
    MediumInUse,
    ShareDenied,
    ShareFailure,
    ShareFull,
    ShareLoginRefused,
    ShareMissing,
    ShareUnfit,
    ShareUnreachable,
)
from .gate import ShareGate

try:
    import smbclient
    from smbprotocol.connection import Connection
    from smbprotocol.exceptions import SMBAuthenticationError, SMBException, SMBOSError, SMBResponseException
    from smbprotocol.file_info import FileDispositionInformation, FileRenameInformation
    from smbprotocol.header import NtStatus
    from smbprotocol.open import FilePipePrinterAccessMask as Access
    from smbprotocol.open import SMB2SetInfoRequest
except ImportError:
    pass  # upload.py says so before anything is done
else:
    _MEANINGS: dict[int, tuple[type[ShareFailure], str]] = {
        NtStatus.STATUS_ACCESS_DENIED: (ShareDenied, "the account {user} may not write there"),
        NtStatus.STATUS_BAD_NETWORK_NAME: (ShareMissing, "the file server has no such share"),
        # What becomes of the former when the server is asked whether the share is one of a namespace.
        NtStatus.STATUS_NOT_FOUND: (ShareMissing, "the file server has no such share"),
        NtStatus.STATUS_DISK_FULL: (ShareFull, "no room is left on its volume"),
        NtStatus.STATUS_SHARING_VIOLATION: (MediumInUse, "somebody holds a file of that name open"),
        NtStatus.STATUS_DELETE_PENDING: (
            MediumInUse,
            "somebody holds a file of that name open, or uploads it just now",
        ),
        NtStatus.STATUS_OBJECT_NAME_COLLISION: (MediumInUse, "a folder has that name"),
        NtStatus.STATUS_FILE_IS_A_DIRECTORY: (MediumInUse, "a folder has that name"),
        # STATUS_QUOTA_EXCEEDED and STATUS_DISK_QUOTA_EXCEEDED, which the library has no names for.
        0xC0000044: (ShareFull, "the quota of account {user} is used up"),
        0xC0000802: (ShareFull, "the quota of account {user} is used up"),
    }
    _MISSING = (NtStatus.STATUS_OBJECT_NAME_NOT_FOUND, NtStatus.STATUS_OBJECT_PATH_NOT_FOUND)


@dataclass(frozen=True)
class Login:
    """As whom and how; *encryption* is auto, always or never, *authentication* negotiate, ntlm or kerberos."""

    username: str
    password: str = field(repr=False)
    port: int = 445
    encryption: str = "auto"
    authentication: str = "negotiate"
    seconds: int = 30


class Folder:
    """A folder of a share, as `\\\\server\\share\\folder`; all its methods raise ShareFailure."""

    def __init__(self, path: str, login: Login, arguments: dict[str, Any]) -> None:
        self._path = path
        self._login = login
        self._arguments = arguments

    def put(self, file: str, data: bytes) -> bool:
        """Have *file* hold *data*; False when it does already. Nobody ever sees a part of it under its name."""
        target = f"{self._path}\\{file}"
        with self._told(f"{target} not written"):
            if self._holds(target, data):
                return False
            # Not known to the library by this name; and the next upload of the file takes its place.
            part = f"{target}.part"
            try:
                self._write(part, target, data)
            except SMBOSError as error:
                if error.ntstatus not in _MISSING:
                    raise
                smbclient.makedirs(self._path, exist_ok=True, **self._arguments)
                self._write(part, target, data)
            return True

    def remove(self, file: str) -> None:
        """Remove *file*, which need not be there."""
        target = f"{self._path}\\{file}"
        with self._told(f"{target} not removed"):
            try:
                smbclient.remove(target, **self._arguments)
            except SMBOSError as error:
                if error.ntstatus not in _MISSING:
                    raise

    def _holds(self, target: str, data: bytes) -> bool:
        try:
            with smbclient.open_file(target, mode="rb", share_access="rwd", **self._arguments) as file:
                if hashlib.sha256(file.read()).digest() == hashlib.sha256(data).digest():
                    return True
            # What is there is to be replaced. Not every server looks by itself whether somebody else has it open.
            with smbclient.open_file(
                target, mode="rb", buffering=0, share_access="", desired_access=Access.DELETE, **self._arguments
            ):
                return False
        except SMBOSError as error:
            if error.ntstatus in _MISSING:
                return False
            raise

    def _write(self, part: str, target: str, data: bytes) -> None:
        access = Access.FILE_WRITE_DATA | Access.FILE_WRITE_ATTRIBUTES | Access.FILE_READ_ATTRIBUTES | Access.DELETE
        with smbclient.open_file(
            part, mode="wb", buffering=0, share_access="", desired_access=access, **self._arguments
        ) as file:
            # Should we or the connection die now, the server removes what was written: it holds secrets.
            _set(file.fd, _doomed(True))
            left = memoryview(data)
            while left:
                left = left[file.write(left) :]
            file.fd.flush()
            _set(file.fd, _doomed(False))
            try:
                _set(file.fd, _renamed(target))
            except SMBResponseException as error:
                _set(file.fd, _doomed(True))
                # Servers say access denied of a file that is open elsewhere; here we may write, or had failed before.
                if error.status in (NtStatus.STATUS_ACCESS_DENIED, NtStatus.STATUS_SHARING_VIOLATION):
                    raise MediumInUse(f"{target} not written: somebody holds a file of that name open") from None
                raise

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        with _failures(what, self._login):
            yield


@contextmanager
def folder_of(path: str, login: Login, private: Path) -> Iterator[Folder]:
    """The folder *path*, while a connection of its own lasts; *private* is where a refused password is remembered."""
    server = path.lstrip("\\").partition("\\")[0]
    cache: dict[str, Connection] = {}
    what = f"No connection to the file server {server}, TCP port {login.port}"
    try:
        with _failures(what, login):
            connection = Connection(uuid.uuid4(), server, login.port, require_signing=True)
            connection.connect(timeout=login.seconds)
            cache[f"{server.lower()}:{login.port}"] = connection
        if login.encryption == "always" and not connection.supports_encryption:
            raise ShareUnfit(f"The file server {server} cannot encrypt, and encryption is always demanded")
        encrypt = connection.supports_encryption and login.encryption != "never"
        arguments = {
            "username": login.username,
            "password": login.password,
            "port": login.port,
            "auth_protocol": login.authentication,
            "connection_cache": cache,
        }
        gate = ShareGate(private, (server.lower(), str(login.port), login.username, login.password))
        gate.login(_knock(server, login, lambda: smbclient.register_session(server, encrypt=encrypt, **arguments)))
        yield Folder(path, login, arguments)
    finally:
        smbclient.reset_connection_cache(fail_on_error=False, connection_cache=cache)


def _knock(server: str, login: Login, register: Callable[[], Any]) -> Callable[[], Any]:
    def knock() -> Any:
        what = f"The file server {server} does not let {login.username} in"
        try:
            return register()
        except SMBResponseException as error:
            raise ShareLoginRefused(f"{what}: {_status(error.status)}") from None
        except SMBAuthenticationError as error:
            raise ShareLoginRefused(f"{what}: {_words(error)}") from None
        except (SMBException, OSError, ValueError) as error:
            # Without a name of its own there: a guest's session cannot sign.
            kind = ShareUnfit if "guest" in str(error) or "encryption" in str(error) else ShareUnreachable
            raise kind(f"{what}: {_words(error)}") from None

    return knock


@contextmanager
def _failures(what: str, login: Login) -> Iterator[None]:
    try:
        yield
    except SMBOSError as error:
        raise _failure(what, error.ntstatus, login) from None
    except SMBResponseException as error:
        raise _failure(what, error.status, login) from None
    except (SMBException, OSError, ValueError) as error:
        raise ShareUnreachable(f"{what}: {_words(error)}") from None


def _failure(what: str, status: int, login: Login) -> ShareFailure:
    kind, words = _MEANINGS.get(status, (ShareFailure, _status(status)))
    return kind(f"{what}: {words.format(user=login.username)}")


def _status(status: int) -> str:
    names = (name for name, value in vars(NtStatus).items() if value == status)
    return f"{next(names, 'it says')} (0x{status:08x})"


def _words(error: Exception) -> str:
    return " ".join(str(error).split())


def _doomed(pending: bool) -> FileDispositionInformation:
    info = FileDispositionInformation()
    info["delete_pending"] = pending
    return info


def _renamed(target: str) -> FileRenameInformation:
    info = FileRenameInformation()
    info["replace_if_exists"] = True
    # Inside its share: the first two parts are server and share.
    info["file_name"] = "\\".join(target.lstrip("\\").split("\\")[2:])
    return info


def _set(handle: Any, info: Any) -> None:
    request = SMB2SetInfoRequest()
    request["info_type"] = info.INFO_TYPE
    request["file_info_class"] = info.INFO_CLASS
    request["file_id"] = handle.file_id
    request["buffer"] = info
    session, tree = handle.tree_connect.session, handle.tree_connect
    sent = handle.connection.send(request, sid=session.session_id, tid=tree.tree_connect_id)
    handle.connection.receive(sent)
