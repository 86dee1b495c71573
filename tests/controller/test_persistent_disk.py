# SPDX-License-Identifier: Apache-2.0
"""Which persistent disk a machine gets, what it waits for, and what is said of disks and pools."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from capi_scvmm.kinds import (
    CLAIM,
    LOCATION,
    POOL,
    DiskClaim,
    DiskLocation,
    ScvmmMachine,
    ScvmmPersistentDisk,
    ScvmmPersistentDiskPool,
)
from capi_scvmm.kinds.taken_disks import TAKEN_DISKS, TakenDisk, write_taken
from capi_scvmm.plan import CreateVm, NoteDisks, RemoveVm, TakeDisks, Wait, plan
from capi_scvmm.plan.persistent_disk import (
    Disks,
    DiskWish,
    Free,
    HeldDisk,
    New,
    Nothing,
    carried_one,
    claim_of,
    offer,
    state_of,
    wishes_of,
)
from capi_scvmm.request import placement, unfinished, vm_options
from capi_scvmm.status import status
from capi_scvmm.status.persistent_disk import Holding, persistent_disk_status, pool_status
from capi_scvmm.vm import Disk

from .scopes import NOON, UID, a_job, a_machine, a_scope, a_vm, created, going

FOLDER = r"D:\disks"
HERE = DiskLocation("hv1", None, FOLDER, "prod/vmm")
WISH = DiskWish(1, "data")


def a_disk(
    number: int = 0,
    *,
    claim: DiskClaim | None = None,
    where: DiskLocation | None = None,
    going: bool = False,
    name: str = "",
    **spec: Any,
) -> ScvmmPersistentDisk:
    """A disk of the pool data."""
    notes = {CLAIM: claim.text if claim else "", LOCATION: where.text if where else ""}
    metadata: dict[str, Any] = {"name": name or f"data-{number}", "labels": {POOL: "data"}, "annotations": notes}
    if going:
        metadata["deletionTimestamp"] = "2026-11-23T11:59:00Z"
    return ScvmmPersistentDisk.model_validate({"metadata": metadata, "spec": {"size": "2Gi", "path": FOLDER, **spec}})


def a_pool(most: int = 0, *, template: bool = True) -> ScvmmPersistentDiskPool:
    """The pool data."""
    spec: dict[str, Any] = {"maxDisks": most, "selector": {"matchLabels": {"a": "b"}}}
    spec |= {"template": {"spec": {"size": "2Gi"}}} if template else {}
    return ScvmmPersistentDiskPool.model_validate({"metadata": {"name": "data"}, "spec": spec})


def wanting(*disks: str | None, carries: dict[int, TakenDisk] | None = None, **meta: Any) -> ScvmmMachine:
    """A machine that wants disks of the pool after its first one: any, or those named."""
    wished = [{"pool": {"name": "data"}, **({"disk": {"name": name}} if name else {})} for name in disks]
    machine = a_machine(disks=[{"vhDisk": "debian.vhdx"}, *({"persistentDisk": one} for one in wished)], **meta)
    notes = {**machine.metadata.annotations, **({TAKEN_DISKS: write_taken(carries)} if carries else {})}
    return machine.model_copy(update={"metadata": machine.metadata.model_copy(update={"annotations": notes})})


OTHER = DiskClaim("other", "u", 1)
MINE = claim_of(wanting(None), 1)
TAKEN = {1: TakenDisk("data-0", "data-0.vhdx")}


def offered(pool: ScvmmPersistentDiskPool | None, *disks: ScvmmPersistentDisk, wish: DiskWish = WISH) -> Any:
    """What a machine of provider prod/vmm that has no disk is offered: a name, a number, or a reason."""
    got = offer(pool, disks, wish, [], "prod/vmm")
    return got.disk.name if isinstance(got, Free) else got.number if isinstance(got, New) else got.reason


def test_machine_says_which_disks_it_wants() -> None:
    """By their place; those that are named too."""
    assert wishes_of(wanting(None, "data-3")) == (DiskWish(1, "data"), DiskWish(2, "data", "data-3"))
    assert wishes_of(a_machine()) == ()
    assert DiskClaim("node", UID, 1) == MINE


def test_disk_with_content_comes_first_then_an_empty_one_then_a_new_one() -> None:
    """By number; never one that is another's, is going, or belongs to another VMM server."""
    bare = a_disk(2)
    used, away = a_disk(0, claim=OTHER, where=HERE), a_disk(1, where=replace(HERE, provider="prod/else"))
    assert offered(a_pool(), a_disk(10, where=HERE), a_disk(9, where=HERE), bare, used) == "data-9"
    assert offered(a_pool(), used, bare, away) == "data-2"
    assert offered(a_pool(), used, away, a_disk(2, going=True)) == 3
    assert offered(a_pool(), a_disk(name="data", where=HERE), a_disk(0, where=HERE)) == "data"
    assert offered(a_pool()) == 0
    # Of a pool that made fewer, a number is free that another object's name does not have.
    assert offered(a_pool(2), a_disk(1, claim=OTHER)) == 0


