# SPDX-License-Identifier: Apache-2.0
"""lightkube's requests over aiohttp, which kopf uses too: half the CPU time of its own transport (decision 0005)."""

from __future__ import annotations

import ssl
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx2


class AiohttpTransport(httpx2.AsyncBaseTransport):
    """Sends each request through one aiohttp session; its errors are those that httpx2 itself would raise."""

    def __init__(self, verify: ssl.SSLContext) -> None:
        self._verify = verify
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send *request* and read the whole answer; raises httpx2.TransportError."""
        try:
            async with self._opened(request.url).request(
                request.method,
                str(request.url),
                headers=request.headers.multi_items(),
                data=await request.aread(),
                allow_redirects=False,
                timeout=_timeout(request),
            ) as answer:
                body = await answer.read()
                headers = [(name, value) for name, value in answer.headers.items() if name.lower() not in _DECODED]
                return httpx2.Response(answer.status, headers=headers, content=body, request=request)
        except TimeoutError as error:
            raise httpx2.ReadTimeout("the API server did not answer in time", request=request) from error
        except aiohttp.ClientConnectorError as error:
            raise httpx2.ConnectError(str(error), request=request) from error
        except (aiohttp.ClientError, OSError) as error:
            raise httpx2.ReadError(str(error) or type(error).__name__, request=request) from error

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self, url: httpx2.URL) -> aiohttp.ClientSession:
        # Made on first use: a session belongs to the loop that runs then.
        if self._session is None:
            connector = aiohttp.TCPConnector(ssl=self._verify, limit=32)
            # Not trust_env: with it aiohttp reads proxies and .netrc anew for each request, in threads.
            self._session = aiohttp.ClientSession(connector=connector, proxy=_proxy(url))
        return self._session


def _proxy(url: httpx2.URL) -> str | None:
    """Name the proxy that the environment has for *url*, as HTTPS_PROXY and NO_PROXY say."""
    return None if proxy_bypass(url.host) else getproxies().get(url.scheme)


# aiohttp has unpacked the body: what told how it was packed is not true of it any more.
_DECODED = {"content-encoding", "content-length", "transfer-encoding"}


def _timeout(request: httpx2.Request) -> aiohttp.ClientTimeout:
    limits = request.extensions.get("timeout") or {}
    return aiohttp.ClientTimeout(sock_connect=limits.get("connect"), sock_read=limits.get("read"))
