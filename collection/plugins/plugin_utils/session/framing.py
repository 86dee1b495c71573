# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames on the broker's socket: a small JSON head and a body that is passed on unread.

The body is the request's or the answer's JSON text, so the broker neither parses nor copies what can be large.
"""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

_SIZES = struct.Struct(">II")
LARGEST = 256 * 1024 * 1024


def send_frame(sock: socket.socket, head: dict[str, Any], body: str = "") -> None:
    """Send one frame; errors are those of the socket."""
    head_bytes, body_bytes = json.dumps(head).encode(), body.encode("utf-8", "surrogatepass")
    sock.sendall(_SIZES.pack(len(head_bytes), len(body_bytes)) + head_bytes + body_bytes)


def receive_frame(sock: socket.socket) -> tuple[dict[str, Any], str] | None:
    """The next frame, or None at the end of the connection; raises ConnectionError when it ends inside a frame."""
    sizes = _receive(sock, _SIZES.size, at_start=True)
    if sizes is None:
        return None
    head_size, body_size = _SIZES.unpack(sizes)
    if head_size > LARGEST or body_size > LARGEST:
        raise ConnectionError("a frame on the broker's socket is too large")
    data = _receive(sock, head_size + body_size)
    if data is None:
        raise ConnectionError("the connection ended inside a frame")
    return json.loads(bytes(data[:head_size])), bytes(data[head_size:]).decode("utf-8", "surrogatepass")


def _receive(sock: socket.socket, size: int, at_start: bool = False) -> bytearray | None:
    data = bytearray(size)
    view, got = memoryview(data), 0
    while got < size:
        count = sock.recv_into(view[got:])
        if count == 0:
            if at_start and got == 0:
                return None
            raise ConnectionError("the connection ended inside a frame")
        got += count
    return data
