# SPDX-License-Identifier: Apache-2.0
"""ScvmmClusterTemplate: what a ClusterClass makes ScvmmClusters from."""

from __future__ import annotations

from pydantic import Field

from capi_scvmm.kinds.metadata import ObjectMeta, TemplateMeta
from capi_scvmm.kinds.model import Model
from capi_scvmm.kinds.rules import EMPTY_OBJECT
from capi_scvmm.kinds.scvmm_cluster import ScvmmClusterSpec


class ScvmmClusterTemplateResource(Model):
    """The cluster that is made."""

    metadata: TemplateMeta | None = Field(default=None, description="Labels and annotations of the clusters.")
    spec: ScvmmClusterSpec = Field(
        default_factory=ScvmmClusterSpec, description="Spec of the clusters.", json_schema_extra=EMPTY_OBJECT
    )


class ScvmmClusterTemplateSpec(Model):
    """Wraps the template."""

    template: ScvmmClusterTemplateResource = Field(description="What clusters are made from.")


class ScvmmClusterTemplateStatus(Model):
    """Nothing is reported about a cluster template."""


class ScvmmClusterTemplate(Model):
    """Template from which Cluster API makes ScvmmClusters for a ClusterClass."""

    metadata: ObjectMeta = Field(description="Standard object metadata.")
    spec: ScvmmClusterTemplateSpec = Field(description="What clusters are made from.")
    status: ScvmmClusterTemplateStatus = Field(
        default_factory=ScvmmClusterTemplateStatus, description="Nothing is reported about a cluster template."
    )
