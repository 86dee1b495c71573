# SPDX-License-Identifier: Apache-2.0
"""Engine ``native``: answers operations in Python, through the server's half of PSRP, without any PowerShell."""

from __future__ import annotations

import json
import logging
import re
import threading
import uuid
from base64 import b64decode
from collections import deque
from collections.abc import Callable
from typing import Any

from psrpcore import (
    GetAvailableRunspacesEvent,
    PSRPCoreError,
    PSRPPayload,
    ResetRunspaceStateEvent,
    ServerPipeline,
    ServerRunspacePool,
    SetMaxRunspacesEvent,
    SetMinRunspacesEvent,
    StreamType,
)
from psrpcore.types import PipelineState, PSInvocationState

from scvmm_sim.wire.defects import log_defect
from scvmm_sim.wire.faults import (
    WireError,
    WireFaults,
    bad_request,
    no_such_command,
    no_such_shell,
    not_supported,
    raise_before_running,
)
from scvmm_sim.wire.fragments import CREATE_PIPELINE, GET_COMMAND_METADATA, Command, Defragmenter, read_commands
from scvmm_sim.wire.module_call import MODULE_LINE, request_of
from scvmm_sim.wire.outbox import Outbox
from scvmm_sim.wire.refusals import FUNCTION, Refusal, error_record, internal, no_scripts, unknown_command
from scvmm_sim.wire.shell import ShellRequest

log = logging.getLogger(__name__)

FRAGMENT_BYTES = 131_072
"""Size of the fragments that output is cut into."""

Operations = Callable[[str, dict[str, Any]], dict[str, Any]]
"""Port to the operations: (name, request) -> envelope. Called from many threads; may take long (long polls)."""


_NOT_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


def _carried(text: str) -> str:
    """Write what XML cannot carry as JSON's escapes, as the PowerShell module does."""
    return _NOT_IN_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


_GET_COMMAND = Command("Get-Command", False, [])


class NativeEngine:
    """Makes shells that answer operations by a callable."""

    def __init__(self, operations: Operations, wire_faults: WireFaults, *, module_installed: bool = False) -> None:
        """*module_installed*: sessions have the module without sending it, as a prepared endpoint would."""
        self._operations = operations
        self._wire_faults = wire_faults
        self._module_installed = module_installed

    def open(self, request: ShellRequest) -> NativeShell:
        """Open a runspace pool."""
        if request.creation is None:
            raise not_supported("WinRS shells with the native engine (start it with --engine powershell)")
        return NativeShell(request, self._operations, self._wire_faults, self._module_installed)

    def close(self) -> None:
        """Nothing is held."""


class _Running:
    """One pipeline of a shell."""

    def __init__(self, pipeline: ServerPipeline) -> None:
        self.pipeline = pipeline
        self.outbox = Outbox()
        self.input = Defragmenter((CREATE_PIPELINE,))
        self.in_runspace = False
        self.ended = False


