# SPDX-License-Identifier: Apache-2.0
"""The controller as a process, a real API server, the simulator."""
