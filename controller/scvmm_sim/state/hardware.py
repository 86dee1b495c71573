# SPDX-License-Identifier: Apache-2.0
"""Hardware of VMs, templates and profiles: adapters, disks, DVD drives; and the templates themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from scvmm_sim.state.records import NetworkRecord, Record, SubnetRecord, SystemRecord, View
from scvmm_sim.state.storage import QosRecord


@dataclass(eq=False)
class Adapter(Record):
    """A virtual network adapter. `ipv4` and `ipv6` are what VMM last heard from the guest."""

    type_name: ClassVar[str] = "VirtualNetworkAdapter"
    slot: int = 0
    mac: str = "00:00:00:00:00:00"
    mac_type: str = "Dynamic"
    network: NetworkRecord | None = None
    subnet: SubnetRecord | None = None
    static_versions: frozenset[int] = frozenset()
    """IP versions (4, 6) whose address comes from a static pool of VMM."""
    given: tuple[View, ...] = ()
    """What Get-SCIPAddress tells of the adapter."""
    ipv4: tuple[str, ...] = ()
    ipv6: tuple[str, ...] = ()

    def view(self) -> View:
        """VMM's VirtualNetworkAdapter."""
        return {
            "_type": self.type_name,
            "ID": self.id,
            "Name": self.name,
            "SlotID": self.slot,
            "MACAddress": self.mac,
            "EthernetAddress": self.mac,
            "MACAddressType": self.mac_type,
            "VMNetwork": self.network.brief() if self.network else None,
            "VMSubnet": self.subnet.brief() if self.subnet else None,
            "IPv4AddressType": "Static" if 4 in self.static_versions else "Dynamic",
            "IPv6AddressType": "Static" if 6 in self.static_versions else "Dynamic",
            "IPv4Addresses": list(self.ipv4),
            "IPv6Addresses": list(self.ipv6),
            # For the native operations only: they need no call for each adapter then.
            **({"_given": list(self.given)} if self.given else {}),
        }


@dataclass(eq=False)
class Disk(Record):
    """A virtual disk drive with its disk."""

    type_name: ClassVar[str] = "VirtualDiskDrive"
    bus_type: str = "SCSI"
    bus: int = 0
    lun: int = 0
    size_mb: int = 0
    dynamic: bool = True
    volume_type: str = "None"
    vhd: str | None = None
    iops_maximum: int = 0
    qos_policy: QosRecord | None = None
    folder: str = ""
    """Where its file is on the host; a disk of a template is on none."""
    existing: bool = False
    """Whether it is to have a file that is on the host already; it has it once the VM has the disk."""
    made_for: str = ""
    """Name of the VM that its file was made for."""
    content: Path | None = None
    """The VM's own copy of a file of the library, when the disk is one whose bytes are known."""

    @property
    def file(self) -> str:
        """Path of its file on the host."""
        return f"{self.folder}\\{self.name}" if self.folder else ""

    def view(self) -> View:
        """VMM's VirtualDiskDrive."""
        size = self.size_mb * 1024 * 1024
        return {
            **self.brief(),
            "BusType": self.bus_type,
            "Bus": self.bus,
            "LUN": self.lun,
            "VolumeType": self.volume_type,
            "IOPSMaximum": self.iops_maximum,
            "StorageQoSPolicy": self.qos_policy.brief() if self.qos_policy else None,
            "VirtualHardDisk": {
                "_type": "VirtualHardDisk",
                "ID": self.id,
                "Name": self.name,
                "Location": self.file,
                "MaximumSize": size,
                "Size": 0 if self.dynamic else size,
                "VHDType": "DynamicallyExpanding" if self.dynamic else "FixedSize",
                "ParentDisk": self.vhd,
            },
        }


@dataclass(frozen=True)
class Medium:
    """What a drive holds: `file` is the VM's own copy of an ISO or floppy, or the library's file when `linked`."""

    source_id: str
    name: str
    share_path: str
    file: Path
    linked: bool = False


@dataclass(eq=False)
class Drive(Record):
    """A virtual DVD drive."""

    type_name: ClassVar[str] = "VirtualDVDDrive"
    bus: int = 0
    lun: int = 1
    medium: Medium | None = None

    def view(self) -> View:
        """VMM's VirtualDVDDrive."""
        medium = self.medium
        iso: dict[str, Any] | None = None
        if medium:
            iso = {"_type": "ISO", "ID": medium.source_id, "Name": medium.name, "SharePath": medium.share_path}
        return {
            **self.brief(),
            "Bus": self.bus,
            "LUN": self.lun,
            "Connection": "ISOImage" if medium else "None",
            "ISO": iso,
            "ISOLinked": bool(medium and medium.linked),
        }


@dataclass(eq=False)
class FloppyDrive(Record):
    """The virtual floppy drive, which every VM of generation 1 has and no other."""

    type_name: ClassVar[str] = "VirtualFloppyDrive"
    medium: Medium | None = None

    def view(self) -> View:
        """VMM's VirtualFloppyDrive."""
        medium = self.medium
        disk: dict[str, Any] | None = None
        if medium:
            names = {"ID": medium.source_id, "Name": medium.name, "SharePath": medium.share_path}
            disk = {"_type": "VirtualFloppyDisk", **names}
        return {**self.brief(), "Connection": "FloppyImage" if medium else "None", "VirtualFloppyDisk": disk}


@dataclass(eq=False)
class Blueprint(Record):
    """What templates and hardware profiles have in common."""

    generation: int = 2
    cpu_count: int = 1
    memory_mb: int = 1024
    adapters: list[Adapter] = field(default_factory=list)
    drives: list[Drive] = field(default_factory=list)

    def view(self) -> View:
        """The hardware's side of a template or profile."""
        return {
            **self.brief(),
            "Generation": self.generation,
            "CPUCount": self.cpu_count,
            "Memory": self.memory_mb,
            "VirtualNetworkAdapters": [adapter.view() for adapter in self.adapters],
            "VirtualDVDDrives": [drive.view() for drive in self.drives],
        }


@dataclass(eq=False)
class ProfileRecord(Blueprint):
    """A hardware profile."""

    type_name: ClassVar[str] = "HardwareProfile"


@dataclass(eq=False)
class TemplateRecord(Blueprint):
    """A VM template; `temporary` ones were made by a cmdlet, not by the fabric."""

    type_name: ClassVar[str] = "Template"
    disks: list[Disk] = field(default_factory=list)
    system: SystemRecord | None = None
    temporary: bool = False
    added: str = ""

    def view(self) -> View:
        """VMM's Template."""
        return {
            **super().view(),
            "AddedTime": self.added,
            "VirtualDiskDrives": [disk.view() for disk in self.disks],
            "OperatingSystem": self.system.brief() if self.system else None,
        }
