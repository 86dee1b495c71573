# SPDX-License-Identifier: Apache-2.0
"""Sessions with VMM servers, for looking only. The only code that knows the collection's pipe."""

from capi_scvmm.session.pipe import PipeSession
from capi_scvmm.session.port import NoAnswer, SaidNo, Session

__all__ = ["NoAnswer", "PipeSession", "SaidNo", "Session"]
