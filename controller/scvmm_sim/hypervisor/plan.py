# SPDX-License-Identifier: Apache-2.0
"""What a real guest is made of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class GuestAdapter:
    """A network adapter: its MAC address (aa:bb:…) and the bridge it is plugged into."""

    mac: str
    bridge: str


@dataclass(frozen=True)
class GuestPlan:
    """A guest: a name that no other one has, the image it is a copy of, and a folder of its own for what it writes."""

    name: str
    image: Path
    folder: Path
    adapters: tuple[GuestAdapter, ...] = ()
