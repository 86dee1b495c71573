# SPDX-License-Identifier: Apache-2.0
"""What the Go provider left on objects that were moved over to us: its finalizers, which nobody else takes off."""

from __future__ import annotations

MACHINE_FINALIZER = "scvmmmachine.finalizers.cluster.x-k8s.io"
CLUSTER_FINALIZER = "scvmmcluster.finalizers.cluster.x-k8s.io"
CLAIM_FINALIZER = "scvmmmachine.finalizers.cluster.x-k8s.io/ip-claim-protection"
