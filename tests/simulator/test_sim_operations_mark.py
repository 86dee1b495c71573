# SPDX-License-Identifier: Apache-2.0
"""The operation vm_mark, and the look for VMs by Hyper-V's id."""

from __future__ import annotations

from typing import Any

import pytest

from .site import Site

OURS = {"uid": "uid-1", "owner": "ns/web"}
TOLD = {"ModifiedTime", "MostRecentTask", "MostRecentTaskID"}
MARK = "[capi.scvmm owner=ns/web uid=uid-1]"


def test_mark_is_written_while_the_vm_runs_and_nothing_else_is_done_to_it(site: Site) -> None:
    """The words of the description stay; a second call has nothing to do."""
    vm = site.ready_vm(Description="the web server")
    site.run("Start-SCVirtualMachine", VM=vm)
    site.clock.advance(20)
    before = site.vm(vm["ID"])
    marked = site.answer("vm_mark", id=vm["ID"], **OURS)
    assert (marked["changed"], marked["before"]) == (True, None)
    site.clock.advance(2)
    after = site.vm(vm["ID"])
    assert after["Description"] == f"the web server\n{MARK}"
    assert {name for name in after if after[name] != before[name]} - TOLD == {"Description"}
    again = site.answer("vm_mark", id=vm["ID"], **OURS)
    assert (again["changed"], again["job"], again["before"]) == (False, None, {"owner": "ns/web", "uid": "uid-1"})


def test_mark_can_be_taken_out(site: Site) -> None:
    """What else the description says is left."""
    vm = site.ready_vm(Description=f"text\n{MARK}")
    site.answer("vm_mark", id=vm["ID"], uid="uid-1", state="absent")
    site.clock.advance(2)
    assert site.vm(vm["ID"])["Description"] == "text"


def test_mark_of_another_owner_is_replaced_only_by_name(site: Site) -> None:
    """The refusal says whose it is."""
    vm = site.ready_vm(Description=MARK)
    new = {"id": vm["ID"], "uid": "uid-2", "owner": "ns/web"}
    refused = site.failure("vm_mark", **new)
    assert refused["id"] == "CapiScvmm.NotOurs" and "'ns/web' (uid 'uid-1')" in refused["message"]
    assert site.failure("vm_mark", **new, replaces="uid-3")["id"] == "CapiScvmm.NotOurs"
    assert site.answer("vm_mark", **new, replaces="uid-1", check=True)["changed"]
    assert site.answer("vm_mark", **new, replaces="uid-1")["before"] == {"owner": "ns/web", "uid": "uid-1"}
    site.clock.advance(2)
    assert site.answer("vm_info", uids=["uid-2"])["vms"][0]["id"] == vm["ID"]


def test_no_two_vms_carry_one_uid(site: Site) -> None:
    """The message names the VM that carries it already."""
    site.ready_vm("first", Description=MARK)
    other = site.ready_vm("second")
    refused = site.failure("vm_mark", id=other["ID"], **OURS)
    assert refused["id"] == "CapiScvmm.Ambiguous" and refused["message"].startswith("VM first (")


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"uid": "u", "owner": "o"}, "Field 'id' is missing"),
        ({"id": "00000000-0000-4000-8000-000000000000", "uid": "u"}, "Field 'owner' is missing"),
        ({"id": "00000000-0000-4000-8000-000000000000", "uid": "u]", "owner": "o"}, "without ] and white space"),
        ({"id": "00000000-0000-4000-8000-000000000000", "uid": "u", "owner": "o"}, "There is no VM with id"),
    ],
)
def test_wrong_requests_are_refused(site: Site, request_: dict[str, Any], words: str) -> None:
    """Field, value and remedy."""
    assert words in site.failure("vm_mark", **request_)["message"]


def test_vms_are_found_by_the_id_that_providers_ids_are_made_of(site: Site) -> None:
    """VMs without a mark too, in one bulk call."""
    vm = site.ready_vm()
    (found,) = site.answer("vm_info", vm_ids=[vm["VMId"]])["vms"]
    assert found["id"] == vm["ID"]
    assert site.answer("vm_info", vm_ids=["00000000-0000-4000-8000-000000000000"])["vms"] == []
