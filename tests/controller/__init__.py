# SPDX-License-Identifier: Apache-2.0
"""The controller: its pure core, its parts, and the whole of it against a real API server and the simulator."""
