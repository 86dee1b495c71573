# SPDX-License-Identifier: Apache-2.0
"""Several pools call at once: one uid is one VM, waiting callers hold nobody up, changes wake whoever waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from scvmm_sim.cmdlets import Vmm
from scvmm_sim.operations import Operations

from .site import fabric

WISH = {"owner": "ns/a", "name": "a", "cloud": "production", "template": "debian"}


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Vmm]:
    """A VMM server in real time whose cmdlets take a moment, as real ones do."""
    vmm = Vmm(fabric(cmdlet_delay_seconds=0.01, job_seconds={"create": 0.3}), tmp_path / "library")
    yield vmm
    vmm.close()


def test_eight_threads_with_one_uid_create_one_vm(real: Vmm) -> None:
    """The lock per uid is held from the look for the mark until New-SCVirtualMachine has returned."""
    operations = Operations(real)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _n: operations.call("vm_present", {**WISH, "uid": "one"}), range(8)))
    assert all(answer["ok"] for answer in answers)
    assert sum(answer["result"]["created"] for answer in answers) == 1
    assert len({answer["result"]["vm"]["id"] for answer in answers}) == 1
    assert len(real.vms()) == 1


def test_different_uids_are_created_side_by_side(real: Vmm) -> None:
    """Each its own VM, with its own MAC address."""
    operations = Operations(real)

    def create(number: int) -> str:
        answer = operations.call("vm_present", {**WISH, "uid": f"u{number}", "name": f"vm-{number}"})
        return str(answer["result"]["vm"]["network_adapters"][0]["mac_address"])

    with ThreadPoolExecutor(8) as pool:
        macs = list(pool.map(create, range(16)))
    assert len(set(macs)) == 16


def test_slow_cmdlet_does_not_hold_up_others(real: Vmm) -> None:
    """A delay is waited for without the server's lock."""
    real.add_fault({"cmdlet": "Get-SCVMTemplate", "delay": 5})
    slow = threading.Thread(target=lambda: real.call("Get-SCVMTemplate", {}), daemon=True)
    slow.start()
    while not real.cmdlet_calls["Get-SCVMTemplate"]:
        time.sleep(0.005)
    real.call("Get-SCCloud", {})
    assert slow.is_alive()


def test_long_poll_is_woken_by_a_change_of_somebody_else(real: Vmm) -> None:
    """With an interval of a minute only the change itself can end the poll in time."""
    operations = Operations(real)
    operations.call("vm_present", {**WISH, "uid": "one"})
    operations.call("vm_info", {"marked": True})
    vm_id = real.vms()[0]["ID"]
    while real.vms()[0]["Status"] != "PowerOff":
        time.sleep(0.01)
    token = operations.call("vm_info", {"marked": True})["result"]["token"]
    request = {"marked": True, "since": token, "wait_seconds": 60, "interval_seconds": 60}
    with ThreadPoolExecutor(1) as pool:
        poll = pool.submit(operations.call, "vm_info", request)
        real.call("Start-SCVirtualMachine", {"VM": {"_type": "VM", "ID": vm_id}})
        answer = poll.result(timeout=30)
    assert answer["result"]["changed"]


def test_long_poll_is_woken_by_the_end_of_a_job(real: Vmm) -> None:
    """No thread ends jobs: the poll itself knows when the next thing is due."""
    operations = Operations(real)
    operations.call("vm_present", {**WISH, "uid": "one"})
    token = operations.call("vm_info", {"marked": True})["result"]["token"]
    request = {"marked": True, "since": token, "wait_seconds": 60, "interval_seconds": 60}
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(operations.call, "vm_info", request).result(timeout=30)
    assert answer["result"]["vms"][0]["status"] == "PowerOff"


def test_lock_of_a_uid_is_not_waited_for_for_ever(real: Vmm) -> None:
    """Whoever finds it held is told so, and it is free again afterwards."""
    with real.named_lock("uid") as first:
        with ThreadPoolExecutor(1) as pool:
            assert not pool.submit(lambda: real.named_lock("uid", seconds=0.02).__enter__()).result(timeout=30)
        assert first
    with real.named_lock("uid", seconds=0.02) as again:
        assert again
