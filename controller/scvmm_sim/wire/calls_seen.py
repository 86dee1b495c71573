# SPDX-License-Identifier: Apache-2.0
"""Recognises operations in PSRP data that only passes by, so that they can be logged and faulted."""

from __future__ import annotations

import json
import re
import threading
import uuid
from typing import Any

from scvmm_sim.calls import Call, CallLog
from scvmm_sim.wire.bridge import BridgeSession
from scvmm_sim.wire.fragments import CREATE_PIPELINE, Defragmenter, read_commands
from scvmm_sim.wire.refusals import FUNCTION

_OK = re.compile(r'^\s*\{\s*"ok"\s*:\s*(true|false)')
_ANY_STRING = re.compile(rb"<S[^>]*>(.*)", re.DOTALL)


class SeenCalls:
    """Follows the pipelines of one PowerShell shell, by pipeline id."""

    def __init__(self, log: CallLog, session: BridgeSession) -> None:
        self._log = log
        self._session = session
        self._lock = threading.Lock()
        self._inputs: dict[uuid.UUID, Defragmenter] = {}
        self._calls: dict[uuid.UUID, Call] = {}
        self._results: dict[uuid.UUID, bool] = {}

    def look(self, pipeline_id: uuid.UUID, data: bytes) -> list[tuple[str | None, dict[str, Any]]]:
        """Take data on its way to a pipeline; return its commands: (operation, request), or (None, {}) for others."""
        with self._lock:
            defragmenter = self._inputs.setdefault(pipeline_id, Defragmenter((CREATE_PIPELINE,)))
        try:
            created = [message.data for message in defragmenter.feed(data) if message.type == CREATE_PIPELINE]
            return [self._recognise(pipeline_id, message) for message in created]
        except ValueError:
            # Whatever this is, PowerShell will say so.
            return []

    def _recognise(self, pipeline_id: uuid.UUID, message: bytes) -> tuple[str | None, dict[str, Any]]:
        if FUNCTION.encode() not in message:
            return None, {}
        command = read_commands(message)[0]
        if command.is_script or command.text.lower() != FUNCTION.lower():
            return None, {}
        given = {(name or "").lower().lstrip("-").rstrip(":"): value for name, value in command.parameters}
        try:
            request = json.loads(str(given.get("request") or "{}"))
        except json.JSONDecodeError:
            request = {}
        name = str(given.get("name") or "")
        request = request if isinstance(request, dict) else {}
        with self._lock:
            self._calls[pipeline_id] = self._log.begin(name, request)
        self._session.begin(name)
        return name, request

    def answered(self, pipeline_id: uuid.UUID, head: bytes) -> None:
        """Take the first bytes of an output message."""
        text = _ANY_STRING.match(head)
        found = _OK.match(text.group(1).decode("utf-8", "replace").replace("&quot;", '"')) if text else None
        if found is not None:
            with self._lock:
                self._results[pipeline_id] = found.group(1) == "true"

    def ended(self, pipeline_id: uuid.UUID, ok: bool | None) -> None:
        """The pipeline is over; *ok* None: as its output said. May be told again."""
        with self._lock:
            call = self._calls.pop(pipeline_id, None)
            said = self._results.pop(pipeline_id, False)
            self._inputs.pop(pipeline_id, None)
        if call is not None:
            self._session.end(call.name)
            self._log.end(call, said if ok is None else ok)

    def forget(self, pipeline_id: uuid.UUID) -> None:
        """The pipeline never arrived."""
        with self._lock:
            call = self._calls.pop(pipeline_id, None)
            self._inputs.pop(pipeline_id, None)
        if call is not None:
            self._session.end(call.name)
            self._log.drop(call)
