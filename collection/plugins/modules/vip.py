# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING)
"""Documented in vip.yml. The action plugin of this name does the work, on the control node."""
