# SPDX-License-Identifier: Apache-2.0
"""`make bench`: a table of what is measured, beside what is promised and what the Go provider needs."""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

from plane import ManagementPlane, PlaneError
from plane.cluster_api import load_documents
from rich.console import Console
from rich.table import Table

from . import calls, machines, sessions
from .ending import Ended, ended_by_signals
from .fabric import fabric

CRDS = Path(__file__).parents[2] / "controller" / "crds"
SECTIONS = ("calls", "session", "runs", "one", "fifty", "slow", "address")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=SECTIONS, help="measure only this; may be repeated")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each machine scenario (3); medians are shown")
    return parser.parse_args()


class Report:
    """Rows of the table, printed at the end, and whether every promise held."""

    def __init__(self) -> None:
        """Begin with an empty table."""
        self.table = Table("what", "measured", "promised", "Go provider", "holds", title="Benchmarks (medians)")
        self.failed = False

    def row(self, what: str, measured: str, promised: str = "", other: str = "", holds: bool | None = None) -> None:
        """Add a row; *holds* None means that nothing is promised."""
        self.failed |= holds is False
        self.table.add_row(what, measured, promised, other, {None: "", True: "yes", False: "NO"}[holds])


def measure_calls(report: Report) -> None:
    """Warm against cold."""
    warm, cold = calls.warm_and_cold()
    report.row("one operation through a module, warm", f"{warm.module * 1000:.0f} ms")
    report.row("  the same, cold over ansible.builtin.psrp", f"{cold.module * 1000:.0f} ms")
    ratio = cold.module / warm.module
    report.row("  warm is faster by", f"{ratio:.0f} x", ">= 20 x", "", ratio >= 20)
    report.row("  as whole Ansible tasks (fork, events)", f"{warm.task * 1000:.0f}, {cold.task * 1000:.0f} ms")


def measure_session(report: Report) -> None:
    """The session below all of that, without Ansible."""
    found = sessions.measure()
    report.row("sessions opened for 1,000 calls", f"{found.opened_per_thousand:.1f}")
    for callers, rate in found.calls_per_second.items():
        report.row(f"calls a second, {callers} caller{'s' if callers > 1 else ''}", f"{rate:.0f}")
    for wire, seconds in found.mended_seconds.items():
        broken = {"reset": "connection", "kill_shell": "shell"}[wire]
        report.row(f"from a dropped {broken} to the answer", f"{seconds * 1000:.0f} ms")


def measure_runs(report: Report) -> None:
    """ansible-runner with more and more hosts."""
    for count, seconds in calls.runs().items():
        report.row(f"one run, {count} hosts", f"{seconds:.2f} s")


def measure_machines(report: Report, plane: ManagementPlane, only: set[str], repeats: int) -> None:
    """The scenarios with a controller."""

    def medians(count: int, **durations: float) -> Callable[[str], float]:
        found = [machines.measure(plane, fabric(**durations), count) for _ in range(repeats)]
        lag = [max(one.lags, default=0.0) for one in found]
        return lambda name: statistics.median(lag if name == "lag" else [getattr(one, name) for one in found])

    if "one" in only:
        one = medians(1)
        made, gone = one("provisioned_seconds"), one("deleted_seconds")
        report.row("1 machine, jobs of no duration: provisioned", f"{made:.1f} s", "<= 3 s", "21 s", made <= 3)
        report.row("1 machine, jobs of no duration: deleted", f"{gone:.1f} s", "<= 5 s", "40 s", gone <= 5)
    if "fifty" in only:
        floor = 30.0
        fifty = medians(50, create=20, change=2, start=3, address=5)
        made = fifty("provisioned_seconds")
        report.row("50 machines, floor 30 s: provisioned", f"{made:.1f} s", "<= 39 s", "155 s", made <= 1.3 * floor)
        report.row("  over the floor by", f"{made / floor:.2f} x", "<= 1.30 x", "5.2 x", made <= 1.3 * floor)
        per_machine = fifty("calls_per_machine")
        report.row(
            "  remote calls a machine, to its deletion", f"{per_machine:.1f}", "<= 8", "24 cmdlets", per_machine <= 8
        )
        report.row("    of which observation", f"{fifty('polls_per_machine'):.1f}")
        report.row("  runs started", f"{fifty('runs'):.0f}")
        report.row("  deleted in", f"{fifty('deleted_seconds'):.1f} s")
        report.row("  controller and its runs: CPU", f"{fifty('controller_cpu_seconds'):.1f} s")
        report.row("  controller and its runs: peak memory", f"{fifty('peak_memory_mib'):.0f} MiB")
    if "slow" in only:
        slow = medians(50, cmdlet_delay=0.1)
        made = slow("provisioned_seconds")
        report.row("50 machines, 0.1 s more for every cmdlet", f"{made:.1f} s", "<= 45 s", "133 s", made <= 45)
    if "address" in only:
        late = medians(1, address=30)
        lag = late("lag")
        report.row("address 30 s after start: in status after", f"{lag:.1f} s", "<= 2 s", "60 s", 0 < lag <= 2)


def main() -> int:
    """Measure, print, and exit 1 when a promise does not hold."""
    options = arguments()
    only = set(options.only or SECTIONS)
    report = Report()
    try:
        if "calls" in only:
            measure_calls(report)
        if "session" in only:
            measure_session(report)
        if "runs" in only:
            measure_runs(report)
        if only - {"calls", "session", "runs"}:
            with ManagementPlane() as plane:
                plane.install_crds(load_documents(CRDS))
                plane.apply([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": machines.NAMESPACE}}])
                measure_machines(report, plane, only, options.repeats)
    except (PlaneError, RuntimeError, TimeoutError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    Console().print(report.table)
    return 1 if report.failed else 0


def main_ended_by_signals() -> int:
    """Measure; end in good order, with all that was started, on SIGTERM and SIGINT."""
    try:
        with ended_by_signals():
            return main()
    except Ended as ended:
        print("bench: ended by a signal", file=sys.stderr)
        return ended.exit_code


if __name__ == "__main__":
    raise SystemExit(main_ended_by_signals())
