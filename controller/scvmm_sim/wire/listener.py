# SPDX-License-Identifier: Apache-2.0
"""A small threaded HTTP(S) listener: one thread a connection, keep-alive, one write an answer, a quick end."""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

log = logging.getLogger(__name__)

HANDSHAKE_SECONDS = 10
MAX_BODY_BYTES = 64 * 1024 * 1024
BACKLOG = 256


class Connection(BaseHTTPRequestHandler):
    """One client connection. Subclasses answer requests in do_GET, do_POST, … with ``reply``."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_version = "scvmm-sim"
    sys_version = ""

    def log_message(self, format: str, *args: Any) -> None:
        """Write http.server's lines to the log, which never holds bodies."""
        log.debug("%s %s", self.address_string(), format % args)

    def read_body(self) -> bytes | None:
        """Read the request's body, or answer why not and return None."""
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            length = -1
        if self.headers.get("Transfer-Encoding") or not 0 <= length <= MAX_BODY_BYTES:
            self.close_connection = True
            self.reply(HTTPStatus.LENGTH_REQUIRED, b"")
            return None
        return self.rfile.read(length)

    def reply(
        self, status: int, body: bytes, content_type: str | None = None, headers: tuple[tuple[str, str], ...] = ()
    ) -> bool:
        """Write head and body at once; False when the client is gone."""
        reason = HTTPStatus(status).phrase
        lines = [f"HTTP/1.1 {status} {reason}", "Server: scvmm-sim", f"Content-Length: {len(body)}"]
        if content_type is not None:
            lines.append(f"Content-Type: {content_type}")
        if self.close_connection:
            lines.append("Connection: close")
        lines += [f"{name}: {value}" for name, value in headers]
        try:
            self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        except OSError:
            self.close_connection = True
            return False
        return True

    def connected(self) -> bool:
        """Tell whether the client still holds the connection open."""
        flags = socket.MSG_PEEK | socket.MSG_DONTWAIT
        try:
            # The look is below TLS, whose own recv takes no flags.
            waiting = socket.socket.recv(self.connection, 1, flags)
        except BlockingIOError:
            return True
        except OSError:
            return False
        # A client that is waiting sends nothing; bytes on a TLS connection are then its farewell.
        return waiting != b"" and not isinstance(self.connection, ssl.SSLSocket)

    def reset(self) -> None:
        """End the connection with a TCP reset instead of an orderly close."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Listener:
    """Accepts connections on *host* and *port* (0: a free one) from ``start`` until ``close``."""

    def __init__(
        self, host: str, port: int, handler: Callable[..., Connection], *, name: str, tls: ssl.SSLContext | None = None
    ) -> None:
        """Bind at once, so that ``port`` is known. Raises OSError when the address is not free."""
        self._handler = handler
        self._tls = tls
        self._name = name
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._closing = False
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=BACKLOG)
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, name=f"scvmm-sim-{name}", daemon=True)

    @property
    def url(self) -> str:
        """The listener's base URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}"

    @property
    def connections(self) -> int:
        """How many connections are open."""
        with self._lock:
            # A TLS connection is there twice: as it was accepted, which has no descriptor any more, and wrapped.
            return sum(1 for connection in self._open if connection.fileno() >= 0)

    def start(self) -> None:
        """Begin to accept."""
        self._thread.start()

    def close(self) -> None:
        """Stop accepting and end all connections."""
        self._closing = True
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        if self._thread.ident is not None:
            self._thread.join(5)
        self.drop_connections()

    def drop_connections(self) -> None:
        """End all connections that are open now."""
        with self._lock:
            left = list(self._open)
        for connection in left:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self._closing:
            try:
                connection, address = self._socket.accept()
            except OSError:
                if self._closing:
                    return
                continue
            with self._lock:
                self._open.add(connection)
            threading.Thread(
                target=self._serve, args=(connection, address), name=f"scvmm-sim-{self._name}-connection", daemon=True
            ).start()

    def _serve(self, connection: socket.socket, address: Any) -> None:
        current = connection
        try:
            if self._tls is not None:
                connection.settimeout(HANDSHAKE_SECONDS)
                current = self._tls.wrap_socket(connection, server_side=True)
                current.settimeout(None)
                with self._lock:
                    self._open.add(current)
            self._handler(current, address, self)
        except (OSError, ValueError) as error:
            log.debug("connection of %s ended: %s", address, error)
        finally:
            with self._lock:
                self._open -= {connection, current}
            current.close()
