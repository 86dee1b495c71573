# SPDX-License-Identifier: Apache-2.0
"""One broker serves all programs with equal options, in private, and goes when nobody needs it."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from scvmm_sim.simulator import Simulator

from .conftest import ENGINE, StartPipe
from .processes import is_alive, open_files, wait_until
from .surroundings import FABRIC, PipeProcess

from ansible_collections.capi.scvmm.plugins.plugin_utils.session.client import Client  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.session.options import Options  # isort: skip

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at processes through /proc")


def test_two_programs_share_one_broker(client: Client, start_pipe: StartPipe, runtime_dir: Path) -> None:
    """Both calls go through one process and one session."""
    assert start_pipe().result("connect")
    assert start_pipe().result("connect")
    assert client.ask("status")["served"] == 2
    assert len(list(runtime_dir.glob("*.sock"))) == 1


def test_programs_that_start_at_once_make_one_broker(start_pipe: StartPipe, runtime_dir: Path) -> None:
    """The first one starts it, the others wait for the lock and connect."""
    pipes = [start_pipe() for _ in range(5)]
    numbers = [pipe.send("connect") for pipe in pipes]
    assert all(pipe.wait(number)["ok"] for pipe, number in zip(pipes, numbers, strict=True))
    (log,) = runtime_dir.glob("*.log")
    assert log.read_text().count(" serves ") == 1


def test_other_options_have_another_broker(start_pipe: StartPipe, runtime_dir: Path) -> None:
    """A session is never shared with one of another user, password or server."""
    start_pipe().result("connect")
    start_pipe(username="capi").result("connect")
    assert len(list(runtime_dir.glob("*.sock"))) == 2


def test_nothing_in_the_folder_is_open_to_others(pipe: PipeProcess, runtime_dir: Path) -> None:
    """Socket, lock, log and secret are readable by the user alone."""
    pipe.result("connect")
    files = list(runtime_dir.iterdir())
    assert {file.suffix for file in files} == {".sock", ".lock", ".log", ""}
    assert [file.name for file in files if file.stat().st_mode & 0o077] == []


def test_the_broker_keeps_nothing_of_its_parent(
    options: dict[str, Any], runtime_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No open file, no terminal, no folder, and of the environment only what connecting needs."""
    monkeypatch.setenv("SOMEBODYS_TOKEN", "planted-token")
    with (tmp_path / "inherited").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        client = Client(Options.of(options), runtime_dir)
        client.call("connect", {})
    pid = client.ask("status")["pid"]
    client.close()
    files = open_files(pid)
    assert str(tmp_path / "inherited") not in files
    assert files.count("/dev/null") == 3
    assert not [file for file in files if file.startswith(("pipe:", "/dev/pts"))]
    assert (Path("/proc") / str(pid) / "cwd").readlink() == Path("/")
    assert b"planted-token" not in (Path("/proc") / str(pid) / "environ").read_bytes()
    assert os.getsid(pid) != os.getsid(0)


def test_after_the_broker_was_killed_the_next_call_works(pipe: PipeProcess, client: Client) -> None:
    """A new broker is started, whatever is left of the old one."""
    pipe.result("connect")
    first = client.ask("status")["pid"]
    client.close()
    os.kill(first, signal.SIGKILL)
    assert wait_until(lambda: not is_alive(first))
    assert pipe.result("vm_info")["vms"] == []
    assert client.ask("status")["pid"] != first


def test_a_call_under_way_survives_the_broker(pipe: PipeProcess, client: Client, simulator: Simulator) -> None:
    """It is made again once a new session stands, and the answer says that it may have happened before."""
    pipe.result("connect")
    simulator.add_fault({"operation": "vm_present", "delay": 3, "times": 1})
    number = pipe.send("vm_present", {"owner": "o", "uid": "survivor", "name": "survivor", "cloud": "production",
                                      "template": "debian"})  # fmt: skip
    assert wait_until(lambda: client.ask("status")["running"] == 1)
    pid = client.ask("status")["pid"]
    client.close()
    os.kill(pid, signal.SIGKILL)
    answer = pipe.wait(number)
    assert answer["ok"], answer
    assert answer["repeated"] == "unknown"
    assert wait_until(lambda: not any(job["Status"] == "Running" for job in simulator.jobs()))
    assert [vm["Name"] for vm in simulator.vms()].count("survivor") == 1
    simulator.vm_delete("survivor")


def test_a_broker_without_calls_ends(start_pipe: StartPipe, options: dict[str, Any], runtime_dir: Path) -> None:
    """After idle_seconds the process, its socket, its log and its sessions are gone; the next call starts anew."""
    with Simulator(fabric=FABRIC, engine=ENGINE) as simulator:
        brief = {"idle_seconds": 1, "port": simulator.port}
        pipe = start_pipe(**brief)
        client = Client(Options.of({**options, **brief}), runtime_dir)
        pipe.result("connect")
        pid = client.ask("status")["pid"]
        assert simulator.stats()["shells"] == 1
        assert wait_until(lambda: not is_alive(pid))
        assert simulator.stats()["shells"] == 0
        assert [file.name for file in runtime_dir.iterdir() if file.suffix in (".sock", ".log")] == []
        assert pipe.result("connect")
        client.close()


def test_a_long_poll_counts_as_use(start_pipe: StartPipe, options: dict[str, Any], runtime_dir: Path) -> None:
    """Who waits for a change needs the broker."""
    pipe = start_pipe(idle_seconds=1)
    token = pipe.result("vm_info")["token"]
    answer = pipe.call("vm_info", {"since": token, "wait_seconds": 4}, 20)
    assert answer["ok"]
    assert answer["result"]["changed"] is False
    assert "repeated" not in answer


def test_a_broker_whose_folder_is_removed_ends(pipe: PipeProcess, client: Client, runtime_dir: Path) -> None:
    """What nobody can reach any more does not stay."""
    pipe.result("connect")
    pid = client.ask("status")["pid"]
    for file in runtime_dir.iterdir():
        file.unlink()
    runtime_dir.rmdir()
    assert wait_until(lambda: not is_alive(pid))


def test_a_stale_socket_is_no_hindrance(options: dict[str, Any], runtime_dir: Path, client: Client) -> None:
    """A socket that nobody listens on is replaced."""
    client.call("connect", {})
    os.kill(client.ask("status")["pid"], signal.SIGKILL)
    client.close()
    assert len(list(runtime_dir.glob("*.sock"))) == 1
    assert client.call("connect", {}).envelope()["ok"]


def test_a_client_that_goes_away_frees_its_worker(start_pipe: StartPipe, client: Client, simulator: Simulator) -> None:
    """A call that nobody waits for any more is stopped."""
    pipe = start_pipe()
    token = pipe.result("vm_info", {"marked": True})["token"]
    pipe.send("vm_info", {"marked": True, "since": token, "wait_seconds": 60}, 90)
    assert wait_until(lambda: client.ask("status")["running"] == 1)
    pipe.process.kill()
    assert wait_until(lambda: client.ask("status")["running"] == 0)


def test_clients_may_be_used_by_several_threads(client: Client) -> None:
    """Each call under way has a connection of its own."""
    failures: list[Exception] = []

    def call() -> None:
        try:
            for _ in range(10):
                assert client.call("vm_info", {}).envelope()["ok"]
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
