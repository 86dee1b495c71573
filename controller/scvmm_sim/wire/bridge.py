# SPDX-License-Identifier: Apache-2.0
"""The loopback bridge by which cmdlets in PowerShell processes reach the simulated VMM server: POST /cmdlet."""

from __future__ import annotations

import functools
import json
import logging
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from scvmm_sim.errors import CmdletError
from scvmm_sim.wire.defects import log_defect
from scvmm_sim.wire.listener import Connection, Listener

log = logging.getLogger(__name__)

CmdletCall = Callable[[str, dict[str, Any], str | None], tuple[list[Any], dict[str, Any] | None]]
"""Port to layer 2: (cmdlet, parameters, operation it runs in) -> (objects, job). Raises CmdletError; called from many
threads."""


class BridgeSession:
    """What the bridge knows of one PowerShell shell: its token, what runs in it, and what shall fail in it."""

    def __init__(self, forget: Callable[[str], object]) -> None:
        self.token = secrets.token_urlsafe(32)
        self._forget = forget
        self._lock = threading.Lock()
        self._operations: list[str] = []
        self._errors: list[CmdletError] = []

    def close(self) -> None:
        """The shell is gone: its token is worth nothing any more. Repeatable."""
        self._forget(self.token)

    def begin(self, operation: str) -> None:
        """An operation starts in the shell."""
        with self._lock:
            self._operations.append(operation)

    def end(self, operation: str) -> None:
        """It ended."""
        with self._lock:
            if operation in self._operations:
                self._operations.remove(operation)

    def fail_next(self, error: CmdletError) -> None:
        """The shell's next cmdlet call fails with *error* (a fault rule for the operation as a whole)."""
        with self._lock:
            self._errors.append(error)

    def enter(self) -> str | None:
        """A cmdlet is called: return the operation it runs in, or raise the error that it shall fail with."""
        with self._lock:
            if self._errors:
                raise self._errors.pop(0)
            return self._operations[-1] if self._operations else None


class _BridgeConnection(Connection):
    def __init__(self, *args: object, call: CmdletCall, sessions: dict[str, BridgeSession]) -> None:
        self._call = call
        self._sessions = sessions
        super().__init__(*args)  # type: ignore[arg-type]  # http.server handles the whole connection in here

    def do_POST(self) -> None:
        body = self.read_body()
        if body is None:
            return
        session = self._sessions.get(self.headers.get("token", ""))
        if session is None:
            self._json(HTTPStatus.FORBIDDEN, {"message": "the token is missing or wrong"})
            return
        try:
            asked = json.loads(body)
            cmdlet, parameters = str(asked["cmdlet"]), dict(asked.get("parameters") or {})
        except (ValueError, KeyError, TypeError) as error:
            self._json(HTTPStatus.BAD_REQUEST, {"message": f"expected {{cmdlet, parameters}} as JSON: {error!r}"})
            return
        self._json(HTTPStatus.OK, _answer(self._call, session, cmdlet, parameters))

    def _json(self, status: int, answer: dict[str, Any]) -> None:
        self.reply(status, json.dumps(answer, ensure_ascii=False, default=_plain).encode(), "application/json")


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return str(value)


def _answer(call: CmdletCall, session: BridgeSession, cmdlet: str, parameters: dict[str, Any]) -> dict[str, Any]:
    try:
        objects, job = call(cmdlet, parameters, session.enter())
    except CmdletError as error:
        error.cmdlet = error.cmdlet or cmdlet
        return {
            "error": {
                "number": error.number,
                "id": error.id,
                "message": error.message,
                "recommended_action": error.recommended_action,
                "category": error.category,
                "cmdlet": error.cmdlet,
            }
        }
    except Exception as error:
        # A defect of the simulator must show in PowerShell as an error of this cmdlet, not as a hanging call.
        log_defect(log, f"cmdlet {cmdlet}", error)
        message = f"The simulator failed inside {cmdlet} ({type(error).__name__}): see its log."
        return {"error": {"number": None, "message": message, "category": "InvalidResult", "cmdlet": cmdlet}}
    return {"objects": objects, "job": job}


class CmdletBridge:
    """The bridge's listener, from construction until ``close``; only who knows a session's token is heard."""

    def __init__(self, call: CmdletCall) -> None:
        self._sessions: dict[str, BridgeSession] = {}
        handler = functools.partial(_BridgeConnection, call=call, sessions=self._sessions)
        self._listener = Listener("127.0.0.1", 0, handler, name="bridge")
        self._listener.start()

    @property
    def url(self) -> str:
        """Where the stand-in module posts to."""
        return self._listener.url

    def open_session(self) -> BridgeSession:
        """Let one more shell in."""
        session = BridgeSession(lambda token: self._sessions.pop(token, None))
        self._sessions[session.token] = session
        return session

    def close(self) -> None:
        """Stop listening and end all connections."""
        self._listener.close()
