# SPDX-License-Identifier: Apache-2.0
"""Which persistent disk a machine gets, where that binds it to, and what is to be noted of it. Pure.

Two records say who has a disk, as decision 0023 explains: an annotation of the disk, which is written first, and one of
the machine. No VM is created before both say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from capi_scvmm.kinds import (
    DiskClaim,
    DiskLocation,
    ScvmmMachine,
    ScvmmPersistentDisk,
    ScvmmPersistentDiskPool,
)
from capi_scvmm.kinds.taken_disks import TakenDisk, read_taken
from capi_scvmm.vm import Disk, Vm

Trouble = tuple[str, str]
TOLD = 3


@dataclass(frozen=True)
class DiskWish:
    """A disk that a machine wants: its place in spec.disks, the pool, and the one disk, when one is named."""

    place: int
    pool: str
    disk: str | None = None


@dataclass(frozen=True)
class HeldDisk:
    """A disk that a machine has; *disk* is None when somebody removed the object by force."""

    place: int
    taken: TakenDisk
    disk: ScvmmPersistentDisk | None = None

    @property
    def kept(self) -> bool:
        """Whether its file stays when the VM goes."""
        return self.disk is None or not doomed(self.disk)


@dataclass(frozen=True)
class Disks:
    """The persistent disks of a machine.

    *settled*: it has all that it wants, and both records say so. *trouble* is why it cannot have one, or not those
    together. *host* and *host_cluster* are where the VM has to be. *moved*: where disks are by now, to be noted.
    """

    held: tuple[HeldDisk, ...] = ()
    settled: bool = True
    trouble: Trouble | None = None
    host: str | None = None
    host_cluster: str | None = None
    moved: tuple[tuple[str, DiskLocation], ...] = ()

    @property
    def kept_files(self) -> tuple[str, ...]:
        """The files that stay when the VM is removed."""
        return tuple(one.taken.file for one in self.held if one.kept)

    def at(self, place: int) -> HeldDisk | None:
        """The disk for a place in spec.disks."""
        return next((one for one in self.held if one.place == place), None)


@dataclass(frozen=True)
class Free:
    """A disk that nobody has."""

    disk: ScvmmPersistentDisk


@dataclass(frozen=True)
class New:
    """A disk to be made, with that number."""

    number: int


@dataclass(frozen=True)
class Nothing:
    """There is no disk to be had, and why."""

    reason: str
    message: str


Offer = Free | New | Nothing


def wishes_of(machine: ScvmmMachine) -> tuple[DiskWish, ...]:
    """The persistent disks that a machine wants."""
    return tuple(
        DiskWish(place, wished.pool.name, wished.disk.name if wished.disk is not None else None)
        for place, wished in enumerate(disk.persistent_disk for disk in machine.spec.disks)
        if wished is not None
    )


def deleting(disk: ScvmmPersistentDisk) -> bool:
    """Whether somebody asked for the disk to go."""
    return disk.metadata.deletion_timestamp is not None


def doomed(disk: ScvmmPersistentDisk) -> bool:
    """Whether its file is to go: the object is being deleted, and says so."""
    return deleting(disk) and disk.spec.reclaim_policy == "Delete"


def file_left(disk: ScvmmPersistentDisk) -> bool:
    """Whether its file is to go and no VM has it: VMM removes a file only along with a VM."""
    return doomed(disk) and disk.there


def claimed_by(machine: ScvmmMachine, disk: ScvmmPersistentDisk) -> bool:
    """Whether the disk says that this machine has it."""
    claim = disk.claim
    return claim is not None and (claim.machine, claim.uid) == (machine.metadata.name, machine.mark)


def own_disk(machine: ScvmmMachine, disks: Iterable[ScvmmPersistentDisk], place: int) -> ScvmmPersistentDisk | None:
    """The disk that a machine has for a place: the one that it carries, else the first one that says so."""
    mine = [one for one in disks if one.claim is not None and claimed_by(machine, one) and one.claim.place == place]
    carried = read_taken(machine.metadata.annotations).get(place)
    return min(mine, key=lambda one: (carried is None or one.name != carried.name, one.name), default=None)


def carried_one(machine: ScvmmMachine, disks: Iterable[ScvmmPersistentDisk], place: int) -> Free | None:
    """Give the disk that a machine carries and that says nothing of it, as when somebody removed its annotation."""
    carried = read_taken(machine.metadata.annotations).get(place)
    usable = (one for one in disks if one.claim is None and not deleting(one))
    return next((Free(one) for one in usable if carried is not None and one.name == carried.name), None)


def offer(
    pool: ScvmmPersistentDiskPool | None,
    disks: Sequence[ScvmmPersistentDisk],
    wish: DiskWish,
    have: Sequence[ScvmmPersistentDisk],
    provider: str | None,
) -> Offer:
    """Choose what a machine that *has* other disks gets for one wish; disks with content come before empty ones."""
    if pool is None:
        return Nothing(
            "WaitingForPersistentDiskPool",
            f"Waiting for ScvmmPersistentDiskPool {wish.pool}, which spec.disks[{wish.place}].persistentDisk names: "
            "create it in this namespace.",
        )
    members = [disk for disk in disks if pool.has(disk.metadata.labels)]
    if wish.disk is not None:
        return _named(pool, members, wish, wish.disk)
    usable = [disk for disk in members if _usable(disk, have, provider)]
    if usable:
        return Free(min(usable, key=lambda disk: (not disk.there, _natural(disk.name))))
    if pool.spec.template is not None and (not pool.spec.max_disks or len(members) < pool.spec.max_disks):
        names = {disk.name for disk in disks}
        numbers = (number for number in range(len(disks) + 1) if f"{wish.pool}-{number}" not in names)
        return New(next(numbers))
    return Nothing("NoPersistentDiskFree", lack(pool, members))


def _named(pool: ScvmmPersistentDiskPool, members: Sequence[ScvmmPersistentDisk], wish: DiskWish, name: str) -> Offer:
    found = next((disk for disk in members if disk.name == name), None)
    where = f"spec.disks[{wish.place}].persistentDisk names ScvmmPersistentDisk {name}"
    if found is None:
        return Nothing(
            "WaitingForPersistentDisk",
            f"{where}, and ScvmmPersistentDiskPool {pool.metadata.name} has no such disk: create it with a label that "
            "the pool's selector means.",
        )
    if deleting(found):
        return Nothing("WaitingForPersistentDisk", f"{where}, which is being deleted: name another disk.")
    if found.claim is not None:
        return Nothing(
            "WaitingForPersistentDisk",
            f"{where}, which ScvmmMachine {found.claim.machine} has: it comes free when that machine is deleted.",
        )
    return Free(found)


def _usable(disk: ScvmmPersistentDisk, have: Sequence[ScvmmPersistentDisk], provider: str | None) -> bool:
    if disk.claim is not None or deleting(disk) or disk.provider not in (None, provider):
        return False
    return not isinstance(_together([*have, disk]), str) and disk.file.casefold() not in {
        one.file.casefold() for one in have
    }


def _natural(name: str) -> tuple[str, int, str]:
    found = re.fullmatch(r"(.*?)(\d+)", name)
    return (found[1], int(found[2]), name) if found else (name, -1, name)


def lack(pool: ScvmmPersistentDiskPool, members: Sequence[ScvmmPersistentDisk]) -> str:
    """Say that there is no disk to be had, who has them, and who can mend it."""
    name = f"ScvmmPersistentDiskPool {pool.metadata.name}"
    holders = sorted({disk.claim.machine for disk in members if disk.claim is not None}, key=_natural)
    told = ", ".join(holders[:TOLD]) + (f" and {len(holders) - TOLD} more" if len(holders) > TOLD else "")
    have = f"machines have {len(holders)} of its {len(members)} disks ({told})" if holders else f"{len(members)} disks"
    more = "raise spec.maxDisks" if pool.spec.template is not None else "add a ScvmmPersistentDisk or spec.template"
    return (
        f"{name} has no disk that this machine can have: {have}. One comes free when its machine is deleted; in a "
        f"rollout let the old machine go first (maxSurge 0), or {more} there."
    )


def _together(disks: Iterable[ScvmmPersistentDisk]) -> dict[str, str] | str:
    """Where a VM with all these disks has to be; words when there is no such place."""
    found: dict[str, str] = {}
    by: dict[str, str] = {}
    for disk in disks:
        bound = disk.place.binds_to
        if bound is None:
            continue
        kind, name = bound
        if found.get(kind, name).casefold() != name.casefold():
            return (
                f"ScvmmPersistentDisk {by[kind]} is on {found[kind]} and {disk.name} on {name}, and no VM can have "
                "both: move one of the files, or name other disks."
            )
        found[kind], by[kind] = name, disk.name
    if "host" in found and "host_cluster" in found:
        # The host is the narrower of the two; that it is in the cluster VMM knows.
        del found["host_cluster"]
    return found


def state_of(
    machine: ScvmmMachine,
    disks: Mapping[str, ScvmmPersistentDisk],
    lacks: Mapping[int, Nothing],
    vm: Vm | None,
    provider: str | None,
) -> Disks:
    """Tell how a machine stands with its persistent disks.

    *disks* are those that are known, by name; *lacks* says, by place, what it cannot get; *vm* is whole, or None.
    """
    taken = read_taken(machine.metadata.annotations)
    held: list[HeldDisk] = []
    settled = True
    for wish in wishes_of(machine):
        own = own_disk(machine, disks.values(), wish.place)
        carried = taken.get(wish.place)
        settled = settled and own is not None and carried == TakenDisk(own.name, own.file)
        if carried is not None and (own is None or own.name == carried.name):
            held.append(HeldDisk(wish.place, carried, own))
        elif own is not None:
            held.append(HeldDisk(wish.place, TakenDisk(own.name, own.file), own))
    wished = {wish.place for wish in wishes_of(machine)}
    # What the spec does not say any more, the VM may have all the same.
    held += [HeldDisk(place, one, disks.get(one.name)) for place, one in taken.items() if place not in wished]
    trouble = next(((one.reason, one.message) for one in lacks.values()), None) or _disputed(machine, disks, vm)
    place = _together(one.disk for one in held if one.disk is not None)
    found = Disks(tuple(held), settled, trouble, moved=moved(held, vm, provider))
    if isinstance(place, str):
        return replace(found, trouble=trouble or ("PersistentDisksApart", place))
    return replace(found, host=place.get("host"), host_cluster=place.get("host_cluster"))


def _disputed(machine: ScvmmMachine, disks: Mapping[str, ScvmmPersistentDisk], vm: Vm | None) -> Trouble | None:
    """What a machine carries is gone or another's: it is not started with something else in its place."""
    for place, carried in read_taken(machine.metadata.annotations).items():
        disk = disks.get(carried.name)
        name = f"ScvmmPersistentDisk {carried.name}, which is that of spec.disks[{place}],"
        if disk is None and vm is not None:
            return (
                "PersistentDiskGone",
                f"{name} was removed by force, and the VM may have its file {carried.file}. Create it again, with "
                "existing when the file is there, or delete the machine.",
            )
        if disk is not None and disk.claim is not None and not claimed_by(machine, disk):
            return (
                "PersistentDiskGone",
                f"{name} is with ScvmmMachine {disk.claim.machine} now: somebody changed its annotations. Delete the "
                "machine, and a new one gets another disk.",
            )
    return None


def moved(held: Iterable[HeldDisk], vm: Vm | None, provider: str | None) -> tuple[tuple[str, DiskLocation], ...]:
    """Where VMM shows the files of disks by now, as far as nobody has noted it."""
    if vm is None or vm.busy or vm.host is None:
        return ()
    found = []
    for one in held:
        there = called(vm.disks, one.taken.file)
        if there is None or one.disk is None or there.path is None:
            continue
        seen = DiskLocation(vm.host, vm.host_cluster, there.path, provider)
        if one.disk.location != seen:
            found.append((one.disk.name, seen))
    return tuple(found)


def called(disks: Iterable[Disk], file: str) -> Disk | None:
    """The disk of a VM whose file has that name, with its extension or without."""
    wanted = _bare(file)
    return next((disk for disk in disks if _bare(disk.name) == wanted), None)


def _bare(file: str) -> str:
    return re.sub(r"\.vhdx?$", "", file.casefold())


def claim_of(machine: ScvmmMachine, place: int) -> DiskClaim:
    """What a disk says when the machine has it for a place."""
    return DiskClaim(machine.metadata.name, machine.mark, place)
