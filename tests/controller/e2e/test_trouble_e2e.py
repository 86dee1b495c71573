# SPDX-License-Identifier: Apache-2.0
"""Trouble: it shows in status, clears itself when mended, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .world import World

LOCKED = {"number": 2606, "message": "The object is locked by another job.", "recommended_action": "Wait."}
NO_ROOM = {"number": 2911, "message": "The host has not enough memory.", "recommended_action": "Free memory."}


@pytest.mark.parametrize(
    ("rule", "condition", "reasons"),
    [
        ({"operation": "vm_present", "error": NO_ROOM}, "VMCreated", {"CreationRefused"}),
        ({"operation": "vm_present", "job_error": NO_ROOM}, "VMCreated", {"CreationFailed", "RetryingCreation"}),
        ({"operation": "media_attached", "error": LOCKED}, "BootstrapMediumAttached", {"AttachFailed"}),
        ({"operation": "media_attached", "job_error": LOCKED}, "BootstrapMediumAttached", {"AttachFailed"}),
        ({"operation": "vm_power", "error": LOCKED}, "VMRunning", {"StartFailed"}),
        ({"operation": "vm_power", "job_error": LOCKED}, "VMRunning", {"StartFailed"}),
    ],
    ids=["create", "create-job", "attach", "attach-job", "start", "start-job"],
)
def test_an_error_at_a_stage_is_told_in_vmms_words_and_clears_itself(
    here: World, rule: dict[str, Any], condition: str, reasons: set[str]
) -> None:
    """While it lasts Ready carries it; once it is mended the machine gets there, with one VM."""
    here.sim.add_fault({**rule, "times": None})
    here.provider()
    here.bootstrap()
    here.start()
    here.machine()
    words = (rule.get("error") or rule["job_error"])["message"].rstrip(".")

    def told() -> bool:
        found = here.condition("node", condition)
        ready = here.condition("node", "Ready")
        return found.get("reason") in reasons and words in found["message"] and words in ready["message"]

    here.until(f"{condition} with {words}", told)
    assert here.condition("node", "Ready")["status"] == "False"
    here.until("its event", lambda: reasons & set(here.events("node")))
    here.sim.clear_faults()
    here.until_true("node")
    assert len(here.vms()) == 1


def test_a_server_that_falls_silent_is_reported_by_provider_and_machines(here: World) -> None:
    """And by nobody any more once it answers again."""
    here.provider()
    here.bootstrap()
    here.start()
    here.machine()
    here.until_true("node")
    here.sim.add_fault({"operation": None, "times": None, "wire": "down"})
    here.until_reason("vmm", "Ready", "VMMUnreachable", "ScvmmProvider")
    here.until_reason("node", "Ready", "VMMUnreachable")
    here.sim.clear_faults()
    here.until_true("vmm", scope="ScvmmProvider")
    here.until_true("node")
    assert len(here.vms()) == 1


def test_a_vm_turned_off_by_somebody_stays_off_and_is_reported(here: World) -> None:
    """Whoever starts it again makes the machine Ready again; the controller never does, nor does a new one."""
    here.provider()
    here.bootstrap()
    controller = here.start()
    here.machine()
    here.until_true("node")
    here.sim.vm_power_off("node")
    message = here.until_reason("node", "Ready", "VMPoweredOff")["message"]
    assert "Start it in VMM" in message
    controller.kill()
    here.start()
    here.stays("the VM off", lambda: here.vms()[0]["Status"] == "PowerOff", 5)
    assert here.vm_started() == 1
    here.sim.vm_start("node")
    here.until_true("node")


def test_a_vm_deleted_by_somebody_is_reported_and_not_created_again(here: World) -> None:
    """Neither by this controller nor by the next."""
    here.provider()
    here.bootstrap()
    controller = here.start()
    here.machine()
    here.until_true("node")
    here.sim.vm_delete("node")
    message = here.until_reason("node", "Ready", "VMDeleted")["message"]
    assert "not created again" in message
    here.until("its event", lambda: "VMDeleted" in here.events("node"))
    controller.kill()
    here.start()
    here.stays("no VM", lambda: here.vms() == [], 5)
    assert (here.get("ScvmmMachine", "node") or {})["status"]["initialization"]["provisioned"] is True


@pytest.mark.parametrize("stage", ["vm_present", "create", "media_attached", "change", "vm_power", "start", "address"])
def test_a_controller_killed_at_any_stage_leaves_exactly_one_vm(make_world: Callable[..., World], stage: str) -> None:
    """SIGKILL while a call or a job of the stage is under way; the next controller goes on from what is in VMM."""
    jobs = {stage: 2.0} if stage in ("create", "change", "start", "address") else {}
    here = make_world(**jobs)
    if not jobs:
        here.sim.add_fault({"operation": stage, "times": 1, "delay": 1.5})
    here.provider()
    here.bootstrap()
    controller = here.start()
    here.machine()
    operation = {"create": "vm_present", "change": "media_attached", "start": "vm_power", "address": "vm_power"}
    here.until_called(operation.get(stage, stage))
    controller.kill()
    here.start()
    here.until_true("node")
    (vm,) = here.vms()
    assert (here.get("ScvmmMachine", "node") or {})["spec"]["providerID"] == f"scvmm://{vm['VMId']}"
    assert here.vm_started() == 1


@pytest.mark.parametrize("stage", ["vm_power", "stop", "vm_absent", "remove", "media_absent"])
def test_a_controller_killed_while_it_deletes_leaves_nothing(make_world: Callable[..., World], stage: str) -> None:
    """The next one finishes."""
    jobs = {stage: 2.0} if stage in ("stop", "remove") else {}
    here = make_world(**jobs)
    here.provider()
    here.bootstrap()
    controller = here.start()
    here.machine_to_delete(with_medium_in_library=stage == "media_absent")
    operation = {"stop": "vm_power", "remove": "vm_absent"}.get(stage, stage)
    before = here.called(operation)
    if not jobs:
        here.sim.add_fault({"operation": stage, "times": 1, "delay": 1.5})
    here.delete("ScvmmMachine", "node")
    here.until_called(operation, before + 1)
    controller.kill()
    here.start()
    here.until_gone("node")
    assert (here.vms(), here.media()) == ([], [])


def test_a_failed_creation_that_is_being_removed_survives_a_crash(make_world: Callable[..., World]) -> None:
    """The VM that the controller removes to try again must not be taken for one that somebody deleted."""
    here = make_world(remove=2)
    here.sim.add_fault({"operation": "vm_present", "times": 1, "job_error": NO_ROOM})
    here.provider()
    here.bootstrap()
    controller = here.start()
    here.machine()
    here.until_reason("node", "VMCreated", "RetryingCreation")
    here.until_called("vm_absent")
    controller.kill()
    here.start()
    here.until_true("node")
    assert len(here.vms()) == 1
