# SPDX-License-Identifier: Apache-2.0
"""The picture of a VMM server: looks and module results that cross on their way."""

from __future__ import annotations

from dataclasses import replace

from capi_scvmm.observe import View
from capi_scvmm.observe.view import Sight
from capi_scvmm.vm import Job, Vm, fresher

from .scopes import UID, VM_ID, a_job, a_vm


def off(job: Job | None = None) -> Vm:
    """The VM before its start."""
    return a_vm("PowerOff", job=job)


def test_the_telling_with_the_younger_job_holds() -> None:
    """Whichever way it came, and whichever arrived last."""
    before, after = off(a_job("Completed", 1)), a_vm(job=a_job("Running", 2))
    assert fresher(before, after, by_look=False) == after
    assert fresher(after, before, by_look=True) == after


def test_a_job_that_has_ended_does_not_run_again() -> None:
    """A result that was on its way for long shows it running still."""
    running, ended = a_vm(job=a_job("Running")), a_vm(job=a_job("Completed"))
    assert fresher(ended, running, by_look=True) == ended
    assert fresher(running, ended, by_look=False) == ended


def test_without_a_difference_in_jobs_the_look_holds() -> None:
    """A module's result knows no addresses; the look that arrived before it did."""
    job = a_job("Completed")
    bare, addressed = a_vm(job=job), a_vm(addresses=("10.0.0.5",), job=job)
    assert fresher(addressed, bare, by_look=False) == addressed
    assert fresher(bare, addressed, by_look=True) == addressed
    assert fresher(a_vm(), off(), by_look=False) == off()
    assert fresher(addressed, off(), by_look=False) == addressed
    assert fresher(addressed, off(), by_look=True) == off()
    assert fresher(None, off(), by_look=False) == off()


def test_a_vm_is_found_by_id_and_by_its_mark() -> None:
    """Both are identities; the name is none."""
    view = View()
    assert view.sight(UID, None, 0.0) == Sight(None, False)
    view.merge(a_vm())
    assert view.sight(UID, None, 5.0) == Sight(a_vm(), True)
    assert view.sight("other", VM_ID, 5.0) == Sight(a_vm(), True)


def test_that_a_new_machine_has_no_vm_is_known_from_a_look_that_began_later() -> None:
    """A look from before our last action says nothing about it."""
    view = View()
    view.take_all([], [], asked=3.0)
    assert view.sight(UID, None, since=2.0).known
    assert not view.sight(UID, None, since=3.5).known


def test_a_known_vm_counts_as_gone_only_when_it_was_looked_for_by_itself() -> None:
    """A bulk look may miss one: that is only a reason to look."""
    view = View()
    view.merge(a_vm())
    changed, missing = view.take_all([], [], asked=2.0)
    assert (changed, missing) == (set(), {UID: VM_ID})
    assert view.sight(UID, VM_ID, 0.0).vm is not None
    assert view.forget(UID, asked=3.0)
    assert view.sight(UID, VM_ID, since=2.0) == Sight(None, True)
    assert not view.sight(UID, VM_ID, since=4.0).known
    assert not view.forget(UID, asked=4.0)


def test_a_vm_that_came_to_be_known_during_a_look_that_lacks_it_is_looked_for() -> None:
    """The answer was made before it came, or after it went: only another look can tell."""
    view = View()
    view.merge(a_vm())
    assert view.take_all([], [], asked=2.0) == (set(), {UID: VM_ID})
    assert view.sight(UID, VM_ID, 0.0).vm is not None


def test_a_look_tells_whose_vm_changed() -> None:
    """Only they want another plan; the first look tells of all."""
    view = View()
    view.merge(a_vm())
    assert view.take_all([a_vm()], [], 2.0)[0] == {UID}
    assert view.take_all([a_vm()], [], 4.0)[0] == set()
    assert view.take_all([off()], [], 6.0)[0] == {UID}


def test_an_adopted_vm_without_mark_belongs_to_its_machine() -> None:
    """It is asked for by its id, for no look for marks finds it."""
    view = View()
    unmarked = replace(a_vm(), uid=None)
    view.merge(unmarked)
    view.adopt("machine", unmarked)
    assert view.unmarked() == [VM_ID]
    assert view.sight("machine", None, 9.0).vm == unmarked
    assert view.take_all([replace(unmarked, status="PowerOff")], [], 2.0)[0] == {"machine"}
    view.drop("machine")
    assert list(view.vms()) == []


def test_a_vm_of_another_that_is_looked_for_by_its_id_stays_the_others() -> None:
    """Whoever names it sees it, and its owner goes on hearing of it; when the first is gone the VM is still known."""
    view = View()
    view.merge(a_vm())
    view.adopt("machine", a_vm())
    assert view.sight("machine", None, 9.0).vm == a_vm()
    assert view.take_all([replace(a_vm(), status="PowerOff")], [], 2.0)[0] == {UID}
    view.drop("machine")
    assert view.sight(UID, None, 9.0).vm is not None


def test_jobs_are_remembered_beyond_their_vm() -> None:
    """A creation that VMM cleaned up itself shows its error only there."""
    view = View()
    view.take_all([a_vm(job=a_job("Running", 2))], [a_job("Failed", 1)], 1.0)
    assert view.job(a_job(number=1).id) == a_job("Failed", 1)
    assert view.job(a_job(number=2).id) == a_job("Running", 2)
    assert view.job(None) is None


def test_a_vm_is_read_as_the_contract_shapes_it() -> None:
    """docs/operations.md; adapters in the order of their slots, media by file."""
    told = {
        "id": VM_ID.upper(),
        "vm_id": "X",
        "name": "node",
        "status": "Running",
        "uid": UID,
        "network_adapters": [
            {"slot": 1, "mac_address": "b", "addresses": ["10.0.0.6"]},
            {"slot": 0, "mac_address": "a", "addresses": ["10.0.0.5"]},
        ],
        "media": [{"device": "dvd", "file": "capi-x.iso"}, {"device": "dvd", "file": None}],
        "job": {"id": "j", "status": "Failed", "is_completed": True, "error": {"number": 1, "message": "no"}},
    }
    vm = Vm.parse(told)
    assert vm.id == VM_ID
    assert vm.addresses == ("10.0.0.5", "10.0.0.6")
    assert vm.media == ("capi-x.iso",)
    assert vm.job is not None
    assert vm.job.failed
    assert vm.job.error is not None
    assert vm.job.error.text == "no (VMM error 1)."
