# SPDX-License-Identifier: GPL-3.0-or-later
"""Callback for tests: each task's result as a JSON line, as a caller sees it, without the display in between."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: results
type: notification
short_description: Results as JSON lines
description: Appends each result to the file that TEST_RESULTS names.
"""


class CallbackModule(CallbackBase):
    """Appends what tasks answered to a file."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "results"
    CALLBACK_NEEDS_ENABLED = True

    def _write(self, kind: str, told: Any) -> None:
        line = {"task": told._task.get_name(), "kind": kind, "result": told._result}
        with Path(os.environ["TEST_RESULTS"]).open("a") as file:
            file.write(json.dumps(line, default=str) + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        """A task that succeeded."""
        self._write("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """A task that failed."""
        self._write("failed", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """A task whose host was not reached."""
        self._write("unreachable", result)
