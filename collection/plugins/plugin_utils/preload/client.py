# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for the ansible-playbook command: has the run done by the server, or starts the real command.

    python -I -S client.py SOCKET REAL_COMMAND ARGUMENT...

Nothing but what the interpreter has loaded already is imported, and of sockets the bare C module: that is half of the
start's cost. Without a server, or when it refuses (its Ansible was loaded with other settings), the real command takes
this process over, so that nothing depends on the server.
"""

from __future__ import annotations

import _signal as signal
import _socket as socket
import os
import sys

# A server that is just starting answers when Ansible is loaded.
ANSWER_SECONDS = 15.0
READY, GO = b"ready", b"go"
# What the server puts before an exit code; anything else means that the run was lost with the server.
EXIT = b"exit "
LOST = 1


def request(arguments: list[str]) -> bytes:
    """Frame what makes a run: working directory, arguments, environment; all as bytes, none of it secret."""
    environment = [key + b"=" + value for key, value in os.environb.items()]
    command = [os.fsencode(argument) for argument in arguments]
    folder = os.getcwdb()  # noqa: PTH109  # pathlib is not loaded
    body = b"\0".join([folder, b"%d" % len(command), *command, *environment])
    return len(body).to_bytes(8, "big") + body


def hand_over(path: str, arguments: list[str]) -> socket.socket | None:
    """Give this process's standard streams and *arguments* to the server; None when it does not take them."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    descriptors = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
    try:
        connection.settimeout(ANSWER_SECONDS)
        connection.connect(path)
        data = request(arguments)
        sent = connection.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)])
        connection.sendall(data[sent:])
        if connection.recv(16) != READY:
            return None
        connection.sendall(GO)
    except OSError:
        return None
    connection.settimeout(None)
    return connection


def wait(connection: socket.socket) -> int:
    """Pass signals on until the run ends; return its exit code."""

    def told(number: int, _frame: object) -> None:
        try:  # noqa: SIM105  # contextlib is not loaded
            connection.send(bytes([number]))
        except OSError:
            pass  # The server has gone: the answer's end says so.

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    answer = b""
    while True:
        try:
            part = connection.recv(64)
        except OSError:
            part = b""
        if not part:
            return int(answer[len(EXIT) :]) if answer.startswith(EXIT) else LOST
        answer += part


def main() -> None:
    """Run ansible-playbook."""
    path, real, *arguments = sys.argv[1:]
    connection = hand_over(path, [real, *arguments])
    if connection is None:
        os.execv(real, [real, *arguments])  # noqa: S606
    os._exit(wait(connection))


if __name__ == "__main__":
    main()
