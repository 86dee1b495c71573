# SPDX-License-Identifier: Apache-2.0
"""The commands that talk to a running simulator over its control API."""

from __future__ import annotations

import argparse
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from rich.console import Console
from rich.table import Table

TIMEOUT_SECONDS = 30


class ControlError(Exception):
    """The simulator refused (1), cannot be reached (1), or the command was wrong (2)."""

    def __init__(self, message: str, exit_status: int = 1) -> None:
        super().__init__(message)
        self.exit_status = exit_status


class Remote:
    """A running simulator's control API."""

    def __init__(self, url: str | None, variable: str) -> None:
        """*url* is the control API's; raises ControlError when there is none or it is no http URL."""
        if not url:
            raise ControlError(
                f"no simulator named: give --control URL or set {variable} (serve prints control_url)", 2
            )
        if urlsplit(url).scheme != "http" or not urlsplit(url).hostname:
            raise ControlError(f"--control {url!r} is not a URL like http://127.0.0.1:8985", 2)
        self._url = url.rstrip("/")
        # A proxy of the environment has no business between two programs on one machine.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Send one request and return the answer's JSON. Raises ControlError."""
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self._url + path, data, headers, method=method)  # noqa: S310  # http, see above
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise ControlError(_message(error), 2 if error.code == 400 else 1) from None
        except (urllib.error.URLError, OSError, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            message = (
                f"no simulator answers at {self._url} ({reason}): start one with 'scvmm-sim serve' or mend --control"
            )
            raise ControlError(message) from None


def _message(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(error)["error"])
    except (ValueError, KeyError, TypeError):
        return f"the simulator answered {error.code} {error.reason}"


_COLUMNS: dict[str, list[tuple[str, Callable[[dict[str, Any]], Any]]]] = {
    "vms": [
        ("name", lambda vm: vm.get("Name")),
        ("status", lambda vm: _text(vm.get("Status"))),
        (
            "addresses",
            lambda vm: ", ".join(a for found in vm.get("guest", {}).get("addresses", {}).values() for a in found),
        ),
        ("guest", lambda vm: vm.get("guest", {}).get("host_name")),
        ("id", lambda vm: vm.get("ID")),
    ],
    "jobs": [
        ("name", lambda job: job.get("Name")),
        ("status", lambda job: _text(job.get("Status"))),
        ("object", lambda job: job.get("ResultName")),
        ("started", lambda job: job.get("StartTime")),
        ("id", lambda job: job.get("ID")),
    ],
    "calls": [
        ("started", lambda call: call["started"]),
        ("seconds", lambda call: "" if call["seconds"] is None else f"{call['seconds']:.3f}"),
        ("operation", lambda call: call["name"]),
        ("object", lambda call: call["object"]),
        ("ok", lambda call: "" if call["ok"] is None else str(call["ok"]).lower()),
    ],
    "library": [("path", lambda file: file["path"]), ("bytes", lambda file: file["size"])],
    "faults": [
        ("id", lambda rule: rule["id"]),
        ("struck", lambda rule: rule.get("struck")),
        (
            "rule",
            lambda rule: json.dumps({k: v for k, v in rule.items() if v and k not in ("id", "matched", "struck")}),
        ),
    ],
}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _show(kind: str, rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    columns = _COLUMNS[kind]
    if not sys.stdout.isatty():
        print("\t".join(name for name, _ in columns))
        for row in rows:
            print("\t".join(_text(value(row)) for _, value in columns))
        return
    table = Table(box=None)
    for name, _ in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(_text(value(row)) for _, value in columns))
    Console().print(table)


def _durations(words: list[str]) -> dict[str, float]:
    seconds: dict[str, float] = {}
    for word in words:
        kind, _, number = word.partition("=")
        try:
            seconds[kind] = float(number)
        except ValueError:
            raise ControlError(f"duration {word!r} is not KIND=SECONDS: write for example create=20", 2) from None
    return seconds


def _rule(text: str) -> dict[str, Any]:
    try:
        rule = json.loads(sys.stdin.read() if text == "-" else text)
    except ValueError as error:
        raise ControlError(
            f'the fault rule is not JSON ({error}): write for example \'{{"operation": "vm_info", "delay": 2}}\'', 2
        ) from None
    if not isinstance(rule, dict):
        raise ControlError("the fault rule is not a JSON object in braces", 2)
    return rule


def add_control_commands(commands: Any, variable: str) -> None:
    """Add the commands to argparse's subparsers; *variable* names the environment's default for --control."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--control", metavar="URL", default=os.environ.get(variable), help=f"control API (default: ${variable})"
    )
    listing = argparse.ArgumentParser(add_help=False, parents=[common])
    listing.add_argument("--json", action="store_true", help="print the whole data as JSON")

    def add(
        parent: Any, name: str, text: str, run: Callable[[Remote, argparse.Namespace], None], kind: Any = common
    ) -> Any:
        parser = parent.add_parser(name, parents=[kind], help=text, description=text[0].upper() + text[1:] + ".")
        parser.set_defaults(run=lambda arguments: run(Remote(arguments.control, variable), arguments))
        return parser

    for name, text in (
        ("vms", "list the VMs that VMM has"),
        ("jobs", "list VMM's jobs"),
        ("calls", "list all operations so far, without their content"),
        ("library", "list the files on the library shares"),
    ):
        add(commands, name, text, _lister(name), listing)

    fault = commands.add_parser("fault", help="add, list or clear fault rules").add_subparsers(
        title="commands", required=True, metavar="COMMAND"
    )
    add_rule = add(fault, "add", "add a fault rule and print its id", _add_fault)
    add_rule.add_argument("rule", metavar="RULE", help="the rule as JSON, or - to read it from stdin")
    add(fault, "list", "list the fault rules and how often each struck", _lister("faults"), listing)
    clear = add(fault, "clear", "remove one fault rule, or all", _clear_faults)
    clear.add_argument("id", nargs="?", help="the rule's id (default: all rules)")

    vm = commands.add_parser("vm", help="do to a VM what somebody else might do").add_subparsers(
        title="commands", required=True, metavar="COMMAND"
    )
    for name, text, method, suffix in (
        ("off", "turn a VM off at its host", "POST", "/off"),
        ("start", "start a VM", "POST", "/start"),
        ("delete", "delete a VM, running or not", "DELETE", ""),
    ):
        parser = add(vm, name, text, _vm_command(method, suffix))
        parser.add_argument("vm", metavar="VM", help="VMM's id of the VM, or its name")

    durations = add(commands, "durations", "change how long jobs take from now on", _set_durations)
    durations.add_argument("durations", metavar="KIND=SECONDS", nargs="+", help="for example create=20 start=3")


def _lister(kind: str) -> Callable[[Remote, argparse.Namespace], None]:
    return lambda remote, arguments: _show(kind, remote.ask("GET", f"/{kind}"), arguments.json)


def _vm_command(method: str, suffix: str) -> Callable[[Remote, argparse.Namespace], None]:
    def run(remote: Remote, arguments: argparse.Namespace) -> None:
        remote.ask(method, f"/vms/{quote(arguments.vm, safe='')}{suffix}")

    return run


def _add_fault(remote: Remote, arguments: argparse.Namespace) -> None:
    print(remote.ask("POST", "/faults", _rule(arguments.rule))["id"])


def _clear_faults(remote: Remote, arguments: argparse.Namespace) -> None:
    remote.ask("DELETE", f"/faults/{quote(arguments.id, safe='')}" if arguments.id else "/faults")


def _set_durations(remote: Remote, arguments: argparse.Namespace) -> None:
    remote.ask("PUT", "/durations", _durations(arguments.durations))
