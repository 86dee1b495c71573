# SPDX-License-Identifier: Apache-2.0
"""The clock by which a lease is counted."""

import time


def boot_clock() -> float:
    """Seconds since the machine started, those that it slept included; the same for all processes of the machine."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
