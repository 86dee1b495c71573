# SPDX-License-Identifier: Apache-2.0
"""An exec host that is not the VMM server is given credentials to show there; nobody else gets to see them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scvmm_sim.simulator import Simulator

from .conftest import ENGINE, StartPipe, options_for
from .processes import all_arguments
from .surroundings import FABRIC

SECRET = "planted-Vmm-Passw0rd-d41f ☃"
USERS = [*FABRIC["users"], {"username": "EXAMPLE\\vmm-role", "password": SECRET}]
JUMP = {**FABRIC, "users": USERS, "server": {**FABRIC["server"], "needs_credential": True}}


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """A VMM server that a session's own user cannot be shown to."""
    with Simulator(fabric=JUMP, engine=ENGINE) as simulator:
        yield simulator


@pytest.fixture
def options(simulator: Simulator) -> dict[str, Any]:
    return options_for(simulator, vmm_username="EXAMPLE\\vmm-role", vmm_password=SECRET)


def test_the_credentials_reach_vmm(start_pipe: StartPipe) -> None:
    """VMM knows the user whose credentials were passed on; each further session has them as well."""
    pipe = start_pipe()
    assert pipe.result("connect")["user"] == "EXAMPLE\\vmm-role"
    assert pipe.result("connect")["user"] == "EXAMPLE\\vmm-role"
    numbers = [pipe.send("vm_info") for _ in range(4)]
    assert all(pipe.wait(number)["ok"] for number in numbers)


def test_without_credentials_vmm_refuses(start_pipe: StartPipe) -> None:
    """The session's own login ends at the jump host; the error is VMM's."""
    error = start_pipe(vmm_username="", vmm_password="").call("connect")["error"]
    assert error["number"] == 1604


def test_a_wrong_password_for_vmm_is_tried_once(start_pipe: StartPipe, simulator: Simulator) -> None:
    """Like the exec host's: the account must not be locked. The password is not repeated in the message."""
    before = simulator.stats()["calls"].get("connect", 0)
    pipe = start_pipe(vmm_password="wrong-password")
    errors = [pipe.call("vm_info")["error"] for _ in range(3)]
    assert {error["id"] for error in errors} == {"CapiScvmm.LoginRefused"}
    assert "refuses user 'EXAMPLE\\vmm-role'" in errors[0]["message"]
    assert "wrong-password" not in str(errors)
    assert simulator.stats()["calls"]["connect"] == before + 1


def test_the_password_is_written_nowhere(start_pipe: StartPipe, simulator: Simulator, runtime_dir: Path) -> None:
    """Not into the broker's folder, not into what the server notes of calls, not into an argument of a process."""
    pipe = start_pipe()
    pipe.result("connect")
    pipe.call("vm_dance")
    written = b"".join(file.read_bytes() for file in runtime_dir.iterdir() if file.is_file())
    assert SECRET.encode() not in written
    assert SECRET not in "".join(all_arguments().values())
    assert SECRET not in str(simulator.calls())
