# SPDX-License-Identifier: Apache-2.0
"""CPU seconds and memory of a process and all its descendants, from /proc (Linux)."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """User and system time of *pid* and of every child that it has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(value) for value in fields[11:15]) / TICKS


def tree_cpu_seconds(pid: int) -> float:
    """User and system time of *pid* and its descendants, of those that live as of those that were waited for."""
    total = 0.0
    for process in tree(pid):
        with contextlib.suppress(OSError):
            total += cpu_seconds(process)
    return total


def tree(pid: int) -> list[int]:
    """*pid* and its living descendants."""
    found = [pid]
    for process in found:
        try:
            for task in Path(f"/proc/{process}/task").iterdir():
                found.extend(int(child) for child in (task / "children").read_text().split())
        except OSError:
            continue
    return found


def memory_mib(pid: int) -> float:
    """Proportional memory of *pid* and its descendants in MiB; pages shared by forks count once."""
    total = 0
    for process in tree(pid):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


class PeakMemory:
    """Samples the memory of a process tree once a second while the ``with`` block runs."""

    def __init__(self, pid: int) -> None:
        """Watch *pid*."""
        self.pid = pid
        self.peak_mib = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> PeakMemory:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take no more samples."""
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.wait(1.0):
            self.peak_mib = max(self.peak_mib, memory_mib(self.pid))
