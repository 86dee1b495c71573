# SPDX-License-Identifier: Apache-2.0
"""`python -m workload` serves a simulated VMM server whose guests become nodes, until it is told to end.

Its ready line is that of `scvmm-sim serve`, with `endpoint`: an address that control planes may hold.
"""

import argparse
import json
import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path

from plane.binaries import ensure_binaries, module_versions
from plane.errors import PlaneError
from scvmm_sim import Simulator
from scvmm_sim.child_processes import ChildProcesses
from scvmm_sim.errors import SimulatorError

from workload import Network, node_guests


def serve(fabric: Path, library: Path) -> None:
    """Run it until SIGTERM or SIGINT."""
    stop = signal.SIGTERM, signal.SIGINT
    # Blocked from the start and in every thread: a signal waits until this thread takes it below.
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)
    with ExitStack() as stack:
        children = ChildProcesses("nodes")
        stack.callback(children.close)
        network = stack.enter_context(Network())
        guests = node_guests(network, ensure_binaries(), module_versions()["k8s.io/kubernetes"], children)
        simulator = stack.enter_context(Simulator(fabric, library=library, guests=guests))
        ready = {
            "ready": True,
            "host": simulator.host,
            "port": simulator.port,
            "control_url": simulator.control_url,
            "endpoint": network.shared_address(),
            "pid": os.getpid(),
        }
        print(json.dumps(ready), flush=True)
        signal.sigwait(stop)


def main() -> int:
    """Run the command; a failure is one message on standard error and exit code 1."""
    parser = argparse.ArgumentParser(prog="workload", description=__doc__)
    parser.add_argument("--fabric", type=Path, required=True, help="the fabric's file")
    parser.add_argument("--library", type=Path, required=True, help="the folder of the library shares")
    options = parser.parse_args()
    try:
        serve(options.fabric, options.library)
    except (SimulatorError, PlaneError, OSError) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
