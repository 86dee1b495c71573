# SPDX-License-Identifier: Apache-2.0
"""Media onto a share of a real Samba server."""
