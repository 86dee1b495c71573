# SPDX-License-Identifier: Apache-2.0
"""The persistent disks that a machine carries: an annotation, which unlike status survives clusterctl move."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TAKEN_DISKS = "scvmmmachine.infrastructure.cluster.x-k8s.io/persistent-disks"


@dataclass(frozen=True)
class TakenDisk:
    """A ScvmmPersistentDisk by name, and the name of its file: known also when somebody deleted the object by force."""

    name: str
    file: str


def read_taken(annotations: Mapping[str, str]) -> dict[int, TakenDisk]:
    """The disks by their place in spec.disks; what makes no sense is not there."""
    try:
        told: Any = json.loads(annotations.get(TAKEN_DISKS) or "{}")
    except ValueError:
        return {}
    entries = told.items() if isinstance(told, dict) else ()
    return {
        int(place): TakenDisk(str(one["disk"]), str(one["file"]))
        for place, one in entries
        if place.isdigit() and isinstance(one, dict) and one.get("disk") and one.get("file")
    }


def write_taken(disks: Mapping[int, TakenDisk]) -> str:
    """The annotation's text."""
    return json.dumps({str(place): {"disk": one.name, "file": one.file} for place, one in sorted(disks.items())})
