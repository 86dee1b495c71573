# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a medium could not be brought onto a share.

ShareFailure
├── ShareUnreachable    no connection to the file server, or it broke
├── ShareLoginRefused   the file server does not accept user and password
├── ShareUnfit          the file server cannot do what is demanded: signing, encryption
├── ShareMissing        there is no such share
├── ShareDenied         the account may not write there
├── ShareFull           no room is left
├── MediumInUse         somebody holds the file open
└── LibraryMissing      the control node lacks the Python library

A ShareFailure itself is anything else that the file server says.
"""

from __future__ import annotations

from typing import Any


class ShareFailure(Exception):
    """The message names the object, what was wanted and what hinders it; the table of errors adds the remedy."""

    id = "CapiScvmm.ShareTrouble"

    def as_error(self, operation: str, file: str) -> dict[str, Any]:
        """The error of an operation on *file* that this failure is."""
        return {"id": self.id, "message": str(self), "operation": operation, "object": f"medium {file}"}


class ShareUnreachable(ShareFailure):
    """The file server cannot be talked to."""

    id = "CapiScvmm.ShareUnreachable"


class ShareLoginRefused(ShareFailure):
    """User or password is wrong, or the account may not log in there."""

    id = "CapiScvmm.ShareLoginRefused"


class ShareUnfit(ShareFailure):
    """The file server cannot sign or encrypt."""

    id = "CapiScvmm.ShareUnfit"


class ShareMissing(ShareFailure):
    """The file server has no such share."""

    id = "CapiScvmm.ShareMissing"


class ShareDenied(ShareFailure):
    """The account may not write there."""

    id = "CapiScvmm.ShareDenied"


class ShareFull(ShareFailure):
    """No room is left."""

    id = "CapiScvmm.ShareFull"


class LibraryMissing(ShareFailure):
    """The control node has not what SMB needs."""

    id = "CapiScvmm.LibraryMissing"


class MediumInUse(ShareFailure):
    """Somebody holds the file open."""

    id = "CapiScvmm.MediumInUse"
