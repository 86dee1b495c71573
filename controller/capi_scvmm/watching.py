# SPDX-License-Identifier: Apache-2.0
"""Whether the watches work: when each was last begun, and when the API server last took it. Knows kopf, as operator.

kopf begins each watch anew after WATCH_SECONDS, or when nothing came for its own inactivity time. So a watch whose last
beginning lies much longer ago does not work, whatever else this process does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from types import SimpleNamespace

import aiohttp
import kopf
from kopf._cogs.structs.references import Insights

# How long one watch lasts at the API server; then the next one goes on where it ended.
WATCH_SECONDS = 120
# Without a beginning for so long: watch, kopf's inactivity of 70 s, and as much again for a busy machine.
LIMIT_SECONDS = 300.0


class WatchLog:
    """Beginnings of watches by their path, in seconds of *clock*. A path is only judged from when it was expected."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._expected_since: dict[str, float] = {}
        self._tried: dict[str, float] = {}
        self._taken: dict[str, float] = {}

    def tried(self, path: str) -> None:
        """Note that a watch was asked for."""
        self._tried[path] = self._clock()

    def taken(self, path: str) -> None:
        """Note that the API server took it: all that there was before has been listed."""
        self._taken[path] = self._clock()

    def expect(self, paths: Collection[str]) -> None:
        """Say which watches there must be by now."""
        now = self._clock()
        self._expected_since = {path: self._expected_since.get(path, now) for path in paths}

    def waiting(self) -> list[str]:
        """Name what is not watched: not yet, or not for a long time any more."""
        now = self._clock()
        late = [path for path in self._expected_since if now - self._taken.get(path, float("-inf")) > LIMIT_SECONDS]
        return sorted(late)

    def hung(self) -> list[str]:
        """Name what nobody even tries to watch: where only a new process helps. An API server that is away is none."""
        now = self._clock()
        since = {path: max(begun, self._tried.get(path, begun)) for path, begun in self._expected_since.items()}
        return sorted(path for path, moment in since.items() if now - moment > LIMIT_SECONDS)


class Watches:
    """The watches of one operator; *needed* are the plurals without which nothing works."""

    def __init__(self, needed: Collection[str]) -> None:
        self.insights = Insights()
        self._log = WatchLog()
        self._needed = frozenset(needed)

    def waiting(self) -> list[str]:
        """See WatchLog; what kopf has not found yet is named too."""
        paths = self._expect()
        found = {path.rsplit("/", 1)[-1] for path in paths}
        return sorted({*(self._needed - found), *self._log.waiting()})

    def hung(self) -> list[str]:
        """See WatchLog."""
        self._expect()
        return self._log.hung()

    def _expect(self) -> set[str]:
        paths = {
            resource.get_url(namespace=namespace if resource.namespaced else None)
            for resource in self.insights.watched_resources
            for namespace in self.insights.namespaces
        }
        self._log.expect(paths)
        return paths

    def session(self, info: kopf.ConnectionInfo) -> kopf.AiohttpSession:
        """Give kopf a session like its own, which notes the watches."""
        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(self._started)
        trace.on_request_end.append(self._answered)
        made = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ssl=info.as_ssl_context()),
            headers=info.as_http_headers(),
            proxy=info.proxy_url,
            trust_env=info.trust_env,
            trace_configs=[trace],
        )
        return kopf.AiohttpSession(
            aiohttp_session=made, server=info.server, default_namespace=info.default_namespace, priority=info.priority
        )

    async def _started(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, told: aiohttp.TraceRequestStartParams
    ) -> None:
        if told.url.query.get("watch") == "true":
            self._log.tried(told.url.path)

    async def _answered(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, told: aiohttp.TraceRequestEndParams
    ) -> None:
        if told.url.query.get("watch") == "true" and told.response.status == 200:
            self._log.taken(told.url.path)
