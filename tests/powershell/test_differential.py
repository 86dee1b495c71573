# SPDX-License-Identifier: Apache-2.0
"""Sequences made by chance give the same in real PowerShell and natively: every answer, and what is left at the end."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scvmm_sim.clock import VirtualClock
from scvmm_sim.cmdlets import Vmm
from scvmm_sim.operations import Operations

from .sequences import ROWS, Step, sequence, site
from .shell import Bridge, Shell

SEQUENCES = int(os.environ.get("CAPI_SCVMM_SEQUENCES", "500"))
LENGTH = 8
BLOCK = 50
"""Sequences to a test: a failure names the number of its sequence."""

GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Ask = Callable[[str, dict[str, Any]], dict[str, Any]]


class Side:
    """One of the two: a VMM server of its own, and a way to ask for operations."""

    def __init__(self, number: int, library: Path, start: datetime) -> None:
        clock = VirtualClock()
        # PowerShell has no clock but the real one, to which it holds the age of what an earlier call left behind: the
        # time of a sequence begins with the sequence, not with the tests, which may have run for minutes before.
        clock.START = start
        self.vmm = Vmm(site(number), library, clock)
        self._ids: dict[str, str] = {}
        self._seen: dict[str, str] = {}

    def answers(self, ask: Ask, steps: list[Step], faults: list[dict[str, Any]]) -> Iterator[Any]:
        """What each step gives, and at last what there is."""
        for rule in faults:
            self.vmm.add_fault(rule)
        for operation, request in steps:
            request = self._with_ids(request)
            if operation.startswith("("):
                self._happens(operation, request)
                continue
            envelope = ask(operation, request)
            vm = (envelope.get("result") or {}).get("vm")
            if vm and vm["uid"]:
                self._ids[vm["uid"]] = vm["id"]
            yield self._plain(envelope)
        self.vmm.clear_faults()
        yield self._plain(self._left())

    def close(self) -> None:
        """Give its files back."""
        self.vmm.close()

    def _with_ids(self, request: dict[str, Any]) -> dict[str, Any]:
        text = re.sub(r"<id of (\w+)>", lambda found: self._ids.get(found[1], NOBODY), json.dumps(request))
        made: dict[str, Any] = json.loads(text)
        return made

    def _happens(self, what: str, request: dict[str, Any]) -> None:
        clock = self.vmm.clock
        assert isinstance(clock, VirtualClock)
        known = {vm["ID"]: vm for vm in self.vmm.vms()}
        if what == "(time passes)":
            clock.advance(request["seconds"])
        elif request["id"] not in known:
            return
        elif what == "(somebody deletes)":
            self.vmm.vm_delete(request["id"])
        elif known[request["id"]]["MostRecentTask"]["IsCompleted"]:
            self.vmm.vm_power_off(request["id"])

    def _left(self) -> dict[str, Any]:
        """Everything that the VMM server has."""
        return {
            "vms": self.vmm.vms(),
            "jobs": [[job["CmdletName"], job["Status"], job["TargetObjectID"]] for job in self.vmm.jobs()],
            "files": [file["path"] for file in self.vmm.library_files()],
            "templates": [found["Name"] for found in self.vmm.call("Get-SCVMTemplate", {}).objects],
            "forgotten": self.vmm.forgotten_vms(),
        }

    def _plain(self, answer: dict[str, Any]) -> Any:
        """An answer whose ids are numbered as they come up, and whose token is left out: the engines make their own."""
        text = json.dumps(answer, sort_keys=True)
        plain = json.loads(GUID.sub(lambda found: self._seen.setdefault(found[0], f"id {len(self._seen)}"), text))
        if "token" in (plain.get("result") or {}):
            plain["result"]["token"] = "token"
        return plain


def _now() -> datetime:
    return datetime.now(tz=UTC).replace(microsecond=0)


NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize("block", range(-(-SEQUENCES // BLOCK)))
def test_generated_sequences_give_the_same(shell: Shell, bridge: Bridge, tmp_path: Path, block: int) -> None:
    """Real PowerShell with our module and the native operations agree on every answer, under faults and delays too."""
    for number in range(1 + block * BLOCK, 1 + min(SEQUENCES, (block + 1) * BLOCK)):
        steps, faults = sequence(number, LENGTH)
        now = _now()
        native, real = (Side(number, tmp_path / f"{side}-{number}", now) for side in ("native", "real"))
        bridge.serve(real.vmm)
        try:
            expected = list(native.answers(Operations(native.vmm).call, steps, faults))
            asked = [step for step in steps if not step[0].startswith("(")] + [("what is left", {})]
            for place, answer in enumerate(real.answers(shell.ask, steps, faults)):
                told = f"sequence {number}, step {place + 1}: {asked[place]}\nfaults: {faults}"
                assert answer == expected[place], told
            assert place + 1 == len(expected)
        finally:
            native.close()
            real.close()


def test_sequences_reach_every_operation_and_most_errors(tmp_path: Path) -> None:
    """The generated sequences are no idle walk: every operation succeeds and fails somewhere, VMs come and go."""
    good: set[str] = set()
    bad: set[str] = set()
    ids: set[str] = set()
    for number in range(1, 151):
        steps, faults = sequence(number, LENGTH)
        side = Side(number, tmp_path / str(number), _now())
        asked = [operation for operation, _ in steps if not operation.startswith("(")]
        for operation, answer in zip(asked, side.answers(Operations(side.vmm).call, steps, faults), strict=False):
            (good if answer["ok"] else bad).add(operation)
            if not answer["ok"]:
                ids.add(answer["error"]["id"].split(",")[0])
        side.close()
    operations = {row.operation for row in ROWS if not row.operation.startswith("(")}
    assert good == operations
    assert bad >= operations - {"vm_info", "job_info", "media_absent", "connect"}
    assert {"640", "2606", "2912", "CapiScvmm.BadRequest", "CapiScvmm.NotFound", "CapiScvmm.NoPlacement"} <= ids
