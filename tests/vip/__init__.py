# SPDX-License-Identifier: Apache-2.0
"""The virtual address of a control plane, proven on hosts that really boot."""
