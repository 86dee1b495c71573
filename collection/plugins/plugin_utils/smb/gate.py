# SPDX-License-Identifier: GPL-3.0-or-later
"""The door to a file server: logins of one account go through it one by one, so that a wrong password is tried once.

The processes of a run share it through a file in the private runtime folder. A refused password is remembered there, as
the sessions' broker does (session/gate.py): repeating it locks the account. Another password is another file.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ..session.gate import REFUSAL_SECONDS
from ..session.key import folder_secret
from .failures import ShareLoginRefused

T = TypeVar("T")


class ShareGate:
    """Of one account at one file server, told apart by *names*, the password among them; *folder* is private."""

    def __init__(self, folder: Path, names: tuple[str, ...], clock: Callable[[], float] = time.time) -> None:
        # A bare digest over the password could be tried against a word list.
        digest = hmac.new(folder_secret(folder), json.dumps(names).encode(), hashlib.sha256).hexdigest()[:32]
        self._path = folder / f"share-{digest}"
        self._clock = clock

    def login(self, knock: Callable[[], T]) -> T:
        """The result of *knock*; raises ShareLoginRefused, without a knock while a refusal is remembered."""
        with self._path.open("a+") as file:
            self._path.chmod(0o600)
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            known = json.loads(file.read() or "{}")
            left = known.get("again_at", 0.0) - self._clock()
            if left > 0:
                raise ShareLoginRefused(
                    f"{known['message']}. So as not to lock the account, this password is not tried for another "
                    f"{left:.0f} seconds"
                )
            try:
                opened = knock()
            except ShareLoginRefused as refusal:
                count = known.get("count", 0)
                again_at = self._clock() + REFUSAL_SECONDS[min(count, len(REFUSAL_SECONDS) - 1)]
                file.truncate(0)
                file.write(json.dumps({"message": str(refusal), "again_at": again_at, "count": count + 1}))
                raise
            if known:
                file.truncate(0)
            return opened
