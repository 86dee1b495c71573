# SPDX-License-Identifier: Apache-2.0
"""The loopback bridge by which cmdlets in PowerShell processes reach the simulated VMM server: POST /cmdlet."""

from __future__ import annotations

import functools
import hmac
import json
import logging
import secrets
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from scvmm_sim.errors import CmdletError
from scvmm_sim.wire.listener import Connection, Listener

log = logging.getLogger(__name__)

CmdletCall = Callable[[str, dict[str, Any]], tuple[list[dict[str, Any]], dict[str, Any] | None]]
"""Port to layer 2: (cmdlet, parameters) -> (objects, job). Raises CmdletError; called from many threads."""


class _BridgeConnection(Connection):
    def __init__(self, *args: object, call: CmdletCall, token: str) -> None:
        self._call = call
        self._token = token
        super().__init__(*args)  # type: ignore[arg-type]  # http.server handles the whole connection in here

    def do_POST(self) -> None:
        body = self.read_body()
        if body is None:
            return
        if not hmac.compare_digest(self.headers.get("token", "").encode(), self._token.encode()):
            self._json(HTTPStatus.FORBIDDEN, {"message": "the token is missing or wrong"})
            return
        try:
            asked = json.loads(body)
            cmdlet, parameters = str(asked["cmdlet"]), dict(asked.get("parameters") or {})
        except (ValueError, KeyError, TypeError) as error:
            self._json(HTTPStatus.BAD_REQUEST, {"message": f"expected {{cmdlet, parameters}} as JSON: {error!r}"})
            return
        self._json(HTTPStatus.OK, _answer(self._call, cmdlet, parameters))

    def _json(self, status: int, answer: dict[str, Any]) -> None:
        self.reply(status, json.dumps(answer, ensure_ascii=False).encode(), "application/json")


def _answer(call: CmdletCall, cmdlet: str, parameters: dict[str, Any]) -> dict[str, Any]:
    try:
        objects, job = call(cmdlet, parameters)
    except CmdletError as error:
        return {
            "error": {
                "number": error.number,
                "id": error.id,
                "message": error.message,
                "recommended_action": error.recommended_action,
                "category": error.category,
                "cmdlet": error.cmdlet or cmdlet,
            }
        }
    except Exception as error:
        # A defect of the simulator must show in PowerShell as an error of this cmdlet, not as a hanging call.
        log.exception("cmdlet %s failed inside the simulator", cmdlet)
        message = f"The simulator failed inside {cmdlet} ({type(error).__name__}): see its log."
        return {"error": {"number": None, "message": message, "category": "InvalidResult", "cmdlet": cmdlet}}
    return {"objects": objects, "job": job}


class CmdletBridge:
    """The bridge's listener, from construction until ``close``; only who knows the token is heard."""

    def __init__(self, call: CmdletCall) -> None:
        self.token = secrets.token_urlsafe(32)
        handler = functools.partial(_BridgeConnection, call=call, token=self.token)
        self._listener = Listener("127.0.0.1", 0, handler, name="bridge")
        self._listener.start()

    @property
    def url(self) -> str:
        """Where the stand-in module posts to."""
        return self._listener.url

    def close(self) -> None:
        """Stop listening and end all connections."""
        self._listener.close()
