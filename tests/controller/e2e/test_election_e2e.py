# SPDX-License-Identifier: Apache-2.0
"""Two controllers as processes, one lease: one acts, and the other one soon after it cannot any more."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from account import may_lead
from lightkube.resources.coordination_v1 import Lease
from lightkube.types import PatchType

from .world import Controller, World

QUICK = (
    *("--leader-elect-lease-duration", "4"),
    *("--leader-elect-renew-deadline", "2.5"),
    *("--leader-elect-retry-period", "0.5"),
)


@pytest.fixture(autouse=True)
def lease(here: World) -> None:
    """Each test has a lease of its own."""
    may_lead(here.client, here.namespace)


def candidate(here: World, *flags: str) -> Controller:
    """Start a controller that stands for election."""
    return here.start("--leader-elect", "--leader-elect-namespace", here.namespace, *flags)


def leads(controller: Controller) -> bool:
    """Whether a controller says that it leads."""
    return " leads: it holds " in controller.log.read_text()


def stands_by(here: World, *flags: str) -> Controller:
    """Start a second controller and wait until it has seen that another one leads."""
    second = candidate(here, *flags)
    here.until("the second stands by", lambda: " stands by " in second.log.read_text())
    return second


def test_another_takes_over_within_15_seconds_of_a_kill(here: World) -> None:
    """With the default durations; the creation that was under way is finished, not repeated."""
    here.sim.add_fault({"operation": "vm_present", "times": 1, "delay": 1.5})
    here.provider()
    here.bootstrap()
    first = candidate(here)
    here.until("the first leads", lambda: leads(first))
    second = stands_by(here)
    here.machine()
    here.until_called("vm_present")
    first.kill()
    killed = time.monotonic()
    here.until("the second leads", lambda: leads(second), 15)
    assert time.monotonic() - killed < 15
    here.until_true("node")
    assert len(here.vms()) == 1
    assert here.vm_started() == 1
    # The guard of the first ended its runs and removed what lay in memory, without waiting for anybody.
    assert not list(Path("/dev/shm").glob(f"capi-scvmm-run-{first.process.pid}-*"))


def test_a_leader_that_stands_still_is_ended_before_another_leads(here: World) -> None:
    """SIGSTOP in the middle of a run: its runs would go on without it. When it wakes up it does nothing more."""
    here.sim.add_fault({"operation": "vm_present", "times": 1, "delay": 1.0})
    here.provider()
    here.bootstrap()
    first = candidate(here, *QUICK)
    here.until("the first leads", lambda: leads(first))
    second = stands_by(here, *QUICK)
    here.machine()
    here.until_called("vm_present")
    first.process.send_signal(signal.SIGSTOP)
    here.until("the second leads", lambda: leads(second))
    assert first.process.poll() == -signal.SIGKILL
    here.until_true("node")
    assert len(here.vms()) == 1
    assert here.vm_started() == 1


def test_a_leader_that_was_stopped_ends_as_soon_as_it_goes_on(here: World) -> None:
    """Also where nobody could end it, as in a container, whose first process its own guard cannot kill."""
    here.provider()
    here.bootstrap()
    first = candidate(here, *QUICK)
    here.until("the first leads", lambda: leads(first))
    here.machine()
    here.until_true("node")
    guard = _guard_of(first)
    guard.send_signal(signal.SIGSTOP)
    first.process.send_signal(signal.SIGSTOP)
    second = stands_by(here, *QUICK)
    here.until("the second leads", lambda: leads(second))
    written = len(first.log.read_text().splitlines())
    first.process.send_signal(signal.SIGCONT)
    assert first.process.wait(timeout=10) == 1
    (last,) = first.log.read_text().splitlines()[written:]
    assert "leads no more" in last
    guard.send_signal(signal.SIGCONT)


def test_who_ends_in_peace_hands_over_at_once(here: World) -> None:
    """SIGTERM: first everything stops, then the lease is given back, and the other one need not wait for its end."""
    here.provider()
    first = candidate(here)
    here.until("the first leads", lambda: leads(first))
    second = stands_by(here)
    assert first.stop() == 0
    stopped = time.monotonic()
    here.until("the second leads", lambda: leads(second))
    assert time.monotonic() - stopped < 3
    assert second.stop() == 0


def test_whoever_loses_the_lease_ends(here: World) -> None:
    """With code 1, so that what started it starts it again; a standby does nothing, and says nothing of machines."""
    here.provider()
    here.bootstrap()
    here.client.create(_lease(here.namespace, "somebody", 3600))
    first = candidate(here, *QUICK)
    here.machine()
    here.stays("nothing is done", lambda: not leads(first) and here.called("vm_present") == 0, 2)
    assert not (here.get("ScvmmMachine", "node") or {}).get("status")
    _hold(here, "")
    here.until("it leads", lambda: leads(first))
    here.until_true("node")
    _hold(here, "somebody")
    assert first.process.wait(timeout=10) == 1
    assert "somebody has taken the lease" in first.log.read_text()


@dataclass(frozen=True)
class Process:
    """Some process of this machine."""

    pid: int

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)


def _guard_of(controller: Controller) -> Process:
    wanted = f"capi_scvmm.election.guard\0{controller.process.pid}\0".encode()
    (found,) = [path for path in Path("/proc").glob("[0-9]*/cmdline") if wanted in _read(path)]
    return Process(int(found.parent.name))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _lease(namespace: str, holder: str, seconds: int) -> Lease:
    # Not a whole second: lightkube writes such a one without its fraction, which the API server wants.
    now = time.strftime("%Y-%m-%dT%H:%M:%S.000001Z", time.gmtime())
    spec = {"holderIdentity": holder, "leaseDurationSeconds": seconds, "renewTime": now, "leaseTransitions": 1}
    return Lease.from_dict({"metadata": {"name": "capi-scvmm", "namespace": namespace}, "spec": spec})


def _hold(here: World, holder: str) -> None:
    patch = {"spec": {"holderIdentity": holder}}
    here.client.patch(Lease, "capi-scvmm", patch, namespace=here.namespace, patch_type=PatchType.MERGE)
