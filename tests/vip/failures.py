# SPDX-License-Identifier: Apache-2.0
"""Ways in which the holder of the address fails, and how each is mended afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from guests.lab import Host


@dataclass(frozen=True)
class Failure:
    """What happens to a host, and what makes it well again."""

    name: str
    happen: Callable[[Host], object]
    mend: Callable[[Host], object]


def _kill(unit: str) -> Callable[[Host], object]:
    # A process that ends with the one before it makes systemctl complain.
    return lambda host: host.sh(f"systemctl kill --signal KILL {unit} || true")


def _nothing(host: Host) -> None:
    """systemd does it."""


FAILURES = {
    failure.name: failure
    for failure in (
        Failure("node", Host.kill, Host.start),
        Failure("network", Host.link_down, Host.link_up),
        Failure("keepalived", _kill("keepalived"), _nothing),
        Failure("API server", _kill("apiserver"), lambda host: host.run("systemctl", "start", "apiserver")),
    )
}
