# SPDX-License-Identifier: Apache-2.0
"""What answers behind the simulator in tests that talk to VMM: Python, or a real PowerShell with our module in it.

``CAPI_SCVMM_TEST_ENGINE=powershell`` runs the same tests with the latter (``make test-powershell``).
"""

from __future__ import annotations

import os

from scvmm_sim.simulator import EngineName
from scvmm_sim.wire.session_processes import SessionProcesses

NAME = os.environ.get("CAPI_SCVMM_TEST_ENGINE", "native")
if NAME not in ("native", "powershell"):
    raise ValueError(f"CAPI_SCVMM_TEST_ENGINE is {NAME!r}. Set it to native or powershell.")

ENGINE: EngineName = "powershell" if NAME == "powershell" else "native"

SESSIONS = SessionProcesses(most_spare=0)
"""PowerShell processes that could go from one test's simulator to the next one's: a start costs more than most tests.

None do: tests that kill the process of a session were seen to fail, beside others, while processes were lent.
"""

SIMULATED = {"simulator", "options", "make_world", "here", "sim"}
"""Fixtures by which a test has a simulator with this engine, by themselves or through others."""

PATIENCE = 3.0 if ENGINE == "powershell" else 1.0
"""How much longer than natively a test may wait: a session is a process that has to start."""
