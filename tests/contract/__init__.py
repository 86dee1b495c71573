# SPDX-License-Identifier: Apache-2.0
"""Cluster API's contract as a checklist, and the tests that show each number of it."""
