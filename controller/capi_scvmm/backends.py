# SPDX-License-Identifier: Apache-2.0
"""The addresses behind a load balancer: written as single ones and ranges. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

MOST = 256
IPAddress = IPv4Address | IPv6Address


class InvalidBackends(ValueError):
    """The words say which entry cannot be, and the remedy."""


def expanded(entries: Sequence[str]) -> tuple[str, ...]:
    """List each address once, in order; raise InvalidBackends for a range that is none, or for too many."""
    found: dict[str, None] = {}
    for entry in entries:
        first, last = _ends(entry)
        if first.version != last.version or int(last) < int(first):
            raise InvalidBackends(f"{entry} is no range: write the lower address first, both of one family.")
        if int(last) - int(first) + len(found) >= MOST:
            raise InvalidBackends(
                f"With {entry} there are more than {MOST} addresses, and each of them is asked all the time: name "
                "only those that control-plane nodes of this cluster may get."
            )
        found.update((str(first + step), None) for step in range(int(last) - int(first) + 1))
    return tuple(found)


def common(one: Iterable[str], other: Iterable[str]) -> str | None:
    """Give an address that is in both, None when there is none; both are lists of single addresses."""
    both = set(one) & set(other)
    return min(both, key=lambda text: int(ip_address(text))) if both else None


def _ends(entry: str) -> tuple[IPAddress, IPAddress]:
    first, _, last = entry.partition("-")
    try:
        return ip_address(first), ip_address(last or first)
    except ValueError:
        raise InvalidBackends(f"{entry} is no address: write 10.0.0.11 or 10.0.0.11-10.0.0.19.") from None
