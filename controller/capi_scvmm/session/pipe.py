# SPDX-License-Identifier: Apache-2.0
"""Session through the collection's `pipe` program: JSON lines over standard input and output of a child process.

The process is the border to code of another licence, and what breaks there ends there. It starts with the first call
and again when it has died.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from capi_scvmm.connection import Connection
from capi_scvmm.errors import ErrorClass, VmmError
from capi_scvmm.session.port import NoAnswer, SaidNo

logger = logging.getLogger(__name__)

PROGRAM = "ansible_collections.capi.scvmm.plugins.plugin_utils.session.pipe"
# An answer about thousands of VMs is one line.
LINE_LIMIT = 256 * 1024 * 1024
GRACE_SECONDS = 3.0
TIMED_OUT_ID = "CapiScvmm.TimedOut"


class PipeSession:
    """Session over a child process; *collections* is the folder above `ansible_collections`."""

    def __init__(self, connection: Connection, collections: Path) -> None:
        self._connection = connection
        self._collections = collections
        self._process: asyncio.subprocess.Process | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._open: dict[int, asyncio.Future[Mapping[str, Any]]] = {}
        self._number = 0
        self._starting = asyncio.Lock()
        self._refusal: VmmError | None = None

    async def call(self, operation: str, request: Mapping[str, Any], seconds: float) -> Mapping[str, Any]:
        """See Session."""
        process = await self._running()
        self._number += 1
        number = self._number
        answer = self._open[number] = asyncio.get_running_loop().create_future()
        try:
            self._send(process, {"id": number, "operation": operation, "request": dict(request), "timeout": seconds})
            # The pipe keeps the time; a little more is for its answer.
            async with asyncio.timeout(seconds + GRACE_SECONDS):
                return _result(await answer)
        except TimeoutError:
            words = f"{self._connection.endpoint} did not answer {operation} within {seconds:.0f} s"
            raise NoAnswer(words, timed_out=True) from None
        finally:
            self._open.pop(number, None)

    async def close(self) -> None:
        """See Session."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            if process.stdin is not None:
                process.stdin.close()
            try:
                await asyncio.wait_for(process.wait(), GRACE_SECONDS)
            except TimeoutError:
                process.kill()
                await process.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._end("the session was closed")

    async def _running(self) -> asyncio.subprocess.Process:
        async with self._starting:
            if self._process is None or self._process.returncode is not None:
                self._refusal = None
                self._process = await self._start()
            return self._process

    async def _start(self) -> asyncio.subprocess.Process:
        environment = {**os.environ, "PYTHONPATH": str(self._collections)}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            PROGRAM,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment,
            limit=LINE_LIMIT,
        )
        self._tasks = [asyncio.create_task(self._read(process)), asyncio.create_task(self._log(process))]
        self._send(process, {"options": self._connection.options()})
        return process

    def _send(self, process: asyncio.subprocess.Process, message: Mapping[str, Any]) -> None:
        assert process.stdin is not None, "the process was started with a pipe there"
        try:
            process.stdin.write(json.dumps(message).encode() + b"\n")
        except (BrokenPipeError, ConnectionResetError, RuntimeError) as error:
            raise NoAnswer(f"the session process ended: {error}") from error

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None, "the process was started with a pipe there"
        while line := await process.stdout.readline():
            with contextlib.suppress(ValueError):
                self._take(json.loads(line))
        await process.wait()
        self._end("the session process ended")

    def _take(self, message: Mapping[str, Any]) -> None:
        number = message.get("id")
        if number is None:
            # The options were refused: no call of this process can succeed.
            self._refusal = VmmError.parse(message.get("error") or {}, ErrorClass.FINAL)
            return
        answer = self._open.get(number)
        if answer is not None and not answer.done():
            answer.set_result(message)

    async def _log(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None, "the process was started with a pipe there"
        while line := await process.stderr.readline():
            text = line.decode(errors="replace").rstrip()
            logger.warning("session %s: %s", self._connection.endpoint, self._without_secret(text))

    def _without_secret(self, text: str) -> str:
        return text.replace(self._connection.password, "***") if self._connection.password else text

    def _end(self, reason: str) -> None:
        for answer in self._open.values():
            if not answer.done():
                answer.set_exception(SaidNo(self._refusal) if self._refusal else NoAnswer(reason))


def _result(message: Mapping[str, Any]) -> Mapping[str, Any]:
    if message.get("ok"):
        result = message.get("result")
        return result if isinstance(result, Mapping) else {}
    error = message.get("error") or {}
    if error.get("class") == "unreachable":
        raise NoAnswer(VmmError.parse(error).text, error.get("id") == TIMED_OUT_ID)
    raise SaidNo(VmmError.parse(error))
