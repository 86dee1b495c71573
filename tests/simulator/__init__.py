# SPDX-License-Identifier: Apache-2.0
"""Tests of the simulator's layers below the wire."""
