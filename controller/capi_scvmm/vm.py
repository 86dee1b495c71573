# SPDX-License-Identifier: Apache-2.0
"""What VMM tells about a VM and its job, as frozen values (shapes of docs/operations.md)."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from capi_scvmm.errors import VmmError

# What provider ids begin with; Hyper-V's id of the VM follows.
PROVIDER = "scvmm://"
# VM.Status texts. The names are VMM's own.
RUNNING = "Running"
UNDER_CREATION = "UnderCreation"
CREATION_FAILED = "CreationFailed"
MISSING = "Missing"
DELETING = "Deleting"
OFF_STATUSES = frozenset({"PowerOff", "Stored", "Saved"})
# On the way from one status to another, also when VMM shows no job for it.
IN_MOTION = frozenset(
    {
        "Starting",
        "Stopping",
        "Saving",
        "Restoring",
        "UnderCreation",
        "UnderUpdate",
        "UnderMigration",
        "CreatingCheckpoint",
        "DeletingCheckpoint",
        "RecoveringCheckpoint",
    }
)
# Those of them in which a VM that ran goes on running.
RUNS_MEANWHILE = frozenset({"UnderUpdate", "UnderMigration", "CreatingCheckpoint", "DeletingCheckpoint"})
# VMM removes a VM in these; in any other one it answers 640 (facts: operations.md, vm_absent).
REMOVABLE_STATUSES = frozenset(
    {
        "PowerOff",
        "Stored",
        "Saved",
        CREATION_FAILED,
        "UpdateFailed",
        "DeletionFailed",
        "MigrationFailed",
        "CheckpointFailed",
        MISSING,
        "UnsupportedVMConfiguration",
    }
)


@dataclass(frozen=True)
class Job:
    """A VMM job; *progress* in percent."""

    id: str
    name: str
    status: str
    progress: int
    is_completed: bool
    started: str | None = None
    error: VmmError | None = None

    @property
    def running(self) -> bool:
        """Whether VMM still works on it."""
        return not self.is_completed

    @property
    def failed(self) -> bool:
        """Whether it ended without doing what it was for."""
        return self.is_completed and self.status in ("Failed", "Canceled")

    @classmethod
    def parse(cls, data: Mapping[str, Any] | None) -> Job | None:
        """Read a job as docs/operations.md shapes it; null stays null."""
        if not data:
            return None
        error = data.get("error")
        return cls(
            id=str(data["id"]),
            name=str(data.get("name") or "job"),
            status=str(data.get("status") or "Running"),
            progress=int(data.get("progress") or 0),
            is_completed=bool(data.get("is_completed")),
            started=data.get("started"),
            error=VmmError.parse(error) if error else None,
        )


@dataclass(frozen=True)
class StaticAddress:
    """An address, with its prefix length, out of a static pool of VMM, and what the pool says of its network."""

    address: str
    pool: str
    gateways: tuple[str, ...] = ()
    nameservers: tuple[str, ...] = ()


@dataclass(frozen=True)
class NetworkAdapter:
    """A virtual network adapter: *slot* counts from 0 in the order of spec.networking.devices."""

    slot: int
    mac_address: str | None
    vm_network: str | None
    addresses: tuple[str, ...]
    static_addresses: tuple[StaticAddress, ...] = ()


@dataclass(frozen=True)
class Disk:
    """A disk of a VM; *name* is that of its file, *path* its folder on the host, sizes in MiB."""

    name: str
    size_mb: int
    iops_maximum: int | None = None
    path: str | None = None


@dataclass(frozen=True)
class Vm:
    """A VM as VMM has it; *id* is VMM's object id, *vm_id* Hyper-V's."""

    id: str
    vm_id: str
    name: str
    status: str
    uid: str | None = None
    owner: str | None = None
    bios_guid: str | None = None
    cloud: str | None = None
    host_group: str | None = None
    host: str | None = None
    host_cluster: str | None = None
    created: str | None = None
    modified: str | None = None
    computer_name: str | None = None
    network_adapters: tuple[NetworkAdapter, ...] = ()
    disks: tuple[Disk, ...] = ()
    media: tuple[str, ...] = ()
    generation: int | None = None
    job: Job | None = None

    @property
    def provider_id(self) -> str:
        """The text that Machine, ScvmmMachine and Node share (contract 20)."""
        return f"{PROVIDER}{self.vm_id}"

    def without_address(self, address: str | None) -> Vm:
        """The same without an address that is not its own: it is here today and with another VM tomorrow."""
        if address not in self.addresses:
            return self
        adapters = tuple(
            replace(nic, addresses=tuple(told for told in nic.addresses if told != address))
            for nic in self.network_adapters
        )
        return replace(self, network_adapters=adapters)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Addresses of the guest that others can reach, in the order of the adapters."""
        return tuple(a for nic in self.network_adapters for a in nic.addresses if _reachable(a))

    @property
    def busy(self) -> bool:
        """Whether a job works on it."""
        return self.job is not None and self.job.running

    @property
    def failed(self) -> bool:
        """Whether a job that failed keeps VMM from doing anything else with it; a failed creation is not meant."""
        return self.status.endswith("Failed") and self.status != CREATION_FAILED

    @property
    def under_creation(self) -> bool:
        """Whether VMM still builds it."""
        return self.status == UNDER_CREATION

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Vm:
        """Read a vm as docs/operations.md shapes it."""
        return cls(
            id=str(data["id"]).lower(),
            vm_id=str(data.get("vm_id") or "").lower(),
            name=str(data.get("name") or ""),
            status=str(data.get("status") or "Unknown"),
            uid=data.get("uid"),
            owner=data.get("owner"),
            bios_guid=data.get("bios_guid"),
            cloud=data.get("cloud"),
            host_group=data.get("host_group"),
            host=data.get("host"),
            host_cluster=data.get("host_cluster"),
            created=data.get("created"),
            modified=data.get("modified"),
            computer_name=data.get("computer_name"),
            network_adapters=tuple(
                NetworkAdapter(
                    slot=int(nic.get("slot") or 0),
                    mac_address=nic.get("mac_address"),
                    vm_network=nic.get("vm_network"),
                    addresses=tuple(nic.get("addresses") or ()),
                    static_addresses=tuple(map(_static, nic.get("static_addresses") or ())),
                )
                for nic in sorted(data.get("network_adapters") or (), key=lambda nic: int(nic.get("slot") or 0))
            ),
            disks=tuple(
                Disk(
                    str(disk.get("name") or ""),
                    int(disk.get("size_mb") or 0),
                    disk.get("iops_maximum"),
                    disk.get("path"),
                )
                for disk in data.get("disks") or ()
            ),
            generation=data.get("generation"),
            media=tuple(m["file"] for m in data.get("media") or () if m.get("file")),
            job=Job.parse(data.get("job")),
        )


