# SPDX-License-Identifier: Apache-2.0
"""The command scvmm-sim: serve a simulated VMM server, and look at or interfere with one that runs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from scvmm_sim.cli_control import ControlError, add_control_commands

USAGE_ERROR = 2
CONTROL_VARIABLE = "SCVMM_SIM_CONTROL"

_DESCRIPTION = """\
A VMM server to try and test against: PowerShell remoting (WinRM) on the wire, behind it a fabric of clouds, hosts,
templates, networks and a library, VMs, and jobs that take their time. 'serve' runs one; the other commands talk to one
that runs, over its control API."""

_SERVE = """\
Run a simulator until SIGTERM or SIGINT. When it answers, one line of JSON is printed on stdout:
{"ready": true, "host": …, "port": …, "control_url": …}; the log goes to stderr."""

_EXAMPLES = """\
examples:
  scvmm-sim serve --fabric examples/fabric.yml --port 5985 --control-port 8985
  export SCVMM_SIM_CONTROL=http://127.0.0.1:8985
  scvmm-sim vms
  scvmm-sim fault add '{"operation": "vm_present", "error": {"number": 1620, "message": "locked"}}'
  scvmm-sim durations create=20 start=3"""


class _UsageError(Exception):
    """A wrong flag or setting, told in one line."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]  # argparse exits; so does main, in one line
        raise _UsageError(f"{message}; see '{self.prog} --help'")


def _port(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 0 (any free one) to 65535")
    return number


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return number


def _parser() -> argparse.ArgumentParser:
    formatter = argparse.RawDescriptionHelpFormatter
    parser = _Parser("scvmm-sim", description=_DESCRIPTION, epilog=_EXAMPLES, formatter_class=formatter)
    commands = parser.add_subparsers(title="commands", dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser(
        "serve", help="run a simulator", description=_SERVE, formatter_class=formatter, epilog=_EXAMPLES
    )
    serve.add_argument("--fabric", metavar="FILE", required=True, help="YAML file: what VMM has (docs/simulator.md)")
    serve.add_argument(
        "--engine",
        choices=("native", "powershell"),
        default="native",
        help="native: operations are answered in Python, scripts are refused (default); powershell: each session is a "
        "real PowerShell 7 process (pwsh on PATH, or $PWSH) with a stand-in VirtualMachineManager module",
    )
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    serve.add_argument("--port", type=_port, default=0, help="WSMan over HTTP; 0 takes a free port (default)")
    serve.add_argument("--https-port", type=_port, help="WSMan over HTTPS as well; 0 takes a free port")
    serve.add_argument(
        "--certificate",
        metavar="PEM",
        help="server certificate for HTTPS (default: one of an authority made anew, whose file is in the ready line)",
    )
    serve.add_argument("--key", metavar="PEM", help="private key of --certificate, when it is not in the same file")
    serve.add_argument("--control-port", type=_port, default=0, help="control API on 127.0.0.1; 0 takes a free port")
    serve.add_argument("--library", metavar="DIR", help="folder with the library shares' files (default: temporary)")
    serve.add_argument(
        "--idle-seconds",
        type=_seconds,
        metavar="N",
        help="close shells that are idle for N seconds, whatever the "
        "client asked for (default: as it asked, else 7200)",
    )
    serve.add_argument(
        "--log-level", choices=("debug", "info", "warning", "error"), default="info", help="default: %(default)s"
    )
    serve.set_defaults(run=_serve)
    add_control_commands(commands, CONTROL_VARIABLE)
    return parser


def _serve(arguments: argparse.Namespace) -> None:
    # Imported here: the other commands need none of it and answer at once.
    from scvmm_sim.cli_serve import ServeError, serve

    try:
        serve(arguments)
    except ServeError as error:
        raise _UsageError(str(error)) from None


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; every mistake of the user's ends in one line on stderr and exit status 2, refusals in 1."""
    try:
        chosen = _parser().parse_args(arguments)
        run: Callable[[argparse.Namespace], None] = chosen.run
        run(chosen)
    except _UsageError as error:
        _fail(str(error), USAGE_ERROR)
    except ControlError as error:
        _fail(str(error), error.exit_status)
    except BrokenPipeError:
        # Somebody piped into head: nothing more is wanted. Python would complain at exit without this.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _fail(message: str, status: int) -> None:
    print(f"scvmm-sim: {message}", file=sys.stderr)
    raise SystemExit(status)
