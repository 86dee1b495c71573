# SPDX-License-Identifier: Apache-2.0
"""The whole wire in one object: accounts, shells, service and the HTTP and HTTPS endpoints."""

from __future__ import annotations

import ssl
from collections.abc import Mapping

from scvmm_sim.wire.authentication import Accounts
from scvmm_sim.wire.endpoint import wsman_listener
from scvmm_sim.wire.faults import WireFaults
from scvmm_sim.wire.service import WsmanService
from scvmm_sim.wire.shell import Engine, ShellTable


class WireServer:
    """WSMan endpoints in front of one engine, from ``start`` until ``close`` (which also closes the engine)."""

    def __init__(
        self,
        engine: Engine,
        users: Mapping[str, str],
        wire_faults: WireFaults,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        https_port: int = 0,
        tls: ssl.SSLContext | None = None,
        idle_seconds: float | None = None,
    ) -> None:
        """Bind HTTP, and HTTPS when *tls* is given; *users* maps names to passwords.

        Raises OSError when an address is not free; the engine is then left to the caller.
        """
        self._accounts = Accounts(users)
        try:
            self._shells = ShellTable(engine, idle_seconds)
            service = WsmanService(self._shells, wire_faults)
            self._http = wsman_listener(service, self._accounts, host, port)
            self._https = None
            if tls is not None:
                try:
                    self._https = wsman_listener(service, self._accounts, host, https_port, tls)
                except OSError:
                    self._http.close()
                    raise
        except OSError:
            self._accounts.close()
            raise

    @property
    def port(self) -> int:
        """The HTTP port."""
        return self._http.port

    @property
    def https_port(self) -> int | None:
        """The HTTPS port, None without TLS."""
        return self._https.port if self._https is not None else None

    @property
    def shells(self) -> int:
        """How many shells are open."""
        return len(self._shells)

    def idle_out(self) -> None:
        """Let all shells that are not in use idle out now."""
        self._shells.idle_out()

    def drop_connections(self) -> None:
        """End all connections that are open now; shells stay."""
        self._http.drop_connections()
        if self._https is not None:
            self._https.drop_connections()

    def set_password(self, username: str, password: str) -> None:
        """Give a user another password; who is logged in stays so."""
        self._accounts.set_password(username, password)

    @property
    def opened(self) -> int:
        """How many shells were opened so far."""
        return self._shells.opened

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return self._http.connections + (self._https.connections if self._https is not None else 0)

    @property
    def logins(self) -> dict[str, int]:
        """How many logins were accepted and refused."""
        return self._accounts.logins

    def start(self) -> None:
        """Begin to answer."""
        self._http.start()
        if self._https is not None:
            self._https.start()

    def close(self) -> None:
        """End connections, shells and engine, and forget the accounts."""
        self._http.close()
        if self._https is not None:
            self._https.close()
        self._shells.close_all()
        self._accounts.close()
