# SPDX-License-Identifier: Apache-2.0
"""One VMM server: the door through which every cmdlet call comes, native and from the PowerShell stand-in."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scvmm_sim.binder import Bound, Reference, bind
from scvmm_sim.clock import Clock, SystemClock
from scvmm_sim.cmdlets.call import Call, Outcome
from scvmm_sim.cmdlets.existing import make_existing
from scvmm_sim.cmdlets.registry import FUNCTIONS
from scvmm_sim.errors import CmdletError, FabricError
from scvmm_sim.fabric import load_fabric
from scvmm_sim.faults import FaultBook
from scvmm_sim.guest.boot import attached_media, stop_running
from scvmm_sim.guest.real import GuestMaker, found_guests
from scvmm_sim.hypervisor import HypervisorError, RunningGuest
from scvmm_sim.state import World
from scvmm_sim.state.found import found_world
from scvmm_sim.state.hardware import Drive, FloppyDrive
from scvmm_sim.state.records import ShareRecord
from scvmm_sim.state.vm import VirtualMachine

current_operation: ContextVar[str | None] = ContextVar("current_operation", default=None)
"""The operation in which cmdlets are called at the moment, for fault rules that name one."""


NO_FUNCTION = {
    "*": {"JobVariable", "OnBehalfOfUser", "OnBehalfOfUserRole", "PROTipID", "RunAsynchronously", "VMMServer"},
    "Find-SCJob": {"Recent"},
    "Get-SCVMMServer": {"SetAsDefault"},
    "New-SCVMTemplate": {"NoCustomization"},
    "New-SCVirtualDVDDrive": {"Link"},
    "New-SCVirtualDiskDrive": {"Dynamic", "SCSI", "VirtualHardDiskFormatType"},
    "New-SCVirtualNetworkAdapter": {"Synthetic"},
    "Stop-SCVirtualMachine": {"Force"},
}
"""Parameters that need no function: they say what is so anyway, or it is the caller who sees to them."""


@dataclass(frozen=True)
class CmdletResult:
    """What a cmdlet wrote: objects with VMM's property names (to be read only), and the job it started."""

    objects: list[Any] = field(default_factory=list)
    job: dict[str, Any] | None = None


