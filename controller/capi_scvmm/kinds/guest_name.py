# SPDX-License-Identifier: Apache-2.0
"""What a guest can be called."""

from __future__ import annotations

import re

from capi_scvmm.kinds.invalid import InvalidField

_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LONGEST = 253


def checked_hostname(name: str, field: str, remedy: str = "") -> str:
    """Give *name* back when a guest can be called so; otherwise raise InvalidField for *field*."""
    if len(name) <= _LONGEST and all(map(_LABEL.fullmatch, name.split("."))):
        return name
    raise InvalidField(
        field,
        name,
        f"A host name has letters, digits and dashes in parts of at most 63 characters with dots between them, "
        f"{_LONGEST} in all. {remedy}".rstrip(),
    )
