# SPDX-License-Identifier: Apache-2.0
"""The command `capi-scvmm`: run the controller, print the CRDs, print the version."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import re
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NoReturn

import yaml

from capi_scvmm.election.lease import Timing
from capi_scvmm.errors import BadFlag, ControllerError
from capi_scvmm.kinds import crds
from capi_scvmm.plan.retry import RetryPolicy
from capi_scvmm.settings import Election, Settings, default_max_runs

_DNS_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
FRAMEWORKS = ("kopf", "httpx2", "httpcore2", "asyncio")
POD_NAMESPACE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
LEVELS = ("debug", "info", "warning", "error")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a command line in one line."""

    def error(self, message: str) -> NoReturn:
        raise BadFlag(f"{message} (capi-scvmm --help shows what there is)")


def main() -> None:
    """Run the command; a mistake of the user ends in one line and code 2, trouble in one line and code 1."""
    try:
        arguments = parser().parse_args()
        code = _command(arguments)
    except BadFlag as error:
        print(f"capi-scvmm: {error}", file=sys.stderr)
        code = 2
    except ControllerError as error:
        print(f"capi-scvmm: {error}", file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        code = 130
    raise SystemExit(code)


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    top = _Parser(prog="capi-scvmm", description="Cluster API infrastructure provider for SCVMM.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    commands.add_parser("crds", help="print the CustomResourceDefinitions as YAML")
    commands.add_parser("version", help="print the version")
    run = commands.add_parser("run", help="run the controller")
    run.add_argument(
        "--namespace",
        action="append",
        default=[],
        type=_namespace,
        metavar="NAME",
        help="watch only this namespace (repeatable; default: all)",
    )
    run.add_argument(
        "--watch-filter", metavar="VALUE", help="only objects whose label cluster.x-k8s.io/watch-filter has this value"
    )
    run.add_argument(
        "--kubeconfig", type=Path, metavar="FILE", help="default: $KUBECONFIG, ~/.kube/config, or the pod's own"
    )
    run.add_argument("--log-level", choices=LEVELS, default="info", help="default: info")
    run.add_argument("--log-format", choices=("text", "json"), default="text", help="default: text")
    run.add_argument(
        "--max-runs",
        type=_whole(1, 64),
        default=default_max_runs(),
        metavar="N",
        help="Ansible runs at once (one a core, 2 to 8)",
    )
    run.add_argument(
        "--batch-size", type=_whole(1, 200), default=25, metavar="N", help="machines in a run at most (25)"
    )
    run.add_argument(
        "--resync",
        type=_seconds,
        default=60.0,
        metavar="SECONDS",
        help="between looks at VMM when nothing is under way (60)",
    )
    run.add_argument(
        "--retry-base", type=_seconds, default=1.0, metavar="SECONDS", help="before the first repetition (1)"
    )
    run.add_argument(
        "--retry-max", type=_seconds, default=300.0, metavar="SECONDS", help="between late repetitions (300)"
    )
    run.add_argument(
        "--retry-final",
        type=_seconds,
        default=900.0,
        metavar="SECONDS",
        help="before what cannot succeed unchanged is tried all the same (900)",
    )
    run.add_argument(
        "--health-port", type=_whole(1, 65535), metavar="PORT", help="serve /healthz and /readyz there (default: not)"
    )
    _add_election(run)
    return top


def _add_election(run: argparse.ArgumentParser) -> None:
    timing = Timing()
    run.add_argument(
        "--leader-elect", action="store_true", help="act only while holding a Lease: for several replicas, one acts"
    )
    run.add_argument(
        "--leader-elect-namespace",
        type=_namespace,
        metavar="NAME",
        help="where the Lease is (default: the namespace of the pod)",
    )
    run.add_argument(
        "--leader-elect-name",
        default="capi-scvmm",
        type=_namespace,
        metavar="NAME",
        help="its name (capi-scvmm); controllers of other objects need one of their own",
    )
    run.add_argument(
        "--leader-elect-lease-duration",
        type=_whole(2, 600),
        default=timing.duration,
        metavar="SECONDS",
        help=f"after so long without renewal others take it ({timing.duration})",
    )
    run.add_argument(
        "--leader-elect-renew-deadline",
        type=_seconds,
        default=timing.renew_deadline,
        metavar="SECONDS",
        help=f"after so long without renewal its holder ends ({timing.renew_deadline:g})",
    )
    run.add_argument(
        "--leader-elect-retry-period",
        type=_seconds,
        default=timing.retry,
        metavar="SECONDS",
        help=f"between renewals, and between looks of those who stand by ({timing.retry:g})",
    )


def _election(arguments: argparse.Namespace) -> Election | None:
    """Read the flags of the election; between the deadlines there must be time to end, before them for some tries."""
    if not arguments.leader_elect:
        return None
    duration, deadline = arguments.leader_elect_lease_duration, arguments.leader_elect_renew_deadline
    retry = arguments.leader_elect_retry_period
    if deadline > duration * 0.8:
        raise BadFlag(
            f"--leader-elect-renew-deadline {deadline:g} is too close to --leader-elect-lease-duration {duration}: "
            f"four fifths of that at most ({duration * 0.8:g})"
        )
    if retry > deadline / 2:
        raise BadFlag(
            f"--leader-elect-retry-period {retry:g} leaves no second try before --leader-elect-renew-deadline "
            f"{deadline:g}: half of that at most ({deadline / 2:g})"
        )
    namespace = arguments.leader_elect_namespace or _own_namespace()
    if namespace is None:
        raise BadFlag("--leader-elect needs --leader-elect-namespace outside of a pod: where shall the Lease be?")
    return Election(namespace, arguments.leader_elect_name, Timing(duration, deadline, retry))


def _own_namespace() -> str | None:
    try:
        return POD_NAMESPACE.read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def _command(arguments: argparse.Namespace) -> int:
    match arguments.command:
        case "crds":
            print(yaml.safe_dump_all(crds(), sort_keys=False), end="")
        case "version":
            print(_version())
        case _:
            _run(arguments)
    return 0


def _run(arguments: argparse.Namespace) -> None:
    # Only now: ansible-runner and kopf take their time, and the other commands need neither.
    from capi_scvmm.operator import Operator

    if arguments.retry_max < arguments.retry_base:
        raise BadFlag(f"--retry-max {arguments.retry_max:g} is below --retry-base {arguments.retry_base:g}: raise it")
    if arguments.kubeconfig is not None and not arguments.kubeconfig.is_file():
        raise BadFlag(f"--kubeconfig {arguments.kubeconfig}: there is no such file; give the path of a kubeconfig")
    _set_up_logging(arguments.log_level, arguments.log_format)
    settings = Settings(
        namespaces=tuple(dict.fromkeys(arguments.namespace)),
        watch_filter=arguments.watch_filter,
        kubeconfig=arguments.kubeconfig,
        max_runs=arguments.max_runs,
        batch_size=arguments.batch_size,
        resync=arguments.resync,
        retry=RetryPolicy(arguments.retry_base, arguments.retry_max, arguments.retry_final),
        health_port=arguments.health_port,
        election=_election(arguments),
    )

    async def run() -> None:
        await Operator(settings).run()

    asyncio.run(run())


def _version() -> str:
    try:
        return version("capi-scvmm")
    except PackageNotFoundError:
        return "unreleased"


def _set_up_logging(level: str, form: str) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(
        _JsonFormatter() if form == "json" else logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("capi_scvmm").setLevel(level.upper())
    # The frameworks log each request and event: that helps only their authors.
    for noisy in FRAMEWORKS:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    if level != "debug":
        handler.addFilter(_without_foreign_traces)


def _without_foreign_traces(record: logging.LogRecord) -> bool:
    """Keep what a framework says and drop where in its code that was."""
    if record.name.split(".")[0] in FRAMEWORKS:
        record.exc_info = record.exc_text = None
        record.msg, record.args = record.getMessage().splitlines()[0], ()
    return True


class _JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


class _Whole:
    def __init__(self, least: int, most: int) -> None:
        self._least, self._most = least, most

    def __call__(self, text: str) -> int:
        if not text.isdigit() or not self._least <= int(text) <= self._most:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {self._least} to {self._most}")
        return int(text)


def _whole(least: int, most: int) -> _Whole:
    return _Whole(least, most)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.0 < seconds <= 86400.0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0 and up to 86400")
    return seconds


def _namespace(text: str) -> str:
    if not _DNS_LABEL.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no name of a namespace: small letters, digits and dashes")
    return text


if __name__ == "__main__":
    main()