def test_pool_that_is_full_or_makes_none_says_who_has_its_disks() -> None:
    """And who can mend it."""
    full = [a_disk(n, claim=DiskClaim(f"m{n}", "u", 1)) for n in range(5)]
    assert offered(a_pool(5), *full) == "NoPersistentDiskFree"
    got = offer(a_pool(5), full, WISH, [], None)
    assert isinstance(got, Nothing)
    assert "machines have 5 of its 5 disks (m0, m1, m2 and 2 more)" in got.message and "maxDisks" in got.message
    none = offer(a_pool(template=False), [], WISH, [], None)
    assert isinstance(none, Nothing) and "0 disks" in none.message and "or spec.template there" in none.message
    missing = offer(None, [], WISH, [], None)
    assert isinstance(missing, Nothing) and missing.reason == "WaitingForPersistentDiskPool"
    assert "spec.disks[1].persistentDisk names" in missing.message


def test_disk_that_is_named_is_waited_for() -> None:
    """Until it is there, and free."""
    wish = DiskWish(1, "data", "data-1")
    assert offered(a_pool(), a_disk(0), a_disk(1), wish=wish) == "data-1"
    cases = (
        ([a_disk(0)], "has no such disk"),
        ([a_disk(1, going=True)], "is being deleted"),
        ([a_disk(1, claim=OTHER)], "which ScvmmMachine other has"),
    )
    for disks, words in cases:
        got = offer(a_pool(), disks, wish, [], None)
        assert isinstance(got, Nothing) and got.reason == "WaitingForPersistentDisk" and words in got.message


def test_further_disk_is_one_that_goes_with_those_that_are_there() -> None:
    """On the same host, and with another file name."""
    have = [a_disk(0, where=HERE)]
    far, same_file = a_disk(1, where=replace(HERE, host="hv2")), a_disk(2, where=HERE, filename="DATA-0")
    got = offer(a_pool(), [*have, far, same_file, a_disk(3, where=HERE)], WISH, have, "prod/vmm")
    assert isinstance(got, Free) and got.disk.name == "data-3"


def test_carried_disk_whose_annotation_is_lost_is_taken_again() -> None:
    """Unless it went to somebody else, or is going."""
    machine = wanting(None, carries=TAKEN)
    assert carried_one(machine, [a_disk(1), a_disk(0)], 1) == Free(a_disk(0))
    assert carried_one(machine, [a_disk(0, claim=OTHER), a_disk(0, going=True)], 1) is None
    assert carried_one(wanting(None), [a_disk(0)], 1) is None


def standing(machine: ScvmmMachine, disks: Iterable[ScvmmPersistentDisk], **more: Any) -> Disks:
    """How a machine stands with these disks."""
    known = {"lacks": {}, "vm": None, "provider": "prod/vmm", **more}
    return state_of(machine, {disk.name: disk for disk in disks}, **known)


def test_machine_is_settled_when_both_records_say_the_same() -> None:
    """One of them is what a controller that was killed in between has left."""
    mine = a_disk(0, claim=MINE, where=HERE)
    both = standing(wanting(None, carries=TAKEN), [mine])
    assert (both.settled, both.trouble, both.host, both.host_cluster) == (True, None, "hv1", None)
    assert both.at(1) == HeldDisk(1, TAKEN[1], mine) and both.at(2) is None
    only_disk = standing(wanting(None), [mine, a_disk(1, claim=MINE)])
    assert not only_disk.settled and only_disk.held == (HeldDisk(1, TAKEN[1], mine),)
    only_machine = standing(wanting(None, carries=TAKEN), [a_disk(0)])
    assert not only_machine.settled and only_machine.held == (HeldDisk(1, TAKEN[1]),)
    other = standing(wanting(None, carries={1: TakenDisk("data-5", "data-5.vhdx")}), [mine])
    assert not other.settled and other.held == (HeldDisk(1, TAKEN[1], mine),)
    assert standing(wanting(None), [a_disk(0, claim=replace(MINE, place=2))]).held == ()


def test_disk_that_is_in_the_spec_no_more_is_kept_all_the_same() -> None:
    """The VM may have it."""
    found = standing(wanting(carries=TAKEN), [a_disk(0, claim=MINE)])
    assert found.kept_files == ("data-0.vhdx",)


