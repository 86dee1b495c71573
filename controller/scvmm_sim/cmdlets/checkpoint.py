# SPDX-License-Identifier: Apache-2.0
"""Checkpoints of VMs: taken, listed, renamed, restored, removed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from scvmm_sim.cmdlets.call import Call, Function, Outcome
from scvmm_sim.cmdlets.owned import owned
from scvmm_sim.guest.boot import stop_running
from scvmm_sim.state import Work
from scvmm_sim.state.checkpoint import Checkpoint, go_back, remember
from scvmm_sim.state.jobs import Job
from scvmm_sim.state.vm import VirtualMachine

FITTING = ("Running", "PowerOff", "Saved", "Paused")
"""States in which a VM lets something be done with its checkpoints."""


def get_checkpoint(call: Call) -> Outcome:
    """Checkpoints of a VM (-MostRecent: the newest of it), by id, or all."""
    wanted = call.bound.text("ID")
    vm = call.given_or_none(VirtualMachine, "VM")
    vms = [vm] if vm else call.world.all(VirtualMachine)
    found = [checkpoint for one in vms for checkpoint in one.checkpoints if wanted in (None, checkpoint.id)]
    return Outcome(found[-1:] if call.bound.flag("MostRecent") else found)


def new_checkpoint(call: Call) -> Outcome:
    """Take a checkpoint. It is known with its ids at once; when the job fails it is gone again."""
    bound, world = call.bound, call.world
    vm = call.given(VirtualMachine, "VM")
    _refuse_unfit(call, vm)
    if vm.settings.get("CheckpointType") == "Disabled":
        raise call.error(
            1730, f"Checkpoints of virtual machine {vm.name} are disabled.", "Give it another checkpoint type."
        )
    now = world.now_text()
    parent = vm.restored or (vm.checkpoints[-1] if vm.checkpoints else None)
    checkpoint = Checkpoint(world.new_id(), bound.text("Name") or f"{vm.name} - ({now})", world.new_id())
    checkpoint.parent_id = parent.checkpoint_id if parent else vm.vm_id
    checkpoint.description = bound.text("Description") or ""
    checkpoint.added, checkpoint.vm_id, checkpoint.vm_name = now, vm.id, vm.name
    remember(vm, checkpoint)

    def done() -> None:
        vm.restored = None

    vm.checkpoints.append(checkpoint)
    undo = partial(vm.checkpoints.remove, checkpoint)
    return Outcome([checkpoint], _start(call, vm, "Create checkpoint", "CreatingCheckpoint", done, undo))


def set_checkpoint(call: Call) -> Outcome:
    """Change name and description; the record is VMM's own, so the VM is not touched."""
    vm, checkpoint = _owned(call)
    name, description = call.bound.text("Name"), call.bound.text("Description")

    def done() -> None:
        checkpoint.name = name or checkpoint.name
        checkpoint.description = checkpoint.description if description is None else description

    return Outcome([checkpoint], call.start(Work("change", "Change properties of checkpoint", vm, done=done)))


def restore_checkpoint(call: Call) -> Outcome:
    """Make the VM what it was; one that runs is stopped for it."""
    vm, checkpoint = _owned(call)

    def done() -> None:
        stop_running(call.world, vm)
        go_back(vm, checkpoint)

    return Outcome([checkpoint], _start(call, vm, "Restore checkpoint", "RecoveringCheckpoint", done))


def remove_checkpoint(call: Call) -> Outcome:
    """Remove one checkpoint; those that came after it stay, and hang on its parent."""
    vm, checkpoint = _owned(call)

    def done() -> None:
        for other in vm.checkpoints:
            if other.parent_id == checkpoint.checkpoint_id:
                other.parent_id = checkpoint.parent_id
        vm.checkpoints.remove(checkpoint)
        vm.restored = None if vm.restored is checkpoint else vm.restored

    return Outcome(job=_start(call, vm, "Remove checkpoint", "DeletingCheckpoint", done))


def _nothing() -> None:
    return None


def _start(
    call: Call,
    vm: VirtualMachine,
    name: str,
    status: str,
    done: Callable[[], None],
    undo: Callable[[], None] = _nothing,
) -> Job:
    """Start a job on the VM's checkpoints; a failure leaves the VM CheckpointFailed until it is dismissed."""
    _refuse_unfit(call, vm)

    def begin() -> None:
        vm.status = status

    def finish() -> None:
        done()
        vm.status = vm.resting

    def fail() -> None:
        undo()
        vm.status = "CheckpointFailed"

    return call.start(Work("change", name, vm, begin, finish, fail))


def _refuse_unfit(call: Call, vm: VirtualMachine) -> None:
    call.world.jobs.check_free(vm, call.cmdlet)
    if vm.status not in FITTING:
        raise call.wrong_state(vm)


def _owned(call: Call) -> tuple[VirtualMachine, Checkpoint]:
    return owned(call, "VMCheckpoint", lambda vm: vm.checkpoints)


FUNCTIONS: dict[str, Function] = {
    "Get-SCVMCheckpoint": get_checkpoint,
    "New-SCVMCheckpoint": new_checkpoint,
    "Set-SCVMCheckpoint": set_checkpoint,
    "Restore-SCVMCheckpoint": restore_checkpoint,
    "Remove-SCVMCheckpoint": remove_checkpoint,
}
