# SPDX-License-Identifier: Apache-2.0
"""All VMs of a VMM server as last told, by whichever way; times are of one monotonic clock, in seconds. No I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from capi_scvmm.vm import Job, Vm, fresher

Instance = tuple[str | None, str]
"""The owner in the mark of a VM, and its provider id."""


@dataclass(frozen=True)
class Sight:
    """What is known about one machine's VM; *known*: it is not older than what was asked for."""

    vm: Vm | None
    known: bool


class View:
    """Merges bulk looks, single looks and module results into one picture."""

    def __init__(self) -> None:
        self._vms: dict[str, Vm] = {}
        self._ids: dict[str, str] = {}
        self._owners: dict[str, str] = {}
        self._instances: dict[Instance, str] = {}
        self._gone: dict[str, float] = {}
        self._jobs: dict[str, Job] = {}
        self._all_asked: float | None = None

    def sight(self, uid: str, vm_id: str | None, since: float, instance: Instance | None = None) -> Sight:
        """Tell what is known of the VM with the mark *uid* or the id *vm_id*, not older than *since* if it is absent.

        That a VM is absent counts when it was looked for by itself, or, for one that was never seen, when a bulk look
        that began later did not have it. A machine that was moved may have nothing but the *instance*.
        """
        ids = (vm_id, self._ids.get(uid), self._instances.get(instance) if instance is not None else None)
        vm = next((self._vms[one] for one in ids if one in self._vms), None)
        if vm is not None:
            return Sight(vm, True)
        gone = self._gone.get(uid)
        if gone is not None and gone >= since:
            return Sight(None, True)
        never_seen = vm_id is None and instance is None
        return Sight(None, never_seen and self._all_asked is not None and self._all_asked >= since)

    def job(self, job_id: str | None) -> Job | None:
        """Give a job as last told."""
        return self._jobs.get(job_id or "")

    def vms(self) -> Iterable[Vm]:
        """List the VMs."""
        return list(self._vms.values())

    def merge(self, vm: Vm, by_look: bool = True) -> bool:
        """Take in one VM, from a look or from a module's result; True when that changed the picture."""
        known = self._vms.get(vm.id)
        chosen = fresher(known, vm, by_look)
        self._vms[vm.id] = chosen
        if chosen.job is not None:
            self._jobs[chosen.job.id] = chosen.job
        self._instances[chosen.owner, chosen.provider_id] = chosen.id
        uid = self.uid_of(chosen)
        if uid:
            self._ids[uid] = chosen.id
            self._gone.pop(uid, None)
        return chosen != known

    def adopt(self, uid: str, vm: Vm) -> None:
        """Note that the machine *uid* looks for this VM, by its id; without a mark it counts as the machine's."""
        self._ids[uid] = vm.id
        if vm.uid is None:
            self._owners[vm.id] = uid
        self._gone.pop(uid, None)

    def uid_of(self, vm: Vm) -> str | None:
        """Tell whose VM it is."""
        return vm.uid or self._owners.get(vm.id)

    def unmarked(self) -> list[str]:
        """List VMs that a look for marks does not find."""
        return [vm.id for vm in self._vms.values() if vm.uid is None]

    def take_all(self, vms: Iterable[Vm], jobs: Iterable[Job], asked: float) -> tuple[set[str], dict[str, str]]:
        """Take in a bulk look that was asked for at *asked*; tell uids that changed, and uids and ids that it lacks."""
        told = list(vms)
        self._jobs |= {job.id: job for job in jobs}
        everything = self._all_asked is None
        self._all_asked = asked
        changed = {uid for vm in told if (self.merge(vm) or everything) and (uid := self.uid_of(vm))}
        present = {vm.id for vm in told}
        # One that came to be known while the look was under way may be missing in it and there all the same, or gone
        # since: a poll is answered long after it was asked. Whoever is missing is looked for before it counts as gone.
        missing = {uid: vm.id for vm in self.vms() if vm.id not in present and (uid := self.uid_of(vm))}
        return changed, missing

    def forget(self, uid: str, asked: float) -> bool:
        """Note that VMM has no VM of *uid*, as of *asked*; True when there was one in the picture."""
        self._gone[uid] = asked
        vm_id = self._ids.pop(uid, None)
        self._owners.pop(vm_id or "", None)
        vm = self._vms.get(vm_id or "")
        if vm is None or vm.uid not in (None, uid):
            return False
        del self._vms[vm.id]
        self._instances.pop((vm.owner, vm.provider_id), None)
        return True

    def drop(self, uid: str) -> None:
        """Forget everything about a machine that is gone from Kubernetes."""
        self.forget(uid, 0.0)
        self._gone.pop(uid, None)
