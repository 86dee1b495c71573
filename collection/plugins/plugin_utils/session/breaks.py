# SPDX-License-Identifier: GPL-3.0-or-later
"""What a broken connection looks like, and what it says about the operation that was under way."""

from __future__ import annotations

from .failures import NEVER, UNKNOWN, EndpointUnfit, LibraryMissing, LoginRefused, SessionFailure, Unreachable
from .options import Options

# ValueError: the server offers no authentication that we may use, or what it sends is no XML (ParseError is a
# SyntaxError). ImportError: Kerberos without its library.
BREAKS: tuple[type[Exception], ...] = (OSError, ValueError, SyntaxError, ImportError)

try:
    import requests
    from pypsrp.exceptions import AuthenticationError, WinRMError, WinRMTransportError, WSManFaultError
    from spnego.exceptions import SpnegoError
except ImportError:
    pass  # libraries.py says so before anything is done
else:
    # pypsrp's own errors and those of requests have no common base.
    BREAKS = (WinRMError, requests.RequestException, SpnegoError, *BREAKS)

# spnego passes on what the library krb5 raises when it gets a ticket by password.
_KERBEROS: tuple[type[Exception], ...] = ()
try:
    from krb5 import Krb5Error
except ImportError:
    pass  # needed for Kerberos only
else:
    _KERBEROS = (Krb5Error,)
    BREAKS = (*_KERBEROS, *BREAKS)

_SHELL_GONE = 2150858843
_ACCESS_DENIED = 5
# Of MIT's krb5.h: KRB5_KDC_UNREACH, KRB5_REALM_CANT_RESOLVE; KRB5KDC_ERR_PREAUTH_FAILED, KRB5KRB_AP_ERR_BAD_INTEGRITY.
_NO_KDC = (-1765328228, -1765328230)
_WRONG_PASSWORD = (-1765328360, -1765328353)


def happened_at_start(error: BaseException) -> str:
    """Whether the operation may have started when sending its command ended with *error*."""
    if isinstance(error, (AuthenticationError, WinRMTransportError, WSManFaultError)):
        return NEVER  # the server answered, and its answer was no
    if isinstance(error, (requests.ConnectTimeout, requests.exceptions.SSLError)):
        return NEVER
    if isinstance(error, requests.ConnectionError) and _names(error) & {
        "NewConnectionError",
        "ConnectTimeoutError",
        "NameResolutionError",
    }:
        return NEVER
    return UNKNOWN


def failure(error: BaseException, options: Options, happened: str) -> SessionFailure:
    """*error* in words that name the endpoint, the obstacle and the remedy."""
    where = options.endpoint
    if isinstance(error, AuthenticationError) or (isinstance(error, WSManFaultError) and error.code == _ACCESS_DENIED):
        return LoginRefused(
            f"{where} refuses user '{options.username}' with authentication {options.authentication}", NEVER
        )
    if isinstance(error, ImportError):
        return LibraryMissing(
            f"authentication {options.authentication} needs a Python library that the control node lacks: "
            f"{_short(error)}. Install it, or choose another authentication",
            NEVER,
        )
    if isinstance(error, (SpnegoError, *_KERBEROS)):
        return _no_login(error, options)
    if isinstance(error, requests.exceptions.SSLError):
        if options.certificate_fingerprint:
            return EndpointUnfit(
                f"{where} has another certificate than certificate_fingerprint says. Find out who answers there; when "
                "it is the exec host with a new certificate, set certificate_fingerprint to that one's SHA-256",
                NEVER,
            )
        remedy = "Set ca_cert to the authority's certificate, or correct host, port or scheme"
        return EndpointUnfit(f"{where}: TLS fails: {_cause(error)}. {remedy}", happened)
    if isinstance(error, WSManFaultError) and error.code == _SHELL_GONE:
        return Unreachable(f"{where} has dropped the session", happened)
    if isinstance(error, WSManFaultError):
        return Unreachable(
            f"{where} answers with WSMan fault {error.code}: {error.reason or 'no reason given'}", happened
        )
    if isinstance(error, WinRMTransportError):
        return _http_failure(error, where, happened)
    if isinstance(error, ValueError):
        return EndpointUnfit(f"{where}: {_short(error)}", happened)
    return Unreachable(f"{where} is not reached: {_cause(error)}", happened)


def _no_login(error: BaseException, options: Options) -> SessionFailure:
    """The login ended on this side: without a ticket, or because the KDC refused one or did not answer."""
    code = getattr(error, "err_code", None)
    why = "the KDC refuses the password" if code in _WRONG_PASSWORD else _short(error)
    who = f"authentication {options.authentication} for user '{options.username}'"
    message = f"{options.endpoint}: {who} is not possible: {why}"
    if code in _NO_KDC:
        return Unreachable(f"{message}. Check the realm and its KDC in krb5.conf", NEVER)
    if options.authentication == "kerberos" and not options.password:
        message += ". Get a ticket with kinit, or set username (user@REALM) and password"
    return LoginRefused(message, NEVER)


def _http_failure(error: WinRMTransportError, where: str, happened: str) -> SessionFailure:
    if error.code == 404:
        return EndpointUnfit(f"{where} is no WinRM endpoint (HTTP 404). Check port and path", happened)
    return Unreachable(f"{where} answers with HTTP status {error.code}", happened)


def _cause(error: BaseException) -> str:
    """The innermost reason, which is the one that people understand."""
    names = _names(error)
    if "NameResolutionError" in names:
        return "its name is not known"
    if "ConnectTimeoutError" in names or isinstance(error, requests.Timeout):
        return "no answer in time"
    inner: BaseException = error
    while True:
        following = inner.__cause__ or inner.__context__ or getattr(inner, "reason", None)
        if not isinstance(following, BaseException) or following is inner:
            break
        inner = following
    if isinstance(inner, OSError) and inner.strerror:
        return inner.strerror.lower()
    return _short(inner)


def _names(error: BaseException) -> set[str]:
    """The class names of *error* and all that caused it."""
    names: set[str] = set()
    waiting: list[BaseException] = [error]
    while waiting and len(names) < 20:
        current = waiting.pop()
        names.add(type(current).__name__)
        parts = [current.__cause__, current.__context__, getattr(current, "reason", None), *current.args]
        waiting += [part for part in parts if isinstance(part, BaseException) and type(part).__name__ not in names]
    return names


def _short(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:300]
