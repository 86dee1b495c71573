# SPDX-License-Identifier: Apache-2.0
"""What goes wrong with real guests."""

from __future__ import annotations


class HypervisorError(Exception):
    """A guest or its network cannot be had; the message names object, obstacle and remedy."""
