# SPDX-License-Identifier: Apache-2.0
"""Disks of a VM."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from capi_scvmm.kinds.model import Model, Text
from capi_scvmm.kinds.quantity import Quantity
from capi_scvmm.kinds.references import NamedReference
from capi_scvmm.kinds.rules import rule, rules

VolumeType = Literal["Boot", "System", "BootAndSystem", "None"]


class PersistentDisk(Model):
    """A disk that outlives the VM."""

    pool: NamedReference = Field(
        description="The ScvmmPersistentDiskPool, in the machine's namespace, that the disk is taken from."
    )
    disk: NamedReference | None = Field(
        default=None,
        description="The one ScvmmPersistentDisk of the pool that the machine is to have. Default: any that is free, "
        "or a new one.",
    )


class Disk(Model):
    """One disk: an empty one of a size, a copy of a VHD of the library, or a persistent one."""

    model_config = {
        "json_schema_extra": rules(
            rule(
                "has(self.size) || (has(self.vhDisk) && self.vhDisk != '') || has(self.persistentDisk)",
                "disks: an entry needs size (an empty disk), vhDisk (a copy of a VHD of the library) or "
                "persistentDisk: add one of them",
            ),
            rule(
                "!has(self.persistentDisk) || !has(self.vhDisk) || self.vhDisk == ''",
                "disks: vhDisk and persistentDisk exclude each other in one entry: remove one of them",
                forbidden=True,
            ),
        )
    }

    size: Quantity | None = Field(
        default=None,
        description="Size of the disk, in bytes or with a unit, as 40Gi; whole MiB are used. A copy of vhDisk is "
        "expanded to it in whole GiB before the first start, and never made smaller.",
    )
    dynamic: bool = Field(
        default=True, description="Whether the file grows with its content; else it has its full size. Default: true."
    )
    vh_disk: Text = Field(
        default=None, description="Name of a virtual hard disk in the VMM library; the VM gets a copy of it."
    )
    volume_type: VolumeType | None = Field(
        default=None,
        description="What the guest has on the disk: Boot, System, BootAndSystem or None. Default: BootAndSystem for "
        "the first disk with vhDisk when the VM has no template, else None.",
    )
    storage_qos_policy: Text = Field(default=None, description="Name of the storage QoS policy in VMM of the disk.")
    iops_maximum: Quantity | None = Field(
        default=None,
        description="Most I/O operations per second that the disk may do, as 500 or 2k.",
    )
    persistent_disk: PersistentDisk | None = Field(
        default=None,
        description="A disk that is kept, with its content, when the VM is deleted. Its size and form are those of the "
        "ScvmmPersistentDisk: size and dynamic here do nothing.",
    )
