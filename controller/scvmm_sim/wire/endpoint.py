# SPDX-License-Identifier: Apache-2.0
"""The WSMan endpoint: HTTP in front of the service, with authentication and message encryption."""

from __future__ import annotations

import functools
import logging
import ssl
from http import HTTPStatus

from scvmm_sim.wire.authentication import Accounts, Authentication, Denied, Granted, UndecipherableError
from scvmm_sim.wire.certificates import certificate_user
from scvmm_sim.wire.defects import log_defect
from scvmm_sim.wire.faults import ConnectionDropped, ConnectionReset, HttpRefusal
from scvmm_sim.wire.listener import Connection, Listener
from scvmm_sim.wire.service import Answer, Caller, WsmanService

log = logging.getLogger(__name__)

SOAP_TYPE = "application/soap+xml;charset=UTF-8"


class WsmanConnection(Connection):
    """One client connection to the endpoint."""

    def __init__(self, *args: object, service: WsmanService, accounts: Accounts) -> None:
        self._service = service
        connection = args[0]
        user = certificate_user(connection) if isinstance(connection, ssl.SSLSocket) else None
        self._authentication = Authentication(accounts, user)
        super().__init__(*args)  # type: ignore[arg-type]  # http.server handles the whole connection in here

    def do_POST(self) -> None:
        """Answer one WSMan request."""
        body = self.read_body()
        if body is None:
            return
        if self.path.split("?")[0].rstrip("/").lower() not in ("/wsman", "/wsman-anon/identify"):
            self.reply(HTTPStatus.NOT_FOUND, b"")
            return
        match self._authentication.check(self.headers.get("Authorization")):
            case Denied(offers):
                self.reply(HTTPStatus.UNAUTHORIZED, b"", None, tuple(("WWW-Authenticate", offer) for offer in offers))
            case Granted(user, token):
                self._answer(body, user, (("WWW-Authenticate", token),) if token is not None else ())

    def _answer(self, body: bytes, user: str, headers: tuple[tuple[str, str], ...]) -> None:
        if not body:
            # A handshake that will send encrypted messages carries no SOAP.
            self.reply(HTTPStatus.OK, b"", SOAP_TYPE, headers)
            return
        try:
            message, encrypted = self._authentication.decrypt(self.headers.get("Content-Type", ""), body)
            server = self.server
            assert isinstance(server, Listener)
            answer = self._service.handle(message, Caller(user, f"{server.url}/wsman", self.connected))
        except UndecipherableError as error:
            log.info("request refused: %s", error)
            self.reply(HTTPStatus.BAD_REQUEST, b"", None, headers)
        except HttpRefusal as refusal:
            self.reply(refusal.status, b"", None, headers)
        except ConnectionDropped:
            self.close_connection = True
        except ConnectionReset:
            self.reset()
        except Exception as error:
            log_defect(log, "a WSMan request", error)
            self.reply(HTTPStatus.INTERNAL_SERVER_ERROR, b"", None, headers)
        else:
            self._deliver(answer, encrypted, headers)

    def _deliver(self, answer: Answer, encrypted: bool, headers: tuple[tuple[str, str], ...]) -> None:
        content_type, body = SOAP_TYPE, answer.body
        if encrypted:
            content_type, body = self._authentication.encrypt(body)
        delivered = self.connected() and self.reply(answer.status, body, content_type, headers)
        if not delivered:
            self.close_connection = True
            if answer.undelivered is not None:
                answer.undelivered()


def wsman_listener(
    service: WsmanService, accounts: Accounts, host: str, port: int, tls: ssl.SSLContext | None = None
) -> Listener:
    """Bind an endpoint; it answers once started. Raises OSError when the address is not free."""
    handler = functools.partial(WsmanConnection, service=service, accounts=accounts)
    return Listener(host, port, handler, name="wsman", tls=tls)
