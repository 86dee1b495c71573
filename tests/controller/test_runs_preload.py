# SPDX-License-Identifier: Apache-2.0
"""Runs by a process that has Ansible loaded: nobody can tell them from others, and nothing depends on that process."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from bench.processes import tree
from capi_scvmm.runs.collection import collections_path
from capi_scvmm.runs.surroundings import Surroundings
from collection.processes import all_arguments, is_alive, memory_kb, open_files

from .preloading import LINGER, Ran, play, preloaded, say, sleep

FAIL = {"name": "Fail", "ansible.builtin.fail": {"msg": "on purpose"}, "when": "inventory_hostname == 'host0'"}
PATIENCE = 20.0
REAL = Path(sys.executable).with_name("ansible-playbook")


async def until(true: object, seconds: float = PATIENCE) -> bool:
    """Whether the call *true* comes true in time; the event loop goes on meanwhile."""
    assert callable(true)
    end = asyncio.get_running_loop().time() + seconds
    while not true():
        if asyncio.get_running_loop().time() > end:
            return False
        await asyncio.sleep(0.05)
    return True


def sleepers(seconds: str) -> list[int]:
    """Processes of a run, of whatever kind, that have to do with this number of seconds."""
    return [pid for pid, words in all_arguments().items() if f"sleep {seconds}" in words and is_alive(pid)]


def threads(pid: int) -> int:
    """How many threads a process has."""
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def command(surroundings: Surroundings, *arguments: str, real: bool = False) -> subprocess.CompletedProcess[str]:
    """Start ansible-playbook as ansible-runner would, without a terminal; the *real* one knows no server."""
    environment = surroundings.environment()
    program = REAL if real else Path(environment["PATH"].split(os.pathsep)[0]) / REAL.name
    return subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, timeout=60)


def test_a_run_of_the_server_tells_the_same_as_one_without_it() -> None:
    """Events, their order and words, and the exit code, also when a host fails."""

    async def both() -> tuple[Ran, Ran, int | None]:
        alone = Surroundings(collections_path())
        try:
            without = await play(alone, LINGER, say("hello"), FAIL, say("{{ 6 * 7 }}"))
        finally:
            alone.remove()
        async with preloaded() as (surroundings, server):
            return without, await play(surroundings, LINGER, say("hello"), FAIL, say("{{ 6 * 7 }}")), server.pid

    without, with_it, server = asyncio.run(both())
    assert with_it.parent == server
    assert without.parent != server
    assert "on purpose" in without.words()
    assert with_it.told() == without.told()
    assert (with_it.code, without.code) == (2, 2)


def test_runs_go_side_by_side() -> None:
    """Each tells of its own hosts only, and their identifiers differ."""

    async def two() -> list[Ran]:
        async with preloaded() as (surroundings, _):
            return await asyncio.gather(
                play(surroundings, LINGER, say("one"), hosts=3), play(surroundings, LINGER, say("two"), hosts=2)
            )

    one, two_ = asyncio.run(two())
    assert (one.code, two_.code) == (0, 0)
    assert one.parent == two_.parent
    assert [run.words().count('"msg"') for run in (one, two_)] == [3, 2]
    assert "two" not in one.words()
    tasks = [{event["event_data"].get("task_uuid") for event in run.events} - {None} for run in (one, two_)]
    assert tasks[0]
    assert not tasks[0] & tasks[1]


def test_a_cancelled_run_leaves_no_process() -> None:
    """ansible-runner kills what it has started; the workers and their programs end as well."""
    seconds = f"61.{os.getpid()}"

    begun = threading.Event()

    def cancel(_: Ran) -> bool:
        if len(sleepers(seconds)) >= 2:
            begun.set()
        return begun.is_set()

    async def cancelled() -> Ran:
        async with preloaded() as (surroundings, server):
            ran = await play(surroundings, sleep(seconds), hosts=2, cancel=cancel)
            assert await until(lambda: not sleepers(seconds))
            again = await play(surroundings, LINGER)
            assert again.parent == server.pid
            return ran

    assert asyncio.run(cancelled()).code == 254


def test_a_controller_that_is_killed_leaves_no_process() -> None:
    """Not the server, not a run, not what a run has started."""
    seconds = f"62.{os.getpid()}"
    path = (
        os.pathsep.join(str(Path(__file__).parents[up]) for up in (1,)) + os.pathsep + os.environ.get("PYTHONPATH", "")
    )
    controller = subprocess.Popen(
        [sys.executable, "-m", "controller.preloading", seconds],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )
    try:
        assert controller.stdout is not None
        told = json.loads(controller.stdout.readline())
        assert asyncio.run(until(lambda: len(sleepers(seconds)) >= 1))
    finally:
        controller.kill()
        controller.wait()
    assert asyncio.run(until(lambda: not is_alive(told["server"])))
    assert asyncio.run(until(lambda: not sleepers(seconds)))


def test_a_killed_server_costs_the_runs_it_had_and_no_other() -> None:
    """Its runs end with it; the next one loads Ansible itself, and later ones have a server again."""
    seconds = f"63.{os.getpid()}"

    async def killed() -> None:
        async with preloaded() as (surroundings, server):
            lost = asyncio.create_task(play(surroundings, sleep(seconds)))
            assert await until(lambda: sleepers(seconds))
            first = server.pid
            assert first is not None
            os.kill(first, signal.SIGKILL)
            surroundings.socket.unlink()
            alone = await play(surroundings, LINGER)
            assert (alone.code, alone.parent != first) == (0, True)
            assert (await lost).code != 0
            assert await until(lambda: not sleepers(seconds))
            assert await until(lambda: server.pid not in (None, first) and surroundings.socket.exists())
            assert (await play(surroundings, LINGER)).parent == server.pid

    asyncio.run(killed())


def test_a_run_with_other_settings_is_none_for_the_server() -> None:
    """Ansible has taken its settings in when it was loaded; this run loads it anew, with its own."""

    async def other() -> tuple[Ran, int | None]:
        async with preloaded() as (surroundings, server):
            await play(surroundings, LINGER)
            variables = {"ANSIBLE_DISPLAY_ARGS_TO_STDOUT": "true"}
            return await play(surroundings, LINGER, say("x"), **variables), server.pid

    ran, server = asyncio.run(other())
    assert ran.code == 0
    assert ran.parent != server
    assert "TASK [Say msg=x]" in ran.words()


def test_fifty_runs_leave_the_server_as_it_was() -> None:
    """No descriptor, process, temporary folder or memory is kept; wrong arguments end with Ansible's own code."""

    async def fifty() -> None:
        async with preloaded() as (surroundings, server):
            first = await asyncio.to_thread(command, surroundings, "--version")
            assert first.stdout.startswith("ansible-playbook [core ")
            pid = server.pid
            assert pid is not None
            files, memory = sorted(open_files(pid)), memory_kb(pid)
            for _ in range(50):
                done = await asyncio.to_thread(command, surroundings, "--version")
                assert (done.returncode, done.stdout) == (0, first.stdout)
            wrong = await asyncio.to_thread(command, surroundings, "--no-such-option")
            real = await asyncio.to_thread(command, surroundings, "--no-such-option", real=True)
            assert (wrong.returncode, wrong.stdout, wrong.stderr) == (2, real.stdout, real.stderr)
            assert server.pid == pid
            assert sorted(open_files(pid)) == files
            assert memory_kb(pid) - memory < 4096
            assert tree(pid) == [pid]
            assert threads(pid) == 1, "a fork takes one thread along, and the locks of all"
            assert len(list((surroundings.folder / "tmp").iterdir())) == 1

    asyncio.run(fifty())


def test_only_the_user_can_reach_the_server() -> None:
    """Whoever could, could run anything as this user."""

    async def modes() -> list[int]:
        async with preloaded() as (surroundings, _):
            assert await until(surroundings.socket.exists)
            return [path.stat().st_mode & 0o777 for path in (surroundings.folder, surroundings.socket)]

    assert asyncio.run(modes()) == [0o700, 0o600]
