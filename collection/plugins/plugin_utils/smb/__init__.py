# SPDX-License-Identifier: GPL-3.0-or-later
"""Media onto the library's share by SMB, from the control node. Only share.py needs smbprotocol."""
