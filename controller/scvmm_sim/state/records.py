# SPDX-License-Identifier: Apache-2.0
"""Records of VMM's objects. `view()` is the object as cmdlets show it: VMM's property names, `_type` and `ID`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from scvmm_sim.fabric.model import Subnet

if TYPE_CHECKING:
    from scvmm_sim.state.vm import VirtualMachine

View = dict[str, Any]


@dataclass(eq=False)
class Record:
    """Base: an object that VMM knows by its id."""

    type_name: ClassVar[str] = "ClientObject"
    id: str
    name: str

    def brief(self) -> View:
        """The object as it stands inside other objects."""
        return {"_type": self.type_name, "ID": self.id, "Name": self.name}

    def view(self) -> View:
        """The object as a cmdlet writes it."""
        return self.brief()


@dataclass(eq=False)
class ServerRecord(Record):
    """The connection to the VMM server."""

    type_name: ClassVar[str] = "ServerConnection"
    version: str = ""
    user: str = ""

    def view(self) -> View:
        """VMM's ServerConnection."""
        return {
            **self.brief(),
            "FullyQualifiedDomainName": self.name,
            "ProductVersion": self.version,
            "UserName": self.user,
            "IsConnected": True,
        }


@dataclass(eq=False)
class GroupRecord(Record):
    """A host group; `path` from the root, parts joined by backslashes."""

    type_name: ClassVar[str] = "HostGroup"
    path: str = ""
    parent: GroupRecord | None = None
    hosts: list[HostRecord] = field(default_factory=list)

    def brief(self) -> View:
        """The group with its path."""
        return {**super().brief(), "Path": self.path}

    def view(self) -> View:
        """VMM's HostGroup."""
        return {**self.brief(), "ParentHostGroup": self.parent.brief() if self.parent else None}

    def contains(self, other: GroupRecord) -> bool:
        """Whether *other* is this group or below it."""
        return other is self or (other.parent is not None and self.contains(other.parent))


@dataclass(eq=False)
class HostRecord(Record):
    """A Hyper-V host."""

    type_name: ClassVar[str] = "Host"
    cpus: int = 1
    memory_mb: int = 1024
    vm_networks: frozenset[str] | None = None
    group: GroupRecord | None = None
    cluster: str | None = None
    vms: dict[str, VirtualMachine] = field(default_factory=dict)
    taken_mb: int = 0

    def take(self, vm: VirtualMachine) -> None:
        """Let *vm* live here; its memory is taken."""
        self.vms[vm.id] = vm
        self.taken_mb += vm.memory_mb

    def release(self, vm: VirtualMachine) -> None:
        """*vm* no longer lives here."""
        if self.vms.pop(vm.id, None) is not None:
            self.taken_mb -= vm.memory_mb

    @property
    def free_memory_mb(self) -> int:
        """Memory that no VM on this host has taken."""
        return self.memory_mb - self.taken_mb

    def cluster_view(self) -> View | None:
        """VMM's HostCluster that it is in; None when it stands alone."""
        return {"_type": "HostCluster", "ID": self.id, "Name": self.cluster} if self.cluster else None

    def view(self) -> View:
        """VMM's Host."""
        return {
            **self.brief(),
            "ComputerName": self.name,
            "FullyQualifiedDomainName": self.name,
            "LogicalCPUCount": self.cpus,
            "TotalMemory": self.memory_mb * 1024 * 1024,
            "AvailableMemory": self.free_memory_mb,
            "VMHostGroup": self.group.brief() if self.group else None,
            "HostCluster": self.cluster_view(),
            "OverallState": "OK",
        }


@dataclass(eq=False)
class CloudRecord(Record):
    """A cloud over host groups."""

    type_name: ClassVar[str] = "Cloud"
    groups: list[GroupRecord] = field(default_factory=list)

    def view(self) -> View:
        """VMM's Cloud."""
        return {**self.brief(), "HostGroup": [group.brief() for group in self.groups]}


@dataclass(eq=False)
class SystemRecord(Record):
    """A guest operating system that VMM knows by name."""

    type_name: ClassVar[str] = "OperatingSystem"


