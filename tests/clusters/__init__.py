# SPDX-License-Identifier: Apache-2.0
"""Whole clusters: Cluster API's real managers, our controller, and guests that become nodes."""
