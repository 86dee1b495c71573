# SPDX-License-Identifier: Apache-2.0
"""Read PSRP messages out of fragments (MS-PSRP 2.2.1 and 2.2.4), no more of each than is asked for."""

from __future__ import annotations

import struct
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from psrpcore.types import PSCryptoProvider, PSSecureString, deserialize

from scvmm_sim.wire.xml import parse_xml

CREATE_PIPELINE = 0x00021006
GET_COMMAND_METADATA = 0x0002100A
PIPELINE_OUTPUT = 0x00041004
PIPELINE_STATE = 0x00041006

FAILED = 5
FINISHED_STATES = frozenset({3, 4, FAILED})
"""PSInvocationState: Stopped, Completed, Failed (Disconnected is not an end)."""

_FRAGMENT = struct.Struct(">QQBI")
_MESSAGE = struct.Struct("<II16s16s")
_END = 2


@dataclass(frozen=True)
class Message:
    """A message: its type, its pipeline (None: the pool) and its CLIXML, empty when that was not asked for."""

    type: int
    pipeline_id: uuid.UUID | None
    data: bytes


@dataclass(frozen=True)
class Command:
    """A command of a pipeline: its name or script text, and (name or None, value) of each parameter."""

    text: str
    is_script: bool
    parameters: list[tuple[str | None, Any]]


class Defragmenter:
    """Puts messages together from the fragments of one stream; raises ValueError when they do not fit.

    Data of types that are not in *kept* is dropped as it comes, or cut off after *head* bytes.
    """

    def __init__(self, kept: Collection[int], head: int = 0) -> None:
        self._kept = kept
        self._head = head
        self._pending: dict[int, list[bytes]] = {}
        self._rest = b""

    def feed(self, data: bytes) -> list[Message]:
        """Take data that holds fragments; return the messages that it completes."""
        data = self._rest + data if self._rest else data
        messages: list[Message] = []
        at = 0
        while len(data) - at >= _FRAGMENT.size:
            object_id, number, flags, length = _FRAGMENT.unpack_from(data, at)
            end = at + _FRAGMENT.size + length
            if end > len(data):
                break
            self._add(object_id, number, data[at + _FRAGMENT.size : end])
            if flags & _END:
                messages.append(self._complete(object_id))
            at = end
        self._rest = data[at:]
        return messages

    def _add(self, object_id: int, number: int, blob: bytes) -> None:
        if number == 0:
            self._pending[object_id] = [blob]
            return
        parts = self._pending.get(object_id)
        if parts is None:
            raise ValueError(f"fragment {number} of PSRP object {object_id} came without its first fragment")
        kept = len(parts[0]) < _MESSAGE.size or _type_of(parts[0]) in self._kept
        if kept or sum(map(len, parts)) < _MESSAGE.size + self._head:
            parts.append(blob)

    def _complete(self, object_id: int) -> Message:
        whole = b"".join(self._pending.pop(object_id))
        if len(whole) < _MESSAGE.size:
            raise ValueError(f"PSRP object {object_id} is shorter than a message's head")
        _destination, kind, _pool, pipeline = _MESSAGE.unpack_from(whole)
        identity = uuid.UUID(bytes_le=pipeline)
        data = whole[_MESSAGE.size :].removeprefix(b"\xef\xbb\xbf")
        if kind not in self._kept:
            data = data[: self._head]
        return Message(kind, identity if identity.int else None, data)


def _type_of(head: bytes) -> int:
    return int.from_bytes(head[4:8], "little")


def read_commands(data: bytes, secrets: PSCryptoProvider | None = None) -> list[Command]:
    """Return the commands of a CREATE_PIPELINE message's first statement. Raises ValueError when it has none.

    *secrets* opens secure strings; without it they are None.

    psrpcore would build objects for all of the message (host, stream options, history…), at many times the cost.
    """
    try:
        root = parse_xml(data)
    except ElementTree.ParseError as error:
        raise ValueError(f"a CREATE_PIPELINE message is not XML ({error})") from None
    commands = [
        _read_command(item, secrets) for item in root.iterfind("MS/Obj[@N='PowerShell']/MS/Obj[@N='Cmds']/LST/Obj")
    ]
    if not commands:
        raise ValueError("a CREATE_PIPELINE message has no commands")
    return commands


def _read_command(item: ElementTree.Element, secrets: PSCryptoProvider | None) -> Command:
    parameters: list[tuple[str | None, Any]] = []
    for argument in item.iterfind("MS/Obj[@N='Args']/LST/Obj/MS"):
        name = _value(argument.find("*[@N='N']"))
        parameters.append((None if name is None else str(name), _value(argument.find("*[@N='V']"), secrets)))
    return Command(
        text=str(_value(item.find("MS/*[@N='Cmd']")) or ""),
        is_script=_value(item.find("MS/*[@N='IsScript']")) is True,
        parameters=parameters,
    )


def _value(element: ElementTree.Element | None, secrets: PSCryptoProvider | None = None) -> Any:
    if element is None or element.tag == "Nil" or (element.tag == "SS" and secrets is None):
        return None
    value = deserialize(element, secrets or PSCryptoProvider())
    return value.decrypt() if isinstance(value, PSSecureString) else value


def pipeline_state(data: bytes) -> int | None:
    """Return the state in a PIPELINE_STATE message, None when there is none."""
    try:
        text = parse_xml(data).findtext("MS/I32[@N='PipelineState']")
        return int(text) if text is not None else None
    except (ElementTree.ParseError, ValueError):
        return None
