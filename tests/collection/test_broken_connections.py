# SPDX-License-Identifier: Apache-2.0
"""Each way in which a connection breaks: the next call works, nothing runs twice, a caller hears of it in time.

The ways are data: docs/session.md lists the same ones, and each rule below is held against all of them.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from scvmm_sim.simulator import Simulator
from scvmm_sim.wire.pwsh import NoPowerShellError, find_pwsh

from .conftest import ENGINE, options_for
from .processes import all_arguments, wait_until
from .surroundings import FABRIC, ROOT, PipeProcess

BASIC = {"authentication": "basic", "encryption": "never", "username": "capi"}
VM = {"owner": "o", "uid": "only-one", "name": "only-one", "cloud": "production", "template": "debian"}


def rule(wire: str) -> Callable[[Simulator], None]:
    """A break that strikes the next creating call once."""
    return lambda simulator: void(simulator.add_fault({"operation": "vm_present", "wire": wire, "times": 1}))


def lasting(wire: str) -> Callable[[Simulator], None]:
    """A break that strikes every request from now on."""
    return lambda simulator: void(simulator.add_fault({"wire": wire, "times": None}))


def void(_: object) -> None:
    """Nothing."""


def kill_process(simulator: Simulator) -> None:
    """Kill the PowerShell process of the shell, which this test's simulator has started."""
    for pid, arguments in all_arguments().items():
        if " -s" in arguments and "-NoProfile" in arguments and _parent(pid) == os.getpid():
            os.kill(pid, signal.SIGKILL)


def _parent(pid: int) -> int:
    try:
        return int((Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


@dataclass(frozen=True)
class Row:
    """A way to break: how it strikes one creating call, how it lasts, and what is known of the struck call."""

    strike: Callable[[Simulator], None]
    last: Callable[[Simulator], None]
    repeated: tuple[str | None, ...]
    options: dict[str, Any] = field(default_factory=dict)
    during: bool = False
    engine: Any = ENGINE


NOT_STARTED = (None, "never")
ROWS = {
    "Shell gone (idle time-out)": Row(Simulator.idle_out, Simulator.idle_out, NOT_STARTED),
    "Shell killed during a call": Row(rule("kill_shell"), lasting("kill_shell"), ("unknown",)),
    "Process of the shell killed during a call": Row(
        kill_process, lasting("kill_shell"), ("unknown",), during=True, engine="powershell"
    ),
    "TCP reset in mid-receive, Basic": Row(rule("reset"), lasting("reset"), ("unknown",), BASIC),
    "TCP reset in mid-receive, NTLM encryption": Row(rule("reset"), lasting("reset"), ("unknown",)),
    "Endpoint down": Row(rule("down"), lasting("down"), ("never", "unknown")),
    "HTTP status 503": Row(rule("503"), lasting("503"), NOT_STARTED),
}
BAD_PASSWORD = "Bad password"


@pytest.fixture(params=ROWS, ids=lambda name: name.lower().replace(" ", "-"))
def row(request: pytest.FixtureRequest) -> Row:
    """Each way in turn."""
    found = ROWS[request.param]
    if found.engine == "powershell":
        try:
            find_pwsh()
        except NoPowerShellError as error:
            pytest.skip(str(error))
    return found


@pytest.fixture
def server(row: Row, simulator: Simulator) -> Iterator[Simulator]:
    """The server that breaks: one of its own where another engine is needed."""
    if row.engine == ENGINE:
        yield simulator
        for vm in simulator.vms():
            simulator.vm_delete(vm["ID"])
    else:
        with Simulator(fabric=FABRIC, engine=row.engine) as own:
            yield own


@pytest.fixture
def broken_pipe(row: Row, server: Simulator, runtime_dir: Path) -> Iterator[PipeProcess]:
    """A pipe with an open session."""
    pipe = PipeProcess(options_for(server, **row.options), runtime_dir)
    pipe.result("vm_info")
    yield pipe
    pipe.end()


def create(row: Row, server: Simulator, pipe: PipeProcess) -> dict[str, Any]:
    """The answer to a creating call that *row* strikes."""
    if not row.during:
        row.strike(server)
        return pipe.call("vm_present", VM)
    fault = server.add_fault({"cmdlet": "New-SCVirtualMachine", "delay": 3, "times": 1})
    number = pipe.send("vm_present", VM, 60)
    assert wait_until(lambda: any(rule["id"] == fault and rule["struck"] for rule in server.faults()))
    row.strike(server)
    return pipe.wait(number)


def test_a_creation_that_is_struck_makes_one_vm(row: Row, server: Simulator, broken_pipe: PipeProcess) -> None:
    """The caller gets its answer, which says what is known of the first try; VMM has one VM."""
    answer = create(row, server, broken_pipe)
    assert answer["ok"], answer
    assert answer.get("repeated") in row.repeated
    assert broken_pipe.call("vm_present", VM)["result"]["created"] is False
    assert wait_until(lambda: not any(job["Status"] == "Running" for job in server.jobs()))
    assert [vm["Name"] for vm in server.vms()] == ["only-one"]


def test_the_next_call_works(row: Row, server: Simulator, broken_pipe: PipeProcess) -> None:
    """Whoever calls after the break notices nothing of it."""
    row.last(server)
    broken_pipe.call("vm_info")
    server.clear_faults()
    answer = broken_pipe.call("vm_info")
    assert answer["ok"], answer
    assert answer["result"]["vms"] == []


def test_a_caller_hears_of_it_within_its_deadline(row: Row, server: Simulator, broken_pipe: PipeProcess) -> None:
    """A break that lasts is told as what it is, and soon; one that does not is not told at all."""
    row.last(server)
    began = time.monotonic()
    answer = broken_pipe.call("vm_info", timeout=20)
    assert time.monotonic() - began < 22
    assert answer["ok"] or answer["error"]["class"] == "unreachable", answer


def test_a_bad_password_creates_nothing_and_is_told(simulator: Simulator, runtime_dir: Path) -> None:
    """It is tried once however many call; the right one works at once and makes one VM."""
    before = simulator.stats()["logins"]["refused"]
    wrong = PipeProcess(options_for(simulator, password="wrong-password"), runtime_dir)
    began = time.monotonic()
    numbers = [wrong.send("vm_present", VM, 20) for _ in range(12)]
    errors = [wrong.wait(number)["error"] for number in numbers]
    assert time.monotonic() - began < 22
    assert {(error["id"], error["happened"]) for error in errors} == {("CapiScvmm.LoginRefused", "never")}
    assert simulator.stats()["logins"]["refused"] == before + 1
    assert wrong.end() == 0
    right = PipeProcess(options_for(simulator), runtime_dir)
    assert right.call("vm_present", VM)["ok"]
    assert right.end() == 0
    assert [vm["Name"] for vm in simulator.vms()] == ["only-one"]
    simulator.vm_delete("only-one")


def test_the_page_for_users_lists_the_same_ways() -> None:
    """A way that is documented is tested, and one that is tested is documented."""
    page = (ROOT / "docs" / "session.md").read_text(encoding="utf-8")
    section = page.split("## What happens on which break\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("|")]
    assert rows[2:] == [*ROWS, BAD_PASSWORD]
