# SPDX-License-Identifier: Apache-2.0
"""Tests of the simulator's wire, engines, control API and command, with real clients."""
