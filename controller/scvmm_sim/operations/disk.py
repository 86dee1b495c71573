# SPDX-License-Identifier: Apache-2.0
"""The operation vm_disk: one disk of a VM that exists."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from scvmm_sim.cmdlets import CmdletResult
from scvmm_sim.operations.failed import usable_vm
from scvmm_sim.operations.fields import BAD_REQUEST, Fields, OperationError
from scvmm_sim.operations.find import named
from scvmm_sim.operations.hardware import shape_disk
from scvmm_sim.operations.host_file import extension, file_name, folder, is_called, new_file
from scvmm_sim.operations.session import Object, Session
from scvmm_sim.operations.shapes import Shape, shape_job, shape_vm
from scvmm_sim.operations.wish import VOLUME_TYPES


@dataclass(frozen=True)
class Wish:
    """What a request asks for."""

    state: str
    disk: str
    size_mb: int | None
    dynamic: bool | None
    vhd: str | None
    place: dict[str, Any]
    volume_type: str | None
    iops_maximum: int | None
    storage_qos_policy: str | None
    keep_file: bool
    check: bool
    path: str | None
    existing: bool | None


@dataclass
class Plan:
    """What of a disk is to be changed, and how; what cannot be changed; what a further call will do."""

    expand_gb: int | None = None
    change: dict[str, Any] = field(default_factory=dict)
    diff: list[Shape] = field(default_factory=list)
    drift: list[Shape] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)


def vm_disk(session: Session, request: Fields) -> dict[str, Any]:
    """Add, expand, limit or remove a disk; no job when it is as asked for."""
    wish = _wish(request)
    vm, failed = usable_vm(session, request, check=wish.check)
    drive = disk_called(vm["VirtualDiskDrives"], wish.disk)
    if wish.state == "absent":
        return _absent(session, vm, drive, wish, failed)
    policy = None
    if wish.storage_qos_policy:
        policy = named(session.all("Get-SCStorageQoSPolicy"), "storage QoS policy", wish.storage_qos_policy)
    if drive is None:
        return _added(session, vm, wish, policy)
    plan = _plan(vm, drive, wish, policy)
    if not plan.diff:
        return _result(vm, drive, None, plan, changed=failed)
    if plan.expand_gb:
        refuse_with_checkpoints(session, vm, f"its disk {wish.disk} cannot be expanded")
    if wish.check:
        return _result(vm, drive, None, plan, changed=True)
    return _result(vm, drive, _change(session, vm, drive, plan), plan, changed=True)


def disk_called(drives: list[Object], name: str) -> Object | None:
    """The disk whose file has the name, with its extension or without."""
    for drive in drives:
        if is_called(file_of(drive), name) or is_called(str(drive["VirtualHardDisk"]["Name"]), name):
            return drive
    return None


def file_of(drive: Object) -> str:
    """File name of a disk."""
    disk = drive["VirtualHardDisk"]
    return str(disk["Location"] or disk["Name"]).rsplit("\\", 1)[-1]


def refuse_with_checkpoints(session: Session, vm: Object, wish: str) -> None:
    """Refuse what spoils the files of disks that checkpoints hang on."""
    known = session.all("Get-SCVMCheckpoint", VM=vm)
    if known:
        names = ", ".join(one["Name"] for one in known)
        raise OperationError(
            "CapiScvmm.HasCheckpoints",
            f"VM {vm['Name']} has checkpoints ({names}): {wish}.",
            "Remove the checkpoints first.",
        )


def _wish(request: Fields) -> Wish:
    state = request.need_text("state", allowed=("present", "absent"))
    disk = request.need_text("disk")
    file_name(request, "disk")
    path, existing = folder(request, "path"), request.flag("existing")
    bus_type = request.text("bus_type", allowed=("SCSI", "IDE"))
    place = {"bus_type": bus_type, "bus": request.integer("bus", 0, 3), "lun": request.integer("lun", 0, 63)}
    wish = Wish(
        state,
        disk,
        request.integer("size_mb", 1, 67108864),
        request.flag("dynamic"),
        request.text("vhd"),
        place,
        request.text("volume_type", allowed=VOLUME_TYPES),
        request.integer("iops_maximum"),
        request.text("storage_qos_policy"),
        bool(request.flag("keep_file", False)),
        bool(request.flag("check", False)),
        path,
        existing,
    )
    if wish.iops_maximum is not None and wish.storage_qos_policy:
        raise OperationError(
            BAD_REQUEST, "Fields 'iops_maximum' and 'storage_qos_policy' exclude each other. Give one of them."
        )
    if wish.existing and not wish.path:
        raise OperationError(BAD_REQUEST, "Field 'path' is missing. Give the folder in which the existing file lies.")
    if wish.existing and wish.vhd:
        raise OperationError(BAD_REQUEST, "Fields 'existing' and 'vhd' exclude each other. Give one of them.")
    return wish


def _added(session: Session, vm: Object, wish: Wish, policy: Object | None) -> dict[str, Any]:
    if not wish.vhd and not wish.size_mb and not wish.existing:
        raise OperationError(BAD_REQUEST, "Field 'size_mb' is missing. Give it, or a vhd of the library.")
    vhd = named(session.all("Get-SCVirtualHardDisk"), "virtual hard disk", wish.vhd) if wish.vhd else None
    file = new_file(vm["Generation"], wish.disk, str(vhd["Name"]) if vhd else "")
    plan = Plan(diff=_new_diff(wish))
    plan.pending = [name for name in _later(wish, vhd) if name]
    if wish.check:
        return _result(vm, None, None, plan, changed=True)
    place = _place(vm, wish)
    parameters: dict[str, Any] = {
        "VM": vm,
        place["bus_type"]: True,
        "Bus": place["bus"],
        "LUN": place["lun"],
        "FileName": file,
        "Path": wish.path,
        "VolumeType": wish.volume_type,
        "StorageQoSPolicy": policy,
    }
    if vhd:
        parameters["VirtualHardDisk"] = vhd
    elif wish.existing:
        parameters["UseLocalVirtualHardDisk"] = True
    else:
        parameters |= empty_disk(file, wish.size_mb, wish.dynamic)
    made = session.run("New-SCVirtualDiskDrive", **parameters, RunAsynchronously=True, JobVariable="job")
    return _result(vm, made.objects[0], made, plan, changed=True)


def empty_disk(file: str, size_mb: int | None, dynamic: bool | None) -> dict[str, Any]:
    """Parameters of New-SCVirtualDiskDrive for an empty disk."""
    return {
        "VirtualHardDiskSizeMB": size_mb,
        "VirtualHardDiskFormatType": (extension(file) or ".vhdx")[1:].upper(),
        "Fixed" if dynamic is False else "Dynamic": True,
    }


def _new_diff(wish: Wish) -> list[Shape]:
    told: dict[str, Any] = {"disk": wish.disk, "path": wish.path, "existing": wish.existing}
    told |= {"size_mb": wish.size_mb, "dynamic": wish.dynamic, "vhd": wish.vhd}
    told |= {**wish.place, "volume_type": wish.volume_type, "iops_maximum": wish.iops_maximum or None}
    told["storage_qos_policy"] = wish.storage_qos_policy
    return [{"field": name, "before": None, "after": value} for name, value in told.items() if value is not None]


def _later(wish: Wish, vhd: Object | None) -> list[str | None]:
    """What cannot be given along with the new disk: VMM changes it once it is there."""
    larger = vhd is not None and wish.size_mb is not None and wish.size_mb > vhd["MaximumSize"] // 1024**2
    return ["size_mb" if larger else None, "iops_maximum" if wish.iops_maximum else None]


def _place(vm: Object, wish: Wish) -> dict[str, Any]:
    """Where the new disk goes: as asked for, else the first free place on the bus."""
    bus_type = wish.place["bus_type"] or "SCSI"
    bus = wish.place["bus"] or 0
    if wish.place["lun"] is not None:
        return {"bus_type": bus_type, "bus": bus, "lun": wish.place["lun"]}
    return {"bus_type": bus_type, "bus": bus, "lun": free_lun(vm, bus_type, bus)}


def free_lun(vm: Object, bus_type: str, bus: int, taken: set[int] | None = None) -> int:
    """The first free place on a bus, but those *taken*."""
    drives = [drive for drive in vm["VirtualDiskDrives"] if drive["BusType"] == bus_type]
    used = (taken or set()) | {drive["LUN"] for drive in drives if drive["Bus"] == bus}
    # DVD drives are on IDE in generation 1, and on SCSI in generation 2.
    if (vm["Generation"] == 1) == (bus_type == "IDE"):
        used |= {d["LUN"] for d in vm["VirtualDVDDrives"] if d["Bus"] == bus}
    return next(lun for lun in range(256) if lun not in used)


def _plan(vm: Object, drive: Object, wish: Wish, policy: Object | None) -> Plan:
    now, plan = shape_disk(drive), Plan()
    plan.expand_gb = _expansion(vm, now, wish)
    if plan.expand_gb:
        plan.diff.append({"field": "size_mb", "before": now["size_mb"], "after": wish.size_mb})
    if wish.volume_type and wish.volume_type != now["volume_type"]:
        plan.diff.append({"field": "volume_type", "before": now["volume_type"], "after": wish.volume_type})
        plan.change["VolumeType"] = wish.volume_type
    if wish.iops_maximum is not None and (wish.iops_maximum or None) != now["iops_maximum"]:
        after = wish.iops_maximum or None
        plan.diff.append({"field": "iops_maximum", "before": now["iops_maximum"], "after": after})
        plan.change |= {"IOPSMaximum": wish.iops_maximum} if after else {"DisableStorageQoS": True}
    if policy is not None and policy["Name"] != now["storage_qos_policy"]:
        before = now["storage_qos_policy"]
        plan.diff.append({"field": "storage_qos_policy", "before": before, "after": policy["Name"]})
        plan.change["StorageQoSPolicy"] = policy
    for name, wanted in {"path": wish.path, "dynamic": wish.dynamic, **wish.place}.items():
        same = str(wanted).casefold() == str(now[name] or "").casefold() if name == "path" else wanted == now[name]
        if wanted is not None and not same:
            plan.drift.append({"field": name, "before": now[name], "after": wanted})
    return plan


def _expansion(vm: Object, now: Shape, wish: Wish) -> int | None:
    """GB that the disk is to have; VMM expands in whole GB and never shrinks."""
    if wish.size_mb is None or wish.size_mb == now["size_mb"]:
        return None
    if wish.size_mb < now["size_mb"]:
        raise OperationError(
            BAD_REQUEST,
            f"Field 'size_mb' has the value '{wish.size_mb}': disk {wish.disk} of VM {vm['Name']} has "
            f"{now['size_mb']} MB, and VMM does not shrink disks. Give at least that.",
        )
    if wish.size_mb % 1024:
        raise OperationError(
            BAD_REQUEST,
            f"Field 'size_mb' has the value '{wish.size_mb}': disk {wish.disk} of VM {vm['Name']} is there, and VMM "
            "expands disks in whole GB. Give a multiple of 1024.",
        )
    return wish.size_mb // 1024


def _change(session: Session, vm: Object, drive: Object, plan: Plan) -> CmdletResult:
    """All changes in one job: held back under a job group, which Set-SCVirtualMachine ends."""
    group = str(uuid.uuid4())
    if plan.expand_gb:
        session.run(
            "Expand-SCVirtualDiskDrive", VirtualDiskDrive=drive, VirtualHardDiskSizeGB=plan.expand_gb, JobGroup=group
        )
    if plan.change:
        session.run("Set-SCVirtualDiskDrive", VirtualDiskDrive=drive, **plan.change, JobGroup=group)
    return session.run("Set-SCVirtualMachine", VM=vm, JobGroup=group, RunAsynchronously=True, JobVariable="job")


def _absent(session: Session, vm: Object, drive: Object | None, wish: Wish, failed: bool) -> dict[str, Any]:
    if drive is None:
        return _result(vm, None, None, Plan(), changed=failed)
    refuse_with_checkpoints(session, vm, f"its disk {wish.disk} cannot be removed")
    plan = Plan(diff=[{"field": "disk", "before": wish.disk, "after": None}])
    kept = str(drive["VirtualHardDisk"]["Location"]) or None if wish.keep_file else None
    if wish.check:
        return {**_result(vm, drive, None, plan, changed=True), "kept_file": kept}
    removed = session.run(
        "Remove-SCVirtualDiskDrive",
        VirtualDiskDrive=drive,
        SkipDeleteVHD=True if wish.keep_file else None,
        RunAsynchronously=True,
        JobVariable="job",
    )
    return {**_result(vm, drive, removed, plan, changed=True), "kept_file": kept}


def _result(
    vm: Object, drive: Object | None, started: CmdletResult | None, plan: Plan, *, changed: bool
) -> dict[str, Any]:
    return {
        "changed": changed,
        "vm": shape_vm(vm),
        "job": shape_job(started.job if started else None),
        "disk": shape_disk(drive) if drive else None,
        "diff": plan.diff,
        "drift": plan.drift,
        "pending": plan.pending,
        "kept_file": None,
    }
