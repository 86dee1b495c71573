# SPDX-License-Identifier: Apache-2.0
"""The network of one simulated site, on loopback addresses that nobody else on this machine uses.

A guest has the address that VMM knows, 10.20.100.3 for instance, and its programs listen at 127.N.100.3: the same ports
as on a real node, of one guest beside those of others.
"""

import asyncio
import contextlib
import random
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self

LOCK_PORT = 10200
FIRST, LAST = 11, 250
LOOK_SECONDS = 0.3
CONNECT_SECONDS = 2.0
CHUNK = 65536


class Network:
    """One of the networks 127.N.0.0/16, taken for as long as this lives, and the shared addresses in it."""

    def __init__(self) -> None:
        """Take a network that no other process of this machine has."""
        self._lock, self._number = _free_network()
        self._addresses: dict[str, VirtualAddress] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    @property
    def cidr(self) -> str:
        """All its addresses."""
        return f"127.{self._number}.0.0/16"

    def here(self, address: str) -> str:
        """Where on this machine the guest with that IPv4 address listens."""
        _, _, third, fourth = address.split(".")
        return f"127.{self._number}.{third}.{fourth}"

    def shared_address(self, port: int = 6443, host: int = 10) -> str:
        """An address that guests may share among themselves: nobody answers there until one of them takes it."""
        address = f"127.{self._number}.0.{host}"
        self._addresses[address] = VirtualAddress(address, port)
        return address

    def take_part(self, address: str, host: str, alive: Callable[[], bool]) -> None:
        """Let the guest at *host* be one of those that may hold a shared address, as long as it is *alive*.

        LookupError when that is no address of this network.
        """
        self._addresses[address].add(host, alive)

    def holder(self, address: str) -> str | None:
        """Which guest has a shared address; None: none yet."""
        return self._addresses[address].holder

    def close(self) -> None:
        """Give all of it back."""
        for each in self._addresses.values():
            each.close()
        self._lock.close()


class VirtualAddress:
    """An address and port that one of several hosts holds: what keepalived does, seen from outside.

    While nobody holds it nobody answers, as at any address that no host has: connections are neither accepted nor
    refused. A host whose own port answers goes before those whose does not; of equals none takes it from another.
    """

    def __init__(self, address: str, port: int) -> None:
        self._port = port
        self._hosts: dict[str, Callable[[], bool]] = {}
        self._holder: str | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._wanted = asyncio.Event()
        self._socket = socket.create_server((address, port), backlog=0)
        self._address = address
        # A full queue: the kernel drops what comes to it.
        self._filler = socket.create_connection((address, port), timeout=CONNECT_SECONDS)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"address {address}", daemon=True)
        self._thread.start()
        self._watching: Future[None] = asyncio.run_coroutine_threadsafe(self._watch(), self._loop)

    @property
    def holder(self) -> str | None:
        """The host that has it."""
        return self._holder

    def add(self, host: str, alive: Callable[[], bool]) -> None:
        """One more host that may hold it, as long as it is *alive*."""
        self._hosts[host] = alive
        self._loop.call_soon_threadsafe(self._wanted.set)

    def close(self) -> None:
        """Let go of it."""
        self._watching.cancel()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                self._loop.run_until_complete(task)
        self._loop.close()
        self._socket.close()
        self._filler.close()

    async def _watch(self) -> None:
        await self._wanted.wait()
        await self._elect()
        self._socket.listen(128)
        self._filler.close()
        server = await asyncio.start_server(self._serve, sock=self._socket)
        async with server:
            while True:
                await asyncio.sleep(LOOK_SECONDS)
                await self._elect()

    async def _elect(self) -> None:
        hosts = [host for host, alive in list(self._hosts.items()) if alive()]
        if self._holder in hosts:
            hosts.remove(self._holder)
            hosts.insert(0, self._holder)
        well = [host for host in hosts if await self._answers(host)]
        holder = next(iter([*well, *hosts]), None)
        if holder != self._holder:
            self._holder = holder
            for writer in list(self._writers):
                writer.transport.abort()

    async def _answers(self, host: str) -> bool:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                _, writer = await asyncio.open_connection(host, self._port)
        except (OSError, TimeoutError):
            return False
        writer.close()
        return True

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            if self._holder is None:
                return
            async with asyncio.timeout(CONNECT_SECONDS):
                there_reader, there_writer = await asyncio.open_connection(self._holder, self._port)
            self._writers.add(there_writer)
            try:
                await asyncio.gather(_copy(reader, there_writer), _copy(there_reader, writer))
            finally:
                self._writers.discard(there_writer)
                there_writer.transport.abort()
        except (OSError, TimeoutError):
            return
        finally:
            self._writers.discard(writer)
            writer.transport.abort()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(CHUNK):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


def _free_network() -> tuple[socket.socket, int]:
    numbers: list[Any] = list(range(FIRST, LAST))
    random.shuffle(numbers)
    for number in numbers:
        with contextlib.suppress(OSError):
            return socket.create_server((f"127.{number}.0.1", LOCK_PORT)), number
    raise OSError("all networks 127.N.0.0/16 are taken: end what is left of earlier runs")
