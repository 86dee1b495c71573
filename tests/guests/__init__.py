# SPDX-License-Identifier: Apache-2.0
"""Guests that really boot, and networks that only they are in."""
