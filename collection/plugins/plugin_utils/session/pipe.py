# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls as JSON lines on standard input and output, for programs that do not import the collection.

    python -m ansible_collections.capi.scvmm.plugins.plugin_utils.session.pipe

First line in: {"options": {…}}. Then {"id", "operation", "request", "timeout"}; each is answered by {"id", "ok": true,
"result"} or {"id", "ok": false, "error"}, in the order in which answers come. The end of the input ends the program.
The operation session_hosts is answered here: {"hosts": [{"host", "port", "message"}]}, a message where one is not used.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TextIO

from ..errors import explain, explain_jobs
from .client import Answer, Client
from .failures import OptionsInvalid, SessionFailure
from .options import Options

# Calls under way at once; more wait for one of these.
_CALLS = 64
# Such an answer may hold a job's error, which is explained, or a line break.
_NEEDS_READING = ("\n", '"error":{', '"error": {')
_QUICK_START = ('{"ok":true,', '{"ok": true,')


class Pipe:
    """Answers lines of *source* on *sink*."""

    def __init__(self, source: TextIO, sink: TextIO) -> None:
        self._source, self._sink = source, sink
        self._writing = threading.Lock()

    def run(self) -> int:
        """Serve until the input ends; return the exit code."""
        try:
            client = Client(_options(self._source.readline()))
        except SessionFailure as failure:
            self._say_failure(None, failure)
            return 2
        executor = ThreadPoolExecutor(_CALLS)
        for line in self._source:
            if line.strip():
                executor.submit(self._answer, client, line)
        # Nobody reads the answers to what is still under way.
        executor.shutdown(wait=False, cancel_futures=True)
        return 0

    def _answer(self, client: Client, line: str) -> None:
        number: Any = None
        try:
            message = _message(line)
            number = message.get("id")
            if message["operation"] == "session_hosts":
                self._say(json.dumps({"id": number, "ok": True, "result": {"hosts": client.ask("status")["hosts"]}}))
                return
            answer = client.call(message["operation"], message.get("request") or {}, message.get("timeout"))
            self._say_answer(number, answer)
        except SessionFailure as failure:
            self._say_failure(number, failure)
        except Exception as error:  # the caller waits for this id: a defect must reach it as an answer
            self._say_failure(number, SessionFailure(f"defect in the pipe: {type(error).__name__}: {error}", "unknown"))

    def _say_answer(self, number: Any, answer: Answer) -> None:
        extra = f', "repeated": {json.dumps(answer.repeated)}' if answer.repeated else ""
        if answer.text.startswith(_QUICK_START) and not any(sign in answer.text for sign in _NEEDS_READING):
            # A large answer is passed on as it is.
            self._say(f'{{"id": {json.dumps(number)}{extra}, {answer.text[1:]}')
            return
        envelope = answer.envelope()
        if envelope["ok"]:
            envelope = {"ok": True, "result": explain_jobs(envelope["result"])}
        else:
            envelope = {"ok": False, "error": explain(envelope["error"])}
        repeated = {"repeated": answer.repeated} if answer.repeated else {}
        self._say(json.dumps({"id": number, **repeated, **envelope}))

    def _say_failure(self, number: Any, failure: SessionFailure) -> None:
        self._say(json.dumps({"id": number, "ok": False, "error": explain(failure.as_dict())}))

    def _say(self, line: str) -> None:
        with self._writing:
            self._sink.write(line + "\n")
            self._sink.flush()


def _options(line: str) -> Options:
    try:
        values = json.loads(line)["options"]
    except (ValueError, KeyError, TypeError):
        raise OptionsInvalid('the first line must be {"options": {…}}') from None
    if not isinstance(values, dict):
        raise OptionsInvalid("options must be an object of names and values")
    return Options.of(values)


def _message(line: str) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except ValueError as error:
        raise OptionsInvalid(f"a line is no JSON: {error}") from None
    if not isinstance(message, dict) or not isinstance(message.get("operation"), str):
        raise OptionsInvalid('a line must be an object with "id", "operation" and "request"')
    if not isinstance(message.get("request") or {}, dict):
        raise OptionsInvalid(f"request of {message['operation']} must be an object")
    return message


def main() -> None:
    """Serve standard input and output."""
    sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
    code = Pipe(sys.stdin, sys.stdout).run()
    sys.stdout.flush()
    # Threads may still wait for answers that nobody reads.
    os._exit(code)


if __name__ == "__main__":
    main()
