# SPDX-License-Identifier: Apache-2.0
"""A power cycle that a remediation asks for: off, then on again, once for each attempt.

Each step is noted in the machine's status before it is done, so a controller that dies in between goes on where the
other one was: Stopping stops only what runs, Starting starts only what is off.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from capi_scvmm.plan.actions import Stage, StartVm, Step, SwitchOff, WaitForJob, WaitForShutdown
from capi_scvmm.plan.scope import PowerCycle, Scope
from capi_scvmm.vm import IN_MOTION, OFF_STATUSES, RUNNING

STOPPING, STARTING, DONE = "Stopping", "Starting", "Done"


def power_cycle(scope: Scope, now: datetime) -> Step | None:
    """Do the next step of the power cycle that is under way or asked for."""
    cycle, vm = cycle_of(scope, now), scope.vm
    if cycle is None or vm is None or cycle.step == DONE:
        return None
    if cycle.step == STARTING:
        return WaitForJob(Stage.START, vm.job) if vm.busy or vm.status in IN_MOTION else StartVm()
    until = cycle.since + timedelta(seconds=scope.machine.spec.guest_shutdown_timeout)
    if now < until and vm.status == RUNNING and not vm.busy:
        return SwitchOff("shutdown")
    if now < until and (vm.busy or vm.status in IN_MOTION):
        return WaitForShutdown(until)
    if vm.busy and vm.job is not None and vm.job.id == scope.issued and scope.issued_for is Stage.TURN_OFF:
        return WaitForJob(Stage.TURN_OFF, vm.job)
    return SwitchOff("turn_off")


def cycle_of(scope: Scope, now: datetime) -> PowerCycle | None:
    """Tell where the power cycle stands, as it is to be noted: from what was noted, asked for, and the VM's power."""
    known, asked, vm = scope.recorded.power_cycle, scope.remediation, scope.vm
    if vm is None or scope.deleting or not scope.recorded.ran_once:
        return known
    new = asked is not None and (known is None or (known.request, known.attempt) != (asked.uid, asked.attempt))
    if asked is not None and new:
        # One that is still under way goes on as the new attempt.
        on_its_way = known is not None and known.step == STARTING
        known = PowerCycle(asked.uid, asked.attempt, STARTING if on_its_way else STOPPING, now)
    if known is None:
        return None
    if known.step == STOPPING and vm.status in OFF_STATUSES and not vm.busy:
        return replace(known, step=STARTING, since=now)
    if known.step == STOPPING and asked is None:
        # Nobody asks any more, and nothing came of it.
        return None
    if known.step == STARTING and vm.status == RUNNING:
        return replace(known, step=DONE, since=now)
    return known
