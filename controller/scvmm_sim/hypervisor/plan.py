# SPDX-License-Identifier: Apache-2.0
"""What a real guest is made of, and what every kind of them can do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class GuestAdapter:
    """A network adapter: its MAC address (aa:bb:…) and the bridge it is plugged into; without one nothing is."""

    mac: str
    bridge: str | None


@dataclass(frozen=True)
class GuestPlan:
    """A guest: a name that no other one has, the image it is a copy of, and a folder of its own for what it writes."""

    name: str
    image: Path
    folder: Path
    adapters: tuple[GuestAdapter, ...] = ()


class RunningGuest(Protocol):
    """A guest of a plan, whatever kind it is of. Each method raises HypervisorError."""

    def start(self, media: tuple[Path, ...], /) -> None:
        """Boot with these media attached; what it wrote earlier is there again."""

    def shut_down(self) -> None:
        """Ask it to power off, as the power button does; it goes on for some seconds."""

    def wait_until_off(self, seconds: float) -> bool:
        """Whether it is off within *seconds*."""

    def turn_off(self) -> None:
        """Pull its plug: it is off when this returns. May be called again."""

    def remove(self) -> None:
        """Turn it off and remove all that it has written."""

    def run(self, *command: str) -> str:
        """Run a command that ends soon in it, as root, and return its output."""

    def host_name(self) -> str:
        """The fully qualified name if it knows one, else its host name."""

    def addresses(self) -> dict[str, tuple[str, ...]]:
        """The addresses that its devices have, by MAC address (lower case); without link-local ones."""
