# SPDX-License-Identifier: Apache-2.0
"""Who is on the other end of a connection: Basic, NTLM or Negotiate with message encryption, or a TLS certificate."""

from __future__ import annotations

import binascii
import hmac
import os
import re
import tempfile
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import spnego
from pypsrp.encryption import WinRMEncryption
from pypsrp.exceptions import WinRMError
from spnego._ntlm_raw.crypto import ntowfv1

from scvmm_sim.errors import FabricError

# spnego finds an acceptor's passwords only through this variable: it is set while one step runs, under a lock.
_STORE_VARIABLE = "NTLM_USER_FILE"
# It is there from the start, empty: another thread that walks over the environment must not see it come and go.
os.environ.setdefault(_STORE_VARIABLE, "")
_store_lock = threading.Lock()

# Names the keys of the services, for MIT's library; with it, and with the Python library gssapi, Kerberos is taken too.
_KEYTAB_VARIABLE = "KRB5_KTNAME"

OFFERS = ("Negotiate", 'Basic realm="WSMAN"')
"""What a 401 offers, in WWW-Authenticate headers of their own."""

CERTIFICATE_SCHEME = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"
"""The Authorization header of a client that shows who it is by its TLS certificate."""

_ENCRYPTED = re.compile(r"multipart/(?:x-multi-)?encrypted", re.IGNORECASE)
_BOUNDARY = re.compile(r'boundary="([^"]+)"', re.IGNORECASE)


class UndecipherableError(Exception):
    """An encrypted message does not belong to this connection's security context."""


class _Context(Protocol):
    complete: bool
    client_principal: str | None
    negotiated_protocol: str | None

    def step(self, in_token: bytes) -> bytes | None: ...


class Accounts:
    """The users that may log on, kept for spnego as NT hashes in a private file."""

    def __init__(self, passwords: Mapping[str, str]) -> None:
        """*passwords* by user name. Raises FabricError for a name that nobody could log on with."""
        for name in passwords:
            if ":" in name or not name.isprintable():
                message = f"users: username {name!r} holds a colon or a control character. Choose a name without."
                raise FabricError(message)
        self._passwords: dict[str, str] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="scvmm-sim-accounts-")
        self._store = Path(self._folder.name) / "accounts"
        self._store.touch(mode=0o600)
        self._write(passwords)
        self._counting = threading.Lock()
        self._logins = {"accepted": 0, "refused": 0}

    def __enter__(self) -> Accounts:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the file."""
        self._folder.cleanup()

    def _write(self, passwords: Mapping[str, str]) -> None:
        self._all = dict(passwords)
        self._passwords = {name.lower(): password for name, password in passwords.items()}
        lines = [
            f"{name}:0:{'0' * 32}:{ntowfv1(password).hex().upper()}:[U]:LCT-00000000"
            for name, password in passwords.items()
        ]
        with _store_lock:
            self._store.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def set_password(self, name: str, password: str) -> None:
        """Give user *name* (as the fabric writes it) another password."""
        self._write({**self._all, name: password})

    def matches(self, name: str, password: str) -> bool:
        """Tell whether *password* is that of user *name* (upper and lower case alike)."""
        known = self._passwords.get(name.lower())
        return known is not None and hmac.compare_digest(known.encode(), password.encode())

    def knows(self, name: str) -> bool:
        """Tell whether there is a user *name*."""
        return name.lower() in self._passwords

    def count(self, *, accepted: bool) -> None:
        """Note that somebody has shown a password or a certificate, and whether it was right."""
        with self._counting:
            self._logins["accepted" if accepted else "refused"] += 1

    @property
    def logins(self) -> dict[str, int]:
        """How many logins were accepted and refused; with Basic each request is one."""
        return dict(self._logins)

    @contextmanager
    def offered(self) -> Iterator[None]:
        """Let spnego find the accounts while the block runs."""
        with _store_lock:
            before = os.environ[_STORE_VARIABLE]
            os.environ[_STORE_VARIABLE] = str(self._store)
            try:
                yield
            finally:
                os.environ[_STORE_VARIABLE] = before


@dataclass(frozen=True)
class Granted:
    """The request comes from *user*; *token* ends the client's handshake."""

    user: str
    token: str | None = None


@dataclass(frozen=True)
class Denied:
    """The request is answered 401 with these WWW-Authenticate headers."""

    headers: tuple[str, ...] = OFFERS


