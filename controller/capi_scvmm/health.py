# SPDX-License-Identifier: Apache-2.0
"""What the probes of a pod are told: whether this process is of use, and whether only a new one would be.

/healthz fails when watches hang. When the event loop hangs nobody answers, which is as good. It does not fail because
the API server or a VMM server is away: a new process would not reach it either.
/readyz fails until everything is watched; with an election also when the lease cannot be read or kept. A standby is
ready: it could lead this moment.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from capi_scvmm.errors import ControllerError


@dataclass(frozen=True)
class Verdict:
    """An answer to a probe; *troubles* are sentences for people, *facts* say the rest."""

    troubles: tuple[str, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The status of HTTP."""
        return 503 if self.troubles else 200


class Health:
    """Serves both on *port* of all addresses; each question is judged anew."""

    def __init__(self, port: int, alive: Callable[[], Verdict], ready: Callable[[], Verdict]) -> None:
        self._port = port
        application = web.Application()
        application.add_routes([web.get("/healthz", _answering(alive)), web.get("/readyz", _answering(ready))])
        self._runner = web.AppRunner(application, handle_signals=False, shutdown_timeout=1.0, access_log=None)

    async def start(self) -> None:
        """Begin to serve; a port that cannot be had is the user's to change."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, None, self._port).start()
        except OSError as error:
            raise ControllerError(f"--health-port {self._port} cannot be served: {error.strerror}.") from error

    async def stop(self) -> None:
        """End it."""
        await self._runner.cleanup()


def _answering(judge: Callable[[], Verdict]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_request: web.Request) -> web.Response:
        verdict = judge()
        body = json.dumps({"ok": not verdict.troubles, "troubles": list(verdict.troubles), **verdict.facts})
        return web.Response(status=verdict.status, text=body + "\n", content_type="application/json")

    return answer
