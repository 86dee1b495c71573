# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client asks for; the counterpart of client.request."""

from __future__ import annotations

import array
import contextlib
import os
import socket
from dataclasses import dataclass

# Every start of a program has to fit into the kernel's limit for arguments and environment; this is above it.
LIMIT = 8 * 1024 * 1024
READ_SECONDS = 5.0
# The words of the conversation, as in client.py, which imports nothing.
READY, GO, EXIT = b"ready", b"go", b"exit "


class Refused(Exception):
    """The request is not one of a client of ours, or cannot be served here."""


@dataclass(frozen=True)
class Request:
    """A run: where, what, with which environment and standard streams (three open descriptors)."""

    folder: bytes
    arguments: list[bytes]
    environment: dict[bytes, bytes]
    streams: tuple[int, ...]

    def close(self) -> None:
        """Close this process's copies of the standard streams."""
        for descriptor in self.streams:
            with contextlib.suppress(OSError):
                os.close(descriptor)


def receive(connection: socket.socket) -> Request:
    """Read a request; raise Refused. No descriptor is left open then."""
    connection.settimeout(READ_SECONDS)
    streams: list[int] = []
    try:
        data = _first(connection, streams)
        while len(data) < 8 or len(data) < 8 + _size(data):
            part = connection.recv(65536)
            if not part:
                raise Refused("the request is cut short")
            data += part
        return _parse(data[8:], tuple(streams))
    except (OSError, ValueError, Refused) as error:
        for descriptor in streams:
            os.close(descriptor)
        raise Refused(str(error)) from error


def _first(connection: socket.socket, streams: list[int]) -> bytes:
    data, descriptors, _flags, _address = socket.recv_fds(connection, 65536, 3)
    streams.extend(array.array("i", descriptors))
    return data


def _size(data: bytes) -> int:
    size = int.from_bytes(data[:8], "big")
    if size > LIMIT:
        raise Refused("the request is too long")
    return size


def _parse(body: bytes, streams: tuple[int, ...]) -> Request:
    folder, count, *rest = body.split(b"\0")
    arguments, pairs = rest[: int(count)], rest[int(count) :]
    if len(streams) != 3 or not arguments:
        raise Refused("the request lacks standard streams or arguments")
    environment = {key: value for key, _sign, value in (pair.partition(b"=") for pair in pairs)}
    return Request(folder, arguments, environment, streams)
