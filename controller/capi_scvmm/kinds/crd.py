# SPDX-License-Identifier: Apache-2.0
"""The CustomResourceDefinitions, made from the models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from capi_scvmm.kinds.model import Model
from capi_scvmm.kinds.schema import Schema, structural
from capi_scvmm.kinds.scvmm_cluster import ScvmmCluster
from capi_scvmm.kinds.scvmm_cluster_template import ScvmmClusterTemplate
from capi_scvmm.kinds.scvmm_machine import ScvmmMachine
from capi_scvmm.kinds.scvmm_machine_template import ScvmmMachineTemplate
from capi_scvmm.kinds.scvmm_name_pool import ScvmmNamePool
from capi_scvmm.kinds.scvmm_persistent_disk import ScvmmPersistentDisk
from capi_scvmm.kinds.scvmm_persistent_disk_pool import ScvmmPersistentDiskPool
from capi_scvmm.kinds.scvmm_provider import ScvmmProvider
from capi_scvmm.kinds.scvmm_remediation import ScvmmRemediation, ScvmmRemediationTemplate

GROUP = "infrastructure.cluster.x-k8s.io"
VERSION = "v1alpha1"
API_VERSION = f"{GROUP}/{VERSION}"

# Cluster API finds by these which of our versions speaks which version of its contract.
LABELS = {
    "cluster.x-k8s.io/provider": "infrastructure-scvmm",
    "cluster.x-k8s.io/v1beta1": VERSION,
    "cluster.x-k8s.io/v1beta2": VERSION,
}
# Nothing leads from a Cluster to such an object: with this on its CRD clusterctl moves it all the same.
MOVED = {"clusterctl.cluster.x-k8s.io/move": ""}


@dataclass(frozen=True)
class Column:
    """One column of `kubectl get`; those with *wide* only show with `-o wide`."""

    name: str
    path: str
    description: str
    type: str = "string"
    wide: bool = False

    def to_dict(self) -> dict[str, Any]:
        """As the CRD has it."""
        column = {"name": self.name, "type": self.type, "jsonPath": self.path, "description": self.description}
        return column | ({"priority": 1} if self.wide else {})


@dataclass(frozen=True)
class Kind:
    """What a CRD says beside the schema."""

    model: type[Model]
    short_name: str
    columns: tuple[Column, ...]
    labels: Mapping[str, str] = field(default_factory=lambda: LABELS)

    @property
    def name(self) -> str:
        """The kind, as manifests name it."""
        return self.model.__name__

    @property
    def plural(self) -> str:
        """The resource, as paths of the API name it."""
        return f"{self.name.lower()}s"


_CLUSTER = Column("CLUSTER", r".metadata.labels['cluster\.x-k8s\.io/cluster-name']", "Cluster that it belongs to")
_READY = Column("READY", '.status.conditions[?(@.type=="Ready")].status', "Whether all is well")
_REASON = Column("REASON", '.status.conditions[?(@.type=="Ready")].reason', "Why it is ready or not")
_AGE = Column("AGE", ".metadata.creationTimestamp", "Time since the object was created", type="date")

KINDS = (
    Kind(
        ScvmmProvider,
        "scvmmp",
        (
            Column("HOST", ".spec.scvmmHost", "VMM server"),
            _READY,
            _REASON,
            Column("VERSION", ".status.vmmServer.version", "Version of VMM", wide=True),
            _AGE,
        ),
    ),
    Kind(
        ScvmmCluster,
        "scvmmc",
        (
            _CLUSTER,
            _READY,
            _REASON,
            Column("ENDPOINT", ".spec.controlPlaneEndpoint.host", "Host of the control-plane endpoint", wide=True),
            Column("PROVIDER", ".spec.providerRef.name", "ScvmmProvider", wide=True),
            _AGE,
        ),
    ),
    Kind(ScvmmClusterTemplate, "scvmmct", (_AGE,)),
    Kind(
        ScvmmMachine,
        "scvmmm",
        (
            _CLUSTER,
            _READY,
            _REASON,
            Column("STATUS", ".status.vmStatus", "State of the VM in VMM"),
            Column("HOST", ".status.hostname", "Host name of the guest", wide=True),
            Column("IP", '.status.addresses[?(@.type=="InternalIP")].address', "Addresses of the guest"),
            Column("ID", ".spec.providerID", "Identity of the VM towards Cluster API", wide=True),
            Column("AGE", ".status.creationTime", "Time since VMM created the VM", type="date"),
        ),
    ),
    Kind(
        ScvmmMachineTemplate,
        "scvmmmt",
        (
            Column("TEMPLATE", ".spec.template.spec.vmTemplate", "VM template in VMM"),
            Column("CPUS", ".spec.template.spec.cpuCount", "Virtual CPUs", type="integer"),
            Column("MEMORY", ".spec.template.spec.memory", "Memory"),
            _AGE,
        ),
    ),
    Kind(
        ScvmmNamePool,
        "scvmmnp",
        (
            Column("TOTAL", ".status.counts.total", "Names in all ranges", type="integer"),
            Column("FREE", ".status.counts.free", "Names that a machine can have", type="integer"),
            Column("USED", ".status.counts.used", "Names that machines have", type="integer"),
            Column("SKIPPED", ".status.counts.skipped", "Names in use in VMM by others", type="integer", wide=True),
            _READY,
            _REASON,
            _AGE,
        ),
        LABELS | MOVED,
    ),
    Kind(
        ScvmmRemediation,
        "scvmmr",
        (
            _CLUSTER,
            Column("PHASE", ".status.phase", "What is being done"),
            Column("CYCLES", ".status.retryCount", "Power cycles so far", type="integer"),
            Column("REASON", '.status.conditions[?(@.type=="Remediating")].reason', "Why it is there"),
            _AGE,
        ),
    ),
    Kind(
        ScvmmRemediationTemplate,
        "scvmmrt",
        (
            Column("STRATEGY", ".spec.template.spec.strategy.type", "What is tried"),
            Column("RETRIES", ".spec.template.spec.strategy.retryLimit", "How often", type="integer"),
            _AGE,
        ),
    ),
    Kind(
        ScvmmPersistentDiskPool,
        "scvmmpdp",
        (
            Column("TOTAL", ".status.counts.total", "Disks of the pool", type="integer"),
            Column("FREE", ".status.counts.free", "Disks that a machine can have", type="integer"),
            Column("USED", ".status.counts.used", "Disks that machines have", type="integer"),
            Column("MAX", ".spec.maxDisks", "How many disks there may be; 0: no limit", type="integer", wide=True),
            _READY,
            _REASON,
            _AGE,
        ),
        LABELS | MOVED,
    ),
    Kind(
        ScvmmPersistentDisk,
        "scvmmpd",
        (
            Column("SIZE", ".spec.size", "Size of the disk"),
            Column("MACHINE", ".status.machine", "ScvmmMachine that has it"),
            Column("HOST", ".status.vmHost", "Host on which the file is"),
            Column("PATH", ".status.path", "Folder in which the file is", wide=True),
            Column("FILENAME", ".status.filename", "Name of the file", wide=True),
            Column("RECLAIM", ".spec.reclaimPolicy", "What becomes of the file", wide=True),
            _READY,
            _REASON,
            _AGE,
        ),
        LABELS | MOVED,
    ),
)

_TYPE_META: dict[str, Schema] = {
    "apiVersion": {"type": "string", "description": f"Version of this form of the object: {API_VERSION}."},
    "kind": {"type": "string", "description": "Kind of the object."},
    "metadata": {"type": "object"},  # the API server allows no word more
}


def crds() -> list[dict[str, Any]]:
    """All CustomResourceDefinitions."""
    return [crd(kind) for kind in KINDS]


def crd(kind: Kind) -> dict[str, Any]:
    """The CustomResourceDefinition of *kind*."""
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{kind.plural}.{GROUP}", "labels": dict(kind.labels)},
        "spec": {
            "group": GROUP,
            "names": {
                "kind": kind.name,
                "listKind": f"{kind.name}List",
                "plural": kind.plural,
                "singular": kind.name.lower(),
                "shortNames": [kind.short_name],
                "categories": ["cluster-api"],
            },
            "scope": "Namespaced",
            "versions": [
                {
                    "name": VERSION,
                    "served": True,
                    "storage": True,
                    "subresources": {"status": {}},
                    "additionalPrinterColumns": [column.to_dict() for column in kind.columns],
                    "schema": {"openAPIV3Schema": _root(structural(kind.model))},
                }
            ],
        },
    }


def _root(schema: Schema) -> Schema:
    properties = {**_TYPE_META, "spec": schema["properties"]["spec"], "status": schema["properties"]["status"]}
    required = [name for name in schema["required"] if name != "metadata"]
    return {**schema, "properties": properties, "required": required}
