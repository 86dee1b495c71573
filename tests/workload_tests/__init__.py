# SPDX-License-Identifier: Apache-2.0
"""Guests that become nodes, part by part."""
