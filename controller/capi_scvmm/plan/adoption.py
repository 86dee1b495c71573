# SPDX-License-Identifier: Apache-2.0
"""VMs that exist before their machine: they get its mark, and are otherwise taken as they are.

A machine names such a VM by spec.id, or, coming from the Go provider, by spec.providerID alone.
"""

from __future__ import annotations

from datetime import datetime

from capi_scvmm.plan.actions import MarkVm, ReleaseFinalizer, Stage, Step, Wait, WaitForJob
from capi_scvmm.plan.scope import Scope
from capi_scvmm.vm import Vm


def adopt(scope: Scope, now: datetime) -> Step | None:
    """A VM without a mark gets ours; one with another's is not touched, and says whose it is."""
    vm = scope.vm
    if vm is None:
        return _not_there(scope)
    if belongs_to_another(scope):
        return Wait("VMOwnedByAnother", _of_another(scope, vm), untold=True)
    known = scope.recorded.is_true("VMCreated") or not scope.recorded.ran_once
    if vm.busy and (vm.uid is None or not known):
        # Also the job that writes the mark: what a job does to the VM's status must not be taken for its power.
        return WaitForJob(Stage.ADOPT, vm.job)
    return MarkVm() if vm.uid is None else None


def leave(scope: Scope, now: datetime) -> Step | None:
    """A VM that is another's, or was never adopted, is nothing that this machine may remove."""
    vm = scope.vm
    if vm is None:
        return None
    if belongs_to_another(scope):
        return ReleaseFinalizer(f"{_of_another(scope, vm)} It is left alone.")
    if vm.uid is None and not scope.seen and scope.recorded.provider_id is None:
        return ReleaseFinalizer(f"VM {vm.name} ({vm.id}) was not adopted yet: it is left alone.")
    return None


def ours(scope: Scope) -> bool:
    """Whether there is a VM, and it is the machine's: by its mark, or, where somebody took that out, by its id."""
    vm = scope.vm
    return vm is not None and (vm.uid == scope.machine.mark or (vm.uid is None and vm.id == scope.recorded.id))


def belongs_to_another(scope: Scope) -> bool:
    """Whether the VM that the machine names carries the mark of somebody else."""
    return scope.vm is not None and scope.vm.uid is not None and scope.vm.uid != scope.machine.mark


def _not_there(scope: Scope) -> Step | None:
    wanted = scope.machine.spec.id
    if wanted is None or scope.seen or scope.recorded.provider_id is not None:
        return None
    return Wait(
        "VMNotFound",
        f"VMM has no VM with the id {wanted}, which spec.id names, or its user may not see it: correct spec.id, or "
        "leave it out for a new VM.",
        untold=True,
    )


def _of_another(scope: Scope, vm: Vm) -> str:
    return (
        f"VM {vm.name} ({vm.id}) carries the mark of {vm.owner or 'somebody'} (uid {vm.uid}), and not that of "
        f"{scope.name}: correct spec.id, or, if that owner is gone for good, take the mark out of the VM's description "
        "in VMM."
    )
