# SPDX-License-Identifier: Apache-2.0
"""Modules over the warm connection: look, do, read back, do again; errors that people can read."""

from __future__ import annotations

import base64
import gzip
import os
from pathlib import Path

import pytest
from scvmm_sim.simulator import Simulator

from .life import UID, WISH, assert_well_lived, live
from .plays import Player, task, warm_variables


@pytest.fixture
def player(simulator: Simulator, runtime_dir: Path, tmp_path: Path) -> Player:
    """Plays over capi.scvmm.vmm."""
    return Player(tmp_path, runtime_dir, warm_variables(simulator.host, simulator.port))


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A file to upload; the simulator's guest reads only real media, and these VMs have no guest worth it."""
    path = tmp_path / "web-1.iso"
    path.write_bytes(os.urandom(70_000))
    return path


def test_each_step_of_a_life_is_done_once(player: Player, image: Path, simulator: Simulator) -> None:
    """Create, attach, start, stop, eject, remove: check mode changes nothing, the second time changes nothing."""
    assert_well_lived(live(player, image), image, simulator)


def test_what_is_different_is_reported_and_left(player: Player, simulator: Simulator) -> None:
    """A VM that exists is not changed in silence: the difference is in drift."""
    played = player.play(
        task("made", "vm", **WISH),
        task("other", "vm", **{**WISH, "cpu_count": 8}),
        task("seen", "vm_info", uids=[UID]),
    )
    assert played["other"].result["changed"] is False
    assert [item for item in played["other"].result["drift"] if item["field"] == "cpu_count"] == [
        {"field": "cpu_count", "before": 4, "after": 8, "mend": "off"}
    ]
    assert played["seen"].result["vms"][0]["cpu_count"] == 4
    simulator.vm_delete("web-1")


def test_content_is_taken_like_a_file(player: Player, simulator: Simulator) -> None:
    """content and src bring the same bytes to the library; content that is none is refused before it is sent."""
    good = base64.b64encode(gzip.compress(b"medium")).decode()
    played = player.play(
        task("uploaded", "vm_media", state="present", file="c.iso", content=good),
        task("refused", "vm_media", state="present", file="d.iso", content="bm8gZ3ppcA=="),
        task("removed", "vm_media", state="absent", file="c.iso"),
    )
    assert played["uploaded"].result["changed"] is True
    assert "base64 of gzip-compressed" in played["refused"].result["msg"]
    assert played["removed"].result["changed"] is True


def test_waiting_ends_when_something_is_different(player: Player, simulator: Simulator) -> None:
    """A look with since answers soon after the change, not at the end of its time."""
    played = player.play(
        task("first", "vm_info", marked=True),
        task("made", "vm", **WISH),
        task("second", "vm_info", marked=True, since="{{ first.token }}", wait_seconds=30),
        task("third", "vm_info", marked=True, since="{{ second.token }}", wait_seconds=0.2),
    )
    assert (played["second"].result["changed_since"], played["second"].result["changed"]) == (True, False)
    assert len(played["second"].result["vms"]) == 1
    simulator.vm_delete("web-1")


def test_an_error_of_vmm_is_a_failure_in_full(player: Player, simulator: Simulator) -> None:
    """The message is one line for people, error has the parts for programs."""
    simulator.add_fault({"cmdlet": "New-SCVirtualMachine", "times": 1, "error": {
        "number": 2606, "message": "It is locked.", "recommended_action": "Wait."}})  # fmt: skip
    told = player.play(task("made", "vm", **WISH))["made"]
    assert told.kind == "failed"
    assert told.result["error"]["number"] == 2606
    assert told.result["error"]["class"] == "retry"
    assert "It is locked (VMM error 2606). Wait." in told.result["msg"]
    assert simulator.vms() == []


def test_a_failed_job_carries_class_and_remedy(player: Player, simulator: Simulator) -> None:
    """What failed after the call is told by job_info with the same table."""
    simulator.add_fault({"cmdlet": "New-SCVirtualMachine", "times": 1, "job_error": {
        "number": 2911, "message": "Not enough memory.", "recommended_action": "Add some."}})  # fmt: skip
    played = player.play(
        task("made", "vm", **WISH), task("ended", "job_info", ids=["{{ made.job.id }}"], wait_seconds=30)
    )
    (job,) = played["ended"].result["jobs"]
    assert (job["status"], job["error"]["number"], job["error"]["class"]) == ("Failed", 2911, "infrastructure")
    simulator.vm_delete("web-1")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"uid": "u", "name": "n"}, "capi.scvmm.vm: option owner is missing; vm_present needs it"),
        ({**WISH, "cpu_count": "many"}, "argument 'cpu_count' is of type str"),
        ({**WISH, "cpus": 4}, "unknown option cpus"),
        ({**WISH, "start_action": "Always"}, "value of start_action must be one of: NeverAutoTurnOnVM"),
        ({"state": "absent"}, "one of the options id, uid is missing"),
        ({**WISH, "template": "no-such"}, "no-such"),
        ({**WISH, "uid": "two words"}, "uid"),
    ],
)
def test_bad_input_ends_in_one_clear_message(player: Player, simulator: Simulator, options: dict, told: str) -> None:
    """The message names the field; no traceback; nothing was made."""
    played = player.play(task("made", "vm", **options))
    assert played["made"].kind == "failed"
    assert told in played["made"].result["msg"]
    assert "Traceback" not in played.output
    assert simulator.vms() == []


def test_a_medium_that_is_not_there_is_named(player: Player) -> None:
    """The path is in the message."""
    told = player.play(task("up", "vm_media", state="present", src="/no/such.iso"))["up"]
    assert "option src is '/no/such.iso': there is no such file" in told.result["msg"]


def test_other_modules_are_refused_with_the_way_out(player: Player) -> None:
    """The connection runs no commands and says which one does."""
    told = player.play({"name": "raw", "ansible.builtin.raw": "hostname"})["raw"]
    assert "ansible.builtin.psrp" in told.result["msg"]


def test_an_unreachable_server_makes_the_host_unreachable(player: Player) -> None:
    """Ansible's own word for it, with our message and the parts of the error."""
    told = player.play({**task("look", "vm_info"), "vars": {"ansible_port": 1}})["look"]
    assert told.kind == "unreachable"
    assert told.result["error"]["class"] == "unreachable"
    assert "connection refused" in told.result["msg"]


def test_a_wrong_connection_variable_is_named(player: Player) -> None:
    """A typing error in the inventory is a failure of the task, not a traceback."""
    played = player.play({**task("look", "vm_info"), "vars": {"scvmm_workers": 0}})
    assert "option workers is 0; use a whole number from 1 to 32" in played["look"].result["msg"]
    assert "Traceback" not in played.output


def test_resetting_the_connection_ends_the_broker(player: Player, runtime_dir: Path) -> None:
    """meta: reset_connection gives new sessions."""
    played = player.play(
        task("one", "vm_info"), {"name": "reset", "ansible.builtin.meta": "reset_connection"}, task("two", "vm_info")
    )
    assert played["two"].kind == "ok"


def test_defaults_of_the_group_reach_the_modules(player: Player) -> None:
    """module_defaults of group/capi.scvmm.scvmm count for all our modules."""
    told = player.play(task("look", "vm_info"), module_defaults={"group/capi.scvmm.scvmm": {"timeout": "soon"}})["look"]
    assert "timeout" in told.result["msg"]
