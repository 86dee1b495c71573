# SPDX-License-Identifier: Apache-2.0
"""Addresses behind a load balancer."""

from __future__ import annotations

import pytest
from capi_scvmm.backends import InvalidBackends, common, expanded


def test_ranges_are_listed_each_address_once() -> None:
    """In the order in which they were written."""
    assert expanded(["10.0.0.9-10.0.0.11", "10.0.0.2", "10.0.0.10"]) == (
        "10.0.0.9",
        "10.0.0.10",
        "10.0.0.11",
        "10.0.0.2",
    )
    assert expanded(["2001:db8::a-2001:db8::b"]) == ("2001:db8::a", "2001:db8::b")


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        (["10.0.0.9-10.0.0.1"], "write the lower address first"),
        (["10.0.0.9-2001:db8::1"], "both of one family"),
        (["10.0.0.0-10.0.1.0"], "more than 256 addresses"),
        (["10.0.0.0-10.0.0.255", "10.0.1.1"], "more than 256 addresses"),
        (["10.0.0.300"], "write 10.0.0.11 or 10.0.0.11-10.0.0.19"),
    ],
)
def test_what_cannot_be_is_refused_with_the_remedy(entries: list[str], words: str) -> None:
    """The entry is named."""
    with pytest.raises(InvalidBackends, match=words) as refusal:
        expanded(entries)
    assert entries[-1] in str(refusal.value)


def test_addresses_of_two_clusters_are_compared() -> None:
    """The lowest one that is in both is named."""
    assert common(["10.0.0.9", "10.0.0.10"], ["10.0.0.10", "10.0.0.9"]) == "10.0.0.9"
    assert common(["10.0.0.9"], []) is None
