# SPDX-License-Identifier: Apache-2.0
"""Layer 3: the operations of docs/operations.md answered in Python, made of cmdlet calls."""

from __future__ import annotations

from scvmm_sim.operations.answer import Operations

__all__ = ["Operations"]