def test_only_what_somebody_asked_for_goes_with_the_vm() -> None:
    """The disk is being deleted, and its policy says Delete; an object that is gone asks for nothing."""
    cases = ((True, "Delete", ()), (True, "Retain", ("data-0.vhdx",)), (False, "Delete", ("data-0.vhdx",)))
    for is_going, policy, files in cases:
        mine = a_disk(0, claim=MINE, going=is_going, reclaimPolicy=policy)
        assert standing(wanting(None, carries=TAKEN), [mine]).kept_files == files
    assert standing(wanting(None, carries=TAKEN), []).kept_files == ("data-0.vhdx",)


def test_trouble_with_disks_is_told() -> None:
    """None to be had; not two in one place; one that is gone or somebody else's."""
    lack = standing(wanting(None), [], lacks={1: Nothing("NoPersistentDiskFree", "All in use.")})
    assert lack.trouble == ("NoPersistentDiskFree", "All in use.")
    two = [a_disk(0, claim=MINE, where=HERE), a_disk(1, claim=replace(MINE, place=2), where=replace(HERE, host="hv2"))]
    apart = standing(wanting(None, None), two)
    assert apart.trouble is not None and apart.trouble[0] == "PersistentDisksApart" and "on hv2" in apart.trouble[1]
    carrying = wanting(None, carries=TAKEN)
    stolen = standing(carrying, [a_disk(0, claim=OTHER)])
    assert stolen.trouble is not None and "is with ScvmmMachine other now" in stolen.trouble[1]
    assert standing(carrying, []).trouble is None
    gone = standing(carrying, [], vm=a_vm())
    assert gone.trouble is not None and gone.trouble[0] == "PersistentDiskGone" and "data-0.vhdx" in gone.trouble[1]


def test_a_host_is_the_narrower_place_than_its_cluster() -> None:
    """VMM knows whether the one is in the other; a file on a share binds to nothing."""
    shared = DiskLocation("hv1", "cl1", r"C:\ClusterStorage\Volume1", "prod/vmm")
    one = a_disk(0, claim=MINE, where=shared)
    two = a_disk(1, claim=replace(MINE, place=2), where=replace(HERE, cluster="cl1"))
    three = a_disk(2, claim=replace(MINE, place=3), where=replace(HERE, path=r"\\files\disks"))
    alone = standing(wanting(None), [one])
    assert (alone.host, alone.host_cluster) == (None, "cl1")
    both = standing(wanting(None, None, None), [one, two, three])
    assert (both.host, both.host_cluster, both.trouble) == ("hv1", None, None)


def test_where_vmm_shows_a_disk_is_to_be_noted() -> None:
    """Once no job works on the VM; what is noted already is not written again."""
    mine, machine = a_disk(0, claim=MINE), wanting(None, carries=TAKEN)
    vm = a_vm("PowerOff", host="hv1", disks=(Disk("node-disk-0.vhdx", 1), Disk("DATA-0", 2048, path=FOLDER)))
    assert standing(machine, [mine], vm=vm).moved == (("data-0", HERE),)
    assert standing(machine, [a_disk(0, claim=MINE, where=HERE)], vm=vm).moved == ()
    silent = replace(vm, disks=(Disk("data-0.vhdx", 2048),))
    for other in (None, replace(vm, job=a_job()), replace(vm, host=None), replace(vm, disks=()), silent):
        assert standing(machine, [mine], vm=other).moved == ()
    assert standing(machine, [], vm=vm).moved == ()


# --- the plan and the request of a machine


def test_disks_are_taken_before_the_vm_and_noted_while_it_is_there() -> None:
    """A machine that ran waits for no disk; one that goes has them noted before its VM does."""
    assert plan(a_scope(disks=Disks(settled=False)), NOON) == TakeDisks()
    assert status(a_scope(), TakeDisks(), NOON).empty and status(a_scope(), NoteDisks(), NOON).empty
    waits = plan(a_scope(disks=Disks(trouble=("NoPersistentDiskFree", "All in use."))), NOON)
    assert waits == Wait("NoPersistentDiskFree", "All in use.", untold=True)
    assert plan(a_scope(disks=Disks()), NOON) == CreateVm()
    moved = Disks(moved=(("data-0", HERE),))
    assert plan(created(disks=moved), NOON) == NoteDisks()
    off = going(vm=a_vm("PowerOff"))
    assert plan(replace(off, disks=moved), NOON) == NoteDisks()
    assert plan(replace(off, disks=Disks()), NOON) == RemoveVm()


def options_of(machine: ScvmmMachine, disks: Disks | None) -> dict[str, Any]:
    """The options of the module for a machine."""
    return vm_options(machine, placement(machine, None, {}, None), None, disks=disks)


