# SPDX-License-Identifier: Apache-2.0
"""Guests that become nodes: what runs in a simulated VM reads its medium and makes a real cluster of itself."""

from workload.guests import node_guests
from workload.network import Network

__all__ = ["Network", "node_guests"]
