# SPDX-License-Identifier: Apache-2.0
"""`python -m plane build` fills the cache; `python -m plane up` runs a plane until it is interrupted."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from plane.binaries import ensure_binaries
from plane.errors import PlaneError
from plane.management_plane import ManagementPlane

OUR_CRDS = Path(__file__).parents[2] / "controller" / "crds"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; a failure is one message on standard error and exit code 1."""
    options = _parser().parse_args(arguments)
    try:
        return build() if options.command == "build" else up(options.capi_core, options.kubeadm, options.crds)
    except PlaneError as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1


def build() -> int:
    """Build what is not in the cache, and say where it is."""
    print(ensure_binaries().folder)
    return 0


def up(capi_core: bool, kubeadm: bool, crds: Path | None) -> int:
    """Run a plane until SIGINT or SIGTERM."""
    ended = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: ended.set())
    with ManagementPlane(capi_core=capi_core, kubeadm=kubeadm) as plane:
        if crds:
            plane.apply(crds)
        print(f"export KUBECONFIG={plane.kubeconfig}", flush=True)
        if plane.kubectl:
            print(f"alias kubectl={plane.kubectl}", flush=True)
        print("Ctrl-C ends it and removes everything.", flush=True)
        ended.wait()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="plane", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser(
        "build", help="build etcd, kube-apiserver, kubectl, kubeadm and Cluster API into the cache, once"
    )
    up_parser = commands.add_parser("up", help="run an API server until Ctrl-C")
    up_parser.add_argument("--capi-core", action="store_true", help="run Cluster API's core manager too")
    up_parser.add_argument("--kubeadm", action="store_true", help="run Cluster API's core and its kubeadm managers too")
    up_parser.add_argument(
        "--crds",
        type=Path,
        default=OUR_CRDS if OUR_CRDS.is_dir() else None,
        help="a folder of CRDs to install (%(default)s)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
