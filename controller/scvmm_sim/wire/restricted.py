# SPDX-License-Identifier: Apache-2.0
"""Session configurations with a file: the pipeline that restricts a session before its client gets it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path

from psrpcore import ClientPowerShell, ClientRunspacePool, ServerRunspacePool

VARIABLE = "SCVMM_SIM_SESSION_CONFIGURATION"
_SCRIPT = Path(__file__).parent / "restrict.ps1"
# Destination and type of the first message stand between the fragment's header and the pool's id.
_POOL_ID = slice(21 + 8, 21 + 24)


@dataclass(frozen=True)
class FirstPipeline:
    """A pipeline of the server's own, as fragments."""

    guid: uuid.UUID
    data: bytes


def first_pipeline(creation: bytes) -> FirstPipeline:
    """The restricting pipeline for the pool that *creation*, the client's first fragments, opens."""
    pool_id = uuid.UUID(bytes_le=creation[_POOL_ID])
    # Only an open pool makes pipelines: both halves are here, and nothing of their talk goes anywhere.
    client, server = ClientRunspacePool(runspace_pool_id=pool_id), ServerRunspacePool()
    client.open()
    while _carry(client, server) or _carry(server, client):
        pass
    shell = ClientPowerShell(client)
    shell.add_script(_SCRIPT.read_text(encoding="utf-8"))
    shell.start()
    payload = client.data_to_send()
    assert payload is not None and payload.pipeline_id is not None
    return FirstPipeline(payload.pipeline_id, payload.data)


def _carry(source: ClientRunspacePool | ServerRunspacePool, target: ClientRunspacePool | ServerRunspacePool) -> bool:
    carried = False
    while (payload := source.data_to_send()) is not None:
        target.receive_data(payload)
        carried = True
    while target.next_event() is not None:
        pass
    return carried