def test_request_says_where_the_vm_goes_and_which_files_it_gets() -> None:
    """A new file is made with size and form; one that is there is attached as it is, and grows."""
    machine = wanting(None, carries=TAKEN)
    new = options_of(machine, standing(machine, [a_disk(0, claim=MINE, vmHost="hv1", dynamic=False)]))
    assert (new["host"], "host_cluster" in new) == ("hv1", False)
    assert new["disks"][1] == {"file": "data-0.vhdx", "path": FOLDER, "size_mb": 2048, "dynamic": False}
    there = options_of(machine, standing(machine, [a_disk(0, claim=MINE, where=replace(HERE, path=r"E:\d"))]))
    assert there["disks"][1] == {"file": "data-0.vhdx", "path": r"E:\d", "existing": True, "size_mb": 2048}
    # Nothing is made of these: the plan waits for the disks first.
    assert options_of(machine, standing(machine, []))["disks"][1]["file"] == "data-0.vhdx"
    assert options_of(machine, None)["disks"][1] == {"file": "disk-1.vhdx", "size_mb": 1}


@pytest.mark.parametrize(
    ("disks", "lacking"),
    [
        ((), ("disks[1].persistentDisk",)),
        ((Disk("DATA-0.VHDX", 1024),), ("disks[1].size",)),
        ((Disk("data-0", 2048),), ()),
    ],
)
def test_vm_without_its_disk_is_unfinished(disks: tuple[Disk, ...], lacking: tuple[str, ...]) -> None:
    """And so is one whose disk has to grow."""
    machine = wanting(None, carries=TAKEN)
    options = options_of(machine, standing(machine, [a_disk(0, claim=MINE)]))
    assert unfinished(options, a_vm("PowerOff", disks=disks)) == lacking


# --- status of disks and pools


def said(disk: ScvmmPersistentDisk, holding: Holding) -> dict[str, tuple[str, str]]:
    """Reasons and words of a disk's conditions."""
    patch = persistent_disk_status(disk, {}, holding, NOON)
    assert persistent_disk_status(disk, patch, holding, NOON) == {}
    return {one["type"]: (one["reason"], one["message"]) for one in patch["conditions"]}


def test_disk_says_who_has_it_and_where_it_is() -> None:
    """From its annotations, so that nothing is lost by a move."""
    patch = persistent_disk_status(a_disk(0, where=replace(HERE, cluster="cl1")), {}, Holding("node"), NOON)
    told = (patch["machine"], patch["vmHost"], patch["hostCluster"], patch["path"], patch["filename"])
    assert told == ("node", "hv1", "cl1", FOLDER, "data-0.vhdx")
    assert said(a_disk(), Holding())["Ready"][0] == "NotMade"
    assert said(a_disk(where=HERE), Holding())["Ready"][0] == "Free"
    assert said(a_disk(where=HERE), Holding("node"))["Ready"] == ("InUse", "ScvmmMachine node has it.")
    left = said(a_disk(where=HERE, going=True), Holding("node", left=True))
    assert left["Ready"][0] == left["Deleting"][0] == "MachineGone"


def test_disk_that_is_deleted_says_what_becomes_of_its_file() -> None:
    """Whoever reads it knows who can make it go on."""
    cases = (
        (a_disk(going=True), Holding("node"), "InUse", "its file stays on the host"),
        (a_disk(going=True, reclaimPolicy="Delete"), Holding("node"), "InUse", "is removed with the VM"),
        (a_disk(going=True, where=HERE), Holding(), "Released", "Nobody"),
        (a_disk(going=True, reclaimPolicy="Delete"), Holding(), "Released", "Nobody"),
        (a_disk(going=True, where=HERE, reclaimPolicy="Delete"), Holding(), "FileLeft", r"in D:\disks on host hv1"),
    )
    for disk, holding, reason, words in cases:
        found = said(disk, holding)["Deleting"]
        assert found[0] == reason and words in found[1]


def test_pool_counts_its_disks_and_says_whether_one_can_be_had() -> None:
    """Free, to be made, or neither."""
    used, going_one = a_disk(0, claim=OTHER), a_disk(1, going=True)
    cases: tuple[tuple[ScvmmPersistentDiskPool, list[ScvmmPersistentDisk], str, tuple[int, int, int]], ...] = (
        (a_pool(), [used, a_disk(2)], "DisksFree", (2, 1, 1)),
        (a_pool(), [used, going_one], "DisksCanBeMade", (2, 0, 1)),
        (a_pool(3), [used, going_one], "DisksCanBeMade", (2, 0, 1)),
        (a_pool(1), [used], "NoPersistentDiskFree", (1, 0, 1)),
        (a_pool(template=False), [used], "NoPersistentDiskFree", (1, 0, 1)),
    )
    for pool, disks, reason, (total, free, in_use) in cases:
        patch = pool_status(pool, {}, disks, NOON)
        assert patch["counts"] == {"total": total, "free": free, "used": in_use}
        assert patch["conditions"][0]["reason"] == reason
        assert pool_status(pool, patch, disks, NOON) == {}
