# SPDX-License-Identifier: Apache-2.0
"""What a person meets who made a mistake, was interrupted, or has a VMM server with a bad day."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import Any

import pytest
from scvmm_sim.simulator import Simulator

from playbooks.person import Person, until

VM = "vm.yml"
BOOT = ("vm.yml", "bootstrap.yml")
GONE_WRONG = {"number": 2912, "message": "The agent did not answer.", "recommended_action": "Check the agent."}


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the playbook and its workers as `kill -9` does; nothing can be tidied up."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=30)


@pytest.mark.parametrize(
    ("playbook", "variables", "words"),
    [
        ("create", {}, ["scvmm_vm is missing", "-e @vm.yml"]),
        ("create", {"scvmm_vm": {"cloud": "production"}}, ["scvmm_vm.name is missing"]),
        ("create", {"scvmm_vm": {"name": "x", "templat": "y"}}, ["unknown option templat", "template"]),
        ("create", {"scvmm_vm": {"name": "x", "cpu_count": "two"}}, ["cpu_count", "two"]),
        ("delete", {"scvmm_vm": {}}, ["scvmm_vm does not say which VM", "scvmm_vm.id"]),
        ("bootstrap", {"scvmm_vm": {"name": "x"}}, ["cloud_init_hostname is missing"]),
        (
            "bootstrap",
            {"scvmm_vm": {"name": "x"}, "cloud_init_hostname": "x", "scvmm_medium": "x.iso"},
            ["scvmm_medium 'x.iso' is no mapping"],
        ),
        ("bootstrap", {"scvmm_vm": {"name": "x"}, "cloud_init_hostname": "x"}, ["VM", "ansible/x", "never created"]),
    ],
)
def test_mistake_ends_in_one_message(
    playbook: str, variables: dict[str, Any], words: list[str], person: Person, sim: Simulator
) -> None:
    """The message names the variable and what to do; nothing was done."""
    ended = person.runs(playbook, **variables)
    assert ended.code == 2
    for word in words:
        assert word in ended.fatal
    assert sim.vms() == []
    assert list(sim.library.rglob("*.iso")) == []


def test_wrong_name_of_a_template(person: Person, sim: Simulator) -> None:
    """The message names the template; nothing half-done stays behind; with the right name it goes on."""
    wrong = person.runs("create", scvmm_vm={"name": "web-1", "cloud": "production", "template": "nope"})
    assert wrong.code == 2
    assert "template 'nope'" in wrong.fatal
    assert sim.vms() == []
    person.runs("create", VM).well()


def test_server_that_does_not_answer(person: Person) -> None:
    """It is called unreachable, with the address and what to check."""
    ended = person.runs("create", VM, ansible_port=1)
    assert ended.code == 4
    assert "UNREACHABLE" in ended.fatal
    assert "127.0.0.1:1" in ended.fatal


def test_failed_creation_is_told_in_the_words_of_vmm(person: Person, sim: Simulator) -> None:
    """The report has number, message, recommended action and remedy; after deletion it can be created again."""
    sim.add_fault({"cmdlet": "New-SCVirtualMachine", "job_error": GONE_WRONG})
    failed = person.runs("create", VM)
    assert failed.code == 2
    for word in ("Creation of VM web-1 not done", "2912", "The agent did not answer.", "capi.scvmm.delete"):
        assert word in failed.fatal
    assert "CreationFailed" not in person.runs("inspect", "inspect.yml", scvmm_wait=0).well().said
    assert "Creation of VM web-1 not done" in person.runs("create", VM).fatal
    person.runs("delete", "delete.yml").well()
    assert sim.vms() == []
    person.runs("create", VM).well()


def test_guest_that_ignores_the_shutdown(person: Person, sim: Simulator) -> None:
    """The report says how to turn the VM off, and that way works."""
    person.runs("create", VM).well()
    person.runs("bootstrap", *BOOT).well()
    sim.add_fault({"cmdlet": "Stop-SCVirtualMachine", "ignore_shutdown": True, "times": None})
    waiting = person.runs("delete", "delete.yml", scvmm_wait=1)
    assert waiting.code == 2
    assert "Stop of VM web-1" in waiting.fatal
    assert [vm["Name"] for vm in sim.vms()] == ["web-1"]
    person.runs("delete", "delete.yml", scvmm_stop_method="turn_off").well()
    assert sim.vms() == []


def test_creation_killed_in_the_middle_and_repeated(person: Person, sim: Simulator) -> None:
    """Killed while VMM creates the VM: the next run finds it by its mark, waits for the job, and there is one VM."""
    sim.set_durations({"create": 4})
    first = person.starts("create", VM)
    until(lambda: len(sim.vms()) == 1)
    _kill(first)
    again = person.runs("create", VM).well()
    assert again.changed == 0
    assert "VM web-1: PowerOff" in again.said
    assert len(sim.vms()) == 1


def test_boot_killed_in_the_middle_and_repeated(person: Person, sim: Simulator) -> None:
    """Killed while VMM copies the medium: the next run waits for it and starts the VM."""
    person.runs("create", VM).well()
    sim.set_durations({"change": 4})
    first = person.starts("bootstrap", *BOOT)
    until(lambda: any(call["name"] == "media_attached" for call in sim.calls()[-3:]))
    _kill(first)
    person.runs("bootstrap", *BOOT).well()
    assert [vm["Status"] for vm in sim.vms()] == ["Running"]
    assert len(sim.media()) == 1
    assert list(sim.library.rglob("*.iso")) == []


def test_deletion_while_the_creation_runs(person: Person, sim: Simulator) -> None:
    """The creation is cancelled, and what it has left is removed in the same run."""
    sim.set_durations({"create": 60})
    person.runs("create", VM, scvmm_wait=0).well()
    person.runs("delete", "delete.yml").well()
    assert sim.vms() == []


def test_deletion_when_somebody_has_deleted_the_vm(person: Person, sim: Simulator) -> None:
    """Nothing to stop, nothing to remove; the medium of one that never ran goes all the same."""
    person.runs("create", VM).well()
    sim.add_fault({"cmdlet": "Start-SCVirtualMachine", "error": GONE_WRONG})
    assert person.runs("bootstrap", *BOOT).code == 2
    assert len(list(sim.library.rglob("*.iso"))) == 1
    sim.vm_delete("web-1")
    assert person.runs("delete", "delete.yml").well().changed == 1
    assert list(sim.library.rglob("*.iso")) == []


def test_without_waiting_repeated_calls_finish(person: Person, sim: Simulator) -> None:
    """scvmm_wait 0 looks once and goes as far as it can; repeated, every playbook gets to its end."""
    person.runs("create", VM, scvmm_wait=0).well()
    until(lambda: sim.vms()[0]["Status"] == "PowerOff")

    sim.set_durations({"change": 2})
    first = person.runs("bootstrap", *BOOT, scvmm_wait=0, cloud_init_network_devices=[]).well()
    assert sim.vms()[0]["Status"] != "Running"  # the medium is still being attached
    assert "Start the VM" in first.said
    _repeat(person, "bootstrap", lambda: sim.vms()[0]["Status"] == "Running", *BOOT, cloud_init_network_devices=[])

    _repeat(person, "delete", lambda: not sim.vms() and not list(sim.library.rglob("*.iso")), "delete.yml")
    assert person.runs("delete", "delete.yml", scvmm_wait=0).well().changed == 0


def _repeat(person: Person, playbook: str, done: Any, *files: str, **variables: Any) -> None:
    """Call without waiting, a bounded number of times, until it is done."""
    for _ in range(12):
        if done():
            return
        person.runs(playbook, *files, scvmm_wait=0, **variables).well()
    assert done()


def test_secrets_are_in_no_output(person: Person, sim: Simulator) -> None:
    """Neither the password nor what the user-data holds is shown, however much is asked for."""
    person.runs("create", VM).well()
    secret = "planted-8c1f2a"
    files = [{"path": "/run/token", "content": secret}]
    said = person.runs("bootstrap", *BOOT, flags=("-vvv", "--diff"), cloud_init_write_files=files).said
    assert "VM web-1: Running" in said
    assert secret not in said
    assert sim.password not in said
