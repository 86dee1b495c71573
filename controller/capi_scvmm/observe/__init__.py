# SPDX-License-Identifier: Apache-2.0
"""What VMM servers show: one bulk look per server instead of one per machine."""

from capi_scvmm.observe.observer import Observer
from capi_scvmm.observe.probing import LOGIN_REFUSED_ID, ServerState
from capi_scvmm.observe.view import View

__all__ = ["LOGIN_REFUSED_ID", "Observer", "ServerState", "View"]
