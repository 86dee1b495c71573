# SPDX-License-Identifier: Apache-2.0
"""Names that count up like an odometer: a digit stays a digit, a letter a letter of its case, all else stays as it is.

Nothing here counts by enumerating: a range may have more names than anybody can list.
"""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase, digits

WHEELS = (digits, ascii_lowercase, ascii_uppercase)


def count(first: str, last: str) -> int:
    """How many texts there are from *first* to *last*, both counted; 0 when one cannot become the other."""
    low, high = _number(first, first), _number(first, last)
    return 0 if low is None or high is None else max(high - low + 1, 0)


def nth(first: str, number: int) -> str:
    """The text that comes *number* steps after *first*; beyond the last one it starts over, as an odometer does."""
    value = (_number(first, first) or 0) + number
    turned = []
    for char in reversed(first):
        wheel = _wheel(char)
        value, place = divmod(value, len(wheel))
        turned.append(wheel[place])
    return "".join(reversed(turned))


def position(first: str, last: str, text: str) -> int | None:
    """How many steps after *first* comes *text*; None when it does not lie between *first* and *last*."""
    low, here = _number(first, first), _number(first, text)
    if low is None or here is None or not 0 <= here - low < count(first, last):
        return None
    return here - low


def _wheel(char: str) -> str:
    """The characters that take turns at a place; just the one for a dash or a dot."""
    return next((wheel for wheel in WHEELS if char in wheel), char)


def _number(shape: str, text: str) -> int | None:
    """What an odometer of the form of *shape* has counted when it shows *text*; None when it never does."""
    if len(shape) != len(text):
        return None
    value = 0
    for place, char in zip(shape, text, strict=True):
        wheel = _wheel(place)
        if char not in wheel:
            return None
        value = value * len(wheel) + wheel.index(char)
    return value
