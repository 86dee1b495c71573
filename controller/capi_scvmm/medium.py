# SPDX-License-Identifier: Apache-2.0
"""Which media there are: what goes with which drive, and which drive with which generation of VMs.

The collection has the same table for those who use it without us; a test holds the two against each other.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Drive:
    """What a kind of drive takes, and which generations of VMs have it."""

    file_systems: tuple[str, ...]
    extension: str
    generations: tuple[int, ...]


DRIVES = {
    "dvd": Drive(("iso9660",), ".iso", (1, 2)),
    "floppy": Drive(("vfat",), ".vfd", (1,)),
    "scsi": Drive(("iso9660", "vfat"), ".vhdx", (1, 2)),
    "ide": Drive(("iso9660", "vfat"), ".vhdx", (1,)),
}
"""ScvmmProvider.spec.cloudInit.deviceType → drive."""


@dataclass(frozen=True)
class Form:
    """The drive that a medium is for, and its file system, in the words of ScvmmProvider.spec.cloudInit."""

    device: str = "dvd"
    file_system: str = "iso9660"

    @classmethod
    def wished(cls, device: str, file_system: str) -> Form:
        """The form for a drive; a file system that the drive does not take gives way to the one that it does.

        Manifests of the Go provider name a drive alone, or a file system alone, and the guest is told the same.
        """
        taken = DRIVES[device].file_systems
        return cls(device, file_system if file_system in taken else taken[0])

    @property
    def extension(self) -> str:
        """What the name of the image's file ends in."""
        return DRIVES[self.device].extension

    def misfit(self, generation: int | None) -> str | None:
        """Say why a VM of *generation* (None: not known yet) cannot boot with it, and what helps; None when it can."""
        if generation is not None and generation not in DRIVES[self.device].generations:
            return (
                f"spec.cloudInit.deviceType is {self.device}, and VMs of generation {generation} have neither floppy "
                "nor IDE drives: set it to dvd or scsi."
            )
        return None


DVD = Form()
"""What a medium is unless somebody says otherwise."""


def names_of(uid: str) -> tuple[str, ...]:
    """Every name that the medium of the machine with that uid can have."""
    return tuple(f"capi-{uid}{extension}" for extension in dict.fromkeys(drive.extension for drive in DRIVES.values()))
