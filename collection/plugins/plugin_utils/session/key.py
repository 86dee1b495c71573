# SPDX-License-Identifier: GPL-3.0-or-later
"""The name of a session: equal options, equal name; nobody can guess a password from it."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from functools import lru_cache
from pathlib import Path

from .options import Options

_PLUGIN_UTILS = Path(__file__).parent.parent


def session_key(options: Options, folder: Path) -> str:
    """32 hexadecimal digits for *options* and this state of our code, keyed with the folder's secret.

    The kernel shows the paths of sockets to every user of the machine. A bare digest over the password could be tried
    against a word list, one that is keyed with a private secret cannot.
    """
    text = json.dumps(options.as_dict(), sort_keys=True) + code_state()
    return hmac.new(folder_secret(folder), text.encode(), hashlib.sha256).hexdigest()[:32]


def folder_secret(folder: Path) -> bytes:
    """The secret of a private *folder*, made when it is first asked for."""
    path = folder / "secret"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    # Written aside and linked: another process sees the whole secret or none, and the first one wins.
    aside = folder / f"secret.{os.getpid()}.{secrets.token_hex(4)}"
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, secrets.token_bytes(32))
        os.close(descriptor)
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
    return path.read_bytes()


@lru_cache(maxsize=1)
def code_state() -> str:
    """Sizes and times of our files: a broker of an older version is not used by a newer client."""
    files = [*(_PLUGIN_UTILS / "session").glob("*.py"), *(_PLUGIN_UTILS / "powershell").rglob("*.ps*1")]
    return json.dumps(sorted((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files))