class Vmm:
    """A simulated VMM server; thread-safe, made of fabric, jobs, faults and library."""

    def __init__(
        self,
        fabric: Mapping[str, Any] | Path | str | None = None,
        library: Path | None = None,
        clock: Clock | None = None,
        guests: GuestMaker | None = None,
    ) -> None:
        """Found a VMM server; raises FabricError. *library* holds the shares' files (default: a temporary folder).

        *guests* makes what runs in VMs, in place of what the fabric says of that.
        """
        checked = load_fabric(fabric if fabric is not None else {})
        # Copies of media hold bootstrap secrets: mkdtemp makes a folder that nobody else may enter.
        self._private = Path(tempfile.mkdtemp(prefix="scvmm-sim-"))
        self.library = library if library is not None else self._private / "library"
        self.clock: Clock = clock if clock is not None else SystemClock()
        self.world: World = found_world(checked, self.clock, self.library, self._private)
        try:
            self.world.real_guests = found_guests(self.world, self._private / "guests", guests)
        except HypervisorError as error:
            shutil.rmtree(self._private, ignore_errors=True)
            raise FabricError(f"guest.kind {checked.guest.kind}: {error}") from error
        self.cmdlet_calls: Counter[str] = Counter()
        self._named_locks: dict[str, tuple[threading.Lock, int]] = {}
        self._guard = threading.Lock()
        self.faults = FaultBook([], checked.seed)
        try:
            make_existing(self)
        except FabricError:
            self.close()
            raise
        self.cmdlet_calls.clear()
        self.faults = FaultBook(checked.faults, checked.seed)

    def close(self) -> None:
        """End real guests, remove the VMs' own copies of media and the temporary library."""
        if self.world.real_guests is not None:
            self.world.real_guests.close()
        shutil.rmtree(self._private, ignore_errors=True)

    def call(self, cmdlet: str, parameters: dict[str, Any], operation: str | None = None) -> CmdletResult:
        """Run *cmdlet*; raises CmdletError when VMM or PowerShell's binder would refuse.

        Objects in *parameters* are mappings with `_type` and `ID`. Waits for the end of the job that the cmdlet starts
        unless RunAsynchronously is given. *operation* is for fault rules (default: the operation of this thread).
        """
        bound = bind(cmdlet, parameters)
        operation = operation if operation is not None else current_operation.get()
        function = FUNCTIONS.get(bound.cmdlet)
        if function is None:
            raise CmdletError(None, f"The simulator has no {bound.cmdlet}.", "Use another cmdlet.", cmdlet=bound.cmdlet)
        with self._guard:
            self.cmdlet_calls[bound.cmdlet] += 1
        self._suffer(bound, operation)
        with self.world.open():
            outcome = function(Call(self.world, self.faults, bound, operation))
        # A change may look at its parameters only when it is made: at the end of its job.
        if outcome.job is None or outcome.job.status == "Completed":
            _refuse_ignored(bound)
        return self._result(bound, outcome)

    def _suffer(self, bound: Bound, operation: str | None) -> None:
        """Wait and fail as the fabric and fault rules say, holding no lock."""
        names = self._object_names(bound) if self.faults.names_objects else ()
        effect = self.faults.at_cmdlet(bound.cmdlet, operation, *names)
        self.clock.sleep(self.world.fabric.cmdlet_delay_seconds + effect.delay)
        if effect.error is not None:
            error = effect.error
            raise CmdletError(error.number, error.message, error.recommended_action, cmdlet=bound.cmdlet)

    def _result(self, bound: Bound, outcome: Outcome) -> CmdletResult:
        job = outcome.job
        if job is not None and not bound.flag("RunAsynchronously"):
            self.world.wait_for_job(job)
            if job.status in ("Failed", "Canceled") and job.error is not None:
                error = job.error
                raise CmdletError(error.number, error.message, error.recommended_action, cmdlet=bound.cmdlet)
        with self.world.open():
            objects = [item if isinstance(item, (dict, str)) else item.view() for item in outcome.records]
            return CmdletResult(objects, None if job is None else job.view())

    def _object_names(self, bound: Bound) -> tuple[str, ...]:
        """Names that a fault rule's `object` is held against: the VM's that the call is about."""
        names = []
        for parameter in ("Name", "VMName"):
            text = bound.text(parameter)
            if text is not None:
                names.append(text)
        with self.world.lock:
            for value in bound.values.values():
                if isinstance(value, Reference):
                    names += [vm.name for vm in self._vms_of(value)]
            if not names and bound.text("ID") is not None:
                found = self.world.get(VirtualMachine, bound.text("ID"))
                names += [found.name] if found else []
        return tuple(names)

    def _vms_of(self, reference: Reference) -> list[VirtualMachine]:
        if reference.type_name == "VM":
            found = self.world.get(VirtualMachine, reference.id)
            return [found] if found else []
        if reference.type_name in (Drive.type_name, FloppyDrive.type_name):
            vms = self.world.all(VirtualMachine)
            return [vm for vm in vms if any(drive.id == reference.id for drive in vm.removable_drives)]
        return []

    @contextmanager
    def named_lock(self, name: str, seconds: float = 60.0) -> Iterator[bool]:
        """The counterpart of a named mutex on the exec host; False when somebody else kept it for *seconds*."""
        with self._guard:
            lock, users = self._named_locks.get(name, (threading.Lock(), 0))
            self._named_locks[name] = (lock, users + 1)
        try:
            taken = lock.acquire(timeout=seconds)
            try:
                yield taken
            finally:
                if taken:
                    lock.release()
        finally:
            with self._guard:
                _lock, users = self._named_locks[name]
                if users == 1:
                    del self._named_locks[name]
                else:
                    self._named_locks[name] = (lock, users - 1)

    def vm_names(self, *keys: str) -> tuple[str, ...]:
        """Names of the VMs that one of *keys* means: an id, or a uid in a mark."""
        with self.world.lock:
            found = [self.world.get(VirtualMachine, key) for key in keys]
            names = [vm.name for vm in found if vm is not None]
            marks = [f" uid={key}]" for key in keys]
            return (
                *names,
                *(vm.name for vm in self.world.all(VirtualMachine) if any(m in vm.description for m in marks)),
            )

    def add_fault(self, rule: object) -> str:
        """Add a fault rule and answer its id; raises FabricError."""
        return self.faults.add(rule)

    def clear_faults(self) -> None:
        """Remove all fault rules."""
        self.faults.clear()

    def set_durations(self, changes: object) -> None:
        """Change how long jobs take that start from now on; raises FabricError."""
        self.world.set_durations(changes)

    def revision(self) -> int:
        """A number that grows with every change."""
        with self.world.open():
            return self.world.revision

    def wait_for_change(self, revision: int, timeout: float) -> bool:
        """Wait until the state is no longer at *revision*, at most *timeout* seconds; True when it changed."""
        return self.world.wait_for_change(revision, timeout)

    def vms(self) -> list[dict[str, Any]]:
        """All VMs as VMM shows them, with the `guest` (host_name, addresses, addressed_at, log, files, boots)."""
        with self.world.open():
            return [{**vm.view(), "guest": _guest_view(vm)} for vm in self.world.all(VirtualMachine)]

    def media(self) -> list[dict[str, Any]]:
        """What the drives of VMs hold: the VM's name, the medium's, and the file here, mostly the VM's own copy."""
        with self.world.open():
            return [
                {"vm": vm.name, "name": name, "file": str(file)}
                for vm in self.world.all(VirtualMachine)
                for name, file in attached_media(vm)
            ]

    def forgotten_vms(self) -> list[str]:
        """Names of VMs that go on running on a host after Remove-SCVirtualMachine -Force: proof of a misuse."""
        with self.world.open():
            return [vm.name for vm in self.world.forgotten]

    def kept_files(self) -> list[str]:
        """Paths of disks that were taken from their VM with -SkipDeleteVHD: they are still on their host."""
        with self.world.open():
            return [file.path for file in self.world.kept_files]

    def disk_files(self) -> dict[str, str]:
        """Paths of all disks' files on hosts, those that no VM has among them, with the VM that each was made for."""
        with self.world.open():
            held = {disk.file: disk.made_for for vm in self.world.all(VirtualMachine) for disk in vm.disks}
            return held | {file.path: file.made_for for file in self.world.kept_files}

    def jobs(self) -> list[dict[str, Any]]:
        """All jobs that VMM remembers, oldest first."""
        with self.world.open():
            return [job.view() for job in self.world.jobs.all()]

    def library_files(self) -> list[dict[str, Any]]:
        """Files in the shares' folders, as UNC path and size, whether the library knows them or not."""
        with self.world.open():
            shares = self.world.all(ShareRecord)
        found = []
        for share in shares:
            for file in sorted(path for path in share.folder.rglob("*") if path.is_file()):
                inner = "\\".join(file.relative_to(share.folder).parts)
                found.append({"path": f"{share.path}\\{inner}", "size": file.stat().st_size, "file": str(file)})
        return found

    @property
    def guest_network(self) -> str | None:
        """The file of the network namespace that real guests are in; None without such."""
        return None if self.world.real_guests is None else self.world.real_guests.namespace

    def guest(self, vm_id: str) -> RunningGuest | None:
        """The real guest of a VM; None when it has none."""
        return None if self.world.real_guests is None else self.world.real_guests.running(vm_id)

    def vm_power_off(self, vm_id: str) -> None:
        """Somebody turned the VM off at its host."""
        with self.world.open():
            vm = self.world.need(VirtualMachine, vm_id, "control")
            self.world.jobs.check_free(vm, "control")
            stop_running(self.world, vm)
            vm.status = vm.resting = "PowerOff"
            self.world.changed(vm)

    def vm_start(self, vm_id: str) -> None:
        """Somebody started the VM with VMM's console."""
        self.call("Start-SCVirtualMachine", {"VM": {"_type": "VM", "ID": vm_id}, "RunAsynchronously": True})

    def vm_delete(self, vm_id: str) -> None:
        """Somebody deleted the VM, running or not."""
        from scvmm_sim.cmdlets.virtual_machine import erase

        with self.world.open():
            erase(self.world, self.world.need(VirtualMachine, vm_id, "control"))


def _refuse_ignored(bound: Bound) -> None:
    """A parameter that no function looked at would be a wish that the simulator silently drops: a loud error."""
    ignored = sorted(bound.values.unseen() - NO_FUNCTION["*"] - NO_FUNCTION.get(bound.cmdlet, set()))
    if ignored:
        names = ", ".join(f"-{name}" for name in ignored)
        raise CmdletError(
            None,
            f"The simulator does not know {names} of {bound.cmdlet} yet.",
            "Leave it out, or let the simulator learn it.",
            category="NotImplemented",
            cmdlet=bound.cmdlet,
            error_id="ScvmmSim.ParameterNotKnown",
        )


def _guest_view(vm: VirtualMachine) -> dict[str, Any]:
    guest = vm.guest
    by_mac = {adapter.mac.lower(): list(guest.addresses.get(adapter.id, ())) for adapter in vm.adapters}
    return {
        "host_name": guest.host_name,
        "addresses": by_mac,
        "addressed_at": guest.addressed_at,
        "log": list(guest.log),
        "files": list(guest.files),
        "digests": dict(guest.digests),
        "boots": guest.boots,
    }
