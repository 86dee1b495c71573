# SPDX-License-Identifier: Apache-2.0
"""The WSMan service: one SOAP request in, one SOAP answer out."""

from __future__ import annotations

import binascii
import logging
import uuid
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree

from scvmm_sim.wire import soap
from scvmm_sim.wire.faults import (
    ConnectionReset,
    WireFaults,
    WsmanFault,
    bad_request,
    not_supported,
    raise_before_running,
)
from scvmm_sim.wire.outbox import Delivery
from scvmm_sim.wire.shell import ShellRequest, ShellTable

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Caller:
    """Who asks: the authenticated user, the URL asked, and whether the connection still stands."""

    user: str
    endpoint: str
    connected: Callable[[], bool]


@dataclass(frozen=True)
class Answer:
    """An HTTP status and a SOAP body; *undelivered* is called when the client could not be given it."""

    status: int
    body: bytes
    undelivered: Callable[[], None] | None = None


def _decode(text: str | None) -> bytes:
    try:
        return b64decode(text or "", validate=False)
    except (binascii.Error, ValueError) as error:
        raise bad_request(f"a stream is not base64 ({error})") from None


class WsmanService:
    """Answers Identify, Get, Create, Delete, Command, Send, Receive and Signal for the shells of one table."""

    def __init__(self, shells: ShellTable, wire_faults: WireFaults) -> None:
        self._shells = shells
        self._wire_faults = wire_faults
        self._verbs: dict[str, Callable[[soap.Envelope, Caller], bytes]] = {
            "Get": self._get,
            "Create": self._create,
            "Delete": self._delete,
            "Command": self._command,
            "Send": self._send,
            "Signal": self._signal,
        }

    def handle(self, data: bytes, caller: Caller) -> Answer:
        """Answer one request. Raises WireError, but no WsmanFault, when the answer is not SOAP."""
        relates_to = ""
        try:
            request = soap.read_envelope(data)
            relates_to = request.message_id
            self._strike(request)
            if request.verb == "Identify":
                return Answer(200, soap.identity())
            if request.verb == "Receive":
                return self._receive(request, caller)
            verb = self._verbs.get(request.verb)
            if verb is None:
                raise not_supported(f"the action {request.action or '(none)'}")
            return Answer(200, verb(request, caller))
        except WsmanFault as fault:
            log.debug("fault %d: %s", fault.code, fault.reason)
            return Answer(500, soap.fault(fault, relates_to))

    def _strike(self, request: soap.Envelope) -> None:
        """Let a fault rule strike that names no operation. Commands are held against the rules by the engine."""
        fault = None if request.verb == "Command" else self._wire_faults(None, {})
        raise_before_running(fault)
        if fault == "reset":
            raise ConnectionReset("a fault rule resets the connection")
        if fault == "kill_shell" and "ShellId" in request.selectors:
            self._shells.close(request.selectors["ShellId"])

    def _shell_id(self, request: soap.Envelope) -> str:
        shell_id = request.selectors.get("ShellId")
        if not shell_id:
            raise bad_request(f"{request.verb} names no ShellId in its SelectorSet")
        return shell_id

    def _get(self, request: soap.Envelope, caller: Caller) -> bytes:
        if request.resource_uri == soap.CONFIG:
            return soap.answer(request, soap.max_envelope_config())
        if request.resource_uri.startswith(soap.SHELL):
            shell, idle = self._shells.describe(self._shell_id(request))
            body = soap.shell_element(shell.shell_id, shell.resource_uri, shell.owner, idle)
            return soap.answer(request, body)
        raise not_supported(f"Get of {request.resource_uri}")

    def _create(self, request: soap.Envelope, caller: Caller) -> bytes:
        body = request.required_body()
        creation = body.findtext(f"{{{soap.POWERSHELL}}}creationXml")
        environment = {
            variable.get("Name", ""): variable.text or ""
            for variable in body.iterfind(f"{{{soap.SHELL}}}Environment/{{{soap.SHELL}}}Variable")
        }
        idle_text = body.findtext(f"{{{soap.SHELL}}}IdleTimeOut") or body.get("IdleTimeOut")
        idle_wish = soap.seconds_of(idle_text, 0)
        wanted = ShellRequest(
            shell_id=(body.get("ShellId") or str(uuid.uuid4())).upper(),
            resource_uri=request.resource_uri,
            owner=caller.user,
            creation=None if creation is None else _decode(creation),
            idle_seconds=idle_wish or None,
            environment=environment,
            working_directory=body.findtext(f"{{{soap.SHELL}}}WorkingDirectory"),
        )
        idle = self._shells.open(wanted)
        shell = soap.shell_element(wanted.shell_id, wanted.resource_uri, caller.user, idle)
        return soap.answer(request, soap.created(wanted.shell_id, wanted.resource_uri, shell, caller.endpoint))

    def _delete(self, request: soap.Envelope, caller: Caller) -> bytes:
        self._shells.close(self._shell_id(request))
        return soap.answer(request)

    def _command(self, request: soap.Envelope, caller: Caller) -> bytes:
        line = request.required_body()
        command_id = (line.get("CommandId") or str(uuid.uuid4())).upper()
        command = line.findtext(f"{{{soap.SHELL}}}Command") or ""
        arguments = [element.text or "" for element in line.iterfind(f"{{{soap.SHELL}}}Arguments")]
        with self._shells.use(self._shell_id(request)) as shell:
            shell.command(command_id, command, arguments)
        return soap.answer(request, soap.command_response(command_id))

    def _send(self, request: soap.Envelope, caller: Caller) -> bytes:
        body = request.required_body()
        with self._shells.use(self._shell_id(request)) as shell:
            for stream in body.iterfind(f"{{{soap.SHELL}}}Stream"):
                command_id = stream.get("CommandId")
                shell.send(
                    command_id.upper() if command_id else None,
                    _decode(stream.text),
                    stream=stream.get("Name", "stdin"),
                    end=(stream.get("End") or "").lower() == "true",
                )
        return soap.answer(request, "<rsp:SendResponse/>")

    def _signal(self, request: soap.Envelope, caller: Caller) -> bytes:
        body = request.required_body()
        code = (body.findtext(f"{{{soap.SHELL}}}Code") or "").strip()
        with self._shells.use(self._shell_id(request)) as shell:
            shell.signal((body.get("CommandId") or "").upper(), code)
        return soap.answer(request, "<rsp:SignalResponse/>")

    def _receive(self, request: soap.Envelope, caller: Caller) -> Answer:
        desired: ElementTree.Element | None = request.required_body().find(f"{{{soap.SHELL}}}DesiredStream")
        if desired is None:
            raise bad_request("Receive names no DesiredStream")
        command_id = desired.get("CommandId")
        with self._shells.use(self._shell_id(request)) as shell:
            outbox = shell.outbox(command_id.upper() if command_id else None)
            delivery: Delivery = outbox.take(request.message_id, request.operation_seconds, caller.connected)
        body = soap.answer(request, soap.receive_response(delivery, command_id))
        return Answer(200, body, undelivered=lambda: outbox.give_back(delivery))
