# SPDX-License-Identifier: Apache-2.0
"""Cluster API's managers: what each is built from, the manifests that belong to it, and how it is run."""

from dataclasses import dataclass
from pathlib import Path

SKIPPED_MIGRATIONS = "StorageVersionMigration,CleanupManagedFields"  # nothing here was stored by an older release


@dataclass(frozen=True)
class Manager:
    """One manager of the module sigs.k8s.io/cluster-api."""

    name: str
    """Its program, its process and its log."""
    folder: str
    """Its main package, and `config` beside it, in the module."""
    provider: str
    """The value of the label cluster.x-k8s.io/provider."""
    prefix: str
    """What the names of its webhook configurations begin with, wherever it is installed."""

    @property
    def package(self) -> str:
        """What `go build` is given."""
        return f"sigs.k8s.io/cluster-api/{self.folder}"

    @property
    def webhooks(self) -> str:
        """The name of its validating webhook configuration."""
        return f"{self.prefix}validating-webhook-configuration"

    @property
    def manifests(self) -> str:
        """The file with its CRDs and webhook configurations in a build folder."""
        return f"{self.name}.json"

    def flags(self, kubeconfig: Path, certificates: Path, webhook_port: int, health_port: int) -> list[str]:
        """The arguments of the program; *certificates* holds tls.crt and tls.key."""
        return [
            f"--kubeconfig={kubeconfig}",
            f"--webhook-port={webhook_port}",
            f"--webhook-cert-dir={certificates}",
            "--diagnostics-address=0",
            f"--health-addr=127.0.0.1:{health_port}",
            f"--skip-crd-migration-phases={SKIPPED_MIGRATIONS}",
            "--feature-gates=ClusterTopology=true,MachinePool=false",
        ]


CORE = Manager("capi-core", "core", "cluster-api", "capi-")
KUBEADM_BOOTSTRAP = Manager(
    "capi-kubeadm-bootstrap",
    "bootstrap/kubeadm",
    "bootstrap-kubeadm",
    "capi-kubeadm-bootstrap-",
)
KUBEADM_CONTROL_PLANE = Manager(
    "capi-kubeadm-control-plane",
    "controlplane/kubeadm",
    "control-plane-kubeadm",
    "capi-kubeadm-control-plane-",
)
MANAGERS = (CORE, KUBEADM_BOOTSTRAP, KUBEADM_CONTROL_PLANE)
