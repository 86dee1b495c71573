# SPDX-License-Identifier: GPL-3.0-or-later
"""The upload of one medium by SMB, as a task wants it: whose login, which folder, and what becomes of the file."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from ..session.runtime_dir import runtime_dir
from .failures import LibraryMissing

OPTIONS: dict[str, dict[str, Any]] = {
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "port": {"type": "int", "default": 445},
    "encryption": {"type": "str", "choices": ["auto", "always", "never"], "default": "auto"},
    "authentication": {"type": "str", "choices": ["negotiate", "ntlm", "kerberos"], "default": "negotiate"},
    "timeout": {"type": "int", "default": 30},
}
_DEFAULTS = {name: option.get("default") for name, option in OPTIONS.items()}


@dataclass
class Upload:
    """One medium; *written* says whether `put` had to write it."""

    path: str
    file: str
    options: dict[str, Any]
    written: bool = False

    @classmethod
    def of(cls, parameters: dict[str, Any], connection: Any) -> Upload:
        """What a task's *parameters* ask for, as its *connection*'s user when they name none; raises ValueError."""
        path = (parameters.get("library_path") or "").replace("/", "\\").rstrip("\\")
        if not path.startswith("\\\\") or len(path.lstrip("\\").split("\\")) < 2:
            raise ValueError(
                f"option library_path is {parameters.get('library_path')!r}, and upload is smb: that takes the file "
                "server's name. Give \\\\server\\share\\folder"
            )
        if not parameters.get("file"):
            raise ValueError("option file is missing; upload needs it")
        given = {name: value for name, value in (parameters.get("smb") or {}).items() if value is not None}
        own = {"username": _option(connection, "remote_user"), "password": _option(connection, "password")}
        options = {**_DEFAULTS, **own, **given}
        # Without a password only Kerberos' ticket would do; a user without one is a slip.
        if not options["username"] or not options["password"]:
            raise ValueError("upload is smb and nobody is named to log in. Set smb.username and smb.password")
        return cls(path, parameters["file"], options)

    def put(self, data: bytes) -> int:
        """Have the file on the share and tell its size in bytes; raises ShareFailure."""
        with self._folder() as folder:
            self.written = folder.put(self.file, data)
        return len(data)

    def settled(self, result: dict[str, Any]) -> dict[str, Any]:
        """*result*, after a file that was written in vain is removed again: the VM held the medium already."""
        if not self.written or result.get("failed") or result.get("unreachable"):
            return result
        if "vm" not in result:
            return {**result, "changed": True}
        if not result["changed"] and not result.get("job"):
            with self._folder() as folder:
                folder.remove(self.file)
        return result

    def _folder(self) -> Any:
        if find_spec("smbprotocol") is None:
            raise LibraryMissing(
                f"the Python library smbprotocol is missing: install it for {sys.executable} "
                "(python -m pip install smbprotocol)"
            )
        # Only here: most media go through the session, and the library takes a while to load.
        from .share import Login, folder_of

        names = ("username", "password", "port", "encryption", "authentication")
        login = Login(**{name: self.options[name] for name in names}, seconds=self.options["timeout"])
        return folder_of(self.path, login, runtime_dir())


def _option(connection: Any, name: str) -> str | None:
    try:
        value = connection.get_option(name)
    except (KeyError, AttributeError):
        return None
    return None if value is None else str(value)
