# SPDX-License-Identifier: Apache-2.0
"""The way of a machine, end to end."""

from __future__ import annotations

from .world import World


def test_a_machine_becomes_a_running_vm_and_goes_away_again(here: World) -> None:
    """From a manifest to a provisioned machine whose guest has booted from its medium, and nothing left afterwards."""
    here.provider()
    here.bootstrap()
    here.start()
    here.machine()
    here.until_true("node")
    body = here.get("ScvmmMachine", "node") or {}
    (vm,) = here.vms()
    print(vm, body)
    here.delete("ScvmmMachine", "node")
    here.until_gone("node")
    assert here.vms() == []
    assert here.media() == []
