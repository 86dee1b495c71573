# SPDX-License-Identifier: Apache-2.0
"""Who gets which name of a pool, what its status says of it, and what that means for a machine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from capi_scvmm.kinds import ScvmmNamePool, SkippedName
from capi_scvmm.plan import CreateVm, Naming, Settled, TakeName, Wait, plan
from capi_scvmm.plan.name_pool import SKIPPED_FOR, Books, NameClaim, disputed, obtainable, settle
from capi_scvmm.status import status
from capi_scvmm.status.name_pool import MOST_COUNTED, lack, name_pool_status
from hypothesis import given
from hypothesis import strategies as st

from .scopes import NOON, a_scope, a_vm, created, recorded, running, seconds

JUST_NOW = SkippedName(since=NOON - seconds(1), reason="used")
LONG_AGO = SkippedName(since=NOON - SKIPPED_FOR, reason="used")


def a_pool(*ranges: tuple[str, ...], owners: dict[str, str] | None = None, **skipped: SkippedName) -> ScvmmNamePool:
    """A pool with books; names of skipped ones are given with _ for the dash."""
    wished = [dict(zip(("start", "end", "postfix"), one, strict=False)) for one in ranges]
    told: dict[str, Any] = {"vmNameOwners": owners} if owners is not None else {}
    told["skippedNames"] = {name.replace("_", "-"): one.to_dict() for name, one in skipped.items()}
    return ScvmmNamePool.model_validate(
        {"metadata": {"name": "web", "generation": 1}, "spec": {"vmNameRanges": wished}, "status": told}
    )


def given_to(pool: ScvmmNamePool, *claims: NameClaim, returned: dict[str, str] | None = None) -> list[str | None]:
    """What each claim gets, in their order."""
    books = settle(pool, claims, returned or {}, NOON)
    return [books.given[claim.uid] for claim in claims]


def owners_after(pool: ScvmmNamePool, *claims: NameClaim, returned: dict[str, str] | None = None) -> dict[str, str]:
    """The owners by the books written anew."""
    return dict(settle(pool, claims, returned or {}, NOON).owners)


A, B, C = (NameClaim(name, f"uid-{name}", since=f"2026-11-23T11:0{place}:00Z") for place, name in enumerate("abc"))
WEB = ("web-1", "web-3")


def test_the_first_free_names_go_to_the_oldest_machines() -> None:
    """In the order of the ranges, whatever the order in which they ask."""
    assert given_to(a_pool(WEB), C, A, B) == ["web-3", "web-1", "web-2"]
    assert given_to(a_pool(("x",), WEB, owners={"x": "z/1"}), A) == ["web-1"]


def test_a_name_is_given_once() -> None:
    """What somebody has, in whatever case, and what was skipped a moment ago is passed over."""
    pool = a_pool(WEB, owners={"WEB-1": "z/1"}, web_2=JUST_NOW)
    assert given_to(pool, A, B) == ["web-3", None]
    assert given_to(a_pool(("web-1",), ("WEB-1",)), A, B) == ["web-1", None]


def test_who_has_a_name_keeps_it() -> None:
    """However often it asks; also when the Go provider wrote the entry, without a uid."""
    assert given_to(a_pool(WEB, owners={"web-3": "a/uid-a"}), A) == ["web-3"]
    assert owners_after(a_pool(WEB, owners={"web-3": "a"}), A) == {"web-3": "a/uid-a"}


def test_books_that_were_lost_are_made_up_from_what_machines_carry() -> None:
    """After a move: who carries a name has it before anybody gets a new one, however old that one is."""
    carries = replace(C, record="web-1")
    assert given_to(a_pool(WEB), A, carries) == ["web-2", "web-1"]


def test_a_machine_that_was_moved_has_its_name_though_its_uid_is_another() -> None:
    """There is one object of a name at a time: the entry of an earlier one passes to it."""
    moved = replace(A, record="web-1")
    assert owners_after(a_pool(WEB, owners={"web-1": "a/before"}), moved) == {"web-1": "a/uid-a"}


@pytest.mark.parametrize("record", ["web-9", "other", "web-1"])
def test_what_a_machine_carries_counts_only_if_it_can_be_so(record: str) -> None:
    """A copied manifest carries the name of another machine, a changed pool has other names: there is a new one."""
    pool = a_pool(WEB, owners={"web-1": "z/1"})
    assert given_to(pool, replace(A, record=record)) == ["web-2"]
    assert given_to(a_pool(WEB, web_1=JUST_NOW), replace(A, record=record)) == ["web-2"]


def test_of_two_that_carry_one_name_the_one_with_a_vm_has_it() -> None:
    """The other has no VM yet and can be called otherwise; of two VMs one is told."""
    old, built = replace(A, record="web-1"), replace(B, record="web-1", built=True)
    assert given_to(a_pool(WEB), old, built) == ["web-2", "web-1"]
    third = replace(C, record="web-1", built=True)
    books = settle(a_pool(WEB), [old, built, third], {}, NOON)
    assert books.given["uid-c"] is None
    assert disputed(a_pool(WEB), books, [old, built, third]) == [("web-1", "c", "b")]


def test_the_name_of_a_vm_counts_more_than_the_books() -> None:
    """A VM keeps its name: the machine has that one, and gives the other back."""
    pool = a_pool(WEB, owners={"web-2": "a/uid-a"}, web_1=JUST_NOW)
    books = settle(pool, [replace(A, record="web-1", built=True)], {}, NOON)
    assert (dict(books.owners), dict(books.skipped)) == ({"web-1": "a/uid-a"}, {})
    elsewhere = replace(A, record="own", built=True)
    assert given_to(pool, elsewhere) == ["web-2"]
    assert given_to(a_pool(WEB), elsewhere) == [None]


def test_a_refused_name_is_skipped_and_another_is_taken() -> None:
    """VMM has a VM of somebody else's with it: with VMM's words it stands in the books."""
    refused = replace(A, record="web-1", refused="web-1", why="in use (id 1)")
    for owners in ({"web-1": "a/uid-a"}, {}):
        books = settle(a_pool(WEB, owners=owners), [refused], {}, NOON)
        assert books.given["uid-a"] == "web-2"
        assert dict(books.skipped) == {"web-1": SkippedName(since=NOON, reason="in use (id 1)")}
    others = settle(a_pool(WEB, owners={"web-1": "z/1"}), [refused], {}, NOON)
    assert others.skipped == {} and others.owners["web-1"] == "z/1"


def test_a_skipped_name_is_tried_again_when_there_is_no_other() -> None:
    """After ten minutes, the one that was skipped first; one that the pool has no more never."""
    earlier = SkippedName(since=LONG_AGO.since - seconds(1))
    pool = a_pool(("web-1", "web-2"), web_1=LONG_AGO, web_2=earlier, old=earlier)
    books = settle(pool, [A, B, C], {}, NOON)
    assert [books.given[one.uid] for one in (A, B, C)] == ["web-2", "web-1", None]
    assert set(books.skipped) == {"old"}


def test_names_come_back_unless_somebody_else_has_them_by_now() -> None:
    """What is returned was seen some time ago: only that very entry goes, and its name is free at once."""
    pool = a_pool(("web-1", "web-2"), owners={"web-1": "gone/1", "web-2": "b/uid-b"})
    assert given_to(pool, A, returned={"web-1": "gone/1", "web-2": "gone/2", "web-9": "gone/3"}) == ["web-1"]
    assert obtainable(pool, A, NOON) is None


machines = st.integers(0, 12)
steps = st.lists(st.tuples(st.sampled_from(["take", "go", "forget", "lose", "refuse"]), machines), max_size=60)


@given(steps)
def test_whatever_happens_no_name_is_given_twice_and_none_is_lost(happens: list[tuple[str, int]]) -> None:
    """Machines come and go, status is lost, machines forget what they carry, VMM refuses: the books stay right."""
    pool, carried, alive = a_pool(("n0", "n9")), dict[int, str](), set[int]()
    for what, number in happens:
        if what == "lose":
            # What no machine carries yet cannot be known after a move; such a machine has no VM either.
            pool = a_pool(("n0", "n9"))
        elif what == "forget":
            carried.pop(number, None)
        elif what == "go":
            alive.discard(number)
            carried.pop(number, None)
        else:
            alive.add(number)
        entries = pool.status.vm_name_owners or {}
        returned = {name: entry for name, entry in entries.items() if int(entry.partition("/")[0]) not in alive}
        refused = carried.get(number) if what == "refuse" else None
        claims = [
            NameClaim(str(one), f"u{one}", carried.get(one), refused=refused if one == number else None)
            for one in alive
        ]
        books = settle(pool, claims, returned, NOON)
        pool = a_pool(("n0", "n9"), owners=dict(books.owners), **books.skipped)
        for one in sorted(alive):
            name = books.given[f"u{one}"]
            if name is not None:
                carried[one] = name
                assert books.owners[name] == f"{one}/u{one}"
            else:
                carried.pop(one, None)
        names = [name for name in books.given.values() if name is not None]
        assert len(names) == len(set(names)) == len(books.owners)
        assert len(names) == min(len(alive), 10 - len(books.skipped))


# --- status


def patch_of(pool: ScvmmNamePool, *claims: NameClaim, recorded: dict[str, Any] | None = None) -> dict[str, Any]:
    """The patch that follows from claims."""
    books = settle(pool, claims, {}, NOON)
    return name_pool_status(pool, recorded or {}, books, disputed(pool, books, claims), NOON)


def reasons(patch: dict[str, Any]) -> dict[str, str]:
    """The reason of each condition."""
    return {each["type"]: each["reason"] for each in patch["conditions"]}


def message(patch: dict[str, Any], kind: str) -> str:
    """The message of a condition."""
    return str(next(each["message"] for each in patch["conditions"] if each["type"] == kind))


def test_status_is_written_once_and_then_only_what_changes() -> None:
    """The map of owners may be long: a patch has only the entries that are new or gone."""
    pool = a_pool(WEB)
    first = patch_of(pool, A)
    assert first["vmNameOwners"] == {"web-1": "a/uid-a"} and "skippedNames" not in first
    assert first["counts"] == {"total": 3, "free": 2, "used": 1, "skipped": 0}
    assert reasons(first) == {"Ready": "NamesAvailable", "RangesDisjoint": "Disjoint", "NamesUnique": "Unique"}
    known = a_pool(WEB, owners={"web-1": "a/uid-a"})
    assert patch_of(known, A, recorded=first) == {}
    second = name_pool_status(known, first, settle(known, [B], {"web-1": "a/uid-a"}, NOON), [], NOON)
    assert second == {"vmNameOwners": {"web-1": "b/uid-b"}}
    third = name_pool_status(known, first, settle(known, [], {"web-1": "a/uid-a"}, NOON), [], NOON)
    assert third["vmNameOwners"] == {"web-1": None} and third["counts"]["free"] == 3


def test_empty_books_are_written_too() -> None:
    """They say that all machines were asked what they carry."""
    assert patch_of(a_pool(WEB))["vmNameOwners"] == {}


def test_counts_of_a_pool_that_was_changed_and_of_a_huge_one() -> None:
    """A name outside of the ranges is used, and takes none of those that are free."""
    pool = a_pool(WEB, owners={"old-1": "z/1", "web-1": "y/1"}, web_2=JUST_NOW, old_2=JUST_NOW)
    assert patch_of(pool)["counts"] == {"total": 3, "free": 1, "used": 2, "skipped": 1}
    assert patch_of(a_pool(("0" * 40, "9" * 40)))["counts"]["total"] == MOST_COUNTED


def test_an_empty_pool_says_how_it_comes_and_who_can_mend_it() -> None:
    """No ranges, ranges that make no names, all used, some skipped."""
    cases = (
        (a_pool(), "has no names: its owner can add a range"),
        (a_pool(("web_1",)), "no VM can be called as its ranges say"),
        (a_pool(("web-1",), owners={"web-1": "a/1"}), "of 1 names machines have 1. Its owner can add"),
        (a_pool(("web-1",), owners={}, web_1=JUST_NOW), "machines have 0, 1 are in use in VMM for other VMs"),
    )
    for pool, words in cases:
        patch = patch_of(pool)
        assert reasons(patch)["Ready"] == "NamePoolEmpty" and words in message(patch, "Ready")
        assert lack(pool, Books.of(pool)) == message(patch, "Ready")


def test_overlapping_ranges_are_told() -> None:
    """The pool works all the same."""
    patch = patch_of(a_pool(WEB, ("web-3", "web-5")), A)
    assert reasons(patch)["RangesDisjoint"] == "RangesOverlap" and reasons(patch)["Ready"] == "NamesAvailable"
    assert "spec.vmNameRanges[0] and spec.vmNameRanges[1] both have web-3" in message(patch, "RangesDisjoint")


def test_a_name_of_two_vms_is_told() -> None:
    """Which machines, and what to do; of many only some."""
    two = [replace(one, record="web-1", built=True) for one in (A, B)]
    patch = patch_of(a_pool(WEB), *two)
    assert reasons(patch)["NamesUnique"] == "NameTwice"
    assert "the VM of ScvmmMachine b is called web-1, and so is that of a. Replace" in message(patch, "NamesUnique")
    many = [NameClaim(f"m{n}", f"u{n}", "web-1", built=True) for n in range(8)]
    assert "; and 2 more. Replace" in message(patch_of(a_pool(WEB), *many), "NamesUnique")


# --- the plan of a machine

NAMED = Naming("web", True, carried="web-1", owned="web-1")


def test_the_name_is_taken_just_before_the_creation() -> None:
    """When all else is there; then the VM is created."""
    scope = a_scope(naming=Naming("web", True, wished="web-1"))
    assert plan(scope, NOON) == TakeName()
    assert status(scope, TakeName(), NOON).empty
    waits = plan(replace(scope, bootstrap=replace(scope.bootstrap, problem=("No", "no."))), NOON)
    assert waits == Wait("No", "no.")
    assert plan(replace(scope, naming=NAMED), NOON) == CreateVm()


@pytest.mark.parametrize(
    "naming",
    [
        replace(NAMED, carried=None, wished="web-1"),
        replace(NAMED, carried="web-2", wished="web-1"),
        replace(NAMED, owned=None, wished="web-2"),
        replace(NAMED, refused=True, wished="web-2"),
    ],
)
def test_no_vm_is_created_before_machine_and_pool_say_the_same(naming: Naming) -> None:
    """A controller that died in between has written only one of them."""
    assert plan(a_scope(naming=naming), NOON) == TakeName()


def test_a_machine_waits_for_its_pool_and_for_a_free_name() -> None:
    """Each with its reason."""
    missing = plan(a_scope(naming=Naming("web")), NOON)
    assert (
        isinstance(missing, Wait) and missing.reason == "WaitingForNamePool" and "ScvmmNamePool web" in missing.message
    )
    assert plan(a_scope(naming=Naming("web", True, lack="None left.")), NOON) == Wait("NamePoolEmpty", "None left.")


def test_a_machine_with_a_vm_never_waits_for_a_name() -> None:
    """Its VM has one: that is noted where it is not yet, and where it cannot be all goes on."""
    lost = Naming("web", True, wished="node")
    assert plan(created(naming=lost), NOON) == TakeName()
    provisioned = replace(running(vm=a_vm(addresses=("10.0.0.5",))), naming=lost)
    assert plan(provisioned, NOON) == TakeName()
    for naming in (Naming("web"), Naming("web", True, lack="x"), replace(lost, wished="other"), NAMED):
        assert plan(replace(provisioned, naming=naming), NOON) == Settled()


def test_the_end_of_a_machine_needs_no_pool() -> None:
    """Deletion asks for no name."""
    scope = a_scope(naming=Naming("web", True, lack="None left."), recorded=recorded())
    assert plan(scope, NOON) == Wait("NamePoolEmpty", "None left.")