class Authentication:
    """The security state of one connection: NTLM authenticates connections, not requests."""

    def __init__(self, accounts: Accounts, certificate_user: str | None = None) -> None:
        """*certificate_user*: whom the client's TLS certificate names, when it has shown one."""
        self._accounts = accounts
        self._certificate_user = certificate_user
        self._context: _Context | None = None
        self._encryption: WinRMEncryption | None = None
        self._user: str | None = None

    def check(self, authorization: str | None) -> Granted | Denied:
        """Judge a request by its Authorization header and by what the connection has shown before."""
        if authorization is None:
            return Granted(self._user) if self._user is not None else Denied()
        if authorization == CERTIFICATE_SCHEME:
            return self._certificate()
        scheme, _, text = authorization.partition(" ")
        try:
            token = b64decode(text, validate=True)
        except binascii.Error:
            return Denied()
        match scheme.lower():
            case "basic":
                return self._basic(token)
            case "negotiate" | "ntlm":
                return self._negotiate(scheme, token)
            case _:
                return Denied()

    def _certificate(self) -> Granted | Denied:
        user = self._certificate_user
        known = user is not None and self._accounts.knows(user)
        self._accounts.count(accepted=known)
        return Granted(user) if user is not None and known else Denied()

    def _basic(self, token: bytes) -> Granted | Denied:
        # RFC 7617 leaves the charset open: some clients send UTF-8, requests sends ISO 8859-1.
        for charset in ("utf-8", "latin-1"):
            name, _, password = token.decode(charset, "replace").partition(":")
            if self._accounts.matches(name, password):
                self._accounts.count(accepted=True)
                return Granted(name)
        self._accounts.count(accepted=False)
        return Denied()

    def _negotiate(self, scheme: str, token: bytes) -> Granted | Denied:
        context = self._context
        try:
            with self._accounts.offered():
                if context is None or context.complete:
                    context = self._context = self._new_context(token)
                    self._encryption = self._user = None
                reply = context.step(token)
        except spnego.exceptions.SpnegoError:
            self._context = None
            self._accounts.count(accepted=False)
            return Denied()
        text = b64encode(reply).decode() if reply else None
        if not context.complete:
            return Denied((f"{scheme} {text}",)) if text else Denied()
        user = context.client_principal or "unknown"
        if context.negotiated_protocol == "kerberos" and not self._accounts.knows(user):
            # NTLM knows nobody else; a KDC vouches for all of its realm.
            self._context = None
            self._accounts.count(accepted=False)
            return Denied()
        self._accounts.count(accepted=True)
        self._user = user
        self._encryption = WinRMEncryption(context, WinRMEncryption.SPNEGO)
        return Granted(self._user, f"{scheme} {text}" if text else None)

    @staticmethod
    def _new_context(token: bytes) -> _Context:
        # Clients put bare NTLM and Kerberos tokens under the Negotiate scheme as well.
        protocol = "ntlm" if token.startswith(b"NTLMSSP\x00") else "negotiate"
        options = spnego.NegotiateOptions.use_negotiate
        if protocol == "ntlm" or _KEYTAB_VARIABLE not in os.environ:
            options |= spnego.NegotiateOptions.use_ntlm  # within Negotiate too, which leaves Kerberos out
        return cast(_Context, spnego.server(hostname="scvmm-sim", service="http", protocol=protocol, options=options))

    def decrypt(self, content_type: str, body: bytes) -> tuple[bytes, bool]:
        """Return the SOAP text and whether it came encrypted.

        Raises UndecipherableError when it does not belong to this connection's handshake.
        """
        if _ENCRYPTED.match(content_type) is None:
            return body, False
        boundary = _BOUNDARY.search(content_type)
        if self._encryption is None or boundary is None:
            raise UndecipherableError("an encrypted message came on a connection without a security context")
        try:
            return self._encryption.unwrap_message(body, boundary.group(1)), True
        except (spnego.exceptions.SpnegoError, WinRMError, ValueError, IndexError) as error:
            raise UndecipherableError(f"an encrypted message cannot be read ({error})") from None

    def encrypt(self, body: bytes) -> tuple[str, bytes]:
        """Return content type and body of the encrypted message."""
        assert self._encryption is not None
        kind, data = self._encryption.wrap_message(body)
        return f'{kind};protocol="{WinRMEncryption.SPNEGO}";boundary="Encrypted Boundary"', data