class NativeShell:
    """One runspace pool: as many pipelines as it has runspaces run at once, others wait, as in PowerShell."""

    def __init__(
        self, request: ShellRequest, operations: Operations, wire_faults: WireFaults, module_loaded: bool
    ) -> None:
        self._id = request.shell_id
        self._operations = operations
        self._wire_faults = wire_faults
        self._module_loaded = module_loaded
        # psrpcore's objects know nothing of threads: this lock guards the pool and everything below.
        self._lock = threading.RLock()
        self._pool = ServerRunspacePool()
        self._outbox = Outbox()
        self._pipelines: dict[str, _Running] = {}
        self._waiting: deque[tuple[_Running, Callable[[], None]]] = deque()
        self._busy = 0
        self._closed = False
        self._feed(request.creation or b"")

    @property
    def closed(self) -> bool:
        """Whether the pool was closed, also by a fault rule."""
        return self._closed

    def command(self, command_id: str, command: str, arguments: list[str]) -> None:
        """Open a pipeline; it starts when all of its CreatePipeline message has come."""
        try:
            key = uuid.UUID(command_id)
        except ValueError:
            raise bad_request(f"CommandId {command_id} is not a GUID") from None
        with self._lock:
            self._pipelines[command_id] = _Running(ServerPipeline(self._pool, key))
        self._feed_pipeline(command_id, b64decode("".join(arguments)))

    def send(self, command_id: str | None, data: bytes, *, stream: str, end: bool) -> None:
        """Take PSRP fragments."""
        if command_id is None:
            self._feed(data)
        else:
            self._feed_pipeline(command_id, data)

    def signal(self, command_id: str, code: str) -> None:
        """Stop a pipeline on ctrl_c; forget it on terminate."""
        with self._lock:
            running = self._find(command_id)
            if not running.ended:
                self._stop(running)
            if code.lower().endswith("/terminate"):
                running.pipeline.close()
                del self._pipelines[command_id]

    def outbox(self, command_id: str | None) -> Outbox:
        """Return the pool's outbox or a pipeline's."""
        return self._outbox if command_id is None else self._find(command_id).outbox

    def close(self) -> None:
        """Forget all; operations that run come to their end unheard."""
        gone = no_such_shell(self._id)
        with self._lock:
            self._closed = True
            self._waiting.clear()
            outboxes = [self._outbox, *(running.outbox for running in self._pipelines.values())]
        for outbox in outboxes:
            outbox.break_off(gone)

    def _find(self, command_id: str) -> _Running:
        running = self._pipelines.get(command_id)
        if running is None:
            raise no_such_command(command_id)
        return running

    def _feed(self, data: bytes) -> None:
        """Take what is meant for the pool: psrpcore answers it."""
        with self._lock:
            try:
                self._pool.receive_data(PSRPPayload(data, StreamType.default, None))
                while (event := self._pool.next_event()) is not None:
                    self._react(event)
            except (PSRPCoreError, ValueError, KeyError, IndexError) as error:
                raise bad_request(f"the PSRP data cannot be read ({error})") from error
            self._flush()

    def _react(self, event: object) -> None:
        match event:
            case GetAvailableRunspacesEvent():
                self._pool.runspace_availability_response(event.ci, self._pool.max_runspaces - self._busy)
            case ResetRunspaceStateEvent() | SetMaxRunspacesEvent() | SetMinRunspacesEvent():
                self._pool.runspace_availability_response(event.ci, True)
            case _:
                pass

    def _feed_pipeline(self, command_id: str, data: bytes) -> None:
        """Take what is meant for a pipeline, and start it when its CREATE_PIPELINE is whole; input is not looked at."""
        with self._lock:
            running = self._find(command_id)
            try:
                messages = running.input.feed(data)
                asked = [
                    # psrpcore keeps the session's key to itself; nothing public opens a secure string with it.
                    read_commands(message.data, self._pool._cipher)
                    if message.type == CREATE_PIPELINE
                    else [_GET_COMMAND]
                    for message in messages
                    if message.type in (CREATE_PIPELINE, GET_COMMAND_METADATA)
                ]
            except ValueError as error:
                raise bad_request(f"the PSRP data cannot be read ({error})") from error
        for commands in asked:
            self._created(command_id, running, commands)

    def _created(self, command_id: str, running: _Running, commands: list[Command]) -> None:
        # PowerShell sends no message of the state Running either.
        running.pipeline.state = PSInvocationState.Running
        try:
            work = self._plan(running, commands)
        except Refusal as refusal:
            with self._lock:
                self._fail(running, refusal)
            return
        except WireError:
            # By a fault rule this request never arrived.
            with self._lock:
                self._pool.pipeline_table.pop(running.pipeline.pipeline_id, None)
                del self._pipelines[command_id]
            raise
        with self._lock:
            if work is None:
                self._complete(running, None)
            else:
                self._waiting.append((running, work))
                self._start_waiting()

    def _plan(self, running: _Running, commands: list[Command]) -> Callable[[], None] | None:
        """Return what the pipeline has to do in a thread, or None when there is nothing to do but to complete."""
        command = commands[0]
        text = command.text
        called = text.lower() == FUNCTION.lower() and not command.is_script and self._module_loaded
        if not called:
            raise_before_running(self._wire_faults(None, {}))
        if command.is_script:
            # The client may wrap output in a following Out-String or Out-Default; the script is what counts.
            if not text.startswith(MODULE_LINE):
                raise no_scripts(text)
            self._module_loaded = True
            return None
        if text.lower() != FUNCTION.lower():
            raise no_scripts(text)
        if not self._module_loaded:
            raise unknown_command(text)
        name, request = request_of(command.parameters)
        fault = self._wire_faults(name, request)
        raise_before_running(fault)
        if fault == "reset":
            running.outbox.reset_next()
        return lambda: self._run(running, name, request, kill=fault == "kill_shell")

    def _start_waiting(self) -> None:
        while self._waiting and self._busy < max(1, self._pool.max_runspaces):
            running, work = self._waiting.popleft()
            if running.ended:
                continue
            self._busy += 1
            running.in_runspace = True
            threading.Thread(
                target=self._in_runspace, args=(running, work), name="scvmm-sim-pipeline", daemon=True
            ).start()

    def _in_runspace(self, running: _Running, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            with self._lock:
                self._leave_runspace(running)

    def _leave_runspace(self, running: _Running) -> None:
        if running.in_runspace:
            running.in_runspace = False
            self._busy -= 1
            self._start_waiting()

    def _run(self, running: _Running, name: str, request: dict[str, Any], *, kill: bool) -> None:
        if running.ended:
            return
        if kill:
            self.close()
        try:
            envelope = self._operations(name, request)
        except Exception as error:
            # An operation answers all refusals in its envelope: this is a defect of the simulator, told as one.
            if self._closed:
                log.debug("operation %s ended after its session", name)
                return
            log_defect(log, f"operation {name}", error)
            message = f"The simulator failed inside operation {name} ({type(error).__name__}): see its log."
            with self._lock:
                self._fail(running, internal(message))
            return
        text = _carried(json.dumps(envelope, ensure_ascii=False, separators=(",", ":")))
        with self._lock:
            self._complete(running, text)

    def _complete(self, running: _Running, output: str | None) -> None:
        if running.ended or self._closed:
            return
        running.ended = True
        if output is not None:
            running.pipeline.write_output(output)
        running.pipeline.complete()
        self._flush()
        running.outbox.finish()

    def _fail(self, running: _Running, refusal: Refusal) -> None:
        if running.ended or self._closed:
            return
        running.ended = True
        state = PipelineState(PipelineState=int(PSInvocationState.Failed), ExceptionAsErrorRecord=error_record(refusal))
        running.pipeline.prepare_message(state)
        running.pipeline.state = PSInvocationState.Failed
        self._flush()
        running.outbox.finish()

    def _stop(self, running: _Running) -> None:
        # The operation goes on unheard: nothing in Python can be interrupted as PowerShell interrupts a pipeline.
        running.ended = True
        self._leave_runspace(running)
        if running.pipeline.state == PSInvocationState.Running:
            running.pipeline.stop()
        self._flush()
        running.outbox.finish()

    def _flush(self) -> None:
        """Carry what psrpcore has ready to the outboxes that it belongs to."""
        while (payload := self._pool.data_to_send(FRAGMENT_BYTES)) is not None:
            if payload.pipeline_id is None:
                self._outbox.put(payload.data)
                continue
            running = self._pipelines.get(str(payload.pipeline_id).upper())
            if running is not None:
                running.outbox.put(payload.data)
