# SPDX-License-Identifier: Apache-2.0
"""Several VMM servers at one controller: what is wrong with one is no matter to machines of another."""

from __future__ import annotations

import time
from typing import Any

import pytest
from engine import ENGINE
from scvmm_sim import Simulator

from .world import World, fabric

HANGING = [
    pytest.param({"operation": "vm_present", "delay": 600}, id="creations-hang"),
    pytest.param({"operation": None, "wire": "down"}, id="down"),
]
MACHINES = 6


def ready_after(here: World, name: str, provider: str) -> float:
    """Seconds from a machine's manifest to Ready."""
    begun = time.monotonic()
    here.machine(name, providerRef={"name": provider, "namespace": here.namespace})
    here.until_true(name)
    return time.monotonic() - begun


@pytest.mark.contract(31)
@pytest.mark.parametrize("trouble", HANGING)
def test_a_server_that_hangs_slows_nobody_else(here: World, trouble: dict[str, Any]) -> None:
    """More machines of it than there are runs at once: the other server's machine is as quick as alone."""
    here.bootstrap()
    with Simulator(fabric(), ENGINE) as other:
        here.provider()
        here.secret("other-credentials", username=other.username, password=other.password)
        way = {"port": other.port, "scheme": "http", "authentication": "ntlm"}
        here.provider("other", scvmmHost=other.host, scvmmSecret={"name": "other-credentials"}, connection=way)
        here.start("--max-runs", "2", "--batch-size", "1")
        for provider in ("vmm", "other"):
            here.until_true(provider, scope="ScvmmProvider")
        alone = ready_after(here, "alone", "other")
        here.sim.add_fault({**trouble, "times": None})
        for number in range(MACHINES):
            here.machine(f"stuck-{number}")
        if trouble.get("operation"):
            here.until_called("vm_present")
        beside = ready_after(here, "beside", "other")
        assert beside < 2 * alone + 5, (alone, beside)
        assert len(other.vms()) == 2
        assert here.vms() == []
