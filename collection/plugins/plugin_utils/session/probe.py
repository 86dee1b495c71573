# SPDX-License-Identifier: GPL-3.0-or-later
"""A look at an exec host that failed: does anything answer there? Nobody logs in for it."""

from __future__ import annotations

import contextlib
import threading

from . import breaks
from .failures import NEVER
from .hosts import Hosts
from .options import Options

with contextlib.suppress(ImportError):  # libraries.py says so before anything is done
    import requests

_ROUND_SECONDS = 1.0
_LEAST_FAILURE = 500


class Prober:
    """Looks at hosts that failed, in a thread of its own; only where there are several."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        self._ended = threading.Event()
        if hosts.several:
            threading.Thread(target=self._serve, name="prober", daemon=True).start()

    def end(self) -> None:
        """Look no more."""
        self._ended.set()

    def _serve(self) -> None:
        while not self._ended.wait(_ROUND_SECONDS):
            for target in self._hosts.due():
                self._hosts.probed(target, why_silent(target))


def why_silent(target: Options) -> str:
    """Why nothing answers at *target*, or nothing when something does.

    A 401 is an answer: without credentials it is the right one, and a wrong password is never tried by a probe.
    """
    verify = False if target.certificate_fingerprint else target.ca_cert or target.certificate_validation
    try:
        answer = requests.post(
            target.endpoint,
            data=b"",
            headers={"Content-Type": "application/soap+xml;charset=UTF-8"},
            # Without this requests would send what a .netrc holds for the host.
            auth=lambda request: request,
            verify=verify if target.certificate_validation else False,
            timeout=target.connection_timeout,
            allow_redirects=False,
        )
    except breaks.BREAKS as error:
        return breaks.failure(error, target, NEVER).message
    status = answer.status_code
    return f"{target.endpoint} answers with HTTP status {status}" if status >= _LEAST_FAILURE else ""
