# SPDX-License-Identifier: Apache-2.0
"""Whether anybody answers at a host and port: the port for it, and its real implementation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

KNOCK_SECONDS = 2.0
# Host and port; True: a connection was accepted or refused, so there is a host. No answer and no way there: False.
Knock = Callable[[str, int], Awaitable[bool]]


async def knock(host: str, port: int) -> bool:
    """See Knock."""
    try:
        async with asyncio.timeout(KNOCK_SECONDS):
            _, writer = await asyncio.open_connection(host, port)
    except ConnectionRefusedError:
        return True
    except (TimeoutError, OSError):
        return False
    writer.close()
    return True
