# SPDX-License-Identifier: Apache-2.0
"""Let the holder of an address fail again and again, and print how long its clients waited.

python -m vip [COUNT [SEED]]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from guests.lab import NoLabError, lab

from vip.control_plane import start_api_servers
from vip.random_failures import Felt, fail_at_random, table
from vip.setup import three_hosts


def main() -> None:
    """Bring keepalived to three hosts over ssh, then count."""
    given = [int(word) for word in sys.argv[1:3]]
    count, seed = [*given, *(100, 1)[len(given) :]]
    felt: list[Felt] = []
    with tempfile.TemporaryDirectory() as folder, lab() as network, three_hosts(network, Path(folder)) as plane:
        start_api_servers(plane.hosts)
        for one in fail_at_random(plane, count, seed):
            felt.append(one)
            print(f"{len(felt):4} {one.kind:12} {one.moved:6.2f} s", flush=True)
    print(table(felt))


if __name__ == "__main__":
    try:
        main()
    except NoLabError as error:
        sys.exit(str(error))
