# SPDX-License-Identifier: Apache-2.0
"""What /proc tells about other processes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path


def all_arguments() -> dict[int, str]:
    """The arguments of every process that can be seen."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                found[int(folder.name)] = (
                    (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                )
            except OSError:
                continue
    return found


def is_alive(pid: int) -> bool:
    """Whether a process runs (one that has ended and is not yet fetched does not)."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def open_files(pid: int) -> list[str]:
    """What the descriptors of a process lead to."""
    found = []
    for link in (Path("/proc") / str(pid) / "fd").iterdir():
        try:
            found.append(str(link.readlink()))
        except OSError:
            continue
    return found


def memory_kb(pid: int) -> int:
    """Resident memory."""
    for line in (Path("/proc") / str(pid) / "status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def wait_until(true: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether *true* comes true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
