# SPDX-License-Identifier: Apache-2.0
"""Which of several controllers acts: one Lease of the API server, held by one at a time (decision 0022)."""
