# SPDX-License-Identifier: Apache-2.0
"""What answers behind the simulator in tests that talk to VMM: Python, or a real PowerShell with our module in it.

``CAPI_SCVMM_TEST_ENGINE=powershell`` runs the same tests with the latter (``make test-powershell``; with ``ALL=1`` all
of them).
"""

from __future__ import annotations

import os

from scvmm_sim.simulator import EngineName

NAME = os.environ.get("CAPI_SCVMM_TEST_ENGINE", "native")
if NAME not in ("native", "powershell"):
    raise ValueError(f"CAPI_SCVMM_TEST_ENGINE is {NAME!r}. Set it to native or powershell.")

ENGINE: EngineName = "powershell" if NAME == "powershell" else "native"

SIMULATED = {"simulator", "options", "make_world", "here", "sim"}
"""Fixtures by which a test has a simulator with this engine, by themselves or through others."""

EVERYTHING = bool(os.environ.get("CAPI_SCVMM_TEST_ALL"))
"""Whether files in ONLY_WITH_ALL are run behind PowerShell too."""

ONLY_WITH_ALL = {
    *("test_election_e2e", "test_flags_e2e", "test_pod_e2e", "test_image_e2e", "test_rights_e2e", "test_hooks_e2e"),
    *("test_several_servers_e2e", "test_capacity_e2e", "test_rollout_disks_e2e", "test_silent_server"),
    *("test_addresses_e2e", "test_endpoint_e2e", "test_first_boot_e2e", "test_load_balancers_e2e", "test_names_e2e"),
    *("test_persistent_disks_e2e", "test_remediation_e2e", "test_smb_e2e"),
}
"""Files that `make test` leaves out behind PowerShell to end in time: they ask VMM for what others ask too."""

PATIENCE = 3.0 if ENGINE == "powershell" else 1.0
"""How much longer than natively a test may wait: a session is a process that has to start."""
