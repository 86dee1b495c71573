# SPDX-License-Identifier: Apache-2.0
"""Status of persistent disks and of their pools. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from capi_scvmm.conditions import Condition, merge, parse_conditions
from capi_scvmm.kinds import DiskCounts, ScvmmPersistentDisk, ScvmmPersistentDiskPool
from capi_scvmm.plan.persistent_disk import deleting, doomed, file_left, lack
from capi_scvmm.status.patch import changed


@dataclass(frozen=True)
class Holding:
    """Who has a disk; *left*: the machine is gone, and nobody knows that its VM is."""

    machine: str | None = None
    left: bool = False


def persistent_disk_status(
    disk: ScvmmPersistentDisk, recorded: Mapping[str, Any], holding: Holding, now: datetime
) -> dict[str, Any]:
    """Derive the patch for a disk; empty: nothing to write."""
    conditions = [_ready(disk, holding)]
    if deleting(disk):
        conditions.append(_deleting(disk, holding))
    dated = merge(parse_conditions(recorded), conditions, disk.metadata.generation, now)
    where = disk.location
    wanted = {
        "machine": holding.machine,
        "vmHost": where.host if where is not None else None,
        "hostCluster": where.cluster if where is not None else None,
        "path": where.path if where is not None else None,
        "filename": disk.file,
        "conditions": [each.dump() for each in sorted(dated, key=lambda each: each.type)],
    }
    return changed(recorded, wanted)


def _ready(disk: ScvmmPersistentDisk, holding: Holding) -> Condition:
    if holding.left:
        return Condition("Ready", "False", "MachineGone", _left(disk, holding))
    if holding.machine is not None:
        return Condition("Ready", "True", "InUse", f"ScvmmMachine {holding.machine} has it.")
    if not disk.there:
        return Condition("Ready", "True", "NotMade", "Its file is made with the first machine that gets it.")
    return Condition("Ready", "True", "Free")


def _left(disk: ScvmmPersistentDisk, holding: Holding) -> str:
    return (
        f"ScvmmMachine {holding.machine} is gone, and its VM may still be in VMM with file {disk.file}. Remove that VM "
        "without its disk, or wait until its VMM server answers; then the disk comes free."
    )


def _deleting(disk: ScvmmPersistentDisk, holding: Holding) -> Condition:
    if holding.left:
        return Condition("Deleting", "True", "MachineGone", _left(disk, holding))
    if holding.machine is not None:
        fate = "its file is removed with the VM" if doomed(disk) else "its file stays on the host"
        return Condition(
            "Deleting",
            "True",
            "InUse",
            f"ScvmmMachine {holding.machine} has it: the deletion goes on when that machine is deleted, and {fate}.",
        )
    if file_left(disk):
        where = disk.place
        return Condition(
            "Deleting",
            "True",
            "FileLeft",
            f"No VM has it, and VMM removes a file only along with a VM. Remove {disk.file} in {where.path} on host "
            f"{where.host} by hand, or keep it; then set spec.reclaimPolicy to Retain, and the deletion goes on.",
        )
    return Condition("Deleting", "True", "Released", "Nobody has it.")


def pool_status(
    pool: ScvmmPersistentDiskPool,
    recorded: Mapping[str, Any],
    members: Sequence[ScvmmPersistentDisk],
    now: datetime,
) -> dict[str, Any]:
    """Derive the patch for a pool from its disks; empty: nothing to write."""
    used = sum(1 for disk in members if disk.claim is not None)
    free = sum(1 for disk in members if disk.claim is None and not deleting(disk))
    dated = merge(parse_conditions(recorded), [_available(pool, members, free)], pool.metadata.generation, now)
    counts = DiskCounts(total=len(members), free=free, used=used)
    return changed(recorded, {"counts": counts.to_dict(), "conditions": [each.dump() for each in dated]})


def _available(pool: ScvmmPersistentDiskPool, members: Sequence[ScvmmPersistentDisk], free: int) -> Condition:
    if free:
        return Condition("Ready", "True", "DisksFree")
    if pool.spec.template is not None and (not pool.spec.max_disks or len(members) < pool.spec.max_disks):
        return Condition("Ready", "True", "DisksCanBeMade")
    return Condition("Ready", "False", "NoPersistentDiskFree", lack(pool, members))
