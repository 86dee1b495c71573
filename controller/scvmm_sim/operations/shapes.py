# SPDX-License-Identifier: Apache-2.0
"""VMM's objects in the shapes of docs/operations.md. Shapes are made once per view and shared: read only."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from scvmm_sim.operations.hardware import held_media, shape_adapter, shape_settings

Object = dict[str, Any]
Shape = dict[str, Any]

MARK = re.compile(
    r"(?:(?P<text>.*?)\r?\n)?\[capi\.scvmm owner=(?P<owner>[^\]\s]+) uid=(?P<uid>[^\]\s]+)\]\s*", re.DOTALL
)
KEPT_SHAPES = 50_000


@dataclass(frozen=True)
class Mark:
    """A description taken apart."""

    text: str
    owner: str | None = None
    uid: str | None = None


def split_description(description: str) -> Mark:
    """Take a VM's description apart into the owner's mark and the text before it."""
    found = MARK.fullmatch(description) if "[capi.scvmm " in description else None
    if found is None:
        return Mark(description)
    return Mark(found["text"] or "", found["owner"], found["uid"])


def join_description(text: str | None, owner: str, uid: str) -> str:
    """The description of a VM: the user's text and the owner's mark on a line of its own."""
    mark = f"[capi.scvmm owner={owner} uid={uid}]"
    return f"{text}\n{mark}" if text else mark


def time_or_none(text: str | None) -> str | None:
    """A time; None for .NET's MinValue, which means that it is not set."""
    return None if not text or text.startswith("0001-") else text


def shape_job(job: Object | None) -> Shape | None:
    """The shape "job"."""
    if job is None:
        return None
    info = job["ErrorInfo"]
    failed = job["Status"] in ("Failed", "Canceled") and (info["Code"] or info["Problem"])
    error = {
        "number": info["Code"] or None,
        "message": info["Problem"],
        "recommended_action": info["RecommendedAction"],
    }
    return {
        "id": job["ID"],
        "name": job["Name"],
        "status": job["Status"],
        "progress": job["ProgressValue"],
        "is_completed": job["IsCompleted"],
        "object_id": None if job["ResultObjectID"].startswith("00000000-0000") else job["ResultObjectID"],
        "started": time_or_none(job["StartTime"]),
        "ended": time_or_none(job["EndTime"]),
        "error": error if failed else None,
    }


def shape_vm(vm: Object | None) -> Shape | None:
    """The shape "vm"."""
    return None if vm is None else _known(vm).shape


def fingerprint(vm: Object) -> str:
    """What of a VM a caller of a long poll has to hear of: without progress and time of change."""
    return _known(vm).fingerprint


@dataclass(frozen=True)
class _Known:
    view: Object
    shape: Shape
    fingerprint: str


_known_by_id: dict[str, _Known] = {}


def _known(vm: Object) -> _Known:
    """The shape of this very view, from the last time when it has not changed since."""
    known = _known_by_id.get(vm["ID"])
    if known is None or known.view is not vm:
        shape = _made(vm)
        told = {key: value for key, value in shape.items() if key not in ("job", "modified")}
        job = shape["job"]
        told["job"] = None if job is None else [job["id"], job["status"]]
        known = _Known(vm, shape, json.dumps(told, sort_keys=True))
        if len(_known_by_id) >= KEPT_SHAPES:
            _known_by_id.clear()
        _known_by_id[vm["ID"]] = known
    return known


def _made(vm: Object) -> Shape:
    mark = split_description(vm["Description"])
    return {
        "id": vm["ID"],
        "vm_id": vm["VMId"],
        "bios_guid": vm["BiosGuid"],
        "name": vm["Name"],
        "owner": mark.owner,
        "uid": mark.uid,
        "status": vm["Status"],
        "cloud": vm["Cloud"]["Name"] if vm["Cloud"] else None,
        "host_group": vm["HostGroupPath"],
        "host": vm["HostName"],
        "host_cluster": ((vm["VMHost"] or {}).get("HostCluster") or {}).get("Name"),
        "generation": vm["Generation"],
        "cpu_count": vm["CPUCount"],
        "memory_mb": vm["Memory"],
        **shape_settings(vm),
        "description": mark.text,
        "created": time_or_none(vm["CreationTime"]),
        "modified": time_or_none(vm["ModifiedTime"]),
        "computer_name": vm["ComputerName"] or None,
        "network_adapters": [shape_adapter(adapter) for adapter in vm["VirtualNetworkAdapters"]],
        "media": [{"device": held.device, "file": held.file} for held in held_media(vm)],
        "job": shape_job(vm["MostRecentTask"]),
    }


def vm_result(vm: Object, job: Object | None = None, *, changed: bool = False) -> Shape:
    """The result that most operations have."""
    return {"changed": changed, "vm": shape_vm(vm), "job": shape_job(job)}
