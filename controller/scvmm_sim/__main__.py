# SPDX-License-Identifier: Apache-2.0
"""``python -m scvmm_sim``: the same as the command scvmm-sim."""

from scvmm_sim.cli import main

main()
