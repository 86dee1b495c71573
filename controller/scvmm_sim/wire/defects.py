# SPDX-License-Identifier: Apache-2.0
"""Log a defect of the simulator without what the client sent."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path


def log_defect(log: logging.Logger, what: str, error: BaseException) -> None:
    """Log that *what* failed with the type of *error* and where it came from.

    Neither its message nor source lines: they may quote a request, and requests hold secrets.
    """
    frames = traceback.extract_tb(error.__traceback__)
    way = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames[-8:]))
    log.error("%s failed inside the simulator: %s at %s", what, type(error).__name__, way or "unknown")
