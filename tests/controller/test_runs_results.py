# SPDX-License-Identifier: Apache-2.0
"""From ansible-runner's events to outcomes."""

from __future__ import annotations

from typing import Any

from capi_scvmm.errors import ErrorClass
from capi_scvmm.outcomes import Done, Refused, Unreachable
from capi_scvmm.runs.port import Playbook
from capi_scvmm.runs.results import HostResults

VM = {"id": "i", "vm_id": "v", "name": "node", "status": "PowerOff"}
JOB = {"id": "j", "name": "Start", "status": "Running", "is_completed": False}


def event(name: str, action: str, result: dict[str, Any] | None = None, host: str = "m") -> dict[str, Any]:
    """An event of ansible-runner."""
    return {"event": f"runner_on_{name}", "event_data": {"host": host, "task_action": action, "res": result or {}}}


def test_a_host_is_through_with_the_last_task_also_when_it_is_skipped() -> None:
    """Not before; and each host by itself."""
    results = HostResults(Playbook.STOP)
    assert results.take(event("ok", "capi.scvmm.vm_power", {"vm": VM, "job": JOB})) is None
    assert results.take(event("ok", "capi.scvmm.vm_power", {"vm": VM}, host="other")) is None
    assert results.take(event("skipped", "capi.scvmm.vm")) is None
    found = results.take(event("skipped", "capi.scvmm.vm_media"))
    assert found is not None
    host, outcome = found
    assert host == "m"
    assert isinstance(outcome, Done)
    assert outcome.vm is not None
    assert outcome.vm.job is not None
    assert outcome.vm.job.id == "j"


def test_the_last_step_that_saw_the_vm_tells_of_it() -> None:
    """Attached, then started."""
    results = HostResults(Playbook.START)
    results.take(event("ok", "capi.scvmm.vm_media", {"vm": VM}))
    found = results.take(event("ok", "capi.scvmm.vm_power", {"vm": VM | {"status": "Running"}}))
    assert found is not None
    assert isinstance(found[1], Done)
    assert found[1].vm is not None
    assert found[1].vm.status == "Running"


def test_a_removal_says_how_far_it_got() -> None:
    """Gone, removed by a job that has ended, cancelling, or under way."""

    def outcome(state: str, job: dict[str, Any] | None = None, media: bool = False) -> Done:
        results = HostResults(Playbook.STOP)
        results.take(event("ok", "capi.scvmm.vm", {"state": state, "vm": VM, "job": job}))
        found = results.take(event("ok" if media else "skipped", "capi.scvmm.vm_media"))
        assert found is not None
        assert isinstance(found[1], Done)
        return found[1]

    ended = JOB | {"status": "Completed", "is_completed": True}
    assert outcome("gone", media=True) == Done(vm_gone=True, medium_gone=True)
    assert outcome("removing", ended).vm_gone
    assert not outcome("removing", JOB).vm_gone
    assert outcome("removing", JOB).vm is not None
    assert outcome("cancelling").cancelling


def test_a_start_says_whether_the_medium_left_the_library() -> None:
    """Gone, or why not: the VM was started all the same."""

    def outcome(removal: dict[str, Any] | None) -> Done:
        found = HostResults(Playbook.START).take(
            event("ok", "capi.scvmm.vm_power", {"vm": VM, "medium_removal": removal})
        )
        assert found is not None
        assert isinstance(found[1], Done)
        return found[1]

    assert not outcome(None).medium_gone
    assert outcome({"file": "x.iso", "removed": True, "error": None}).medium_gone
    stays = outcome({"file": "x.iso", "removed": False, "error": {"message": "In use.", "class": "retry"}})
    assert not stays.medium_gone
    assert stays.medium_error is not None
    assert stays.medium_error.error_class is ErrorClass.RETRY


def test_a_removal_from_the_library_is_told_apart_from_an_ejection() -> None:
    """Both are steps of the one module."""
    cleared = HostResults(Playbook.CLEAR).take(event("ok", "capi.scvmm.vm_media", {"changed": True}))
    ejected = HostResults(Playbook.EJECT).take(event("ok", "capi.scvmm.vm_media", {"changed": True, "vm": VM}))
    assert cleared is not None
    assert ejected is not None
    assert isinstance(cleared[1], Done)
    assert isinstance(ejected[1], Done)
    assert (cleared[1].medium_gone, ejected[1].medium_gone) == (True, False)


def test_a_refusal_carries_vmms_error() -> None:
    """Number, words, class and remedy; and what earlier steps have told."""
    results = HostResults(Playbook.ATTACH)
    results.take(event("ok", "capi.scvmm.vm_media", {"vm": VM}))
    error = {"number": 2606, "message": "Locked.", "class": "retry", "remedy": "Wait."}
    found = results.take(event("failed", "capi.scvmm.vm_power", {"msg": "no", "error": error}))
    assert found is not None
    outcome = found[1]
    assert isinstance(outcome, Refused)
    assert outcome.error.error_class is ErrorClass.RETRY
    assert outcome.error.text == "Locked (VMM error 2606). Wait."
    assert outcome.vm is not None


def test_a_failure_before_vmm_carries_its_message() -> None:
    """A medium that cannot be built."""
    found = HostResults(Playbook.ATTACH).take(event("failed", "capi.scvmm.cloud_init_image", {"msg": "Disk full"}))
    assert found is not None
    assert isinstance(found[1], Refused)
    assert found[1].error.text == "Disk full."
    silent = HostResults(Playbook.ATTACH).take(event("failed", "x"))
    assert silent is not None
    assert isinstance(silent[1], Refused)


def test_unreachable_is_not_refused() -> None:
    """Nobody knows what happened."""
    error = {"class": "unreachable", "message": "No route."}
    found = HostResults(Playbook.CREATE).take(event("unreachable", "capi.scvmm.vm", {"error": error}))
    assert found == ("m", Unreachable("No route."))


def test_ignored_failures_and_other_events_decide_nothing() -> None:
    """Only what a host's task really came to."""
    results = HostResults(Playbook.CREATE)
    ignored = event("failed", "capi.scvmm.vm")
    ignored["event_data"]["ignore_errors"] = True
    assert results.take(ignored) is None
    assert results.take(event("start", "capi.scvmm.vm")) is None
    assert results.take({"event": "playbook_on_stats", "event_data": {}}) is None
