# SPDX-License-Identifier: Apache-2.0
"""The state diagram: current, and a proof about everything that can come of a machine."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from capi_scvmm import diagram

edges = cache(diagram.edges)
"""All that can come of a machine, walked through once."""
PAGE = Path(__file__).parents[2] / "docs" / "machine-states.md"


def test_the_page_of_states_is_current() -> None:
    """It is made from the plan; after a change: python -m capi_scvmm.diagram > docs/machine-states.md."""
    assert PAGE.read_text() == diagram.document()


def test_every_state_is_left_somehow_and_the_end_is_reached_from_each() -> None:
    """No machine hangs for ever, whatever happens to it."""
    walked = edges()
    ends = {"[*]"}
    while more := {before for before, _, after in walked if after in ends} - ends:
        ends |= more
    assert {name for before, _, after in walked for name in (before, after)} == ends


def test_only_its_deletion_leads_on_from_a_vm_that_vanished() -> None:
    """The owner makes a new machine; this one never gets a new VM."""
    assert {label for before, label, _ in edges() if before == "Vanished"} == {"deletion is asked for"}


def test_a_stopped_vm_is_never_started_by_the_plan() -> None:
    """From PoweredOff no arrow leads to StartVm."""
    assert ("PoweredOff", "StartVm") not in {(before, after) for before, _, after in edges()}


def test_turning_off_is_never_followed_by_asking_again() -> None:
    """The guest's time is over once."""
    assert ("TurnOffVm", "ShutDownVm") not in {(before, after) for before, _, after in edges()}
