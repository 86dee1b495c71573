# SPDX-License-Identifier: Apache-2.0
"""A job that fails on the VM of a machine is told, dismissed, and blocks nothing for ever."""

from __future__ import annotations

from typing import Any

import pytest

from .world import World

AWAY = {"number": 2912, "message": "The agent did not answer.", "recommended_action": "Check the agent."}
LOCKED = {"number": 2606, "message": "The object is locked by another job.", "recommended_action": "Wait."}


def _fail_a_change(here: World) -> dict[str, Any]:
    """Somebody changes a VM in VMM, and the job fails."""
    (vm,) = here.vms()
    here.sim.add_fault({"cmdlet": "Set-SCVirtualMachine", "job_error": AWAY})
    reference = {"_type": "VM", "ID": vm["ID"]}
    change = {"VM": reference, "Description": vm["Description"], "RunAsynchronously": True}
    here.sim.vmm.call("Set-SCVirtualMachine", change)
    return vm


def test_a_job_that_fails_on_a_running_node_is_dismissed(here: World) -> None:
    """VMRunning says what failed; once VMM takes the dismissal the machine is Ready again, and nothing was started."""
    here.provider()
    here.bootstrap()
    here.start()
    here.machine()
    here.until_true("node")
    here.sim.add_fault({"cmdlet": "Repair-SCVirtualMachine", "times": None, "error": LOCKED})
    _fail_a_change(here)
    here.until_reason("node", "VMRunning", "RepairFailed")
    assert LOCKED["message"].rstrip(".") in here.condition("node", "VMRunning")["message"]
    assert "Repairing" in here.events("node")
    here.sim.clear_faults()
    here.until_true("node")
    assert [vm["Status"] for vm in here.vms()] == ["Running"]
    assert here.vm_started() == 1


@pytest.mark.parametrize("running", [True, False])
def test_a_failed_job_does_not_hold_up_a_deletion(here: World, running: bool) -> None:
    """Behind the failure the VM runs, or is off: it is stopped if need be, and removed."""
    here.provider()
    here.bootstrap()
    controller = here.start()
    here.machine()
    here.until_true("node")
    controller.stop()
    if not running:
        here.sim.vm_power_off(here.vms()[0]["ID"])
    _fail_a_change(here)
    here.until("the failure", lambda: here.vms()[0]["Status"] == "UpdateFailed" or None)
    here.delete("ScvmmMachine", "node")
    here.start()
    here.until_gone("node")
    assert here.vms() == []
