# SPDX-License-Identifier: Apache-2.0
"""Runs: one playbook over a batch of machines. The only code that knows ansible-runner."""
