# SPDX-License-Identifier: Apache-2.0
"""A runspace pool in a PowerShell process: relays PSRP fragments between WSMan and ``pwsh -s``."""

from __future__ import annotations

import logging
import threading
import time
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
from scvmm_sim.wire.restricted import VARIABLE, FirstPipeline, restricting, telling
from scvmm_sim.wire.session_processes import BRIDGE_VARIABLES, Packet
from scvmm_sim.wire.shell import ShellRequest

log = logging.getLogger(__name__)

SESSION = uuid.UUID(int=0)
ACKNOWLEDGE_SECONDS = 60.0
"""How long the process may take to answer a packet: its first one comes after its start."""

REST_SECONDS = 3.0
"""How long a process may take to close what it has open before it is killed instead of used again."""


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
        self.closed = threading.Event()


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
        self._closed = False
        self._restricted = VARIABLE in request.environment
        self._pipelines: dict[uuid.UUID, _Pipeline] = {SESSION: _Pipeline(SESSION)}
        self._process = processes.begin_session(request.environment)
        self._process.attach(self._receive, self._ended_by_itself)
        creation = request.creation or b""
        try:
            self._data(self._pipelines[SESSION], creation, "Default")
            if self._process.used:
                added = processes.added(request.environment)
                self._run_first(telling(creation, {name: added[name] for name in BRIDGE_VARIABLES}))
            if self._restricted:
                self._run_first(restricting(creation))
        except WsmanFault:
            self.kill()
            raise internal_error("the simulator's PowerShell process ended or did not answer; see its log") from None

    def _run_first(self, first: FirstPipeline) -> None:
        """Run a pipeline of the server's own, before the client can send anything."""
        pipeline = _Pipeline(first.guid)
        with self._lock:
            self._pipelines[first.guid] = pipeline
        self._packet(pipeline, f"<Command PSGuid='{pipeline.guid}' />")
        self._data(pipeline, first.data, "Default")
        if not pipeline.ended.wait(ACKNOWLEDGE_SECONDS) or pipeline.failed:
            log.warning("the session of shell %s could not be set up as its configuration says", self._id)
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
        """End the session; a process that has closed all of it soon may serve another one."""
        sessions = self._processes.sessions
        if self._restricted or not sessions.keeps:
            self.kill()
        elif self._leave():
            self._break_off(no_such_shell(self._id))
            sessions.rest(self._process) if self._closed_orderly() else sessions.end(self._process)

    def kill(self) -> None:
        """Kill the process; it is told nothing, for Windows would not wait for it either."""
        if self._leave():
            self._processes.sessions.end(self._process)
            self._break_off(no_such_shell(self._id))

    def _leave(self) -> bool:
        """Let nobody in any more; False when that was done before."""
        with self._lock:
            if self._closed:
                return False
            self._closed = True
        self._session.close()
        return True

    def _closed_orderly(self) -> bool:
        """Whether the process stops what runs in the session, and closes it, in time."""
        deadline = time.monotonic() + REST_SECONDS
        with self._lock:
            session = self._pipelines[SESSION]
            pipelines = [pipeline for pipeline in self._pipelines.values() if pipeline is not session]
        try:
            for pipeline in pipelines:
                if not pipeline.finished:
                    self._process.write(f"<Signal PSGuid='{pipeline.guid}' />")
            if not all(pipeline.ended.wait(deadline - time.monotonic()) for pipeline in pipelines):
                return False
            for pipeline in [*pipelines, session]:
                self._process.write(f"<Close PSGuid='{pipeline.guid}' />")
                if not pipeline.closed.wait(deadline - time.monotonic()):
                    return False
        except (OSError, ValueError):
            return False
        return True

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
                threading.Timer(0.05, self.kill).start()

    def _data(self, pipeline: _Pipeline, data: bytes, stream: str) -> None:
        if data:
            text = b64encode(data).decode()
            self._packet(pipeline, f"<Data Stream='{stream}' PSGuid='{pipeline.guid}'>{text}</Data>")

    def _packet(self, pipeline: _Pipeline, text: str) -> None:
        """Write one packet and wait for its acknowledgement."""
        try:
            self._process.write(text)
        except (OSError, ValueError):
            raise no_such_shell(self._id) from None
        if not pipeline.acknowledged.acquire(timeout=ACKNOWLEDGE_SECONDS) or self._closed:
            raise no_such_shell(self._id)

    def _ended_by_itself(self) -> None:
        if not self._closed:
            log.warning("the PowerShell process of shell %s ended by itself", self._id)
            self.kill()

    def _receive(self, packet: Packet) -> None:
        with self._lock:
            pipeline = self._pipelines.get(packet.guid)
        if pipeline is None:
            return
        if packet.kind == "Data":
            self._deliver(pipeline, packet.data, packet.prompt)
        elif packet.kind == "CloseAck":
            pipeline.closed.set()
            pipeline.acknowledged.release()
        elif packet.kind.endswith("Ack"):
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
