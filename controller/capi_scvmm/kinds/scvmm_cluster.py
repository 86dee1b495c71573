# SPDX-License-Identifier: Apache-2.0
"""ScvmmCluster: what the machines of a cluster share."""

from __future__ import annotations

from pydantic import Field

from capi_scvmm.kinds.conditions import Condition, find_condition
from capi_scvmm.kinds.load_balancer import ControlPlaneLoadBalancer
from capi_scvmm.kinds.metadata import ObjectMeta
from capi_scvmm.kinds.model import Model
from capi_scvmm.kinds.networking import Networking
from capi_scvmm.kinds.references import ControlPlaneEndpoint, ProviderRef
from capi_scvmm.kinds.rules import EMPTY_OBJECT, map_by, rule, rules, same
from capi_scvmm.kinds.scvmm_machine_status import Initialization

_PROVIDER_FIXED = rule(
    "!(has(oldSelf.status) && has(oldSelf.status.initialization) && "
    "has(oldSelf.status.initialization.provisioned) && oldSelf.status.initialization.provisioned) || "
    f"!has(oldSelf.spec.providerRef) || {same('spec.providerRef')}",
    "spec.providerRef cannot change once the cluster is provisioned, its VMs are on that VMM server: put providerRef "
    "back, or create a new cluster",
    field=".spec.providerRef",
    forbidden=True,
)
_SAME_BUT_MACHINES = " && ".join(
    same(f"spec.controlPlaneLoadBalancer.{field}")
    for field in ("type", "addressFromPool", "addressFromStaticIPAddressPool", "port", "keepalived")
)
_LOAD_BALANCER_FIXED = rule(
    "!(has(oldSelf.status) && has(oldSelf.status.initialization) && "
    "has(oldSelf.status.initialization.provisioned) && oldSelf.status.initialization.provisioned) || "
    "(has(self.spec.controlPlaneLoadBalancer) == has(oldSelf.spec.controlPlaneLoadBalancer) && "
    f"(!has(self.spec.controlPlaneLoadBalancer) || ({_SAME_BUT_MACHINES})))",
    "spec.controlPlaneLoadBalancer cannot change once the cluster is provisioned (its haproxy can), hosts that share "
    "the address would not agree with new ones: put it back, or create a new cluster",
    field=".spec.controlPlaneLoadBalancer",
    forbidden=True,
)
_VIP_IS_AN_ADDRESS = rule(
    "!has(self.controlPlaneLoadBalancer) || self.controlPlaneLoadBalancer.type == 'External' || "
    "!has(self.controlPlaneEndpoint) || !has(self.controlPlaneEndpoint.host) || self.controlPlaneEndpoint.host == '' "
    "|| isIP(self.controlPlaneEndpoint.host) || (has(self.controlPlaneLoadBalancer.keepalived) && "
    "has(self.controlPlaneLoadBalancer.keepalived.address) && "
    "self.controlPlaneLoadBalancer.keepalived.address != '')",
    "keepalived holds an IP address, and controlPlaneEndpoint.host is a name: set "
    "controlPlaneLoadBalancer.keepalived.address to the address that it stands for",
    field=".controlPlaneLoadBalancer",
)

_POOL_HAS_A_SERVER = rule(
    "!has(self.controlPlaneLoadBalancer) || !has(self.controlPlaneLoadBalancer.addressFromStaticIPAddressPool) || "
    "self.controlPlaneLoadBalancer.addressFromStaticIPAddressPool == '' || has(self.providerRef)",
    "controlPlaneLoadBalancer.addressFromStaticIPAddressPool is a pool of a VMM server: set providerRef",
    field=".providerRef",
)


class FailureDomainSpec(Model):
    """A place for machines: a cloud and host group, and networks that are there."""

    control_plane: bool = Field(
        default=False, description="Whether control-plane machines may be placed there. Default: false."
    )
    cloud: str = Field(description="Cloud in VMM of machines in this failure domain.", max_length=256)
    host_group: str = Field(
        description="Host group in VMM, by name or path, of machines in this failure domain.", max_length=256
    )
    networking: Networking | None = Field(
        default=None,
        description="Domain and network devices of machines in this failure domain that do not say their own.",
    )


class ScvmmClusterSpec(Model):
    """What the machines of the cluster share."""

    model_config = {"json_schema_extra": rules(_VIP_IS_AN_ADDRESS, _POOL_HAS_A_SERVER)}

    control_plane_endpoint: ControlPlaneEndpoint | None = Field(
        default=None,
        description="Host and port at which the API server of the cluster is reached. Default: that of the Cluster, "
        "which is waited for.",
    )
    control_plane_load_balancer: ControlPlaneLoadBalancer | None = Field(
        default=None,
        description="Who leads the endpoint to an API server that is well, and where its address comes from. Default: "
        "somebody else, and controlPlaneEndpoint is given.",
    )
    provider_ref: ProviderRef | None = Field(
        default=None, description="The ScvmmProvider whose VMM server has the machines of the cluster."
    )
    failure_domains: dict[str, FailureDomainSpec] = Field(
        default_factory=dict,
        description="Places for machines, by name; a Machine names one in spec.failureDomain.",
        json_schema_extra={"maxProperties": 64},
    )


class FailureDomainStatus(Model):
    """A failure domain as Cluster API reads it."""

    name: str = Field(description="Name of the failure domain.", max_length=256)
    control_plane: bool = Field(default=False, description="Whether control-plane machines may be placed there.")
    attributes: dict[str, str] = Field(default_factory=dict, description="Its cloud and hostGroup.")


class ScvmmClusterStatus(Model):
    """What is known about the cluster's infrastructure."""

    initialization: Initialization | None = Field(default=None, description="Whether the infrastructure is provided.")
    failure_domains: tuple[FailureDomainStatus, ...] = Field(
        default=(),
        description="The failure domains of the spec, as Cluster API wants them.",
        max_length=64,
        json_schema_extra=map_by("name"),
    )
    conditions: tuple[Condition, ...] = Field(
        default=(),
        description="State of the cluster's infrastructure, aspect by aspect; Ready is their sum.",
        max_length=32,
        json_schema_extra=map_by("type"),
    )

    def condition(self, kind: str) -> Condition | None:
        """The condition of type *kind*, or None."""
        return find_condition(self.conditions, kind)


class ScvmmCluster(Model):
    """The infrastructure that the machines of a cluster share: VMM server, endpoint, failure domains."""

    model_config = {"json_schema_extra": rules(_PROVIDER_FIXED, _LOAD_BALANCER_FIXED)}

    metadata: ObjectMeta = Field(description="Standard object metadata.")
    spec: ScvmmClusterSpec = Field(
        default_factory=ScvmmClusterSpec,
        description="What the machines of the cluster share.",
        json_schema_extra=EMPTY_OBJECT,
    )
    status: ScvmmClusterStatus = Field(
        default_factory=ScvmmClusterStatus, description="What is known about it. Written by the controller."
    )