@dataclass(eq=False)
class SubnetRecord(Record):
    """A VM subnet with its DHCP service."""

    type_name: ClassVar[str] = "VMSubnet"
    subnet: Subnet | None = None
    network: NetworkRecord | None = None
    leases: dict[str, str] = field(default_factory=dict)
    """Addresses by MAC address."""
    taken: set[str] = field(default_factory=set)
    """The addresses in `leases`."""

    def view(self) -> View:
        """VMM's VMSubnet."""
        cidr = self.subnet.cidr if self.subnet else ""
        network = self.network.brief() if self.network else None
        return {**self.brief(), "VMNetwork": network, "SubnetVLans": [{"Subnet": cidr, "VLanID": 0}]}


@dataclass(eq=False)
class NetworkRecord(Record):
    """A VM network."""

    type_name: ClassVar[str] = "VMNetwork"
    subnets: list[SubnetRecord] = field(default_factory=list)

    def view(self) -> View:
        """VMM's VMNetwork."""
        return {**self.brief(), "VMSubnet": [subnet.brief() for subnet in self.subnets]}


@dataclass(eq=False)
class ShareRecord(Record):
    """A library share; `folder` is where its files are on this machine."""

    type_name: ClassVar[str] = "LibraryShare"
    server: str = ""
    folder: Path = Path()
    view_only: bool = False
    marked_for_deletion: bool = False

    @property
    def path(self) -> str:
        """UNC path of the share."""
        return f"\\\\{self.server}\\{self.name}"

    def view(self) -> View:
        """VMM's LibraryShare."""
        return {
            **self.brief(),
            "Path": self.path,
            "LibraryServer": {"_type": "LibraryServer", "ID": self.id, "Name": self.server},
            "IsViewOnly": self.view_only,
            "MarkedForDeletion": self.marked_for_deletion,
        }


@dataclass(eq=False)
class LibraryServerRecord(Record):
    """A library server."""

    type_name: ClassVar[str] = "LibraryServer"

    def view(self) -> View:
        """VMM's LibraryServer."""
        return {
            **self.brief(),
            "ComputerName": self.name,
            "FullyQualifiedDomainName": self.name,
            "Status": "Responding",
        }


@dataclass(eq=False)
class ResourceRecord(Record):
    """A file that the library knows; `file` is its content on this machine."""

    share: ShareRecord | None = None
    share_path: str = ""
    file: Path = Path()
    size: int = 0
    modified: str = ""
    stamp: tuple[int, int] = (0, -1)
    """Time of change and size of the file when it was last looked at."""

    def brief(self) -> View:
        """The file with its path."""
        return {**super().brief(), "SharePath": self.share_path}

    def view(self) -> View:
        """VMM's object for the file."""
        return {
            **self.brief(),
            "Directory": self.share_path.rsplit("\\", 1)[0],
            "Size": self.size,
            "ModifiedTime": self.modified,
            "LibraryServer": {"_type": "LibraryServer", "ID": self.share.id, "Name": self.share.server}
            if self.share
            else None,
            "LibraryShareId": self.share.id if self.share else None,
        }


@dataclass(eq=False)
class IsoRecord(ResourceRecord):
    """An ISO image."""

    type_name: ClassVar[str] = "ISO"


@dataclass(eq=False)
class FloppyRecord(ResourceRecord):
    """The image of a floppy disk."""

    type_name: ClassVar[str] = "VirtualFloppyDisk"


@dataclass(eq=False)
class VhdRecord(ResourceRecord):
    """A virtual hard disk: of the fabric and without a file, or a VHDX file of a share (0 MB when it is none)."""

    type_name: ClassVar[str] = "StandaloneVirtualHardDisk"
    size_mb: int = 0
    system: SystemRecord | None = None

    @property
    def of_fabric(self) -> bool:
        """Whether nobody knows its bytes."""
        return self.share is None

    def view(self) -> View:
        """VMM's StandaloneVirtualHardDisk."""
        size = self.size_mb * 1024 * 1024
        return {
            **super().view(),
            "SharePath": self.name if self.of_fabric else self.share_path,
            "Size": size if self.of_fabric else self.size,
            "MaximumSize": size,
            "OperatingSystem": self.system.brief() if self.system else None,
        }


@dataclass(eq=False)
class PropertyRecord(Record):
    """A custom property of VMs."""

    type_name: ClassVar[str] = "CustomProperty"

    def view(self) -> View:
        """VMM's CustomProperty."""
        return {**self.brief(), "Members": ["VM"]}
