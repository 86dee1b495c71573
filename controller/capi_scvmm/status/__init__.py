# SPDX-License-Identifier: Apache-2.0
"""What status says: derived in one place from one look, written in one patch. Pure."""

from capi_scvmm.status.events import Event, events, server_events
from capi_scvmm.status.machine import StatusPatch, status

__all__ = ["Event", "StatusPatch", "events", "server_events", "status"]
