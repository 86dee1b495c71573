# SPDX-License-Identifier: Apache-2.0
"""How the medium goes: out of the library once the VM has its copy, out of the drive once the guest has read it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from capi_scvmm.conditions import Condition
from capi_scvmm.errors import ErrorClass, VmmError
from capi_scvmm.plan import (
    Action,
    ClearLibrary,
    EjectMedium,
    Owner,
    PoweredOff,
    RepairVm,
    Scope,
    Settled,
    Stage,
    WaitForAddresses,
    plan,
)
from capi_scvmm.plan.errands import next_errand_at
from capi_scvmm.plan.retry import RetryPolicy, after_job, errand_after_job, wake_at
from capi_scvmm.status import status

from .scopes import (
    MEDIUM,
    NO_ROOM,
    NOON,
    a_job,
    a_vm,
    an_attempt,
    going,
    recorded,
    running,
    seconds,
    settled,
)

KIND = "BootstrapMediumAttached"
JOINED = Owner("node", None, "node-bootstrap", joined=True)
ADDRESS = ("10.0.0.5",)


def condition(scope: Scope, action: Action | None = None, kind: str = KIND) -> tuple[str, str, str]:
    """The condition as it is after the patch."""
    body = scope.recorded.body | (status(scope, action or plan(scope, NOON), NOON).status or {})
    found = next(Condition.parse(c) for c in body["conditions"] if c["type"] == kind)
    return found.status, found.reason, found.message


def alone(seconds_ago: float, **changes: object) -> Scope:
    """A machine without Cluster and Machine whose guest has had an address for a while."""
    since = NOON - seconds(seconds_ago)
    known = recorded("VMRunning+Running", "AddressesReported+Reported", since=since, provisioned=True)
    return settled(**{"recorded": known, "owner": None, "cluster": None, "standalone": True, **changes})


def test_the_medium_stays_until_its_node_has_joined() -> None:
    """Before that the guest may still read it: cloud-init boots again after a crash in its first minutes."""
    assert plan(settled(), NOON) == Settled()
    assert plan(settled(owner=JOINED), NOON) == EjectMedium()


def test_of_a_machine_that_stands_alone_it_goes_when_its_time_is_over() -> None:
    """Nobody tells us of a Node; the time counts from the first address, and a look is wanted then."""
    assert plan(alone(1800), NOON) == EjectMedium()
    early = alone(1799)
    assert plan(early, NOON) == Settled()
    assert wake_at(early, Settled(), NOON) == NOON + seconds(1)
    assert plan(alone(10, eject_after=10), NOON) == EjectMedium()
    fresh = alone(0, recorded=replace(alone(0).recorded, conditions={}))
    assert wake_at(fresh, Settled(), NOON) == NOON + seconds(1800)
    assert wake_at(replace(fresh, vm=a_vm()), Settled(), NOON) is None


def test_a_machine_that_lost_its_owner_keeps_its_medium() -> None:
    """Neither a Node nor a time is known of it."""
    assert plan(settled(owner=None), NOON) == Settled()
    assert next_errand_at(settled(owner=None), NOON) is None


def test_only_our_own_medium_is_ever_taken_out() -> None:
    """Somebody put another one in, or took ours out: nothing is to be done."""
    theirs = replace(a_vm(addresses=ADDRESS), media=("rescue.iso", "capi-other.iso"))
    assert plan(settled(owner=JOINED, vm=theirs), NOON) == Settled()
    empty = settled(owner=JOINED, vm=a_vm(addresses=ADDRESS, medium=False))
    assert plan(empty, NOON) == Settled()
    assert condition(empty)[:2] == ("True", "Ejected")


@pytest.mark.parametrize("vm", [a_vm(addresses=ADDRESS, job=a_job()), a_vm("UnderMigration", addresses=ADDRESS)])
def test_while_vmm_works_on_the_vm_it_is_left_alone(vm: object) -> None:
    """VMM would refuse: another job holds the VM."""
    assert plan(settled(owner=JOINED, vm=vm), NOON) == Settled()


def test_first_status_says_how_the_machine_is() -> None:
    """What an errand replaces must have been said: addresses, power, the wait for the guest."""
    ready = replace(settled(owner=JOINED), recorded=replace(settled().recorded, provisioned=False))
    assert plan(ready, NOON) == Settled()
    off = settled(owner=JOINED, vm=a_vm("PowerOff"))
    assert plan(off, NOON) == PoweredOff("PowerOff")
    said = replace(off, recorded=replace(off.recorded, conditions=recorded("VMRunning=VMPoweredOff").conditions))
    assert plan(said, NOON) == EjectMedium()
    assert condition(said, kind="VMRunning")[1] == "VMPoweredOff"
    assert plan(running(), NOON) == WaitForAddresses()
    assert wake_at(running(), WaitForAddresses(), NOON) == NOON


def test_a_medium_left_in_the_library_is_removed_beside_everything_else() -> None:
    """The start removes it; after a crash in between nobody knows, so it is removed once more."""
    waiting = recorded("VMRunning+Running", "AddressesReported=WaitingForGuest", medium=MEDIUM)
    scope = running(recorded=waiting)
    assert plan(scope, NOON) == ClearLibrary()
    assert plan(replace(scope, medium_gone=True), NOON) == WaitForAddresses()


def test_status_forgets_the_medium_once_the_library_does_not_hold_it() -> None:
    """The deletion then has nothing to ask the library."""
    scope = running(medium_gone=True)
    known = replace(scope.recorded, body={"medium": {"file": MEDIUM}})
    patch = status(replace(scope, recorded=known), WaitForAddresses(), NOON).status
    assert patch is not None
    assert patch["medium"] is None
    assert "medium" not in (status(running(), WaitForAddresses(), NOON).status or {})


def test_a_failed_errand_is_tried_again_later_and_holds_up_nothing() -> None:
    """The machine is Ready all the while; the condition says what is wrong, and who can mend it."""
    failed = {Stage.EJECT: an_attempt(Stage.EJECT, error=VmmError("The VM is saved", ErrorClass.RETRY, 1730))}
    scope = settled(owner=JOINED, errands=failed)
    assert plan(scope, NOON) == Settled()
    assert wake_at(scope, Settled(), NOON) == NOON + seconds(10)
    state, reason, message = condition(scope)
    assert (state, reason) == ("True", "EjectFailed")
    assert "VM node not freed of its medium: The VM is saved (VMM error 1730)." in message
    assert condition(scope, kind="Ready")[:2] == ("True", "Ready")
    assert plan(scope, NOON + seconds(10)) == EjectMedium()
    assert plan(replace(scope, basis="other"), NOON) == EjectMedium()


def test_one_errand_that_fails_does_not_hold_up_the_other() -> None:
    """The library's file server is away; the drive is emptied all the same."""
    failed = {Stage.CLEAR_LIBRARY: an_attempt(Stage.CLEAR_LIBRARY)}
    left = replace(settled().recorded, medium=MEDIUM)
    scope = settled(owner=JOINED, errands=failed, recorded=left)
    assert plan(scope, NOON) == EjectMedium()
    assert condition(scope)[1] == "LeftInLibrary"
    out = replace(scope, vm=a_vm(addresses=ADDRESS, medium=False))
    assert condition(out)[1] == "LeftInLibrary"
    assert condition(replace(out, medium_gone=True))[1] == "Ejected"


