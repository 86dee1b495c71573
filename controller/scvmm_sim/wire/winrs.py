# SPDX-License-Identifier: Apache-2.0
"""WinRS shells: each command is a process of its own, as behind Ansible's ``winrm`` connection.

There is no cmd.exe: a command has to be PowerShell (``powershell -EncodedCommand …``), which runs in ``pwsh``.
"""

from __future__ import annotations

import logging
import re
import subprocess
import threading
from pathlib import PureWindowsPath

from scvmm_sim.wire.bridge import BridgeSession
from scvmm_sim.wire.faults import WireFaults, no_such_command, no_such_shell, raise_before_running
from scvmm_sim.wire.outbox import Outbox
from scvmm_sim.wire.pwsh import PwshProcesses
from scvmm_sim.wire.shell import ShellRequest

log = logging.getLogger(__name__)

POWERSHELL_NAMES = frozenset({"powershell", "powershell.exe", "pwsh", "pwsh.exe"})
NOT_RECOGNIZED = 9009
"""The exit code of cmd.exe for a command that it does not know."""
STOPPED = -1073741510
"""STATUS_CONTROL_C_EXIT."""

# Options that Windows' PowerShell takes and pwsh on other systems does not, with the number of values each has.
_WINDOWS_ONLY = {"-executionpolicy": 1, "-ep": 1, "-sta": 0, "-windowstyle": 1, "-version": 1}
_WORD = re.compile(r'"([^"]*)"|(\S+)')


def words_of(command: str, arguments: list[str]) -> list[str]:
    """Split a command line into words; quotes keep spaces together and are taken off."""
    line = " ".join([command, *arguments])
    return [quoted or bare for quoted, bare in _WORD.findall(line)]


def powershell_arguments(words: list[str]) -> list[str] | None:
    """Return pwsh's arguments for a command line that runs PowerShell, None for any other."""
    if not words or PureWindowsPath(words[0]).name.lower() not in POWERSHELL_NAMES:
        return None
    kept: list[str] = []
    skip = 0
    for word in words[1:]:
        if skip:
            skip -= 1
        elif word.lower() in _WINDOWS_ONLY:
            skip = _WINDOWS_ONLY[word.lower()]
        else:
            kept.append(word)
    return kept


class _Command:
    """A running command and its output."""

    def __init__(self, process: subprocess.Popen[bytes] | None) -> None:
        self.process = process
        self.outbox = Outbox()
        self.stopped = False


class WinRsShell:
    """One WinRS shell: environment and folder for its commands."""

    def __init__(
        self, request: ShellRequest, processes: PwshProcesses, wire_faults: WireFaults, session: BridgeSession
    ) -> None:
        self._session = session
        self._closed = False
        self._request = request
        self._processes = processes
        self._wire_faults = wire_faults
        self._lock = threading.Lock()
        self._outbox = Outbox()
        self._commands: dict[str, _Command] = {}

    @property
    def closed(self) -> bool:
        """Whether the shell was closed."""
        return self._closed

    def command(self, command_id: str, command: str, arguments: list[str]) -> None:
        """Start a process; what is not PowerShell ends at once with cmd.exe's message."""
        raise_before_running(self._wire_faults(None, {}))
        words = words_of(command, arguments)
        options = powershell_arguments(words)
        if options is None:
            started = _Command(None)
            name = words[0] if words else ""
            started.outbox.put(
                f"'{name}' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n"
                "(The simulator has no cmd.exe: it runs only 'powershell …'.)\r\n".encode(),
                "stderr",
            )
            started.outbox.finish(NOT_RECOGNIZED)
        else:
            started = self._start(options)
        with self._lock:
            self._commands[command_id] = started

    def _start(self, options: list[str]) -> _Command:
        process = self._processes.start(options, self._request.environment)
        started = _Command(process)
        assert process.stdout is not None
        assert process.stderr is not None
        readers = [
            threading.Thread(target=_pump, args=(pipe, started.outbox, stream), daemon=True)
            for pipe, stream in ((process.stdout, "stdout"), (process.stderr, "stderr"))
        ]
        for reader in readers:
            reader.start()
        threading.Thread(target=self._wait, args=(started, process, readers), daemon=True).start()
        return started

    def _wait(self, started: _Command, process: subprocess.Popen[bytes], readers: list[threading.Thread]) -> None:
        for reader in readers:
            reader.join()
        code = process.wait()
        self._processes.end(process)
        started.outbox.finish(STOPPED if started.stopped else code)

    def send(self, command_id: str | None, data: bytes, *, stream: str, end: bool) -> None:
        """Write to a command's standard input; *end* closes it."""
        process = self._find(command_id).process
        if process is None or process.stdin is None:
            return
        try:
            view = memoryview(data)
            while view:
                view = view[process.stdin.write(view) or 0 :]
            if end:
                process.stdin.close()
        except (OSError, ValueError):
            log.debug("input for a command that has ended is dropped")

    def signal(self, command_id: str, code: str) -> None:
        """Kill the process on ctrl_c; on terminate forget the command too."""
        started = self._find(command_id)
        self._stop(started)
        if code.lower().endswith("/terminate"):
            with self._lock:
                self._commands.pop(command_id, None)

    def _stop(self, started: _Command) -> None:
        if started.process is not None and started.process.poll() is None:
            started.stopped = True
            started.process.kill()

    def outbox(self, command_id: str | None) -> Outbox:
        """Return a command's outbox; the shell's own stays empty."""
        return self._outbox if command_id is None else self._find(command_id).outbox

    def close(self) -> None:
        """Kill all commands."""
        self._closed = True
        self._session.close()
        with self._lock:
            commands = list(self._commands.values())
            self._commands.clear()
        for started in commands:
            self._stop(started)
            started.outbox.break_off(no_such_shell(self._request.shell_id))
        self._outbox.break_off(no_such_shell(self._request.shell_id))

    def _find(self, command_id: str | None) -> _Command:
        with self._lock:
            started = self._commands.get(command_id or "")
        if started is None:
            raise no_such_command(str(command_id))
        return started


def _pump(pipe: object, outbox: Outbox, stream: str) -> None:
    try:
        while chunk := pipe.read(65536):  # type: ignore[attr-defined]  # an unbuffered binary pipe
            outbox.put(chunk, stream)
    except (OSError, ValueError):
        return
