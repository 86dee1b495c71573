# SPDX-License-Identifier: Apache-2.0
"""The real clusterctl with our templates."""