def _static(data: Mapping[str, Any]) -> StaticAddress:
    return StaticAddress(
        address=str(data.get("address") or ""),
        pool=str(data.get("pool") or ""),
        gateways=tuple(data.get("gateways") or ()),
        nameservers=tuple(data.get("nameservers") or ()),
    )


def fresher(known: Vm | None, told: Vm, by_look: bool) -> Vm:
    """Choose between two tellings of one VM that may have crossed on their way.

    A look's answer can be older than a module's result that arrived before it, and the other way round. Jobs only go
    forward, so they say which telling is younger. Without a difference there the look holds (*by_look*): a module's
    result was on its way for longer and never knows more.
    """
    if known is None:
        return told
    if known.job is None or told.job is None:
        return told if by_look or known.job is None else known
    old, new = known.job, told.job
    if old.id == new.id:
        forward = new.is_completed and not old.is_completed
        return told if forward or (by_look and new.is_completed == old.is_completed) else known
    return known if _time(new.started) < _time(old.started) else told


def _time(text: str | None) -> datetime:
    return datetime.fromisoformat((text or "1970-01-01T00:00:00Z").replace("Z", "+00:00"))


def _reachable(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address.split("%")[0].split("/")[0])
    except ValueError:
        return False
    # A guest that waits for DHCP shows 169.254/16 first: no address yet.
    return not (parsed.is_link_local or parsed.is_loopback or parsed.is_unspecified)
