# SPDX-License-Identifier: Apache-2.0
"""ScvmmMachineTemplate: what machines of a MachineDeployment or control plane are made from."""

from __future__ import annotations

from pydantic import Field

from capi_scvmm.kinds.conditions import Condition
from capi_scvmm.kinds.metadata import ObjectMeta, TemplateMeta
from capi_scvmm.kinds.model import Model, Text
from capi_scvmm.kinds.quantity import Quantity
from capi_scvmm.kinds.rules import map_by
from capi_scvmm.kinds.scvmm_machine import ScvmmMachineSpec


class ScvmmMachineTemplateResource(Model):
    """The machine that is made."""

    metadata: TemplateMeta | None = Field(default=None, description="Labels and annotations of the machines.")
    spec: ScvmmMachineSpec = Field(description="Spec of the machines. It cannot change: create a new template instead.")


class ScvmmMachineTemplateSpec(Model):
    """Wraps the template."""

    template: ScvmmMachineTemplateResource = Field(description="What machines are made from.")


class NodeInfo(Model):
    """What a node made from the template is."""

    architecture: Text = Field(default=None, description="Processor architecture of the node, as amd64.")
    operating_system: Text = Field(default=None, description="Operating system of the node, as linux.")


class ScvmmMachineTemplateStatus(Model):
    """What the cluster autoscaler wants to know before there is a node."""

    capacity: dict[str, Quantity] = Field(
        default_factory=dict,
        description="Resources of a node made from the template: cpu and memory, from its spec or else from the VM "
        "template or hardware profile in VMM, and ephemeral-storage where the spec gives the first disk a size.",
    )
    node_info: NodeInfo | None = Field(default=None, description="What a node made from the template is.")
    conditions: tuple[Condition, ...] = Field(
        default=(),
        description="CapacityKnown: whether capacity says all that it can, and else why not.",
        max_length=32,
        json_schema_extra=map_by("type"),
    )


class ScvmmMachineTemplate(Model):
    """Template from which Cluster API makes ScvmmMachines. Its spec.template.spec cannot change."""

    metadata: ObjectMeta = Field(description="Standard object metadata.")
    spec: ScvmmMachineTemplateSpec = Field(description="What machines are made from.")
    status: ScvmmMachineTemplateStatus = Field(
        default_factory=ScvmmMachineTemplateStatus, description="What a node made from the template offers."
    )
