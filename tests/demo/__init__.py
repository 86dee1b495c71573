# SPDX-License-Identifier: Apache-2.0
"""`make demo`: a cluster from `kubectl apply` to running VMs and away again, on a simulated VMM server."""
