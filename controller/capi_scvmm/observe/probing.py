# SPDX-License-Identifier: Apache-2.0
"""A VMM server in trouble: what is the matter, and when it is asked again. One probe asks for all machines. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from capi_scvmm.errors import VmmError
from capi_scvmm.plan import Health

FIRST_PROBE_SECONDS = 1.0
LONGEST_PROBE_SECONDS = 30.0
# Wrong passwords lock accounts: common policies allow five in half an hour, and people try theirs as well.
LOGIN_SECONDS = 1200.0

UNREACHABLE, LOGIN_REFUSED, REFUSED = "VMMUnreachable", "LoginRefused", "VMMRefuses"
LOGIN_REFUSED_ID = "CapiScvmm.LoginRefused"


@dataclass(frozen=True)
class Trouble:
    """Why a VMM server cannot be used; *doubtful*: it may be one broken connection, and not the server."""

    reason: str
    message: str
    doubtful: bool = False

    @classmethod
    def said(cls, error: VmmError) -> Trouble:
        """Take what the server, or the session before it, said."""
        return cls(LOGIN_REFUSED if error.id == LOGIN_REFUSED_ID else REFUSED, error.text)


@dataclass(frozen=True)
class ServerState:
    """Whether the server answers.

    While it does not: *reason*, *message* as it was when that began, which machines repeat, and *latest* as it is now.
    """

    health: Health = Health.UNKNOWN
    message: str = ""
    version: str | None = None
    user: str | None = None
    reason: str = UNREACHABLE
    latest: str = ""

    @property
    def summary(self) -> tuple[Health, str, str]:
        """Health, and the reason and words of an outage."""
        return self.health, self.reason, self.message

    def troubled(self, trouble: Trouble) -> ServerState:
        """Give the state after a probe met *trouble*: the words for many change only with the kind of trouble."""
        goes_on = self.health is Health.UNREACHABLE and self.reason == trouble.reason
        message = self.message if goes_on else trouble.message
        return ServerState(Health.UNREACHABLE, message, self.version, self.user, trouble.reason, latest=trouble.message)


def probe_after(trouble: Trouble, failures: int, jitter: float) -> float:
    """Seconds to the next probe after *failures* in a row; *jitter* in 0..1 keeps controllers from asking in step."""
    if trouble.reason == LOGIN_REFUSED:
        seconds = LOGIN_SECONDS
    else:
        seconds = min(FIRST_PROBE_SECONDS * 2.0 ** min(failures - 1, 30), LONGEST_PROBE_SECONDS)
    return seconds * (0.75 + 0.25 * jitter)
