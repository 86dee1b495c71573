# SPDX-License-Identifier: Apache-2.0
"""What a program that was ended has left behind."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from plane.processes import alive


def processes_of(temporary: Path) -> list[str]:
    """Command lines of running processes that name the folder, or have it in their environment."""
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit() or int(process.name) == os.getpid() or not alive(int(process.name)):
            continue
        try:
            line, variables = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
        except OSError:  # it has ended since
            continue
        if str(temporary).encode() in line + variables:
            found.append(line.replace(b"\0", b" ").decode(errors="replace"))
    return found


def wait_until(true: Callable[[], bool], what: str, seconds: float = 90) -> None:
    """Fail with *what* when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
        time.sleep(0.1)
