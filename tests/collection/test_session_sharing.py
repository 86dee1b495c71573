# SPDX-License-Identifier: Apache-2.0
"""Many callers share few sessions, each with a connection of its own, and thousands of calls leave nothing behind."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from engine import PATIENCE
from scvmm_sim.simulator import Simulator

from .conftest import ENGINE, StartPipe
from .plays import Player, task
from .processes import is_alive, memory_kb, open_files, wait_until
from .surroundings import FABRIC

from ansible_collections.capi.scvmm.plugins.plugin_utils.session.client import Client  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.session.options import Options  # isort: skip

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at processes through /proc")

# Behind a real PowerShell it is the server that takes the time; the broker is the same.
CALLS = 10_000 if ENGINE == "native" else 1_200
CALLERS = 4


@pytest.fixture
def simulator() -> Any:
    """A server that nobody else has sessions with, so that they can be counted."""
    with Simulator(fabric=FABRIC, engine=ENGINE) as simulator:
        yield simulator


def test_each_worker_has_a_session_and_a_connection_of_its_own(start_pipe: StartPipe, simulator: Simulator) -> None:
    """Six slow calls on three workers: three shells, three connections, three logins; nothing is lost."""
    pipe = start_pipe(workers=3)
    fault = simulator.add_fault({"operation": "vm_info", "delay": 1, "times": None})
    numbers = [pipe.send("vm_info") for _ in range(6)]
    assert all(pipe.wait(number)["ok"] for number in numbers)
    simulator.remove_fault(fault)
    stats = simulator.stats()
    assert (stats["shells"], stats["connections"]) == (3, 3)
    assert stats["logins"] == {"accepted": 3, "refused": 0}


def test_playbooks_that_run_at_once_share_the_sessions(
    options: dict[str, Any], simulator: Simulator, runtime_dir: Path, tmp_path: Path
) -> None:
    """Five ansible-playbook processes with three tasks each: one broker, and no more sessions than workers."""
    variables = {
        "ansible_connection": "capi.scvmm.vmm", "ansible_host": options["host"], "ansible_port": options["port"],
        "ansible_user": options["username"], "ansible_password": options["password"], "scvmm_scheme": "http",
        "scvmm_authentication": "ntlm", "scvmm_vmm_server": "vmm.example.com", "scvmm_workers": 2,
    }  # fmt: skip
    players = []
    for number in range(5):
        (tmp_path / str(number)).mkdir()
        players.append(Player(tmp_path / str(number), runtime_dir, variables))
    tasks = [task(f"look {number}", "vm_info", names=["web-1"]) for number in range(3)]
    with ThreadPoolExecutor(len(players)) as pool:
        played = list(pool.map(lambda player: player.play(*tasks), players))
    assert {told.kind for one in played for told in one.told.values()} == {"ok"}, played
    assert sum(len(one.told) for one in played) == 15
    (log,) = runtime_dir.glob("*.log")
    assert log.read_text().count(" serves ") == 1
    assert simulator.stats()["shells"] <= 2
    assert simulator.stats()["logins"]["accepted"] <= 2


def test_a_changed_password_opens_new_sessions_and_the_old_ones_end(
    start_pipe: StartPipe, options: dict[str, Any], simulator: Simulator, runtime_dir: Path
) -> None:
    """Nobody has to wait for the old broker, and it goes when nobody calls it any more."""
    idle = round(8 * PATIENCE)
    old = start_pipe(idle_seconds=idle)
    client = Client(Options.of({**options, "idle_seconds": idle}), runtime_dir)
    old.result("connect")
    pid = client.ask("status")["pid"]
    client.close()
    simulator.set_password("EXAMPLE\\capi", "another-password")
    new = start_pipe(idle_seconds=idle, password="another-password")
    new.result("connect")
    assert simulator.stats()["shells"] == 2
    assert wait_until(lambda: not is_alive(pid), 5 * idle)
    assert new.result("connect")
    assert simulator.stats()["shells"] == 1


def test_a_password_that_was_changed_on_the_server_is_tried_once(start_pipe: StartPipe, simulator: Simulator) -> None:
    """Open sessions must not try it one after the other when they log in again: the account would be locked."""
    pipe = start_pipe(workers=6)
    fault = simulator.add_fault({"operation": "vm_info", "delay": 1, "times": None})
    numbers = [pipe.send("vm_info") for _ in range(6)]
    assert all(pipe.wait(number)["ok"] for number in numbers)
    simulator.remove_fault(fault)
    assert simulator.stats()["shells"] == 6
    simulator.set_password("EXAMPLE\\capi", "another-password")
    simulator.drop_connections()
    numbers = [pipe.send("vm_info") for _ in range(20)]
    errors = [pipe.wait(number)["error"] for number in numbers]
    assert {error["id"] for error in errors} == {"CapiScvmm.LoginRefused"}
    assert simulator.stats()["logins"]["refused"] == 1


@pytest.mark.timeout(1200)
def test_thousands_of_calls_leave_nothing_behind(
    options: dict[str, Any], simulator: Simulator, runtime_dir: Path
) -> None:
    """Memory and open files of the broker stay what they were after the first tenth; no further session opens."""
    client = Client(Options.of(options), runtime_dir)
    failures: list[str] = []

    def call(count: int) -> None:
        for _ in range(count):
            answer = client.call("vm_info", {"names": ["nobody"]})
            if not answer.envelope()["ok"] or answer.repeated:
                failures.append(answer.text)

    def call_together(count: int) -> None:
        threads = [threading.Thread(target=call, args=(count // CALLERS,)) for _ in range(CALLERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(1100)
        assert not any(thread.is_alive() for thread in threads), "the calls take too long"

    call_together(CALLS // 10)
    about = client.ask("status")
    memory, files = memory_kb(about["pid"]), len(open_files(about["pid"]))
    call_together(CALLS - CALLS // 10)
    after = client.ask("status")
    client.close()
    assert failures == []
    assert (after["pid"], after["served"]) == (about["pid"], CALLS)
    assert len(open_files(about["pid"])) <= files + 2
    assert memory_kb(about["pid"]) - memory < 4096
    assert simulator.stats()["logins"] == {"accepted": CALLERS, "refused": 0}
