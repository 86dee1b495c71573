# SPDX-License-Identifier: Apache-2.0
"""Talks to QEMU (QMP) and to the guest agent in its guest: JSON lines over a socket, one connection a conversation."""

from __future__ import annotations

import base64
import json
import secrets
import socket
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from scvmm_sim.hypervisor.errors import HypervisorError

_PATIENCE = 10.0
_RUN_SECONDS = 240.0  # An emulated processor takes its time, and shares ours.


class RefusedError(HypervisorError):
    """QEMU or the agent understood, and said no."""


class Conversation:
    """Commands and their answers over one of QEMU's sockets."""

    def __init__(self, path: Path) -> None:
        """Connect. Raises HypervisorError when QEMU is not there."""
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(_PATIENCE)
        try:
            self._socket.connect(str(path))
        except OSError as error:
            self._socket.close()
            raise HypervisorError(f"QEMU does not answer at {path}: {error}") from error
        self._lines = self._socket.makefile("rb")

    def __enter__(self) -> Conversation:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the conversation."""
        self._lines.close()
        self._socket.close()

    def ask(self, command: str, **arguments: Any) -> Any:
        """Send a command and return what it answers. Raises HypervisorError."""
        self._send(command, arguments)
        return self._answer(command)

    def synchronize(self) -> None:
        """Pass over answers to what somebody asked in an earlier conversation. Raises HypervisorError."""
        number = secrets.randbelow(2**31)
        self._send("guest-sync", {"id": number})
        while True:
            try:
                if self._answer("guest-sync") == number:
                    return
            except RefusedError:  # that, too, was for somebody else
                continue

    def _send(self, command: str, arguments: dict[str, Any]) -> None:
        request = {"execute": command, **({"arguments": arguments} if arguments else {})}
        try:
            self._socket.sendall(json.dumps(request).encode() + b"\n")
        except OSError as error:
            raise HypervisorError(f"{command}: not sent: {error}") from error

    def _answer(self, command: str) -> Any:
        try:
            while line := self._lines.readline():
                # The guest agent marks the beginning of a conversation with a byte that is no text.
                answer = json.loads(line.lstrip(b"\xff"))
                if "error" in answer:
                    raise RefusedError(f"{command}: {answer['error'].get('desc', 'refused')}")
                if "return" in answer:
                    return answer["return"]
        except (OSError, ValueError) as error:
            raise HypervisorError(f"{command}: no answer: {error}") from error
        raise HypervisorError(f"{command}: no answer: QEMU has ended")


def press_power_button(qmp: Path) -> None:
    """Ask the guest to shut down, as its power button does."""
    with Conversation(qmp) as talk:
        talk.ask("qmp_capabilities")
        talk.ask("system_powerdown")


def guest_agent(path: Path) -> Conversation:
    """A conversation with the agent; there may be one at a time. Raises HypervisorError."""
    talk = Conversation(path)
    try:
        talk.synchronize()
    except BaseException:
        talk.close()
        raise
    return talk


def run_in_guest(path: Path, command: tuple[str, ...]) -> str:
    """Run a command in the guest and return its output. Raises HypervisorError."""
    with guest_agent(path) as talk:
        begun = talk.ask("guest-exec", path=command[0], arg=list(command[1:]), **{"capture-output": True})
        deadline = time.monotonic() + _RUN_SECONDS
        while not (status := talk.ask("guest-exec-status", pid=begun["pid"]))["exited"]:
            if time.monotonic() > deadline:
                raise HypervisorError(f"{command[0]} did not end within {_RUN_SECONDS:.0f} s in the guest.")
            time.sleep(0.1)
    said, complained = (
        base64.b64decode(status.get(key, "")).decode(errors="replace") for key in ("out-data", "err-data")
    )
    if status.get("exitcode"):
        raise HypervisorError(f"{command[0]} failed in the guest: {complained.strip() or said.strip()}")
    return said
