# SPDX-License-Identifier: Apache-2.0
"""A process that owns other processes and a folder, and leaves neither behind.

It is started as a script, with the folder as its argument, and reads JSON lines on standard input:

    {"start": NAME, "argv": [...], "env": {...}, "log": PATH}   ->  {"pid": N} or {"error": TEXT}
    {"stop": NAME}                                  ->  {"code": N}      (also: what became of one that ended by itself)
    {"poll": NAME}                                  ->  {"code": N|null}
    {"detach": true}                                ->  {"pid": N}       (the end of input no longer matters)

What its processes leave to the system (a session broker, say) becomes its child, so that it can be ended as well.
At the end of its input, which comes also when whoever started it is killed, and on SIGTERM, it stops everything, the
youngest first, removes the folder, and ends. A process of its own is what makes that hold after SIGKILL: the kernel
closes the pipe. Standard library only, for it must be up in a moment.
"""

import contextlib
import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from typing import Any

STOP_SECONDS = 10.0
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LIBC = ctypes.CDLL(None, use_errno=True)


def _die_with_parent() -> None:
    # Runs in the child: should this supervisor itself be killed, its children go too.
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Supervisor:
    """Starts, watches and stops processes for one folder."""

    def __init__(self, folder: str) -> None:
        """Own *folder*: it is removed at the end."""
        self.folder = folder
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.detached = False

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what one line asks for."""
        if "start" in request:
            return self.start(request["start"], request["argv"], request.get("env") or {}, request["log"])
        if "stop" in request:
            return {"code": self.stop(request["stop"])}
        if "poll" in request:
            return {"code": self.processes[request["poll"]].poll()}
        if "detach" in request:
            self.detached = True
            return {"pid": os.getpid()}
        return {"error": f"unknown request {sorted(request)}"}

    def start(self, name: str, argv: list[str], env: dict[str, str], log: str) -> dict[str, Any]:
        """Start *argv* with its output going to *log*."""
        with open(log, "ab") as output:
            try:
                process = subprocess.Popen(
                    argv,
                    env={**os.environ, **env},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=_die_with_parent,
                )
            except OSError as problem:
                return {"error": str(problem)}
        self.processes[name] = process
        return {"pid": process.pid}

    def stop(self, name: str) -> int:
        """Ask the process to end, then make it, with all that it started; return its exit code."""
        process = self.processes.pop(name)
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
        self._kill_session(process.pid)
        return process.wait()

    def stop_all(self) -> None:
        """Stop everything, the youngest first, for it may need the older ones to end well."""
        for name in reversed(list(self.processes)):
            self.stop(name)
        _end_adopted()
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def _kill_session(leader: int) -> None:
        # Each process leads a session of its own, so its descendants are found by that even after it has ended.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)


def _children() -> list[int]:
    with open(f"/proc/self/task/{os.getpid()}/children") as file:
        return [int(pid) for pid in file.read().split()]


def _end_adopted() -> None:
    """End what those left behind that we started: politely, then not; what these leave comes to us in turn."""
    deadline = time.monotonic() + STOP_SECONDS
    asked: set[int] = set()
    while children := _children():
        for pid in children:
            if os.waitpid(pid, os.WNOHANG)[0]:
                continue
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
            elif pid not in asked:
                os.kill(pid, signal.SIGTERM)
                asked.add(pid)
        time.sleep(0.02)


def serve(folder: str) -> None:
    """Answer requests until the input ends or SIGTERM comes."""
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1)
    supervisor = Supervisor(folder)
    wakeup, wake = os.pipe()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: os.write(wake, b"x") and None)
    pending = b""
    inputs = [0, wakeup]
    try:
        while True:
            readable, _, _ = select.select(inputs, [], [])
            if wakeup in readable:
                return
            data = os.read(0, 65536)
            if not data:
                if not supervisor.detached:
                    return
                inputs = [wakeup]
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                try:
                    os.write(1, json.dumps(supervisor.answer(json.loads(line))).encode() + b"\n")
                except BrokenPipeError:
                    return
    finally:
        supervisor.stop_all()


if __name__ == "__main__":
    serve(sys.argv[1])
