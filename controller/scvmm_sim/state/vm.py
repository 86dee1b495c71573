# SPDX-License-Identifier: Apache-2.0
"""The record of a virtual machine, and the guest that runs in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from scvmm_sim.state.hardware import Adapter, Disk, Drive, FloppyDrive
from scvmm_sim.state.records import CloudRecord, HostRecord, Record, SystemRecord, View
from scvmm_sim.state.storage import FibreAdapter

if TYPE_CHECKING:
    from scvmm_sim.state.checkpoint import Checkpoint
    from scvmm_sim.state.jobs import Job, Work


@dataclass
class Guest:
    """The operating system in a running VM: what it found on its medium and what it made of it."""

    host_name: str | None = None
    addresses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Addresses by adapter id, as they are in the guest; VMM knows them only after a refresh."""
    addressed_at: float | None = None
    """When it configured its addresses, in seconds since 1970 (UTC)."""
    log: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each file of its medium."""
    boots: int = 0
    boot_token: int = 0
    """Changes with every start and stop, so that steps planned for an earlier boot do nothing."""


@dataclass(eq=False)
class VirtualMachine(Record):
    """A VM as VMM knows it. `resting` is the state it has when no job is changing it."""

    type_name: ClassVar[str] = "VM"
    vm_id: str = ""
    bios_guid: str = ""
    description: str = ""
    status: str = "UnderCreation"
    resting: str = "PowerOff"
    generation: int = 2
    cpu_count: int = 1
    memory_mb: int = 1024
    cloud: CloudRecord | None = None
    host: HostRecord | None = None
    system: SystemRecord | None = None
    adapters: list[Adapter] = field(default_factory=list)
    disks: list[Disk] = field(default_factory=list)
    drives: list[Drive] = field(default_factory=list)
    floppy: FloppyDrive | None = None
    checkpoints: list[Checkpoint] = field(default_factory=list)
    restored: Checkpoint | None = None
    """The checkpoint that was restored last."""
    fibre: list[FibreAdapter] = field(default_factory=list)
    created: str = ""
    modified: str = ""
    computer_name: str | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    """Further properties as they were given to New- or Set-SCVirtualMachine (StartAction, Tag, …)."""
    custom_properties: dict[str, str] = field(default_factory=dict)
    guest: Guest = field(default_factory=Guest)
    recent: Job | None = None
    failed_work: Work | None = None
    _shown: View | None = None
    _settled: bool = False
    """Whether `_shown` stays as it is until the next change: no job runs whose progress it would have to follow."""

    @property
    def removable_drives(self) -> list[Drive | FloppyDrive]:
        """The drives whose medium can be taken out."""
        return [*self.drives, *([self.floppy] if self.floppy else [])]

    def changed(self) -> None:
        """Forget the view that was made before a change."""
        self._shown = None
        self._settled = False

    def view(self) -> View:
        """VMM's VirtualMachine; made once per change, so that looking at a thousand VMs is cheap."""
        if self._settled and self._shown is not None:
            return self._shown
        if self._shown is None:
            self._shown = self._made()
        if self.recent is not None:
            recent = self.recent.view()
            if self._shown["MostRecentTask"] is not recent:
                self._shown = {**self._shown, "MostRecentTask": recent, "MostRecentTaskID": recent["ID"]}
        self._settled = self.recent is None or self.recent.completed
        return self._shown

    def _made(self) -> View:
        group = self.host.group if self.host else None
        return {
            **self.settings,
            "_type": self.type_name,
            "ID": self.id,
            "Name": self.name,
            "VMId": self.vm_id,
            "BiosGuid": self.bios_guid,
            "Description": self.description,
            "Status": self.status,
            "StatusString": self.status,
            "Cloud": self.cloud.brief() if self.cloud else None,
            "VMHost": {**self.host.brief(), "HostCluster": self.host.cluster_view()} if self.host else None,
            "HostName": self.host.name if self.host else None,
            "HostGroupPath": group.path if group else None,
            "Generation": self.generation,
            "CPUCount": self.cpu_count,
            "Memory": self.memory_mb,
            "OperatingSystem": self.system.brief() if self.system else None,
            "CreationTime": self.created,
            "ModifiedTime": self.modified,
            "ComputerName": self.computer_name,
            "ComputerNameString": self.computer_name,
            "CustomProperty": dict(self.custom_properties),
            "VirtualNetworkAdapters": [adapter.view() for adapter in self.adapters],
            "VirtualDVDDrives": [drive.view() for drive in self.drives],
            "VirtualFloppyDrive": self.floppy.view() if self.floppy else None,
            "VirtualDiskDrives": [disk.view() for disk in self.disks],
            "VirtualFibreChannelAdapters": [adapter.view() for adapter in self.fibre],
            "VMCheckpoints": [checkpoint.view() for checkpoint in self.checkpoints],
            "LastRestoredVMCheckpoint": self.restored.view() if self.restored else None,
            "MostRecentTask": None,
            "MostRecentTaskID": None,
        }
