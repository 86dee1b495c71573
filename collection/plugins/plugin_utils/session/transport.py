# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP below a session: credentials, certificates, and what makes a connection a new one."""

from __future__ import annotations

from typing import Any

from .options import Options

try:
    import requests
    from pypsrp.wsman import WSMan
except ImportError:
    pass  # libraries.py says so before anything is done

# The smallest request that needs a login (DMTF DSP0226, section 11).
IDENTIFY = (
    b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    b'xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd">'
    b"<s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>"
)


def wsman(options: Options) -> WSMan:
    """A WSMan client for the host of *options*; nothing is sent yet."""
    validation: Any = (
        options.ca_cert if options.ca_cert and options.certificate_validation else options.certificate_validation
    )
    made = WSMan(
        options.host,
        port=options.port,
        username=options.username or None,
        password=options.password or None,
        ssl=options.scheme == "https",
        path=options.path,
        auth=options.authentication,
        encryption=options.encryption,
        cert_validation=False if options.certificate_fingerprint else validation,
        connection_timeout=options.connection_timeout,
        operation_timeout=options.operation_timeout,
        read_timeout=options.read_timeout,
        certificate_pem=options.certificate_pem or None,
        certificate_key_pem=options.certificate_key_pem or None,
    )
    if options.certificate_fingerprint:
        _pin(made, options.certificate_fingerprint)
    return made


def _pin(made: WSMan, fingerprint: str) -> None:
    """Let every connection that *made* builds, now or later, accept the pinned certificate only."""
    transport: Any = made.transport
    build = transport._build_session

    def build_pinned() -> requests.Session:
        session: requests.Session = build()
        # Compared below requests, also when the chain is not looked at: the fingerprint says more than any authority.
        adapter: Any = session.get_adapter("https://")
        adapter.poolmanager.connection_pool_kw["assert_fingerprint"] = fingerprint
        return session

    transport._build_session = build_pinned


def renew(made: WSMan) -> None:
    """Close the connection and forget its security context; the shell on the other end stays."""
    transport: Any = made.transport
    transport.close()
    transport.session = transport.encryption = None


def is_dropped(made: WSMan) -> bool:
    """Whether the other end has closed the connection; False also when that cannot be told (behind a proxy)."""
    transport: Any = made.transport
    if transport.session is None:
        return False
    pools = transport.session.get_adapter(transport.endpoint).poolmanager.pools
    found = [pools.get(key) for key in pools.keys()]  # noqa: SIM118  # urllib3's container refuses to be iterated over
    connections = [connection for pool in found if pool is not None and pool.pool for connection in pool.pool.queue]
    open_ones = [connection for connection in connections if connection is not None and connection.sock is not None]
    return bool(open_ones) and not any(getattr(connection, "is_connected", True) for connection in open_ones)
