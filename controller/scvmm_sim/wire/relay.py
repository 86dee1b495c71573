# SPDX-License-Identifier: Apache-2.0
"""A runspace pool in a PowerShell process: relays PSRP fragments between WSMan and ``pwsh -s``.

The process speaks PSRP as lines of XML: ``<Data Stream='Default' PSGuid='…'>base64</Data>``, Command, Signal and
Close, each acknowledged by the other side (``DataAck``, …). Guid 0 is the session, others are pipelines.
"""

from __future__ import annotations

import logging
import re
import subprocess
import threading
import uuid
from base64 import b64decode, b64encode

from scvmm_sim.wire.bridge import BridgeSession
from scvmm_sim.wire.calls_seen import SeenCalls
from scvmm_sim.wire.faults import (
    OperationFaults,
    WireFaults,
    WsmanFault,
    bad_request,
    internal_error,
    no_such_command,
    no_such_shell,
    raise_before_running,
)
from scvmm_sim.wire.fragments import (
    FAILED,
    FINISHED_STATES,
    PIPELINE_OUTPUT,
    PIPELINE_STATE,
    Defragmenter,
    pipeline_state,
)
from scvmm_sim.wire.outbox import Outbox
from scvmm_sim.wire.pwsh import PwshProcesses
from scvmm_sim.wire.restricted import VARIABLE, first_pipeline
from scvmm_sim.wire.shell import ShellRequest

log = logging.getLogger(__name__)

SESSION = uuid.UUID(int=0)
ACKNOWLEDGE_SECONDS = 60.0
"""How long the process may take to answer a packet: its first one comes after its start."""

_PACKET = re.compile(rb"<(\w+)([^>]*?)(?:/>|>(.*)</\1>)")
_GUID = re.compile(rb"PSGuid='([0-9A-Fa-f-]{36})'")
_STREAM = re.compile(rb"Stream='(\w+)'")


class _Pipeline:
    """One pipeline of the process, or (guid 0) the session itself."""

    def __init__(self, guid: uuid.UUID) -> None:
        self.guid = guid
        self.outbox = Outbox()
        self.output = Defragmenter((PIPELINE_STATE,), head=300)
        self.acknowledged = threading.Semaphore(0)
        self.finished = False
        self.failed = False
        self.ended = threading.Event()


