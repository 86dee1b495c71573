# SPDX-License-Identifier: Apache-2.0
"""Errors as data, as envelopes and results carry them."""

from __future__ import annotations

from typing import Any

from scvmm_sim.errors import CmdletError
from scvmm_sim.operations.fields import OperationError


def shape_failure(error: CmdletError | OperationError, operation: str, request: dict[str, Any]) -> dict[str, Any]:
    """The error of an operation in full shape."""
    return {
        "number": error.number,
        "id": error.id,
        "category": error.category,
        "message": error.message,
        "recommended_action": error.recommended_action,
        "operation": operation,
        "object": _subject(operation, request),
    }


def _subject(operation: str, request: dict[str, Any]) -> str | None:
    """What the operation was about, in a few words."""
    if not isinstance(request, dict):
        return None
    if operation.startswith("media_") and request.get("file") and not (request.get("id") or request.get("uid")):
        return f"medium {request['file']}"
    for field in ("name", "id", "uid"):
        if isinstance(request.get(field), str) and request[field]:
            return f"VM {request[field]}"
    return f"VMM server {request['vmm_server']}" if request.get("vmm_server") else None
