# SPDX-License-Identifier: GPL-3.0-or-later
"""Documented in vm_repair.yml. The action plugin of this name does the work, on the control node."""
