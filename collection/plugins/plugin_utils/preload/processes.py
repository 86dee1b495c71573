# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a run's processes. Ansible's workers make sessions of their own, so a process group is not all of them."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from pathlib import Path

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Have the kernel end this process when *parent* dies, be it killed; Ansible ends its workers on this signal."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def kill_run(pid: int) -> None:
    """Kill a run: its first process, that one's group, and every descendant, none of which can fork meanwhile."""
    found, waiting = [pid], [pid]
    _send(pid, signal.SIGSTOP)
    while waiting:
        children = _children(waiting.pop())
        for child in children:
            _send(child, signal.SIGSTOP)
        found += children
        waiting += children
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.getpgid(pid) == pid:
            os.killpg(pid, signal.SIGKILL)
    for process in found:
        _send(process, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return []
    found: list[int] = []
    for task in tasks:
        with contextlib.suppress(OSError):
            found.extend(int(child) for child in (task / "children").read_text().split())
    return found


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
