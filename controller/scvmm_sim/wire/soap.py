# SPDX-License-Identifier: Apache-2.0
"""WS-Management envelopes: read what clients send, write what Windows would answer (MS-WSMV)."""

from __future__ import annotations

import re
import uuid
from base64 import b64encode
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from scvmm_sim.wire.faults import WsmanFault, bad_request
from scvmm_sim.wire.outbox import Delivery
from scvmm_sim.wire.xml import parse_xml

SOAP = "http://www.w3.org/2003/05/soap-envelope"
ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
WSMAN = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
IDENTIFY = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"
POWERSHELL = "http://schemas.microsoft.com/powershell"
CONFIG = "http://schemas.microsoft.com/wbem/wsman/1/config"
FAULT = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
ANONYMOUS = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"

DEFAULT_OPERATION_SECONDS = 60.0
"""What Windows waits when a request names no OperationTimeout (MaxTimeoutms)."""

_DURATION = re.compile(r"-?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$")


@dataclass(frozen=True)
class Envelope:
    """A request: its header's fields and its body's first element."""

    action: str
    message_id: str
    resource_uri: str
    operation_seconds: float
    selectors: dict[str, str]
    body: ElementTree.Element | None

    @property
    def verb(self) -> str:
        """The last part of the action: Create, Delete, Command, Send, Receive, Signal, Get."""
        return self.action.rsplit("/", 1)[-1]

    def required_body(self) -> ElementTree.Element:
        """Return the body's element, or raise WsmanFault when there is none."""
        if self.body is None:
            raise bad_request(f"{self.verb} has no body")
        return self.body


def seconds_of(duration: str | None, default: float) -> float:
    """Return the seconds of an XML duration such as PT20S, or *default* for none or one that cannot be read."""
    match = _DURATION.match(duration.strip()) if duration else None
    if match is None:
        return default
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def read_envelope(data: bytes) -> Envelope:
    """Read a request. Raises WsmanFault when it is no SOAP envelope."""
    try:
        root = parse_xml(data)
    except ElementTree.ParseError as error:
        raise bad_request(f"it is not XML ({error})") from None
    header = root.find(f"{{{SOAP}}}Header")
    body = root.find(f"{{{SOAP}}}Body")
    if root.tag != f"{{{SOAP}}}Envelope" or header is None or body is None:
        raise bad_request("it is not a SOAP envelope with Header and Body")
    first = body[0] if len(body) else None
    if first is not None and first.tag == f"{{{IDENTIFY}}}Identify":
        return Envelope("Identify", "", "", 0, {}, first)
    selectors = {
        selector.get("Name", ""): selector.text or ""
        for selector in header.iterfind(f"{{{WSMAN}}}SelectorSet/{{{WSMAN}}}Selector")
    }
    return Envelope(
        action=(header.findtext(f"{{{ADDRESSING}}}Action") or "").strip(),
        message_id=(header.findtext(f"{{{ADDRESSING}}}MessageID") or "").strip(),
        resource_uri=(header.findtext(f"{{{WSMAN}}}ResourceURI") or "").strip(),
        operation_seconds=seconds_of(header.findtext(f"{{{WSMAN}}}OperationTimeout"), DEFAULT_OPERATION_SECONDS),
        selectors=selectors,
        body=first,
    )


