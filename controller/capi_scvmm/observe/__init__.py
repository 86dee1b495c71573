# SPDX-License-Identifier: Apache-2.0
"""What VMM servers show: one bulk look per server instead of one per machine."""

from capi_scvmm.observe.observer import Observer, ServerState
from capi_scvmm.observe.view import View

__all__ = ["Observer", "ServerState", "View"]
