# SPDX-License-Identifier: Apache-2.0
"""The port to a VMM server for whoever only looks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from capi_scvmm.errors import VmmError


class NoAnswer(Exception):
    """Nobody knows what happened: the server did not answer; *timed_out*: it was waited for to the end."""

    def __init__(self, message: str, timed_out: bool = False) -> None:
        self.timed_out = timed_out
        super().__init__(message)


class SaidNo(Exception):
    """The server, or the session before it, refused; *error* says why."""

    def __init__(self, error: VmmError) -> None:
        self.error = error
        super().__init__(error.text)


class Session(Protocol):
    """Calls operations of docs/operations.md. Several calls may be under way; each may be repeated."""

    async def call(self, operation: str, request: Mapping[str, Any], seconds: float) -> Mapping[str, Any]:
        """Give the result of an operation; raise NoAnswer (also when *seconds* are over) or SaidNo."""
        ...

    async def close(self) -> None:
        """End the session; calls under way raise NoAnswer."""
        ...