def _write(action: str, relates_to: str, body: str) -> bytes:
    return (
        f'<s:Envelope xml:lang="en-US" xmlns:s="{SOAP}" xmlns:a="{ADDRESSING}" xmlns:w="{WSMAN}" '
        f'xmlns:x="{TRANSFER}" xmlns:rsp="{SHELL}"><s:Header><a:Action>{escape(action)}</a:Action>'
        f"<a:MessageID>uuid:{str(uuid.uuid4()).upper()}</a:MessageID><a:To>{ANONYMOUS}</a:To>"
        f"<a:RelatesTo>{escape(relates_to)}</a:RelatesTo></s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def answer(request: Envelope, body: str = "") -> bytes:
    """Write the response to *request* around the XML text *body*."""
    return _write(f"{request.action}Response", request.message_id, body)


def identity() -> bytes:
    """Write the answer to Identify."""
    return (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Header/><s:Body><i:IdentifyResponse xmlns:i="{IDENTIFY}">'
        f"<i:ProtocolVersion>{WSMAN}</i:ProtocolVersion><i:ProductVendor>scvmm-sim</i:ProductVendor>"
        "<i:ProductVersion>OS: 0.0.0 SP: 0.0 Stack: 3.0</i:ProductVersion></i:IdentifyResponse></s:Body></s:Envelope>"
    ).encode()


def shell_element(shell_id: str, resource_uri: str, owner: str, idle_seconds: float) -> str:
    """Write the element that describes a shell."""
    return (
        f"<rsp:Shell><rsp:ShellId>{escape(shell_id)}</rsp:ShellId><rsp:ResourceUri>{escape(resource_uri)}"
        f"</rsp:ResourceUri><rsp:Owner>{escape(owner)}</rsp:Owner><rsp:ClientIP>127.0.0.1</rsp:ClientIP>"
        f"<rsp:IdleTimeOut>PT{idle_seconds:.3f}S</rsp:IdleTimeOut><rsp:InputStreams>stdin pr</rsp:InputStreams>"
        "<rsp:OutputStreams>stdout</rsp:OutputStreams><rsp:State>Connected</rsp:State></rsp:Shell>"
    )


def created(shell_id: str, resource_uri: str, shell: str, endpoint: str) -> str:
    """Write the body that answers Create; *shell* is its shell element."""
    return (
        f"<x:ResourceCreated><a:Address>{escape(endpoint)}</a:Address><a:ReferenceParameters><w:ResourceURI>"
        f'{escape(resource_uri)}</w:ResourceURI><w:SelectorSet><w:Selector Name="ShellId">{escape(shell_id)}'
        f"</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>{shell}"
    )


def command_response(command_id: str) -> str:
    """Write the body that answers Command."""
    return f"<rsp:CommandResponse><rsp:CommandId>{escape(command_id)}</rsp:CommandId></rsp:CommandResponse>"


def receive_response(delivery: Delivery, command_id: str | None) -> str:
    """Write the body that answers Receive."""
    attribute = f" CommandId={quoteattr(command_id)}" if command_id is not None else ""
    parts = [
        f'<rsp:Stream Name="{chunk.stream}"{attribute}>{b64encode(chunk.data).decode()}</rsp:Stream>'
        for chunk in delivery.chunks
    ]
    if command_id is not None:
        state = "Done" if delivery.done else "Running"
        code = ""
        if delivery.done and delivery.exit_code is not None:
            code = f"<rsp:ExitCode>{delivery.exit_code}</rsp:ExitCode>"
        parts.append(f'<rsp:CommandState{attribute} State="{SHELL}/CommandState/{state}">{code}</rsp:CommandState>')
    return f"<rsp:ReceiveResponse>{''.join(parts)}</rsp:ReceiveResponse>"


def max_envelope_config() -> str:
    """Write the part of the service's configuration that clients ask for: envelopes of 500 kB, as Windows has it."""
    return f'<cfg:Config xmlns:cfg="{CONFIG}"><cfg:MaxEnvelopeSizekb>500</cfg:MaxEnvelopeSizekb></cfg:Config>'


def fault(error: WsmanFault, relates_to: str) -> bytes:
    """Write a SOAP fault."""
    reason = escape(error.reason)
    body = (
        f"<s:Fault><s:Code><s:Value>s:{error.role}</s:Value><s:Subcode><s:Value>{error.subcode}</s:Value></s:Subcode>"
        f'</s:Code><s:Reason><s:Text xml:lang="en-US">{reason}</s:Text></s:Reason><s:Detail><f:WSManFault '
        f'xmlns:f="{FAULT}" Code="{error.code}" Machine="scvmm-sim"><f:Message>{reason}</f:Message></f:WSManFault>'
        "</s:Detail></s:Fault>"
    )
    return _write(f"{WSMAN}/fault", relates_to, body)
