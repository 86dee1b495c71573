# SPDX-License-Identifier: Apache-2.0
"""The kinds: one source for the types that the controller reads, their defaults, and the CRDs."""

from __future__ import annotations

from capi_scvmm.kinds.conditions import Condition, ConditionStatus, find_condition
from capi_scvmm.kinds.crd import API_VERSION, GROUP, KINDS, VERSION, crds
from capi_scvmm.kinds.disks import Disk, PersistentDisk
from capi_scvmm.kinds.domain_join import DomainJoin
from capi_scvmm.kinds.hostname import render_hostname
from capi_scvmm.kinds.invalid import InvalidField
from capi_scvmm.kinds.later import later_fields
from capi_scvmm.kinds.load_balancer import (
    DEFAULT_ADVERT_MILLISECONDS,
    DEFAULT_ADVERT_MILLISECONDS_WITH_PASSWORD,
    ControlPlaneLoadBalancer,
    HAProxy,
    Keepalived,
    is_address,
    virtual_router_id,
)
from capi_scvmm.kinds.meta_data import check_meta_data
from capi_scvmm.kinds.metadata import ObjectMeta, OwnerReference, TemplateMeta
from capi_scvmm.kinds.networking import NetworkDevice, Networking, Route
from capi_scvmm.kinds.quantity import mebibytes, whole
from capi_scvmm.kinds.references import Bootstrap, ControlPlaneEndpoint, PasswordRef, ProviderRef, SecretRef
from capi_scvmm.kinds.scvmm_cluster import (
    FailureDomainSpec,
    FailureDomainStatus,
    ScvmmCluster,
    ScvmmClusterSpec,
    ScvmmClusterStatus,
)
from capi_scvmm.kinds.scvmm_cluster_template import ScvmmClusterTemplate
from capi_scvmm.kinds.scvmm_machine import VM_MARK, VM_NAME, ScvmmMachine, ScvmmMachineSpec
from capi_scvmm.kinds.scvmm_machine_status import Initialization, JobStatus, MachineAddress, Medium, ScvmmMachineStatus
from capi_scvmm.kinds.scvmm_machine_template import ScvmmMachineTemplate
from capi_scvmm.kinds.scvmm_name_pool import NameCounts, ScvmmNamePool, SkippedName, VmNameRange
from capi_scvmm.kinds.scvmm_persistent_disk import (
    CLAIM,
    LOCATION,
    POOL,
    DiskClaim,
    DiskLocation,
    ScvmmPersistentDisk,
)
from capi_scvmm.kinds.scvmm_persistent_disk_pool import DiskCounts, ScvmmPersistentDiskPool
from capi_scvmm.kinds.scvmm_provider import (
    Connection,
    ExecHostStatus,
    ScvmmProvider,
    ScvmmProviderSpec,
    ScvmmProviderStatus,
    VmmServer,
)
from capi_scvmm.kinds.scvmm_remediation import RemediationStrategy, ScvmmRemediation, ScvmmRemediationTemplate
from capi_scvmm.kinds.vm_options import DynamicMemory, FibreChannel, VmOptions

__all__ = [
    "API_VERSION",
    "CLAIM",
    "DEFAULT_ADVERT_MILLISECONDS",
    "DEFAULT_ADVERT_MILLISECONDS_WITH_PASSWORD",
    "GROUP",
    "KINDS",
    "LOCATION",
    "POOL",
    "VERSION",
    "VM_MARK",
    "VM_NAME",
    "Bootstrap",
    "Condition",
    "ConditionStatus",
    "Connection",
    "ControlPlaneEndpoint",
    "ControlPlaneLoadBalancer",
    "Disk",
    "DiskClaim",
    "DiskCounts",
    "DiskLocation",
    "DomainJoin",
    "DynamicMemory",
    "ExecHostStatus",
    "FailureDomainSpec",
    "FailureDomainStatus",
    "FibreChannel",
    "HAProxy",
    "Initialization",
    "InvalidField",
    "JobStatus",
    "Keepalived",
    "MachineAddress",
    "Medium",
    "NameCounts",
    "NetworkDevice",
    "Networking",
    "ObjectMeta",
    "OwnerReference",
    "PasswordRef",
    "PersistentDisk",
    "ProviderRef",
    "RemediationStrategy",
    "Route",
    "ScvmmCluster",
    "ScvmmClusterSpec",
    "ScvmmClusterStatus",
    "ScvmmClusterTemplate",
    "ScvmmMachine",
    "ScvmmMachineSpec",
    "ScvmmMachineStatus",
    "ScvmmMachineTemplate",
    "ScvmmNamePool",
    "ScvmmPersistentDisk",
    "ScvmmPersistentDiskPool",
    "ScvmmProvider",
    "ScvmmProviderSpec",
    "ScvmmProviderStatus",
    "ScvmmRemediation",
    "ScvmmRemediationTemplate",
    "SecretRef",
    "SkippedName",
    "TemplateMeta",
    "VmNameRange",
    "VmOptions",
    "VmmServer",
    "check_meta_data",
    "crds",
    "find_condition",
    "is_address",
    "later_fields",
    "mebibytes",
    "render_hostname",
    "virtual_router_id",
    "whole",
]
