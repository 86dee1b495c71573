# SPDX-License-Identifier: Apache-2.0
"""`python -m capi_scvmm` is the command capi-scvmm."""

from capi_scvmm.cli import main

main()
