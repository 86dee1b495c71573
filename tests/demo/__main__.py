# SPDX-License-Identifier: Apache-2.0
"""A cluster from `kubectl apply` to running VMs and away again on a simulated VMM server; exit code 0: all well."""

import argparse
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from demo.display import Display
from demo.failure import DemoFailed
from demo.story import tell

FAILED, INTERRUPTED = 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demonstration; a failure is its reason on standard error and exit code 1."""
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="end when the cluster is Available; leave it running")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        tell(options.keep, Display())
    except DemoFailed as failure:
        print(f"\nThe demonstration failed. {failure}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("\nInterrupted: everything has been stopped and removed.", file=sys.stderr)
        return INTERRUPTED
    return 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
