# SPDX-License-Identifier: Apache-2.0
"""The collection's preload server as a child process: started with the controller, again when it dies, ended with it.

Nothing depends on it: without it a run loads Ansible itself. The process is the border to code of another licence.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys

from capi_scvmm.runs.surroundings import Surroundings

logger = logging.getLogger(__name__)

PROGRAM = "ansible_collections.capi.scvmm.plugins.plugin_utils.preload.server"
# It is given up after so many deaths in a row; one that has lived longer than this begins a new row.
DEATHS = 5
LONG_LIFE_SECONDS = 60.0
GRACE_SECONDS = 5.0


class PreloadServer:
    """Keeps one server for *surroundings*."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The server's process, while there is one."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    def start(self) -> None:
        """Start it in the background."""
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """End it and the runs that it has under way."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        deaths = 0
        while deaths < DEATHS:
            begun = loop.time()
            try:
                code = await self._live()
            except OSError as error:
                logger.warning("Ansible cannot be loaded beforehand: %s; each run loads it itself.", error)
                return
            deaths = 1 if loop.time() - begun > LONG_LIFE_SECONDS else deaths + 1
            logger.warning("the process with Ansible loaded beforehand ended with code %s", code)
            await asyncio.sleep(deaths - 1)
        logger.error(
            "Ansible is not loaded beforehand any more: that ended %d times; each run loads it itself.", DEATHS
        )

    async def _live(self) -> int:
        process = self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            PROGRAM,
            str(self._surroundings.socket),
            # Its end tells that this process ended, in whatever way.
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env=self._surroundings.environment(),
            # Python finds modules there; a PYTHONPATH would be a setting that runs do not have.
            cwd=self._surroundings.collections,
            # What ends a terminal's programs must not end it before the controller has ended its runs.
            start_new_session=True,
        )
        logger.info("Ansible is loaded beforehand in process %d", process.pid)
        log = asyncio.create_task(_log(process))
        try:
            return await process.wait()
        finally:
            await _end(process)
            log.cancel()


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), GRACE_SECONDS)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _log(process: asyncio.subprocess.Process) -> None:
    assert process.stderr is not None, "the process was started with a pipe there"
    while line := await process.stderr.readline():
        logger.warning("Ansible loaded beforehand: %s", line.decode(errors="replace").rstrip())
