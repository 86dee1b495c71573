# SPDX-License-Identifier: Apache-2.0
"""Tests of the kinds: models, CRDs, and what a real API server makes of them."""
