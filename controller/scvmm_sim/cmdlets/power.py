# SPDX-License-Identifier: Apache-2.0
"""Starting and stopping VMs."""

from __future__ import annotations

import functools

from scvmm_sim.cmdlets.call import Call, Outcome
from scvmm_sim.errors import CmdletError
from scvmm_sim.guest.boot import has_shut_down, start_booting, stop_running
from scvmm_sim.state import Work, World
from scvmm_sim.state.vm import VirtualMachine


def start_vm(call: Call) -> Outcome:
    """Start a VM that is off or saved; one that runs already is refused."""
    vm = call.given(VirtualMachine, "VM")
    world = call.world
    world.jobs.check_free(vm, call.cmdlet)
    if vm.status not in ("PowerOff", "Saved"):
        raise call.wrong_state(vm)

    def begin() -> None:
        vm.status = "Starting"

    def done() -> None:
        vm.status = vm.resting = "Running"
        start_booting(world, vm)

    def fail() -> None:
        vm.status = vm.resting

    return Outcome([vm], call.start(Work("start", "Start virtual machine", vm, begin, done, fail)))


def stop_vm(call: Call) -> Outcome:
    """Ask the guest to shut down, save its state, or turn it off (also without any switch).

    The guest of a paused VM cannot be asked.
    """
    bound, world = call.bound, call.world
    vm = call.given(VirtualMachine, "VM")
    world.jobs.check_free(vm, call.cmdlet)
    if bound.flag("DiscardSavedState"):
        if vm.status != "Saved":
            raise call.wrong_state(vm)
        return Outcome([vm], call.start(_stop(world, vm, "Discard saved state of virtual machine", "PowerOff")))
    if vm.status != "Running" and (vm.status != "Paused" or bound.flag("Shutdown")):
        raise call.wrong_state(vm)
    if bound.flag("SaveState"):
        _refuse_if_real(call, "saved")
        return Outcome([vm], call.start(_stop(world, vm, "Save state of virtual machine", "Saved")))
    if bound.flag("Force") or not bound.flag("Shutdown"):
        return Outcome([vm], call.start(_stop(world, vm, "Turn off virtual machine", "PowerOff")))
    return Outcome([vm], call.start(_stop(world, vm, "Shut down virtual machine", "PowerOff", shutdown=True)))


def suspend_vm(call: Call) -> Outcome:
    """Halt the processors of a VM that runs; its memory stays where it is."""
    return _switch(call, "Pause virtual machine", "Running", "Paused")


def resume_vm(call: Call) -> Outcome:
    """Let a paused VM go on."""
    return _switch(call, "Resume virtual machine", "Paused", "Running")


def _switch(call: Call, name: str, now: str, end: str) -> Outcome:
    vm = call.given(VirtualMachine, "VM")
    call.world.jobs.check_free(vm, call.cmdlet)
    if vm.status != now:
        raise call.wrong_state(vm)
    _refuse_if_real(call, "paused")

    def done() -> None:
        vm.status = vm.resting = end

    return Outcome([vm], call.start(Work("change", name, vm, done=done)))


def _refuse_if_real(call: Call, done: str) -> None:
    if call.world.real_guests is not None:
        kind = call.world.fabric.guest.kind
        raise CmdletError(
            None,
            f"The simulator's guests of kind {kind} cannot be {done}.",
            "Shut the virtual machine down or turn it off.",
            category="NotImplemented",
            cmdlet=call.cmdlet,
        )


def _stop(world: World, vm: VirtualMachine, name: str, end: str, *, shutdown: bool = False) -> Work:
    def begin() -> None:
        vm.status = "Saving" if end == "Saved" else "Stopping"

    def done() -> None:
        stop_running(world, vm)
        vm.status = vm.resting = end

    def fail() -> None:
        vm.status = vm.resting

    if not shutdown:
        return Work("stop", name, vm, begin, done, fail)
    seconds = world.fabric.guest.shutdown_seconds
    ready = functools.partial(has_shut_down, world, vm)
    return Work("stop", name, vm, begin, done, fail, extra_seconds=seconds, shutdown=True, ready=ready)
