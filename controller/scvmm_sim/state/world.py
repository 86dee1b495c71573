# SPDX-License-Identifier: Apache-2.0
"""Everything that the simulated VMM server knows, behind one lock; time moves it on when somebody looks."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from scvmm_sim.clock import Clock
from scvmm_sim.errors import CmdletError
from scvmm_sim.fabric.load import changed_durations
from scvmm_sim.fabric.model import Fabric
from scvmm_sim.state.agenda import Agenda
from scvmm_sim.state.host_files import HostFile
from scvmm_sim.state.jobs import Job, JobBook
from scvmm_sim.state.records import Record
from scvmm_sim.state.vm import VirtualMachine

if TYPE_CHECKING:
    from scvmm_sim.hypervisor import RunningGuest

R = TypeVar("R", bound=Record)


@dataclass
class JobGroup:
    """What cmdlets with one -JobGroup have put aside for the cmdlet that ends the group."""

    items: list[Any] = field(default_factory=list)


class RealGuests(Protocol):
    """Real guests of VMs. Nothing here waits for a guest; each does what it is told to in order."""

    def start(self, vm: VirtualMachine) -> None:
        """Boot it with the media that are attached at that time."""

    def shut_down(self, vm: VirtualMachine) -> None:
        """Ask it to shut itself down; may be called again."""

    def is_off(self, vm: VirtualMachine) -> bool:
        """Whether nothing of it runs."""

    def turn_off(self, vm: VirtualMachine) -> None:
        """Pull its plug."""

    def remove(self, vm: VirtualMachine) -> None:
        """Remove all that it has written."""

    def running(self, vm_id: str) -> RunningGuest | None:
        """The guest of a VM, to look into; None when it never ran."""

    @property
    def namespace(self) -> str | None:
        """The file of the network namespace that they are in, if it is one of their own."""

    def close(self) -> None:
        """End all of them; returns when nothing is left."""


class World:
    """State of one VMM server. Hold `lock` while reading or changing; call `settle` first."""

    def __init__(self, fabric: Fabric, clock: Clock, library: Path, private: Path) -> None:
        self.fabric = fabric
        self.clock = clock
        self.library = library
        self.private = private
        self.lock = threading.RLock()
        self.condition = threading.Condition(self.lock)
        self.revision = 0
        self.agenda = Agenda()
        self.real_guests: RealGuests | None = None
        """What starts the guests of its VMs, when they are real ones."""
        self.durations = fabric.job_seconds
        self.jobs = JobBook(self, self)
        self.groups: dict[str, JobGroup] = {}
        self.forgotten: list[VirtualMachine] = []
        """VMs whose record was removed with -Force: they go on running on their host."""
        self.kept_files: list[HostFile] = []
        """Files on hosts of disks that were taken from their VM and not deleted."""
        # Not for secrets: the same fabric and seed give the same ids, so that a run can be repeated.
        self._random = random.Random(fabric.seed)  # noqa: S311
        self._records: dict[type[Record], dict[str, Record]] = {}
        self._macs = 0

    def settle(self) -> None:
        """Bring the state up to the clock."""
        self.agenda.settle(self.clock.now())

    def now(self) -> float:
        """Seconds of the clock; while something planned is carried out, the moment for which it was planned."""
        return self.clock.now() if self.agenda.at is None else self.agenda.at

    def changed(self, record: Record | None = None) -> None:
        """Say that something changed: views are made anew, and whoever waits for a change looks again."""
        if isinstance(record, VirtualMachine):
            record.changed()
        self.revision += 1
        self.condition.notify_all()

    @contextmanager
    def open(self) -> Iterator[None]:
        """Hold the lock with the state brought up to the clock."""
        with self.lock:
            self.settle()
            yield

    def wait_for_change(self, revision: int, timeout: float) -> bool:
        """Wait until the state is no longer at *revision*, at most *timeout* seconds; True when it changed."""
        deadline = self.clock.now() + timeout
        with self.open():
            while self.revision == revision:
                now = self.clock.now()
                if now >= deadline:
                    return False
                due = self.agenda.next_due()
                self.clock.wait(self.condition, max(min(deadline, due if due is not None else deadline) - now, 0.0))
                self.settle()
            return True

    def wait_for_job(self, job: Job) -> None:
        """Wait until *job* has ended."""
        with self.open():
            while not job.completed:
                now = self.clock.now()
                due = self.agenda.next_due()
                # A job without an end waits for somebody to cancel it; look at times anyway.
                self.clock.wait(self.condition, max(due - now, 0.0) if due is not None else 60.0)
                self.settle()

    def set_durations(self, changes: object) -> None:
        """Change durations of jobs that start from now on; raises FabricError."""
        with self.lock:
            self.durations = changed_durations(self.durations, changes)

    def new_id(self) -> str:
        """A new object id."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def new_mac(self) -> str:
        """The next address of Hyper-V's dynamic range."""
        self._macs += 1
        number = self._macs
        return f"00:15:5D:{(number >> 16) & 0xFF:02X}:{(number >> 8) & 0xFF:02X}:{number & 0xFF:02X}"

    def time_text(self, seconds: float) -> str:
        """A moment of the clock as UTC ISO 8601 with milliseconds."""
        return self.clock.moment(seconds).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"

    def now_text(self) -> str:
        """This moment as UTC ISO 8601."""
        return self.time_text(self.now())

    def add(self, record: R) -> R:
        """Let VMM know *record*."""
        self._records.setdefault(type(record), {})[record.id] = record
        return record

    def discard(self, record: Record) -> None:
        """Let VMM forget *record*."""
        self._records.get(type(record), {}).pop(record.id, None)

    def all(self, kind: type[R]) -> list[R]:
        """All records of one kind, in the order in which they came."""
        return list(self._records.get(kind, {}).values())  # type: ignore[arg-type]

    def get(self, kind: type[R], record_id: str | None) -> R | None:
        """The record with that id."""
        found = self._records.get(kind, {}).get((record_id or "").lower())
        return found if isinstance(found, kind) else None

    def need(self, kind: type[R], record_id: str | None, cmdlet: str) -> R:
        """The record with that id; raises 801 when VMM does not know it (any more)."""
        found = self.get(kind, record_id)
        if found is None:
            raise CmdletError(
                801,
                f"VMM cannot find {kind.type_name} object {record_id}.",
                "Look the object up again; it may have been removed.",
                category="ObjectNotFound",
                cmdlet=cmdlet,
            )
        return found

    def job_group(self, group_id: str) -> JobGroup:
        """What was put aside under a -JobGroup so far."""
        return self.groups.setdefault(group_id, JobGroup())