class RelayShell:
    """One runspace pool in one PowerShell process."""

    def __init__(
        self,
        request: ShellRequest,
        processes: PwshProcesses,
        wire_faults: WireFaults,
        operation_faults: OperationFaults,
        seen: SeenCalls,
        session: BridgeSession,
    ) -> None:
        """Start the process and open the pool in it. Raises WsmanFault when it does not answer."""
        self._id = request.shell_id
        self._processes = processes
        self._wire_faults = wire_faults
        self._operation_faults = operation_faults
        self._seen = seen
        self._session = session
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._closed = False
        self._pipelines: dict[uuid.UUID, _Pipeline] = {SESSION: _Pipeline(SESSION)}
        self._process = processes.start(["-NoLogo", "-NoProfile", "-s"], request.environment)
        for target, stream in ((self._read, "output"), (self._read_errors, "errors")):
            threading.Thread(target=target, name=f"scvmm-sim-pwsh-{stream}", daemon=True).start()
        try:
            self._data(self._pipelines[SESSION], request.creation or b"", "Default")
            if VARIABLE in request.environment:
                self._restrict(request.creation or b"")
        except WsmanFault:
            self.close()
            raise internal_error("the simulator's PowerShell process ended or did not answer; see its log") from None

    def _restrict(self, creation: bytes) -> None:
        """Run the pipeline that restricts the session, before the client can send anything."""
        first = first_pipeline(creation)
        pipeline = _Pipeline(first.guid)
        with self._lock:
            self._pipelines[first.guid] = pipeline
        self._packet(pipeline, f"<Command PSGuid='{pipeline.guid}' />")
        self._data(pipeline, first.data, "Default")
        if not pipeline.ended.wait(ACKNOWLEDGE_SECONDS) or pipeline.failed:
            log.warning("the session of shell %s could not be restricted as its configuration says", self._id)
            raise no_such_shell(self._id)
        self._packet(pipeline, f"<Close PSGuid='{pipeline.guid}' />")
        with self._lock:
            self._pipelines.pop(pipeline.guid, None)

    @property
    def closed(self) -> bool:
        """Whether the shell was closed or its process ended."""
        return self._closed

    def command(self, command_id: str, command: str, arguments: list[str]) -> None:
        """Open a pipeline in the process and give it its first fragments."""
        try:
            guid = uuid.UUID(command_id)
        except ValueError:
            raise bad_request(f"CommandId {command_id} is not a GUID") from None
        data = b64decode("".join(arguments))
        pipeline = _Pipeline(guid)
        with self._lock:
            self._pipelines[guid] = pipeline
        self._look(pipeline, data)
        self._packet(pipeline, f"<Command PSGuid='{guid}' />")
        self._data(pipeline, data, "Default")

    def send(self, command_id: str | None, data: bytes, *, stream: str, end: bool) -> None:
        """Hand on fragments: input, or the answer to a host call (stream pr)."""
        pipeline = self._find(command_id)
        if command_id is not None:
            self._look(pipeline, data)
        self._data(pipeline, data, "PromptResponse" if stream == "pr" else "Default")

    def signal(self, command_id: str, code: str) -> None:
        """Stop a pipeline on ctrl_c; close it on terminate."""
        pipeline = self._find(command_id)
        if not pipeline.finished:
            self._packet(pipeline, f"<Signal PSGuid='{pipeline.guid}' />")
        if code.lower().endswith("/terminate"):
            self._packet(pipeline, f"<Close PSGuid='{pipeline.guid}' />")
            with self._lock:
                self._pipelines.pop(pipeline.guid, None)
            self._seen.ended(pipeline.guid, ok=False)

    def outbox(self, command_id: str | None) -> Outbox:
        """Return the pool's outbox or a pipeline's."""
        return self._find(command_id).outbox

    def close(self) -> None:
        """Kill the process; it is told nothing, for Windows would not wait for it either."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._session.close()
        self._processes.end(self._process)
        self._break_off(no_such_shell(self._id))

    def _find(self, command_id: str | None) -> _Pipeline:
        try:
            guid = uuid.UUID(command_id) if command_id is not None else SESSION
        except ValueError:
            raise bad_request(f"CommandId {command_id} is not a GUID") from None
        with self._lock:
            pipeline = self._pipelines.get(guid)
        if pipeline is None:
            raise no_such_command(str(command_id))
        return pipeline

    def _look(self, pipeline: _Pipeline, data: bytes) -> None:
        """Recognise an operation in what goes to a pipeline, and let fault rules strike it."""
        for operation, request in self._seen.look(pipeline.guid, data):
            fault = self._wire_faults(operation, request)
            try:
                raise_before_running(fault)
            except Exception:
                with self._lock:
                    self._pipelines.pop(pipeline.guid, None)
                self._seen.forget(pipeline.guid)
                raise
            error = self._operation_faults(operation, request) if operation is not None else None
            if error is not None:
                self._session.fail_next(error)
            if fault == "reset":
                pipeline.outbox.reset_next()
            if fault == "kill_shell":
                # The command still reaches the process; the shell dies a moment later, with it under way.
                threading.Timer(0.05, self.close).start()

    def _data(self, pipeline: _Pipeline, data: bytes, stream: str) -> None:
        if data:
            text = b64encode(data).decode()
            self._packet(pipeline, f"<Data Stream='{stream}' PSGuid='{pipeline.guid}'>{text}</Data>")

    def _packet(self, pipeline: _Pipeline, text: str) -> None:
        """Write one packet and wait for its acknowledgement."""
        assert self._process.stdin is not None
        try:
            with self._writing:
                _write_all(self._process, text.encode() + b"\n")
        except (OSError, ValueError):
            raise no_such_shell(self._id) from None
        if not pipeline.acknowledged.acquire(timeout=ACKNOWLEDGE_SECONDS) or self._closed:
            raise no_such_shell(self._id)

    def _read(self) -> None:
        assert self._process.stdout is not None
        output = self._process.stdout
        rest = b""
        try:
            while chunk := output.read(1 << 18):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    self._receive(line)
        except (OSError, ValueError) as error:
            log.debug("output of pwsh ended: %s", error)
        if not self._closed:
            log.warning("the PowerShell process of shell %s ended by itself", self._id)
            self.close()

    def _read_errors(self) -> None:
        assert self._process.stderr is not None
        try:
            while chunk := self._process.stderr.read(4096):
                # Only that there was something: PowerShell may quote what it was given.
                log.warning("the PowerShell process of shell %s wrote %d bytes of errors", self._id, len(chunk))
        except (OSError, ValueError):
            return

    def _receive(self, line: bytes) -> None:
        packet = _PACKET.search(line)
        guid_text = _GUID.search(packet.group(2)) if packet else None
        if packet is None or guid_text is None:
            return
        with self._lock:
            pipeline = self._pipelines.get(uuid.UUID(guid_text.group(1).decode()))
        if pipeline is None:
            return
        kind = packet.group(1)
        if kind == b"Data":
            stream = _STREAM.search(packet.group(2))
            self._deliver(
                pipeline, b64decode(packet.group(3) or b""), stream is not None and stream.group(1) != b"Default"
            )
        elif kind.endswith(b"Ack"):
            pipeline.acknowledged.release()

    def _deliver(self, pipeline: _Pipeline, data: bytes, prompt: bool) -> None:
        # Streams other than stdout are not told apart on the way back: WSMan's PowerShell shells have only stdout.
        pipeline.outbox.put(data)
        if pipeline.guid == SESSION or prompt:
            return
        for message in pipeline.output.feed(data):
            if message.type == PIPELINE_OUTPUT:
                self._seen.answered(pipeline.guid, message.data)
            elif message.type == PIPELINE_STATE and pipeline_state(message.data) in FINISHED_STATES:
                pipeline.finished = True
                pipeline.failed = pipeline_state(message.data) == FAILED
                pipeline.ended.set()
                self._seen.ended(pipeline.guid, ok=None)
                pipeline.outbox.finish()

    def _break_off(self, fault: WsmanFault) -> None:
        with self._lock:
            pipelines = list(self._pipelines.values())
        for pipeline in pipelines:
            pipeline.outbox.break_off(fault)
            pipeline.acknowledged.release()
            self._seen.ended(pipeline.guid, ok=False)


def _write_all(process: subprocess.Popen[bytes], data: bytes) -> None:
    assert process.stdin is not None
    view = memoryview(data)
    while view:
        written = process.stdin.write(view)
        view = view[written or 0 :]
