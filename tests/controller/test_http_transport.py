# SPDX-License-Identifier: Apache-2.0
"""lightkube's transport: answers as they are, and httpx2's errors for what does not get through."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable

import httpx2
import pytest
from capi_scvmm.http_transport import AiohttpTransport

Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def _asked(peer: Peer, method: str = "GET", body: bytes = b"", read: float = 5.0) -> httpx2.Response:
    """What *peer*, a server that takes one connection after the other, makes of a request."""
    server = await asyncio.start_server(peer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        async with httpx2.AsyncClient(
            transport=AiohttpTransport(ssl.create_default_context()), timeout=httpx2.Timeout(read)
        ) as client:
            return await client.request(method, f"http://127.0.0.1:{port}/api?limit=1", content=body)
    finally:
        server.close()


async def _request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
    return head + await reader.readexactly(int(lines.get(b"content-length", b"0")))


def test_an_answer_comes_as_it_is() -> None:
    """Method, path, query and body go out, status and body come back; a refusal of the API server is no error here."""
    seen = []

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await _request(reader))
        writer.write(b'HTTP/1.1 409 Conflict\r\nContent-Length: 13\r\n\r\n{"code": 409}')
        writer.close()

    answer = asyncio.run(_asked(peer, "PATCH", b'{"a": 1}'))
    assert (answer.status_code, answer.json()) == (409, {"code": 409})
    assert seen[0].startswith(b"PATCH /api?limit=1 HTTP/1.1\r\n")
    assert seen[0].endswith(b'\r\n\r\n{"a": 1}')


def test_a_silent_server_is_a_read_timeout() -> None:
    """The caller's limit holds."""

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    with pytest.raises(httpx2.ReadTimeout):
        asyncio.run(_asked(peer, read=0.2))


def test_a_connection_that_breaks_is_a_read_error() -> None:
    """Nobody knows whether the request was carried out."""

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _request(reader)
        writer.close()

    with pytest.raises(httpx2.ReadError):
        asyncio.run(_asked(peer, "PATCH", b"{}"))


def test_nobody_there_is_a_connect_error() -> None:
    """Nothing was sent."""

    async def ask() -> None:
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        async with httpx2.AsyncClient(transport=AiohttpTransport(ssl.create_default_context())) as client:
            await client.get(f"http://127.0.0.1:{port}/")

    with pytest.raises(httpx2.ConnectError):
        asyncio.run(ask())
