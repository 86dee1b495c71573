# SPDX-License-Identifier: Apache-2.0
"""Names that count up, ranges of them, and pools of ranges."""

from __future__ import annotations

from itertools import islice
from string import ascii_letters, digits
from typing import Any

import pytest
from capi_scvmm.kinds import VM_NAME, ScvmmMachine, ScvmmNamePool, VmNameRange, odometer
from hypothesis import given
from hypothesis import strategies as st

shapes = st.text(alphabet=digits + ascii_letters + "-.", min_size=1, max_size=12)


def a_range(start: str, end: str = "", postfix: str = "") -> VmNameRange:
    """A range as a manifest has it."""
    return VmNameRange.model_validate({"start": start, "end": end, "postfix": postfix})


def a_pool(*ranges: VmNameRange) -> ScvmmNamePool:
    """A pool of these ranges."""
    body = {"metadata": {"name": "web"}, "spec": {"vmNameRanges": [one.to_dict() for one in ranges]}}
    return ScvmmNamePool.model_validate(body)


@pytest.mark.parametrize(
    ("text", "following"),
    [("web-1", "web-2"), ("a99", "b00"), ("Zz9", "Aa0"), ("az-9", "ba-0"), ("x.9", "y.0"), ("node", "nodf")],
)
def test_the_next_name_is_that_of_an_odometer(text: str, following: str) -> None:
    """A digit stays a digit, a letter a letter of its case, and what is neither is passed over."""
    assert odometer.nth(text, 1) == following


@given(shapes, st.integers(0, 10**9))
def test_position_undoes_nth(start: str, number: int) -> None:
    """Whichever name is asked for, its place is the one it was asked by; unless the odometer has started over."""
    name = odometer.nth(start, number)
    if odometer.count(start, name) == number + 1:
        assert odometer.position(start, name, name) == number
    else:
        assert odometer.count(start, name) <= number


@given(shapes, st.integers(0, 300))
def test_count_is_what_stepping_counts(start: str, steps: int) -> None:
    """A range has as many names as one walks over from its first to its last."""
    last = odometer.nth(start, steps)
    walked, name = 1, start
    while name != last:
        name, walked = odometer.nth(name, 1), walked + 1
    assert odometer.count(start, last) in (walked, 0)
    assert (odometer.count(start, last) == 0) == (last < start)


@given(shapes, shapes)
def test_names_of_a_range_are_in_the_order_of_their_text(start: str, end: str) -> None:
    """That end does not lie before start can be seen by comparing texts, as the API server does."""
    assert (odometer.count(start, end) > 0) <= (start <= end)


def test_a_range_without_end_is_one_name() -> None:
    """As for the Go provider."""
    one = a_range("gateway", postfix="-a")
    assert (one.size, one.name(0), one.position("gateway-a"), one.position("gateway")) == (1, "gateway-a", 0, None)


def test_a_range_knows_its_names() -> None:
    """Size and places, the postfix included; and what is not in it."""
    one = a_range("web-a8", "web-b1", ".prod")
    assert [one.name(number) for number in range(one.size)] == [
        "web-a8.prod",
        "web-a9.prod",
        "web-b0.prod",
        "web-b1.prod",
    ]
    assert [one.position(name) for name in ("web-b1.prod", "web-b2.prod", "web-a7.prod", "web-a8", "x.prod")] == [
        3,
        None,
        None,
        None,
        None,
    ]


def test_what_the_api_server_would_not_let_in_has_no_names() -> None:
    """Pools of the Go provider were never checked when they were stored."""
    wrong = (a_range("web-1", "web-10"), a_range("web-9", "web-1"), a_range("web_1"), a_range("web-1", "web-a"))
    pool = a_pool(*wrong, a_range("web-1", "web-2"))
    assert list(pool.names()) == ["web-1", "web-2"]
    assert pool.overlap() is None


def test_a_large_pool_is_not_enumerated() -> None:
    """A range may have more names than there are atoms."""
    pool = a_pool(a_range("0" * 63, "9" * 63))
    assert list(islice(pool.names(), 2)) == ["0" * 63, "0" * 62 + "1"]
    assert pool.has("9" * 63) and not pool.has("9")
    assert pool.usable_ranges[0].size == 10**63


@pytest.mark.parametrize(
    ("one", "two", "shared"),
    [
        (("web-1", "web-5"), ("web-5", "web-9"), "web-5"),
        (("web-1", "web-9"), ("web-3",), "web-3"),
        (("web-5", "web-9"), ("web-1", "web-6"), "web-5"),
        (("WEB-1", "WEB-5"), ("web-5", "web-9"), "web-5"),
        (("web-0", "web-3", "1"), ("web-10", "web-15"), "web-11"),
        (("web-0", "web-3", "7"), ("web-10", "web-15"), None),
        (("web-1", "web-4"), ("web-5", "web-9"), None),
        (("web-1", "web-4", "-a"), ("web-1", "web-4", "-b"), None),
    ],
)
def test_a_name_in_two_ranges_is_found(one: tuple[str, ...], two: tuple[str, ...], shared: str | None) -> None:
    """Whatever its case, and also where one range counts what is postfix in the other."""
    pool = a_pool(a_range(*one), a_range("other"), a_range(*two))
    assert pool.overlap() == ((0, 2, shared) if shared else None)


def a_machine(annotations: dict[str, str] | None = None, **spec: Any) -> ScvmmMachine:
    """A machine called node."""
    return ScvmmMachine.model_validate({"metadata": {"name": "node", "annotations": annotations or {}}, "spec": spec})


def test_the_name_of_the_vm() -> None:
    """vmName, else the name from the pool, else that of the machine; an annotation without a pool means nothing."""
    pool = {"vmNameFromPool": {"name": "web"}}
    assert a_machine(vmName="own", **pool).named("web-1").vm_name == "own"
    assert a_machine(**pool).named("web-1").vm_name == "web-1"
    assert a_machine(**pool).vm_name == "node"
    assert a_machine({VM_NAME: "web-1"}).vm_name == "node"
    assert a_machine({VM_NAME: ""}, **pool).taken_name is None
