# SPDX-License-Identifier: Apache-2.0
"""ScvmmPersistentDisk: a disk that outlives the VMs that have it, one at a time."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from capi_scvmm.kinds.conditions import Condition
from capi_scvmm.kinds.metadata import ObjectMeta
from capi_scvmm.kinds.model import EMPTY_IS_ABSENT, HostText, Model, Text
from capi_scvmm.kinds.quantity import Memory
from capi_scvmm.kinds.references import ProviderRef
from capi_scvmm.kinds.rules import map_by, rule, rules, same

CLAIM = "scvmmpersistentdisk.infrastructure.cluster.x-k8s.io/claimed-by"
"""Annotation of a disk: the machine that has it, as name/uid/place in spec.disks. It moves with the object."""
LOCATION = "scvmmpersistentdisk.infrastructure.cluster.x-k8s.io/location"
"""Annotation of a disk: where VMM showed its file last, as JSON. Without it there is no file yet."""
POOL = "scvmmpersistentdisk.infrastructure.cluster.x-k8s.io/pool"
"""Label of a disk: the pool that it was made for."""

FOLDER = r'^([A-Za-z]:|\\\\[^\\/:*?"<>|]+)(\\[^\\/:*?"<>|]+)+\\?$'
_FOLDER_WORDS = "path is a folder on the host: write it whole, as D:\\disks or C:\\ClusterStorage\\Volume1"
_FOLDER_RULE = rule(f"self == '' || self.matches(r'{FOLDER}')", _FOLDER_WORDS)
_SHARED = re.compile(r"[A-Za-z]:\\ClusterStorage(\\|$)", re.IGNORECASE)

Folder = Annotated[str | None, Field(max_length=200), EMPTY_IS_ABSENT]
ReclaimPolicy = Literal["Retain", "Delete"]


class PersistentDiskFields(Model):
    """What a disk is and where, common to disks and to the template in a pool."""

    path: Folder = Field(
        default=None,
        description="Folder on the host for the file of the disk, as D:\\disks, or on a volume that the hosts of a "
        "cluster share, as C:\\ClusterStorage\\Volume1. Default: the folder of the first VM that gets the disk; give "
        "one, so that nobody takes the file for a part of that VM.",
        json_schema_extra=rules(_FOLDER_RULE),
    )
    vm_host: HostText = Field(
        default=None,
        description="Host, by VMM's name, on which the disk is made: the first machine that gets it is placed there. "
        "Default: the host on which that machine comes to be. Later it is where the file lies that decides.",
    )
    size: Memory = Field(
        description="Size of the disk, in bytes or with a unit, as 40Gi; whole MiB are used. It may grow: the disk is "
        "expanded, in whole GiB, when a machine gets it the next time."
    )
    dynamic: bool = Field(
        default=True, description="Whether the file grows with its content; else it has its full size. Default: true."
    )
    provider_ref: ProviderRef | None = Field(
        default=None,
        description="The ScvmmProvider of whose VMM server the disk is. Default: that of the first machine that gets "
        "it. Machines of other providers do not get it.",
    )
    reclaim_policy: ReclaimPolicy = Field(
        default="Retain",
        description="What becomes of the file when the ScvmmPersistentDisk is deleted. Retain: it stays on its host, "
        "with its content. Delete: it is removed along with the VM that has the disk at that time; of a disk that no "
        "machine has VMM cannot remove the file: the deletion waits, and says where the file is. Default: Retain.",
    )


class ScvmmPersistentDiskSpec(PersistentDiskFields):
    """The disk."""

    model_config = {
        "json_schema_extra": rules(
            *(
                rule(
                    same(field),
                    f"{field} cannot change, the file is where and what it was made: create another "
                    "ScvmmPersistentDisk, with existing set when the file is there",
                    field=f".{field}",
                    forbidden=True,
                )
                for field in ("path", "filename", "dynamic")
            ),
            rule(
                "quantity(string(self.size)).compareTo(quantity(string(oldSelf.size))) >= 0",
                "size cannot shrink: VMM never makes a disk smaller; leave it or make it larger",
                field=".size",
                forbidden=True,
            ),
            rule(
                "!has(self.existing) || !self.existing || (has(self.path) && self.path != '')",
                "existing needs path: add the folder in which the file lies",
                field=".path",
            ),
        )
    }

    filename: Annotated[str | None, Field(max_length=80), EMPTY_IS_ABSENT] = Field(
        default=None,
        description="Name of the disk's file, .vhdx is added where it is missing. Default: the name of the object.",
        json_schema_extra=rules(
            rule(
                "self == '' || self.matches('^[A-Za-z0-9][A-Za-z0-9 ._-]*$')",
                "filename is the name of a file without a path: write letters, digits, blanks and . _ -",
            )
        ),
    )
    existing: bool = Field(
        default=False,
        description="Whether the file is there already, in path and on vmHost, as a ScvmmPersistentDisk that was "
        "deleted has left it: it is attached, and no new one is made. Default: false.",
    )


class ScvmmPersistentDiskStatus(Model):
    """Who has the disk, and where it is."""

    machine: Text = Field(default=None, description="The ScvmmMachine that has the disk; absent when it is free.")
    vm_host: HostText = Field(default=None, description="Host on which VMM showed the file last.")
    host_cluster: HostText = Field(default=None, description="Host cluster of that host, when it is in one.")
    path: Folder = Field(default=None, description="Folder in which VMM showed the file last.")
    filename: Text = Field(default=None, description="Name of the file.")
    conditions: tuple[Condition, ...] = Field(
        default=(),
        description="Ready: whether the disk is free or with its machine. Deleting: what the deletion waits for.",
        max_length=32,
        json_schema_extra=map_by("type"),
    )


@dataclass(frozen=True)
class DiskClaim:
    """Who has a disk: a machine, by name and uid, and the place of the disk in its spec.disks."""

    machine: str
    uid: str
    place: int

    @property
    def text(self) -> str:
        """As the annotation says it."""
        return f"{self.machine}/{self.uid}/{self.place}"

    @classmethod
    def parse(cls, text: str | None) -> DiskClaim | None:
        """Read an annotation; what makes no sense claims nothing."""
        parts = (text or "").split("/")
        return cls(parts[0], parts[1], int(parts[2])) if len(parts) == 3 and parts[2].isdigit() else None


@dataclass(frozen=True)
class DiskLocation:
    """Where VMM showed the file of a disk: host, its cluster, folder, and the provider of that VMM server."""

    host: str | None = None
    cluster: str | None = None
    path: str | None = None
    provider: str | None = None

    @property
    def text(self) -> str:
        """As the annotation says it."""
        told = {"host": self.host, "cluster": self.cluster, "path": self.path, "provider": self.provider}
        return json.dumps({name: value for name, value in told.items() if value}, sort_keys=True)

    @property
    def binds_to(self) -> tuple[str, str] | None:
        """What a VM with the file has to be on: ("host_cluster", name) or ("host", name); None: any host reaches it."""
        if self.path is not None and self.path.startswith("\\\\"):
            return None
        if self.cluster and self.path is not None and _SHARED.match(self.path):
            return ("host_cluster", self.cluster)
        return ("host", self.host) if self.host else None

    @classmethod
    def parse(cls, text: str | None) -> DiskLocation | None:
        """Read an annotation; None when there is none, or somebody wrote something else into it."""
        try:
            told: Any = json.loads(text or "null")
        except ValueError:
            return None
        if not isinstance(told, dict):
            return None
        return cls(*(str(told[name]) if told.get(name) else None for name in ("host", "cluster", "path", "provider")))


class ScvmmPersistentDisk(Model):
    """A disk that outlives the VMs that have it, one at a time."""

    metadata: ObjectMeta = Field(description="Standard object metadata.")
    spec: ScvmmPersistentDiskSpec = Field(description="The disk.")
    status: ScvmmPersistentDiskStatus = Field(
        default_factory=ScvmmPersistentDiskStatus,
        description="Who has the disk, and where it is. Written by the controller.",
    )

    @property
    def name(self) -> str:
        """The name of the object."""
        return self.metadata.name

    @property
    def file(self) -> str:
        """The name of its file."""
        name = self.spec.filename or self.name
        return name if re.search(r"\.vhdx?$", name, re.IGNORECASE) else f"{name}.vhdx"

    @property
    def claim(self) -> DiskClaim | None:
        """Who has it; None: it is free."""
        return DiskClaim.parse(self.metadata.annotations.get(CLAIM))

    @property
    def location(self) -> DiskLocation | None:
        """Where VMM showed its file last; None: nobody has seen one."""
        return DiskLocation.parse(self.metadata.annotations.get(LOCATION))

    @property
    def there(self) -> bool:
        """Whether its file is there, so that it is attached and not made."""
        return self.location is not None or self.spec.existing

    @property
    def place(self) -> DiskLocation:
        """Where its file is or shall be, as far as that is known."""
        return self.location or DiskLocation(self.spec.vm_host, None, self.spec.path)

    @property
    def provider(self) -> str | None:
        """The provider that it is bound to, as namespace/name."""
        reference = self.spec.provider_ref
        known = self.location.provider if self.location is not None else None
        return f"{reference.namespace}/{reference.name}" if reference is not None else known
