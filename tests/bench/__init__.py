# SPDX-License-Identifier: Apache-2.0
"""Benchmarks: what is claimed about speed is measured here, both sides in one run (`make bench`)."""
