# SPDX-License-Identifier: Apache-2.0
"""A small HTTPS server that stands for an API server: it is ready, and says on which host it is.

apiserver.py PORT CERTIFICATE
"""

import http.server
import socket
import ssl
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers everything with the host's name."""

    def do_GET(self) -> None:
        """Answer."""
        body = socket.gethostname().encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Be quiet."""


class Server(http.server.ThreadingHTTPServer):
    """A handshake that does not end holds up nobody else."""

    address_family = socket.AF_INET6
    daemon_threads = True

    def finish_request(self, request, client_address) -> None:  # type: ignore[no-untyped-def]
        """Do the handshake in the thread of the connection."""
        super().finish_request(CONTEXT.wrap_socket(request, server_side=True), client_address)

    def handle_error(self, request, client_address) -> None:  # type: ignore[no-untyped-def]
        """Connections break off here all the time."""


CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
CONTEXT.load_cert_chain(sys.argv[2])
Server(("::", int(sys.argv[1])), Handler).serve_forever()
