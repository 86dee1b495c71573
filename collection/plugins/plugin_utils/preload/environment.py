# SPDX-License-Identifier: GPL-3.0-or-later
"""Which parts of an environment Ansible takes in when it is loaded, and never looks at again."""

from __future__ import annotations

BAKED_PREFIXES = (b"ANSIBLE_", b"PYTHON", b"LC_")
BAKED = frozenset({b"HOME", b"LANG", b"LANGUAGE", b"NO_COLOR", b"ORIGINAL_STDOUT_CALLBACK", b"AD_HOC_COMMAND_ID"})


def baked(environment: dict[bytes, bytes]) -> dict[bytes, bytes]:
    """The part of *environment* that has to be the same for the server and for a run."""
    return {key: value for key, value in environment.items() if key in BAKED or key.startswith(BAKED_PREFIXES)}