def test_the_job_that_ejects_shows_and_changes_nothing_else() -> None:
    """Also on a VM that is off: what status says of its power stays."""
    job = a_job()
    scope = settled(owner=JOINED, vm=a_vm(addresses=ADDRESS, job=job), issued=job.id, issued_for=Stage.EJECT)
    assert condition(scope, EjectMedium())[1] == "Ejecting"
    assert condition(scope)[1] == "Ejecting"
    assert condition(scope, kind="Ready")[0] == "True"
    known = replace(scope.recorded, conditions=recorded("VMRunning=VMPoweredOff").conditions)
    off = replace(scope, recorded=known, vm=a_vm("UnderUpdate", job=job))
    assert condition(off, PoweredOff("UnderUpdate"), "VMRunning")[1] == "VMPoweredOff"


def test_an_ejecting_job_that_failed_counts_for_the_errand_alone() -> None:
    """It leaves the VM as failed: that is dismissed at once, and the next try comes later."""
    job = a_job("Failed", error=NO_ROOM)
    scope = settled(owner=JOINED, vm=a_vm("UpdateFailed", job=job), issued=job.id, issued_for=Stage.EJECT)
    assert isinstance(plan(scope, NOON), RepairVm)
    assert after_job(scope, NOON, RetryPolicy(), 1.0) is None
    first = errand_after_job(scope, NOON, RetryPolicy(), 1.0)
    assert first is not None
    assert (first.failures, first.error) == (1, NO_ROOM)
    again = replace(scope, errands={Stage.EJECT: first})
    assert errand_after_job(again, NOON, RetryPolicy(), 1.0) == first
    other = a_job("Canceled", number=2)
    silent = replace(again, vm=a_vm(job=other), issued=other.id)
    second = errand_after_job(silent, NOON, RetryPolicy(), 1.0)
    assert second is not None
    assert second.failures == 2
    assert "without a reason" in second.error.text
    assert errand_after_job(settled(vm=None), NOON, RetryPolicy(), 1.0) is None
    assert errand_after_job(replace(scope, issued_for=Stage.START), NOON, RetryPolicy(), 1.0) is None


def test_a_deletion_runs_no_errands() -> None:
    """The VM goes with its drive; what the library holds is removed after it."""
    assert plan(going(owner=JOINED), NOON) not in (EjectMedium(), ClearLibrary())
